import { closest } from '../domain/closest.ts';
import { userError } from '../domain/errors.ts';
import { type BadRows, type Clues, candidate } from '../domain/last-good.ts';
import type { Query, Reader } from '../verification/check.ts';
import { conditionRefused, refuseAllButExpression } from '../verification/condition.ts';
import { qualifiedName, quoted, tableSql } from '../verification/names.ts';
import { clockSql, ownClocks } from '../verification/own-clocks.ts';

/** A scan of a big table must not keep production busy for long. */
const scanSeconds = 30;

/** Whether commits have a time, which they do from the restart on after which `track_commit_timestamp` is on. */
export async function hasCommitTimes(query: Query): Promise<boolean> {
  const { rows } = await query<{ on: boolean }>(`SELECT current_setting('track_commit_timestamp')::boolean AS on`);
  return rows[0]?.on ?? false;
}

/**
 * When the earliest of the rows that match was written: by the time of its commit, else by the row's own clock, else
 * unknown. A row that was changed since carries the time of its last change.
 * @throws PitcrewError `find.no-table`, `condition.…`, `database.*`
 */
export async function firstBadRow(reader: Reader, bad: BadRows, commitTimes: boolean): Promise<Clues> {
  await reader.within('plain', async (query) => {
    await refuseUnknownTable(query, bad.table);
    await refuseAllButExpression(query, `${tableSql(bad.table)} AS t`, bad.where);
  });
  const read = async <T>(work: (query: Query) => Promise<T>) => {
    try {
      return await reader.within('plain', work, scanSeconds);
    } catch (error) {
      throw conditionRefused(error);
    }
  };
  return commitTimes ? read((query) => byCommit(query, bad)) : read((query) => byOwnClock(query, bad));
}

async function refuseUnknownTable(query: Query, table: string): Promise<void> {
  const found = await query(`SELECT FROM pg_catalog.pg_class WHERE oid = to_regclass($1) AND relkind IN ('r', 'p')`, [
    tableSql(table),
  ]);
  if (found.count > 0) return;
  const { rows } = await query<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_catalog.pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const known = rows.map(({ name }) => name.replace(/^public\./, ''));
  throw userError('find.no-table', { table, closest: closest(table, known) });
}

interface Dated {
  readonly matching: number;
  readonly dated: number;
  /** Of those that the first commit wrote. */
  readonly first: number;
  /** Since 1970, with fractions. */
  readonly ms: number | null;
}

/**
 * A row without a commit time is older than all that have one: from before they were kept, or from so long ago that
 * PostgreSQL forgot it (PostgreSQL manual, `track_commit_timestamp`; the frozen among them too). Then the first is not known.
 */
async function byCommit(query: Query, bad: BadRows): Promise<Clues> {
  const { rows } = await query<Dated>(
    `WITH bad AS (SELECT pg_xact_commit_timestamp(t.xmin) AS at FROM ${tableSql(bad.table)} AS t WHERE ((\n${bad.where}\n)))
     SELECT count(*) AS matching, count(at) AS dated, count(*) FILTER (WHERE at = (SELECT min(at) FROM bad)) AS first,
       (extract(epoch FROM min(at)) * 1000)::float8 AS ms FROM bad`,
  );
  const { matching = 0, dated = 0, first = 0, ms = null } = rows[0] ?? {};
  if (matching === 0) return none(bad);
  const { table } = bad;
  if (dated < matching) {
    const own = await byOwnClock(query, bad);
    const gap = { code: 'find.commit-times-missing', params: { table, rows: matching - dated, matching } };
    return { candidates: own.candidates, gaps: [gap, ...own.gaps.filter(({ code }) => code !== commitTimesOff)] };
  }
  if (ms === null) return none(bad);
  return { candidates: [candidate('proven', ms, { kind: 'commit', table, rows: first, matching })], gaps: [] };
}

const commitTimesOff = 'find.commit-times-off';

/** By the one column that PostgreSQL filled on insertion: a floor, for a row may have been spoiled later. */
async function byOwnClock(query: Query, bad: BadRows): Promise<Clues> {
  const { table } = bad;
  const off = { code: commitTimesOff, params: {} };
  const clocks = await ownClocks(query, table);
  const [clock] = clocks;
  const at = clock && clocks.length === 1 ? clockSql(clock, `t.${quoted(clock.column)}`) : 'NULL::timestamptz';
  const { rows } = await query<{ matching: number; dated: number; ms: number | null }>(
    `SELECT count(*) AS matching, count(${at}) AS dated, (extract(epoch FROM min(${at})) * 1000)::float8 AS ms
     FROM ${tableSql(table)} AS t WHERE ((\n${bad.where}\n))`,
  );
  const { matching = 0, dated = 0, ms = null } = rows[0] ?? {};
  if (matching === 0) return none(bad);
  if (!clock || clocks.length > 1) {
    const columns = clocks.map(({ column }) => column).join(', ');
    return { candidates: [], gaps: [{ code: 'find.no-own-clock', params: { table, columns } }, off] };
  }
  if (ms === null || dated < matching)
    return { candidates: [], gaps: [{ code: 'find.own-clock-empty', params: { table, column: clock.column } }, off] };
  const evidence = { kind: 'own-clock', table, column: clock.column, matching } as const;
  return { candidates: [candidate('likely', ms, evidence)], gaps: [off] };
}

const none = ({ table }: BadRows): Clues => ({
  candidates: [],
  gaps: [{ code: 'find.no-bad-row', params: { table: qualifiedName(table) } }],
});
