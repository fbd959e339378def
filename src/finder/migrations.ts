import { type Candidate, type Clues, candidate, type Gap } from '../domain/last-good.ts';
import type { Instant } from '../domain/time.ts';
import type { Query } from '../verification/check.ts';
import { quoted } from '../verification/names.ts';

/** The table in which a tool writes down what it ran. */
interface Bookkeeping {
  readonly tool: string;
  readonly table: string;
  /** The columns that tell it from another tool's of the same name. */
  readonly columns: readonly string[];
  /** SQL for what the migration is called. */
  readonly name: string;
  /** SQL for when it ran; null where the tool doesn't write it down: a version says when it was written, not when it ran. */
  readonly at: string | null;
}

/** As the tools themselves make them. Where two fit, the first is meant. */
const bookkeepings: readonly Bookkeeping[] = [
  {
    tool: 'Flyway',
    table: 'flyway_schema_history',
    columns: ['version', 'description', 'installed_on'],
    name: `concat_ws(' ', version, description)`,
    at: 'installed_on::timestamptz',
  },
  {
    tool: 'Liquibase',
    table: 'databasechangelog',
    columns: ['id', 'author', 'dateexecuted'],
    name: 'id',
    at: 'dateexecuted::timestamptz',
  },
  {
    tool: 'Prisma',
    table: '_prisma_migrations',
    columns: ['migration_name', 'started_at'],
    name: 'migration_name',
    at: 'started_at::timestamptz',
  },
  {
    tool: 'Django',
    table: 'django_migrations',
    columns: ['app', 'name', 'applied'],
    name: `concat_ws('.', app, name)`,
    at: 'applied::timestamptz',
  },
  {
    tool: 'Knex',
    table: 'knex_migrations',
    columns: ['name', 'migration_time'],
    name: 'name',
    at: 'migration_time::timestamptz',
  },
  // Ecto keeps UTC without saying so.
  {
    tool: 'Ecto',
    table: 'schema_migrations',
    columns: ['version', 'inserted_at'],
    name: 'version::text',
    at: `inserted_at AT TIME ZONE 'UTC'`,
  },
  { tool: 'schema_migrations', table: 'schema_migrations', columns: ['version'], name: 'version::text', at: null },
  { tool: 'Alembic', table: 'alembic_version', columns: ['version_num'], name: 'version_num', at: null },
  { tool: 'Sequelize', table: 'SequelizeMeta', columns: ['name'], name: 'name', at: null },
  { tool: 'TypeORM', table: 'migrations', columns: ['timestamp', 'name'], name: 'name', at: null },
];

const tablesQuery = `SELECT n.nspname AS schema, c.relname AS table, array_agg(a.attname::text) AS columns
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relkind = 'r' AND c.relname = ANY($1) GROUP BY n.nspname, c.relname ORDER BY n.nspname, c.relname`;

const shown = 20;

export interface MigrationsSought {
  readonly since: Instant;
  /** Whether the database keeps the time of commits (`track_commit_timestamp`). */
  readonly commitTimes: boolean;
  /** `checks.migrations` of the config. */
  readonly configured?: string | undefined;
}

/**
 * Migrations that ran since, by the bookkeeping of the usual tools. A tool writes its time at one end of the migration, so
 * where commits have a time the earlier of both counts.
 */
export async function migrationsSince(
  query: Query,
  { since, commitTimes, configured }: MigrationsSought,
): Promise<Clues> {
  const { rows: tables } = await query<{ schema: string; table: string; columns: string[] }>(tablesQuery, [
    [...new Set(bookkeepings.map(({ table }) => table))],
  ]);
  const candidates: Candidate[] = [];
  const gaps: Gap[] = [];
  for (const { schema, table, columns } of tables) {
    const known = bookkeepings.find(
      (one) => one.table === table && one.columns.every((name) => columns.includes(name)),
    );
    if (!known) continue;
    const at = timeOf(known, commitTimes);
    if (at === null) {
      gaps.push({ code: 'find.migrations-untimed', params: { tool: known.tool, table } });
      continue;
    }
    const from = `SELECT ${known.name} AS name, ${at} AS at FROM ${quoted(schema)}.${quoted(table)}`;
    candidates.push(...(await runs(query, from, since)).map(candidateBy(known.tool)));
  }
  if (configured) candidates.push(...(await runs(query, configured, since)).map(candidateBy('checks.migrations')));
  return { candidates, gaps };
}

interface Run {
  readonly name: string;
  /** Since 1970, with fractions. */
  readonly ms: number;
}

/** A statement of the config may end in a semicolon, as people write it. */
async function runs(query: Query, from: string, since: Instant): Promise<readonly Run[]> {
  const { rows } = await query<Run>(
    `SELECT coalesce(name::text, '') AS name, (extract(epoch FROM at::timestamptz) * 1000)::float8 AS ms
     FROM (${from.replace(/;\s*$/, '')}\n) AS run
     WHERE at::timestamptz >= $1::timestamptz ORDER BY at DESC LIMIT ${shown}`,
    [since],
  );
  return rows;
}

const candidateBy =
  (tool: string) =>
  ({ name, ms }: Run) =>
    candidate('likely', ms, { kind: 'migration', tool, name: name.slice(0, 100) });

function timeOf({ at }: Bookkeeping, commitTimes: boolean): string | null {
  if (!commitTimes) return at;
  const committed = 'pg_xact_commit_timestamp(xmin)';
  return at === null ? committed : `least(${at}, ${committed})`;
}
