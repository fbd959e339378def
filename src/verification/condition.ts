import { conditionFault, longestCondition } from '../domain/condition.ts';
import { userError } from '../domain/errors.ts';
import type { Json } from '../domain/json.ts';
import { isOfTheCheck, type Query, sqlStateOf } from './check.ts';

/** A name before an opening bracket, as it is or quoted: what may be a function's. */
const called = /(?:"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))\s*\(/gu;

const volatileQuery = `SELECT DISTINCT proname AS name FROM pg_catalog.pg_proc
  WHERE provolatile = 'v' AND proname = ANY($1) ORDER BY proname LIMIT 3`;

/**
 * Holds what somebody typed to one boolean expression over a row of `from`, as SQL writes it after FROM. PostgreSQL itself is
 * asked, without running it, in two places whose brackets close differently: what is whole in both closes neither of them, so
 * nothing can hang behind it. What it may do is bounded by the session, whose transaction only reads, as a role that only
 * reads, with `standard_conforming_strings`; and by functions that change nothing and wait for nothing (`provolatile`).
 * What it reads besides are the application's own tables: the system's hold logins too.
 * @throws PitcrewError `condition.malformed` with what is wrong with it, `condition.refused` with PostgreSQL's own words,
 *   `condition.volatile`, `condition.system`
 */
export async function refuseAllButExpression(query: Query, from: string, condition: string): Promise<void> {
  const fault = conditionFault(condition);
  if (fault) throw userError('condition.malformed', { fault, most: longestCondition });
  const names = [...condition.matchAll(called)].map(([, quotedName, name = '']) =>
    quotedName === undefined ? name.toLowerCase() : quotedName.replaceAll('""', '"'),
  );
  const { rows } = await query<{ name: string }>(volatileQuery, [names]);
  if (rows[0]) throw userError('condition.volatile', { function: rows[0].name });
  await explained(query, `SELECT ARRAY[(\n${condition}\n)] FROM ${from}`);
  await explained(query, `SELECT FROM ${from} WHERE ((\n${condition}\n))`);
}

async function explained(query: Query, sql: string): Promise<void> {
  try {
    const { rows } = await query<{ 'QUERY PLAN': Json }>(`EXPLAIN (VERBOSE, FORMAT JSON) ${sql}`);
    const system = rows.flatMap((row) => schemasIn(row['QUERY PLAN'])).find(isSystem);
    if (system !== undefined) throw userError('condition.system', { schema: system });
  } catch (error) {
    throw conditionRefused(error);
  }
}

/** Where the relations are that a plan reads, wherever in it they stand. */
function schemasIn(plan: Json | undefined): readonly string[] {
  if (typeof plan !== 'object' || plan === null) return [];
  const below = Object.values(plan).flatMap((part: Json | undefined) => schemasIn(part));
  return 'Schema' in plan && typeof plan.Schema === 'string' ? [plan.Schema, ...below] : below;
}

const isSystem = (schema: string) => /^(pg_|information_schema$)/.test(schema);

const longestMessage = 300;

/**
 * What PostgreSQL doesn't take about a condition, when it plans or runs it. Of what is wrong with the words (class 42) its
 * message: it quotes the condition and nothing else. Of a value only the SQLSTATE. Any other error stays what it is.
 */
export function conditionRefused(error: unknown): unknown {
  if (!isOfTheCheck(error)) return error;
  const state = sqlStateOf(error);
  const said = error.cause instanceof Error && state.startsWith('42') ? error.cause.message : `SQLSTATE ${state}`;
  return userError('condition.refused', { said: said.slice(0, longestMessage) }, error);
}
