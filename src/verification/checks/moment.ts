import { milliseconds } from '../../domain/time.ts';
import {
  type Check,
  criticalThere,
  type Facts,
  type Finding,
  fail,
  notProven,
  pass,
  type Query,
  type Readers,
} from '../check.ts';
import { columnOf, quoted, tableSql } from '../names.ts';
import { clockSql, type OwnClock, ownClocks } from '../own-clocks.ts';

/** Of a point-in-time recovery: nothing that came after the moment is there, and what came right before it is. */
export async function momentChecks(facts: Facts, query: Query): Promise<readonly Check[]> {
  const { moment, settings, asOf } = facts;
  if (!moment) return [];
  const { heartbeat } = settings;
  const beats = heartbeat ? [heartbeatCheck(heartbeat, asOf, moment.exact)] : [];
  if (!moment.exact) return beats;
  const after: Check[] = [];
  for (const table of criticalThere(facts)) {
    const clocks = await ownClocks(query, table);
    if (clocks.length > 0) after.push(nothingAfter(table, clocks, asOf));
  }
  return [...beats, ...after];
}

type Heartbeat = NonNullable<Facts['settings']['heartbeat']>;

/** A beat of the last moment may have been on its way when the recovery stopped. */
const onItsWaySeconds = 2;

/**
 * Something writes the time into a column all the time: the newest must be from before the moment, and from right before
 * it. One that is older was lost if the live database has a later one of before the moment; else nobody wrote it then.
 */
function heartbeatCheck({ column: reference, withinSeconds }: Heartbeat, asOf: string, exact: boolean): Check {
  const { table, column } = columnOf(reference);
  const newest = `SELECT (extract(epoch FROM max(${quoted(column)}::timestamptz)) * 1000)::float8 AS ms FROM ${tableSql(table)}`;
  const at = milliseconds(asOf);
  const run = async ({ restored, live }: Readers): Promise<Finding> => {
    const { rows } = await restored.within('plain', (query) => query<{ ms: number | null }>(newest));
    const ms = rows[0]?.ms ?? null;
    if (ms === null) return notProven('verification.heartbeat-none', { table });
    const seconds = Math.round((at - ms) / 100) / 10;
    if (exact && ms > at) return fail('verification.heartbeat-after', { table, seconds: -seconds });
    if (ms >= at - withinSeconds * 1000) return pass('verification.heartbeat', { table, seconds });
    const lost = await live?.((reader) =>
      reader.within('plain', (query) =>
        query(
          `SELECT FROM ${tableSql(table)} WHERE ${quoted(column)}::timestamptz > to_timestamp($1) + interval '1 ms'
             AND ${quoted(column)}::timestamptz <= to_timestamp($2) LIMIT 1`,
          [ms / 1000, at / 1000 - onItsWaySeconds],
        ),
      ),
    );
    const said = { table, seconds };
    return lost && lost.count > 0
      ? fail('verification.heartbeat-lost', said)
      : notProven('verification.heartbeat-silent', said);
  };
  return { name: 'heartbeat', point: 'row-counts', run };
}

/** An application may write its own clock into such a column, and clocks differ by so much. */
const clocksDifferSeconds = 5;

/** Columns that are filled on insertion hold nothing later than the moment; a time to come is no time of an insertion. */
function nothingAfter(table: string, clocks: readonly OwnClock[], asOf: string): Check {
  const newest = `greatest(${clocks.map((clock) => clockSql(clock, quoted(clock.column))).join(', ')})`;
  return {
    name: `nothing-after:${table}`,
    point: 'row-counts',
    run: async ({ restored }) => {
      const { rows } = await restored.within('plain', (query) =>
        query<{ rows: number; far: number }>(
          `SELECT count(*) AS rows, count(*) FILTER (WHERE at > $1::timestamptz + interval '${clocksDifferSeconds} s') AS far
           FROM (SELECT ${newest} AS at FROM ${tableSql(table)}) AS row WHERE at > $1::timestamptz AND at <= now()`,
          [asOf],
        ),
      );
      const { rows: count = 0, far = 0 } = rows[0] ?? {};
      const said = { table, columns: clocks.map(({ column }) => column).join(', ') };
      if (far > 0) return fail('verification.rows-after', { ...said, rows: count });
      if (count > 0) return notProven('verification.rows-just-after', { ...said, rows: count });
      return pass('verification.nothing-after', said);
    },
  };
}
