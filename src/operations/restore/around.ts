import type { Rds } from '../../clients/rds.ts';
import { baselineKey, type Records } from '../../domain/records.ts';
import type { Instant } from '../../domain/time.ts';
import type { CurrentGone, CurrentInstance } from '../../planning/current-instance.ts';
import type { ResolvedInstant } from '../../planning/point-in-time.ts';
import { type Baseline, baselineFrom } from '../../verification/baseline.ts';

/** What a point-in-time recovery is proven by. */
export interface MomentFacts {
  /** False for `latest`: the log may go on a little behind the moment that it is asked for. */
  readonly exact: boolean;
  /** The last baseline that was counted before the moment, and the first after it, of the instance whose log it is. */
  readonly before: { readonly key: string; readonly at: Instant } | null;
  readonly after: string | null;
  /** Whether the instance whose log it is still runs, so that its own counters say what came since. */
  readonly live: boolean;
}

interface Given {
  readonly rds: Pick<Rds, 'listSnapshots'>;
  readonly records: Pick<Records, 'list' | 'read'>;
}

/** Finds the baselines around the moment. @throws PitcrewError `aws.*`, `ledger.*` */
export async function momentFacts(
  { rds, records }: Given,
  { point: { at, resourceId } }: ResolvedInstant,
  { runs, identity, database }: CurrentInstance | CurrentGone,
): Promise<MomentFacts> {
  const written = new Set(await records.list(baselineKey('')));
  const snapshots = (await rds.listSnapshots({ resourceId })).filter(
    (one) => one.at && written.has(baselineKey(one.arn)),
  );
  let before: MomentFacts['before'] = null;
  let after: string | null = null;
  for (const { arn } of snapshots.toSorted((a, b) => ((a.at ?? '') > (b.at ?? '') ? -1 : 1))) {
    const key = baselineKey(arn);
    const baseline = baselineFrom(await records.read(key));
    if (baseline?.database !== database) continue;
    if (at === null || countedBefore(baseline, at)) {
      before = { key, at: baseline.at };
      break;
    }
    if (baseline.snapshotAt > at) after = key;
  }
  return { exact: at !== null, before, after, live: runs && identity.resourceId === resourceId };
}

/** A baseline that was being counted at the moment is neither before it nor after it. */
const countedBefore = ({ at: began, tables }: Baseline, at: Instant) =>
  began <= at && Object.values(tables).every(({ countedAt }) => countedAt <= at);
