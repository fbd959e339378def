import type { RunningVersion } from '../domain/application-version.ts';
import type { Query } from './check.ts';
import { quoted } from './names.ts';

interface Bookkeeping {
  readonly table: string;
  /** Columns that tell it from another table of that name. */
  readonly columns: readonly string[];
  /** The id of each migration that is in force, the oldest first. */
  readonly ids: (table: string) => string;
}

/** Where the usual tools write down what they ran, as they make it. The first that is there is meant. */
const bookkeepings: readonly Bookkeeping[] = [
  {
    table: 'flyway_schema_history',
    columns: ['version', 'installed_rank', 'success'],
    ids: (table) =>
      `SELECT version::text AS id FROM ${table} WHERE success AND version IS NOT NULL ORDER BY installed_rank`,
  },
  {
    table: '_prisma_migrations',
    columns: ['migration_name', 'started_at', 'finished_at', 'rolled_back_at'],
    ids: (table) =>
      `SELECT migration_name::text AS id FROM ${table} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY started_at`,
  },
  {
    table: 'django_migrations',
    columns: ['id', 'app', 'name'],
    ids: (table) => `SELECT concat(app, '.', name) AS id FROM ${table} ORDER BY django_migrations.id`,
  },
  {
    table: 'knex_migrations',
    columns: ['id', 'name'],
    ids: (table) => `SELECT name::text AS id FROM ${table} ORDER BY knex_migrations.id`,
  },
  // Versions are numbers or times as text (Rails, dbmate, golang-migrate): the longer is the later.
  {
    table: 'schema_migrations',
    columns: ['version'],
    ids: (table) => `SELECT version::text AS id FROM ${table} ORDER BY length(version::text), version::text`,
  },
  {
    table: 'alembic_version',
    columns: ['version_num'],
    ids: (table) => `SELECT version_num::text AS id FROM ${table} ORDER BY version_num`,
  },
];

const tablesQuery = `SELECT n.nspname AS schema, c.relname AS table, array_agg(a.attname::text) AS columns
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relkind = 'r' AND c.relname = ANY($1) AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  GROUP BY n.nspname, c.relname ORDER BY n.nspname <> 'public', n.nspname`;

/** Migrations in force, by the bookkeeping of the tool that made them; null where there is none. @throws PitcrewError `database.*` */
export async function migrationsRun(query: Query): Promise<RunningVersion['migrations']> {
  const { rows } = await query<{ schema: string; table: string; columns: string[] }>(tablesQuery, [
    bookkeepings.map(({ table }) => table),
  ]);
  for (const { table, columns, ids } of bookkeepings) {
    const there = rows.find((one) => one.table === table && columns.every((name) => one.columns.includes(name)));
    if (!there) continue;
    const run = await query<{ id: string }>(ids(`${quoted(there.schema)}.${quoted(table)}`));
    return run.rows.length === 0 ? null : { tool: table, ids: run.rows.map(({ id }) => id) };
  }
  return null;
}
