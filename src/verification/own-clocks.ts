import type { Query } from './check.ts';
import { tableSql } from './names.ts';

/** A column that PostgreSQL itself fills with the time when a row is inserted. */
export interface OwnClock {
  readonly column: string;
  /** Without a zone, but filled in UTC. */
  readonly utc: boolean;
}

/** Defaults as `pg_get_expr` writes them. `now()` is the start of the transaction, so no later than its commit. */
const ofTheSession = [
  'now()',
  'CURRENT_TIMESTAMP',
  'LOCALTIMESTAMP',
  'transaction_timestamp()',
  'statement_timestamp()',
  'clock_timestamp()',
];
const inUtc = `timezone('utc'::text, now())`;

const clocksQuery = `SELECT a.attname AS column, lower(pg_get_expr(d.adbin, d.adrelid)) = $3 AS utc
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = to_regclass($1) AND NOT a.attisdropped
    AND (a.atttypid = 'timestamptz'::regtype AND pg_get_expr(d.adbin, d.adrelid) = ANY($2)
      OR a.atttypid = 'timestamp'::regtype AND (pg_get_expr(d.adbin, d.adrelid) = ANY($2) OR lower(pg_get_expr(d.adbin, d.adrelid)) = $3))
  ORDER BY a.attnum`;

/** All such columns of a table: with more than one, nobody knows which of them a change moves. */
export async function ownClocks(query: Query, table: string): Promise<readonly OwnClock[]> {
  const { rows } = await query<OwnClock>(clocksQuery, [tableSql(table), ofTheSession, inUtc]);
  return rows;
}

/** SQL of its instant; one without a zone is in the session's. */
export const clockSql = ({ utc }: OwnClock, column: string) =>
  utc ? `(${column} AT TIME ZONE 'UTC')` : `${column}::timestamptz`;
