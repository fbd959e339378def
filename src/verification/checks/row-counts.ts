import type { AroundBounds } from '../around.ts';
import { boundsOf } from '../baseline.ts';
import type { Bounds } from '../bounds.ts';
import {
  type Check,
  type Counts,
  criticalThere,
  type Facts,
  type Finding,
  fail,
  notProven,
  pass,
  type Reader,
  type Readers,
} from '../check.ts';
import { qualifiedName, tableSql } from '../names.ts';

/** One row for each large object. */
export const largeObjects = 'pg_catalog.pg_largeobject_metadata';

/**
 * Counts the critical tables, always with `count(*)`: the statistics of a restored instance say 0 for everything. What the
 * count must be is known only where it was counted when the backup was made.
 */
export function rowCountChecks(facts: Facts): readonly Check[] {
  const { restored, live, baseline } = facts;
  const bounds = (table: string) => exactly(facts.counts, table) ?? (baseline && boundsOf(baseline, table));
  const critical = criticalThere(facts).map((table): Check => {
    const inLive = live?.things.tables.has(qualifiedName(table)) ?? false;
    const unlogged = restored.unloggedTables.includes(qualifiedName(table));
    return {
      name: `row-count:${table}`,
      point: 'row-counts',
      run: async (readers) => {
        if (unlogged && !exactly(facts.counts, table)) return pass('verification.unlogged-exempt', { table });
        const around = facts.moment?.around(table);
        return around ? judgeAround(table, readers, around, inLive) : judge(table, readers, bounds(table), inLive);
      },
    };
  });
  const had = baseline?.tables[largeObjects]?.rows ?? 0;
  const objects: Check = {
    name: 'large-objects',
    point: 'row-counts',
    run: (readers) => judge(largeObjects, readers, baseline && boundsOf(baseline, largeObjects), false),
  };
  return had > 0 ? [...critical, objects] : critical;
}

/** A dump holds exactly what was counted in its snapshot, of unlogged tables too. */
function exactly(counts: Counts | undefined, table: string): Bounds | undefined {
  const name = qualifiedName(table);
  const rows = counts && Object.hasOwn(counts, name) ? counts[name] : undefined;
  return rows === undefined ? undefined : { kind: 'bounds', atLeast: rows, atMost: rows };
}

async function judge(
  table: string,
  { restored, live }: Readers,
  bounds: Bounds | undefined,
  inLive: boolean,
): Promise<Finding> {
  const rows = await countRows(restored, table);
  if (bounds?.kind === 'bounds') {
    const { atLeast, atMost } = bounds;
    const said = { table, rows, atLeast, atMost };
    if (rows < atLeast || rows > atMost) return fail('verification.count-unexpected', said);
    return pass(atLeast === atMost ? 'verification.count-exact' : 'verification.count-within', said);
  }
  if (rows === 0 && inLive && live && (await live((reader) => hasRows(reader, table))))
    return fail('verification.table-emptied', { table });
  return notProven(bounds ? unknown[bounds.because] : 'verification.count-without-baseline', { table, rows });
}

/** By what was counted before the moment, and what the counters went on until after it. */
async function judgeAround(
  table: string,
  readers: Readers,
  { bounds, from, until, firm }: AroundBounds,
  inLive: boolean,
): Promise<Finding> {
  const counted = { from: shownMinute(from), until: shownMinute(until) };
  if (bounds.kind === 'unknown') {
    const judged = await judge(table, readers, undefined, inLive);
    if (judged.outcome !== 'not-proven') return judged;
    return notProven('verification.count-around-unknown', { ...judged.params, ...counted });
  }
  const rows = await countRows(readers.restored, table);
  const { atLeast, atMost } = bounds;
  const said = { table, rows, atLeast, atMost, ...counted };
  if (rows >= atLeast && rows <= atMost) return pass('verification.count-around', said);
  return firm ? fail('verification.count-outside', said) : notProven('verification.count-outside-unsure', said);
}

/** `2026-11-20 03:14 UTC`. */
const shownMinute = (at: string) => `${at.slice(0, 16).replace('T', ' ')} UTC`;

const unknown: Readonly<Record<Extract<Bounds, { kind: 'unknown' }>['because'], string>> = {
  'not-counted': 'verification.count-not-counted',
  'no-counters': 'verification.count-no-counters',
  'counters-reset': 'verification.count-counters-reset',
  rewritten: 'verification.count-rewritten',
  'sessions-unreported': 'verification.count-sessions-unreported',
};

/** From the heap: an index that lost entries would count too few. */
export async function countRows(reader: Reader, table: string): Promise<number> {
  const { rows } = await reader.within('heap', (query) =>
    query<{ rows: number }>(`SELECT count(*) AS rows FROM ${tableSql(table)}`),
  );
  return rows[0]?.rows ?? 0;
}

async function hasRows(reader: Reader, table: string): Promise<boolean> {
  const { rows } = await reader.within('plain', (query) =>
    query<{ any: boolean }>(`SELECT EXISTS (SELECT FROM ${tableSql(table)}) AS any`),
  );
  return rows[0]?.any ?? false;
}
