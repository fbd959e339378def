import { type Candidate, type Clues, candidate, type Gap } from '../domain/last-good.ts';
import { type Instant, milliseconds } from '../domain/time.ts';
import type { Baseline } from '../verification/baseline.ts';
import type { Activity } from '../verification/bounds.ts';

/** What a database looked like at a time, by a baseline or by a look now. */
export interface Look {
  /** Everything that was committed before is in the counters; null where a session may have kept some back. */
  readonly from: Instant | null;
  /** Nothing that was committed later is in them. */
  readonly until: Instant;
  readonly counters: ReadonlyMap<string, Activity>;
  /** When the list of tables was read. */
  readonly tablesAt: Instant;
  readonly tables: ReadonlySet<string>;
}

/** Undefined for a baseline that doesn't say until when its counters count. */
export function lookOf({ tables, structure, at, snapshotAt, settledAt, unreported }: Baseline): Look | undefined {
  if (settledAt === undefined) return undefined;
  const counters = Object.entries(tables).flatMap(([name, { after }]) => (after ? [[name, after] as const] : []));
  return {
    from: unreported === null ? snapshotAt : null,
    until: settledAt,
    counters: new Map(counters),
    tablesAt: at,
    tables: new Set(structure.tables.map(([name]) => name)),
  };
}

/**
 * Between which two looks rows were deleted, tables were emptied or went. Counters count what was tried, rolled back or not,
 * so a jump is a trace and no proof.
 * @param looks the oldest first
 */
export function jumpsBetween(looks: readonly Look[], since: Instant): Clues {
  const candidates: Candidate[] = [];
  const gaps: Gap[] = [];
  let last: (Look & { readonly from: Instant }) | undefined;
  for (const look of looks) {
    if (last && look.until >= since) {
      candidates.push(...goneBetween(last, look), ...countedBetween(last, look));
      gaps.push(...resetBetween(last, look));
    }
    // One whose counters may lack something is no place to count on from.
    if (look.from !== null) last = { ...look, from: look.from };
  }
  return { candidates, gaps };
}

type Settled = Look & { readonly from: Instant };

function countedBetween({ from, counters }: Settled, { until, counters: now }: Look): readonly Candidate[] {
  const both = [...now].flatMap(([table, after]) => {
    const before = counters.get(table);
    return before && sameEpoch(before, after) ? [{ table, before, after }] : [];
  });
  const deleted = both
    .map(({ table, before, after }) => ({ table, rows: after.deleted - before.deleted }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows);
  const rewritten = both.filter(({ before, after }) => before.files !== after.files).map(({ table }) => table);
  const at = milliseconds(from);
  return [
    ...(deleted.length > 0 ? [candidate('between', at, { kind: 'deleted', tables: deleted, until })] : []),
    ...(rewritten.length > 0 ? [candidate('between', at, { kind: 'rewritten', tables: rewritten, until })] : []),
  ];
}

function goneBetween({ tablesAt, tables }: Settled, look: Look): readonly Candidate[] {
  const gone = [...tables].filter((name) => !look.tables.has(name));
  if (gone.length === 0) return [];
  return [candidate('between', milliseconds(tablesAt), { kind: 'gone', tables: gone, until: look.tablesAt })];
}

function resetBetween({ from, counters }: Settled, { until, counters: now }: Look): readonly Gap[] {
  const reset = [...now].filter(([table, after]) => {
    const before = counters.get(table);
    return before && !sameEpoch(before, after);
  });
  return reset.length > 0 ? [{ code: 'find.counters-reset', params: { from, until } }] : [];
}

const sameEpoch = (a: Activity, b: Activity) =>
  a.epoch !== null && a.epoch === b.epoch && b.deleted >= a.deleted && b.inserted >= a.inserted;
