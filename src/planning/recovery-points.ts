import type { DatabaseSnapshot, Rds, Tags } from '../clients/rds.ts';
import { userError } from '../domain/errors.ts';
import type { SnapshotPoint } from '../domain/restore.ts';
import type { Instant } from '../domain/time.ts';
import { isRescue, lineageOf } from './names.ts';

/** A recovery point, and the snapshot as RDS described it. */
export interface ResolvedSnapshot {
  readonly kind: 'snapshot';
  readonly point: SnapshotPoint;
  readonly snapshot: DatabaseSnapshot;
}

/** Whose snapshots are meant: the current instance, or the one that was current before it was gone. */
export interface Descendant {
  readonly id: string;
  readonly resourceId: string;
  /** They say which instances it was restored from. */
  readonly tags: Tags;
  readonly createdAt?: Instant;
}

/**
 * Every snapshot of an environment's current instance and of those that it was restored from, the newest first; those
 * that are still being made come before all, for they have no instant yet. For lists, whatever their status.
 */
export async function snapshotsOf(
  rds: Pick<Rds, 'listSnapshots'>,
  instance: Descendant,
): Promise<readonly DatabaseSnapshot[]> {
  const lists = await Promise.all(lineageOf(instance).map((resourceId) => rds.listSnapshots({ resourceId })));
  return lists.flat().sort(newestFirst);
}

/** What the database can be taken back to, the newest first. */
export async function recoveryPoints(
  rds: Pick<Rds, 'listSnapshots'>,
  instance: Descendant,
): Promise<readonly SnapshotPoint[]> {
  const all = await snapshotsOf(rds, instance);
  return all.flatMap((snapshot) => recoveryPoint(snapshot) ?? []);
}

/**
 * As `recoveryPoints`, and with what is kept of other instances that operations made of this database: it can be wanted
 * again, by its name. What the newest backup is, it says nothing about.
 * @param made resource ids
 */
export async function allRecoveryPoints(
  rds: Pick<Rds, 'listSnapshots'>,
  instance: Descendant,
  made: readonly string[],
): Promise<readonly SnapshotPoint[]> {
  const known = lineageOf(instance);
  const others = made.filter((resourceId) => !known.includes(resourceId));
  const lists = await Promise.all(others.map((resourceId) => rds.listSnapshots({ resourceId })));
  const all = [...(await snapshotsOf(rds, instance)), ...lists.flat()].sort(newestFirst);
  return all.flatMap((snapshot) => recoveryPoint(snapshot) ?? []);
}

/** `undefined` while RDS hasn't said of which instant the snapshot is. */
export function recoveryPoint(snapshot: DatabaseSnapshot): SnapshotPoint | undefined {
  const { id, arn, at, type, sizeGiB, engineVersion, encrypted, instanceId, status } = snapshot;
  if (!at) return undefined;
  return { kind: 'snapshot', snapshotId: id, arn, at, type, sizeGiB, engineVersion, encrypted, instanceId, status };
}

/**
 * `latest`, or a snapshot's id or ARN, as one recovery point.
 *
 * `latest` is the newest that was there when the restore was asked for: one that comes later must not move what people
 * approve. The instance that an earlier restore replaced goes on being backed up, so of that one only what is older than
 * the current instance counts; anything newer holds what the restore left behind.
 * @throws PitcrewError `restore.no-snapshot`, `restore.snapshot-unknown` with the nearest ids, `restore.snapshot-of-other`,
 *   `restore.snapshot-not-available`
 */
export async function resolveRecoveryPoint(
  rds: Pick<Rds, 'listSnapshots' | 'findSnapshot'>,
  instance: Descendant,
  { from, askedAt, names }: { readonly from: string; readonly askedAt: Instant; readonly names: readonly string[] },
): Promise<ResolvedSnapshot> {
  const known = await snapshotsOf(rds, instance);
  return from === 'latest'
    ? latest(known, instance, askedAt)
    : named(known.find(isNamed(from)) ?? (await foreign(rds, from, instance, [instance.id, ...names], known)));
}

function latest(known: readonly DatabaseSnapshot[], instance: Descendant, askedAt: Instant): ResolvedSnapshot {
  const cutOver = instance.createdAt ?? askedAt;
  for (const snapshot of known) {
    const point = recoveryPoint(snapshot);
    if (!point || snapshot.status !== 'available' || point.at > askedAt) continue;
    // It holds the very data that somebody wanted to get away from: taken by its name only.
    if (isRescue(snapshot.id)) continue;
    if (snapshot.resourceId !== instance.resourceId && point.at > cutOver) continue;
    return { kind: 'snapshot', point, snapshot };
  }
  throw userError('restore.no-snapshot', { instance: instance.id });
}

function named(snapshot: DatabaseSnapshot): ResolvedSnapshot {
  const point = recoveryPoint(snapshot);
  if (point && snapshot.status === 'available') return { kind: 'snapshot', point, snapshot };
  throw userError('restore.snapshot-not-available', { snapshot: snapshot.id, status: snapshot.status });
}

/**
 * A snapshot outside of the lineage: taken for this environment's only if it is of an instance of the same name, or of one
 * that was restored from this database or from the same as this one.
 */
async function foreign(
  rds: Pick<Rds, 'findSnapshot'>,
  given: string,
  instance: Descendant,
  names: readonly string[],
  known: readonly DatabaseSnapshot[],
): Promise<DatabaseSnapshot> {
  const found = await rds.findSnapshot(given);
  if (!found) {
    const ids = known.filter(({ status }) => status === 'available').map(({ id }) => id);
    throw userError('restore.snapshot-unknown', { given, closest: nearest(given, ids), known: ids.slice(0, 5) });
  }
  const family = lineageOf(instance);
  if (names.includes(found.instanceId) || lineageOf(found).some((one) => family.includes(one))) return found;
  throw userError('restore.snapshot-of-other', { snapshot: found.id, instance: found.instanceId, expected: names[0] });
}

const isNamed = (given: string) => {
  const wanted = given.toLowerCase();
  return ({ id, arn }: DatabaseSnapshot) => id.toLowerCase() === wanted || arn.toLowerCase() === wanted;
};

function newestFirst(a: DatabaseSnapshot, b: DatabaseSnapshot): number {
  if (a.at === b.at) return a.id < b.id ? -1 : 1;
  return (a.at ?? '9') > (b.at ?? '9') ? -1 : 1;
}

/** Signs that two ids must begin with alike for the one to be meant by the other. */
const leastShared = 3;

/** Ids with the most in common with what was typed: snapshot ids are long and differ at their ends. Newest first among equals. None where nothing is. */
function nearest(given: string, ids: readonly string[]): string[] {
  const typed = given.toLowerCase();
  const rank = (id: string) => (id.includes(typed) ? Number.POSITIVE_INFINITY : sharedStart(typed, id.toLowerCase()));
  return ids
    .map((id) => ({ id, rank: rank(id) }))
    .filter(({ rank }) => rank >= leastShared)
    .sort((a, b) => (a.rank === b.rank ? 0 : b.rank - a.rank))
    .slice(0, 3)
    .map(({ id }) => id);
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
