import type { Connect, Database, DatabaseLogin } from '../clients/postgres.ts';
import type { DumpTask } from '../domain/dump.ts';
import { permanent } from '../domain/errors.ts';
import type { DumpNeeds } from '../domain/load.ts';
import { type Instant, instant } from '../domain/time.ts';
import { qualifiedName, tableSql } from '../verification/names.ts';
import { majorOf, plainVersion } from './archive-header.ts';
import { readNeeds } from './database-needs.ts';

/** A transaction that sees one state of the database, and lets pg_dump see the same. */
export interface SnapshotSession {
  readonly snapshot: string;
  readonly at: Instant;
  readonly serverVersion: string;
  /** Tables whose rows a dump will hold. */
  readonly tables: number;
  /** What the dump needs around it, as of that very state. */
  readonly needs: DumpNeeds;
  /** Rows of these tables in that very state, by `schema.table`; a name that is no table is left out. */
  count(tables: readonly string[]): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** A count may take long on a big table; pg_dump holds the same snapshot as long anyway. */
const longestStatementSeconds = 12 * 3600;

/** Of the user's own schemas, without what extensions bring along. */
const dumpedTables = `SELECT count(*)::int AS tables FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/** @throws PitcrewError `database.*`, `dump.server-changed` */
export async function openSnapshotSession(
  connect: Connect,
  { host, port, database: name, major }: DumpTask,
  login: DatabaseLogin,
): Promise<SnapshotSession> {
  const options = { statementTimeoutSeconds: longestStatementSeconds };
  const database = await connect({ host, port, database: name }, login, options);
  try {
    await database.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Row-level security must not hide rows from a count: with this off, a query that it would cut is refused instead.
    await database.query('SET LOCAL row_security = off');
    await database.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const { rows } = await database.query<{ id: string; ms: number; version: string }>(
      `SELECT pg_export_snapshot() AS id, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms,
         current_setting('server_version') AS version`,
    );
    const { id = '', ms = Number.NaN, version = '' } = rows[0] ?? {};
    if (majorOf(version) !== major)
      throw permanent('dump.server-changed', { planned: major, now: plainVersion(version) });
    const counted = await database.query<{ tables: number }>(dumpedTables);
    return {
      snapshot: id,
      at: instant(Math.floor(ms)),
      serverVersion: plainVersion(version),
      tables: counted.rows[0]?.tables ?? 0,
      needs: await readNeeds(database),
      count: (tables) => countIn(database, tables),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function countIn(database: Database, tables: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const table of new Set(tables.map(qualifiedName))) {
    const known = await database.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [tableSql(table)]);
    if (known.count === 0) continue;
    const { rows } = await database.query<{ rows: number }>(`SELECT count(*) AS rows FROM ${tableSql(table)}`);
    counts[table] = Number(rows[0]?.rows);
  }
  return counts;
}
