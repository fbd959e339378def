import { z } from 'zod';
import type { Instant } from '../domain/time.ts';

/**
 * A table's activity counters as PostgreSQL keeps them (`pg_stat_all_tables`), of it and all its partitions together. They
 * count what was tried, rolled back or not, and are told some seconds after the commit.
 */
export const activity = z.object({
  inserted: z.number(),
  updated: z.number(),
  deleted: z.number(),
  /** Files of the table and its partitions: others after a TRUNCATE or a rewrite. */
  files: z.string(),
  /** Changes when the counters begin anew; null where they can't be trusted at all. */
  epoch: z.string().nullable(),
});
export type Activity = z.infer<typeof activity>;

export const measuredTable = z.object({
  /** Null: it wasn't counted. */
  rows: z.number().nullable(),
  countedAt: z.string(),
  /** Read before the count began, so that nothing that the count doesn't have is in it. */
  before: activity,
  /** Read after the snapshot's instant; absent while there is no snapshot yet. */
  after: activity.exactOptional(),
});
export type MeasuredTable = z.infer<typeof measuredTable>;

export const unknownReasons = [
  'not-counted',
  'no-counters',
  'counters-reset',
  'rewritten',
  'sessions-unreported',
] as const;

export type Bounds =
  | { readonly kind: 'bounds'; readonly atLeast: number; readonly atMost: number }
  | { readonly kind: 'unknown'; readonly because: (typeof unknownReasons)[number] };

/**
 * `count − deletes ≤ restored ≤ count + inserts`, over what the counters went on from before the count until after the
 * snapshot's instant; equality where nothing was written (9-verification.md, "Row counts"). Nothing can be said where the
 * counters began anew, the table was rewritten, or a session may have written since the count without having told it:
 * `unreported` is the last instant at which such a session may have committed.
 */
export function countBounds({ rows, countedAt, before, after }: MeasuredTable, unreported: Instant | null): Bounds {
  const unknown = (because: (typeof unknownReasons)[number]): Bounds => ({ kind: 'unknown', because });
  if (rows === null || !after) return unknown('not-counted');
  if (before.epoch === null || after.epoch === null) return unknown('no-counters');
  const inserted = after.inserted - before.inserted;
  const deleted = after.deleted - before.deleted;
  if (before.epoch !== after.epoch || inserted < 0 || deleted < 0) return unknown('counters-reset');
  if (before.files !== after.files) return unknown('rewritten');
  if (unreported !== null && countedAt <= unreported) return unknown('sessions-unreported');
  return { kind: 'bounds', atLeast: Math.max(0, rows - deleted), atMost: rows + inserted };
}
