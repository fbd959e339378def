import { PitcrewError, userError } from '../domain/errors.ts';
import type { Json } from '../domain/json.ts';
import type { Query } from '../verification/check.ts';
import { tableSql } from '../verification/names.ts';

/** A name before an opening bracket, as it is or quoted: what may be a function's. */
const called = /(?:"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))\s*\(/gu;

const volatileQuery = `SELECT DISTINCT proname AS name FROM pg_catalog.pg_proc
  WHERE provolatile = 'v' AND proname = ANY($1) ORDER BY proname LIMIT 3`;

/**
 * Holds what somebody typed to one boolean expression over a row of the table. PostgreSQL itself is asked, without running
 * it, in two places whose brackets close differently: what is whole in both closes neither of them, so nothing can hang
 * behind it. What it may do is bounded by the session: one statement, read-only, with a role that only reads, and by
 * functions that change nothing and wait for nothing (`provolatile`).
 * What it reads besides are the application's own tables: the system's hold logins too.
 * @throws PitcrewError `find.where-refused` with PostgreSQL's own words, `find.where-comment`, `find.where-volatile`,
 *   `find.where-system`
 */
export async function refuseAllButExpression(query: Query, table: string, where: string): Promise<void> {
  // A comment could stand between a function and its bracket; an escaped name looks like another.
  if (/--|\/\*|u&"/i.test(where)) throw userError('find.where-comment');
  const names = [...where.matchAll(called)].map(([, quotedName, name = '']) =>
    quotedName === undefined ? name.toLowerCase() : quotedName.replaceAll('""', '"'),
  );
  const { rows } = await query<{ name: string }>(volatileQuery, [names]);
  if (rows[0]) throw userError('find.where-volatile', { function: rows[0].name });
  await explained(query, `SELECT ARRAY[(\n${where}\n)] FROM ${tableSql(table)} AS t`);
  await explained(query, `SELECT FROM ${tableSql(table)} AS t WHERE ((\n${where}\n))`);
}

async function explained(query: Query, sql: string): Promise<void> {
  try {
    const { rows } = await query<{ 'QUERY PLAN': Json }>(`EXPLAIN (VERBOSE, FORMAT JSON) ${sql}`);
    const system = rows.flatMap((row) => schemasIn(row['QUERY PLAN'])).find(isSystem);
    if (system !== undefined) throw userError('find.where-system', { schema: system });
  } catch (error) {
    throw refused(error);
  }
}

/** Where the relations are that a plan reads, wherever in it they stand. */
function schemasIn(plan: Json | undefined): readonly string[] {
  if (typeof plan !== 'object' || plan === null) return [];
  const below = Object.values(plan).flatMap((part: Json | undefined) => schemasIn(part));
  return 'Schema' in plan && typeof plan.Schema === 'string' ? [plan.Schema, ...below] : below;
}

const isSystem = (schema: string) => /^(pg_|information_schema$)/.test(schema);

/** What PostgreSQL says of a statement speaks of its words and names; of values it says nothing here (clients/postgres.ts). */
export function refused(error: unknown): unknown {
  if (!(error instanceof PitcrewError) || !/^database\.(denied|query-failed)$/.test(error.code)) return error;
  const said = error.cause instanceof Error ? error.cause.message : '';
  return userError('find.where-refused', { said: said.slice(0, 300) }, error);
}
