import type { RunningVersion } from '../domain/application-version.ts';
import type { Query } from './check.ts';
import { quoted } from './names.ts';

/** The table in which a tool writes down what it ran. */
interface Bookkeeping {
  readonly tool: string;
  readonly table: string;
  /** The columns that tell it from another's table of that name. */
  readonly columns: readonly string[];
  /** SQL for what tells a migration from another. */
  readonly id: string;
  /** SQL for what people call it, where that says more. */
  readonly name?: string;
  /** SQL for which of them are in force, where a tool keeps others too. */
  readonly inForce?: string;
  /** SQL by which the oldest is first. */
  readonly order: string;
  /** SQL for when it ran; null where the tool doesn't write it down: a version says when it was written, not when it ran. */
  readonly at: string | null;
}

// Versions are numbers or times as text (Rails, dbmate, golang-migrate): the longer is the later.
const versions = {
  table: 'schema_migrations',
  id: 'version::text',
  order: 'length(version::text), version::text',
} as const;

/** As the tools themselves make them. Where two fit, the first is meant. */
const bookkeepings: readonly Bookkeeping[] = [
  {
    tool: 'Flyway',
    table: 'flyway_schema_history',
    columns: ['installed_rank', 'version', 'description', 'installed_on', 'success'],
    id: 'version::text',
    name: `concat_ws(' ', version, description)`,
    inForce: 'success AND version IS NOT NULL',
    order: 'installed_rank',
    at: 'installed_on::timestamptz',
  },
  {
    tool: 'Liquibase',
    table: 'databasechangelog',
    columns: ['id', 'author', 'dateexecuted', 'orderexecuted'],
    id: 't.id',
    order: 'orderexecuted',
    at: 'dateexecuted::timestamptz',
  },
  {
    tool: 'Prisma',
    table: '_prisma_migrations',
    columns: ['migration_name', 'started_at', 'finished_at', 'rolled_back_at'],
    id: 'migration_name',
    inForce: 'finished_at IS NOT NULL AND rolled_back_at IS NULL',
    order: 'started_at',
    at: 'started_at::timestamptz',
  },
  {
    tool: 'Django',
    table: 'django_migrations',
    columns: ['id', 'app', 'name', 'applied'],
    id: `concat_ws('.', app, t.name)`,
    order: 't.id',
    at: 'applied::timestamptz',
  },
  {
    tool: 'Knex',
    table: 'knex_migrations',
    columns: ['id', 'name', 'migration_time'],
    id: 't.name',
    order: 't.id',
    at: 'migration_time::timestamptz',
  },
  // Ecto keeps UTC without saying so.
  { tool: 'Ecto', ...versions, columns: ['version', 'inserted_at'], at: `inserted_at AT TIME ZONE 'UTC'` },
  { tool: 'schema_migrations', ...versions, columns: ['version'], at: null },
  {
    tool: 'Alembic',
    table: 'alembic_version',
    columns: ['version_num'],
    id: 'version_num',
    order: 'version_num',
    at: null,
  },
  { tool: 'Sequelize', table: 'SequelizeMeta', columns: ['name'], id: 't.name', order: 't.name', at: null },
  { tool: 'TypeORM', table: 'migrations', columns: ['id', 'timestamp', 'name'], id: 't.name', order: 't.id', at: null },
];

const tablesQuery = `SELECT n.nspname AS schema, c.relname AS table, array_agg(a.attname::text) AS columns
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relkind = 'r' AND c.relname = ANY($1) AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  GROUP BY n.nspname, c.relname ORDER BY n.nspname <> 'public', n.nspname, c.relname`;

export interface FoundBookkeeping extends Bookkeeping {
  /** `FROM` of what is read; the table is `t`. */
  readonly from: string;
}

/** The bookkeeping that is there, in the order of the tools, `public` before other schemas. @throws PitcrewError `database.*` */
export async function bookkeepingsIn(query: Query): Promise<readonly FoundBookkeeping[]> {
  const { rows } = await query<{ schema: string; table: string; columns: string[] }>(tablesQuery, [
    [...new Set(bookkeepings.map(({ table }) => table))],
  ]);
  const meant = rows.map((there) => ({
    from: `${quoted(there.schema)}.${quoted(there.table)} AS t`,
    known: bookkeepings.find(
      ({ table, columns }) => table === there.table && columns.every((name) => there.columns.includes(name)),
    ),
  }));
  return bookkeepings.flatMap((one) =>
    meant.filter(({ known }) => known === one).map(({ from }) => ({ ...one, from })),
  );
}

/** Migrations in force, by the bookkeeping of the tool that made them; null where there is none. @throws PitcrewError `database.*` */
export async function migrationsRun(query: Query): Promise<RunningVersion['migrations']> {
  const [found] = await bookkeepingsIn(query);
  if (!found) return null;
  const { table, from, id, inForce = 'true', order } = found;
  const { rows } = await query<{ id: string }>(`SELECT ${id} AS id FROM ${from} WHERE ${inForce} ORDER BY ${order}`);
  return rows.length === 0 ? null : { tool: table, ids: rows.map((run) => run.id) };
}
