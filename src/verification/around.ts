import type { DatabaseAddress } from '../clients/postgres.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { Instant } from '../domain/time.ts';
import type { DatabaseAccess } from './access.ts';
import { awaitCounters, readActivity } from './activity.ts';
import type { Baseline } from './baseline.ts';
import { type Activity, type Bounds, countBounds } from './bounds.ts';
import { clock } from './measure.ts';
import { qualifiedName } from './names.ts';
import { openServing, type ReadingOptions, withSessions } from './reader.ts';

/** What was measured around the moment of a point-in-time recovery. */
export interface Around {
  /** Counted before the moment. */
  readonly before: Baseline;
  /** Measured after it; undefined where there is none. */
  readonly after: Baseline | undefined;
  /** The instance that the baselines were measured on, where it still answers: its counters know what came since. */
  readonly live: DatabaseAddress | null;
}

/** Between how many rows a table must have, and what was counted when. */
export interface AroundBounds {
  readonly bounds: Bounds;
  readonly from: Instant;
  readonly until: Instant;
  /**
   * A session that went into a long transaction before the later baseline may have kept back what it wrote between both. So
   * bounds by it may be too narrow: what lies within is proven, what doesn't is not disproven.
   */
  readonly firm: boolean;
}
export type BoundsAround = (table: string) => AroundBounds | undefined;

/** Most sessions have told their counters after eleven seconds; what was told till then bounds nothing for the others. */
const countersWithinSeconds = 15;

/**
 * `count − deletes ≤ rows at the moment ≤ count + inserts`, with what the counters went on from the count before the moment
 * until after it (9-verification.md, "Row counts"): as the live database has them now, else as the baseline after it has.
 */
export async function boundsAround(
  access: DatabaseAccess,
  { before, after, live }: Around,
  options: Omit<ReadingOptions, 'address'>,
  signal: AbortSignal,
): Promise<BoundsAround> {
  const now = live && (await countersNow(access, { ...options, address: live }, before, signal));
  const later = now ?? (after ? laterOf(after) : undefined);
  return (table) => {
    const counted = before.tables[qualifiedName(table)];
    if (!later || !counted) return undefined;
    const told = later.counters.get(qualifiedName(table));
    const { rows, countedAt, before: first } = counted;
    const bounds = countBounds({ rows, countedAt, before: first, ...(told ? { after: told } : {}) }, later.unreported);
    return { bounds, from: countedAt, until: later.until, firm: later.firm };
  };
}

interface Later {
  readonly counters: ReadonlyMap<string, Activity>;
  readonly until: Instant;
  readonly unreported: Instant | null;
  readonly firm: boolean;
}

function laterOf({ tables, settledAt, snapshotAt, unreported }: Baseline): Later {
  const counters = Object.entries(tables).flatMap(([name, { after }]) => (after ? [[name, after] as const] : []));
  return { counters: new Map(counters), until: settledAt ?? snapshotAt, unreported, firm: false };
}

/** In transactions of its own: within one, PostgreSQL shows the same counters and sessions over and over. */
async function countersNow(
  access: DatabaseAccess,
  options: ReadingOptions,
  { tables }: Baseline,
  signal: AbortSignal,
): Promise<Later | undefined> {
  const oldest = Object.values(tables)
    .map(({ countedAt }) => countedAt)
    .sort()[0];
  if (oldest === undefined) return undefined;
  try {
    return await withSessions(signal, async (open) => {
      const { reader } = await open(openServing(access, options));
      const unreported = await awaitCounters(reader, oldest, { withinSeconds: countersWithinSeconds, signal });
      const counters = await readActivity(reader, Object.keys(tables));
      return { counters, until: await clock(reader), unreported, firm: true };
    });
  } catch (error) {
    // Whatever keeps pitcrew from reading it, nothing is bounded by it then.
    if (!(error instanceof PitcrewError)) throw error;
    return undefined;
  }
}
