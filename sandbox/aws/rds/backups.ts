import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { backUp, isSegment } from './backup.ts';
import type { Tag } from './checks.ts';
import { beat } from './heartbeat.ts';
import { type Instance, newResourceId, type Region, record, type Snapshot, waitFor } from './region.ts';

/** Puts a snapshot on the books, `creating`. */
export function registerSnapshot(
  region: Region,
  instance: Instance,
  id: string,
  type: Snapshot['type'],
  tags: readonly Tag[],
): Snapshot {
  const snapshot: Snapshot = {
    id,
    type,
    tags,
    instanceId: instance.id,
    resourceId: instance.resourceId,
    instanceCreatedAt: instance.createdAt,
    master: { username: instance.masterUsername },
    databaseName: instance.databaseName,
    port: instance.cluster.port,
    settings: instance.settings,
    sourceTags: instance.tags,
    folder: join(region.folder, 'snapshots', newResourceId()),
    status: 'creating',
    takenAt: undefined,
    base: undefined,
    readers: new Set(),
  };
  region.snapshots.set(id, snapshot);
  record(region, snapshot, `Creating ${type} snapshot`, 'creation');
  return snapshot;
}

/** The physical backup itself. A snapshot that fails says so and stays on the books, as on RDS. */
export async function fillSnapshot(region: Region, instance: Instance, snapshot: Snapshot): Promise<void> {
  const { household, now } = region;
  const { cluster, archiveFolder } = instance;
  record(region, instance, 'Backing up DB instance', 'backup');
  const since = performance.now();
  try {
    const { takenAt, ...base } = await backUp({ household, cluster, archiveFolder, target: snapshot.folder, now });
    if (snapshot.type === 'automated') await beat(instance, region.closing);
    snapshot.takenAt = takenAt;
    snapshot.base = base;
    if (snapshot.type === 'manual') await waitFor(region, 'snapshot', since, region.closing);
    snapshot.status = 'available';
  } catch (error) {
    snapshot.status = 'failed';
    throw error;
  }
  record(region, snapshot, `${snapshot.type === 'manual' ? 'Manual' : 'Automated'} snapshot created`, 'creation');
  record(region, instance, 'Finished DB Instance backup', 'backup');
}

/** A base for point-in-time recovery, named as RDS names it. */
export async function takeAutomatedSnapshot(region: Region, instance: Instance): Promise<void> {
  const minute = region.now().toISOString().slice(0, 16).replace(/[T:]/g, '-');
  const tags = instance.settings.CopyTagsToSnapshot ? instance.tags : [];
  let id = `rds:${instance.id}-${minute}`;
  while (region.snapshots.has(id)) id += '-1';
  const snapshot = registerSnapshot(region, instance, id, 'automated', tags);
  await fillSnapshot(region, instance, snapshot);
}

/** Takes a snapshot off the books and its files away, the latter once nobody copies them any more. */
export async function dropSnapshot(region: Region, snapshot: Snapshot): Promise<void> {
  region.snapshots.delete(snapshot.id);
  record(region, snapshot, `Deleted ${snapshot.type} snapshot`, 'deletion');
  await Promise.allSettled(snapshot.readers);
  await rm(snapshot.folder, { recursive: true, force: true, maxRetries: 5 });
}

type Base = Snapshot & { readonly base: NonNullable<Snapshot['base']>; readonly takenAt: Date };

/** The automated snapshots that point-in-time recovery of this instance can start from, oldest first. */
export const basesOf = (region: Region, { resourceId }: Instance): readonly Base[] =>
  [...region.snapshots.values()]
    .filter((snapshot) => snapshot.type === 'automated' && snapshot.resourceId === resourceId)
    .filter((snapshot): snapshot is Base => snapshot.status === 'available' && snapshot.base !== undefined)
    .sort((one, other) => Number(one.base.consistentAt) - Number(other.base.consistentAt));

/**
 * The times that an instance can be restored to: from its oldest base to what the archive holds, the latter to the
 * second, as RDS gives it. Nothing as long as there is no base.
 */
export function restoreWindow(region: Region, instance: Instance): { earliest: Date; latest: Date } | undefined {
  const earliest = basesOf(region, instance)[0]?.base.consistentAt;
  const until = instance.restorableUntil;
  if (!earliest || !until || until < earliest) return undefined;
  const second = Math.floor(until.getTime() / 1000) * 1000;
  return { earliest, latest: new Date(Math.max(second, earliest.getTime())) };
}

const dayMilliseconds = 86_400_000;

/**
 * Removes what is older than the retention: automated snapshots, except for the one that the oldest time within it needs,
 * and the WAL before it. A retained backup goes as a whole once its last snapshot is too old.
 */
export async function expire(region: Region, instance: Instance): Promise<void> {
  const cutoff = region.now().getTime() - instance.settings.BackupRetentionPeriod * dayMilliseconds;
  const bases = basesOf(region, instance);
  const newest = bases.at(-1);
  if (region.retained.has(instance.resourceId) && newest && newest.takenAt.getTime() < cutoff) {
    return void dropAutomatedBackups(region, instance);
  }
  const old = bases.filter(({ takenAt }) => takenAt.getTime() <= cutoff).slice(0, -1);
  for (const snapshot of old) await dropSnapshot(region, snapshot);
  await dropSegments(instance, basesOf(region, instance)[0]?.base.firstSegment ?? '');
}

/** All of them: with the instance, with its retained backup, or because backups were turned off. The files go when nobody reads them. */
export function dropAutomatedBackups(region: Region, instance: Instance): void {
  region.retained.delete(instance.resourceId);
  instance.restorableUntil = undefined;
  const own = [...region.snapshots.values()].filter(
    ({ type, resourceId }) => type === 'automated' && resourceId === instance.resourceId,
  );
  const files = [...own.map((snapshot) => dropSnapshot(region, snapshot)), dropArchive(instance)];
  Promise.all(files).catch(() => {}); // they may stay until the household goes
}

/** A live instance goes on archiving: its snapshots take their WAL from there. */
async function dropArchive(instance: Instance): Promise<void> {
  if (!instance.ending.signal.aborted) return dropSegments(instance, 'z');
  await Promise.allSettled(instance.archiveReaders);
  await rm(instance.archiveFolder, { recursive: true, force: true, maxRetries: 5 });
}

async function dropSegments(instance: Instance, before: string): Promise<void> {
  await Promise.allSettled(instance.archiveReaders);
  // A segment's backup history file has a longer name and goes with it.
  const old = (name: string) => isSegment(name.slice(0, 24)) && name.slice(0, 24) < before;
  const names = (await readdir(instance.archiveFolder)).filter(old);
  for (const name of names) await rm(join(instance.archiveFolder, name), { force: true });
}
