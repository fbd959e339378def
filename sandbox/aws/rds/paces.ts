import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long each status lasts at least, in seconds; the real work inside it counts. `Infinity` makes it hang until the
 * pace is changed, which takes effect on what is already waiting.
 */
export interface RdsPaces {
  /** `creating` of a new instance. */
  readonly creating: number;
  /** `creating` of an instance that is restored. */
  readonly restoring: number;
  /** `backing-up` of a new or restored instance with automated backups. */
  readonly backingUp: number;
  /** From the answer to ModifyDBInstance until the status leaves `available`: AWS takes its time as well. */
  readonly settling: number;
  /** `modifying`, `configuring-…`, `resetting-master-credentials`, `storage-optimization`. */
  readonly modifying: number;
  readonly rebooting: number;
  /** `creating` of a snapshot, `backing-up` of its instance. */
  readonly snapshot: number;
  readonly deleting: number;
  /** How often the WAL goes to the archive, whether anything was written or not; with it `LatestRestorableTime` moves on. 0: only full segments. */
  readonly archiving: number;
}

/** Short enough for a demo; RDS takes minutes where these take seconds (its logs go to S3 every five minutes). */
export const demoPaces: RdsPaces = {
  creating: 2,
  restoring: 4,
  backingUp: 2,
  settling: 0.3,
  modifying: 2,
  rebooting: 2,
  snapshot: 3,
  deleting: 2,
  archiving: 5,
};

/** Waits until `pace()` seconds have passed since `since` (of `performance.now()`), re-reading the pace meanwhile. */
export async function pause(pace: () => number, since: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const left = pace() * 1000 - (performance.now() - since);
    if (left <= 0) return;
    await sleep(Math.min(left, 100), undefined, { signal });
  }
}
