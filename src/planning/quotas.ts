import type { Quota, Rds } from '../clients/rds.ts';
import { userError } from '../domain/errors.ts';

/**
 * Room for one more instance of this size, asked before anybody is asked to approve. A quota that RDS doesn't tell is
 * not checked here: the restore call will.
 * @param stands whether that instance is made already, and so among what is used
 * @returns the quotas that matter, for the card
 * @throws PitcrewError `restore.instance-quota`, `restore.storage-quota`
 */
export async function roomForInstance(
  rds: Pick<Rds, 'quotas'>,
  sizeGiB: number,
  stands = false,
): Promise<readonly Quota[]> {
  const all = await rds.quotas();
  const instances = quota(all, 'DBInstances');
  const storage = quota(all, 'AllocatedStorage');
  if (!stands && instances && instances.used >= instances.max)
    throw userError('restore.instance-quota', { used: instances.used, max: instances.max });
  if (!stands && storage && storage.used + sizeGiB > storage.max)
    throw userError('restore.storage-quota', { used: storage.used, max: storage.max, needed: sizeGiB });
  return [instances, storage].filter((one) => one !== undefined);
}

/** @throws PitcrewError `snapshot.quota`: automated snapshots don't count, manual ones stay until somebody deletes them */
export async function roomForSnapshot(rds: Pick<Rds, 'quotas'>): Promise<readonly Quota[]> {
  const snapshots = quota(await rds.quotas(), 'ManualSnapshots');
  if (snapshots && snapshots.used >= snapshots.max)
    throw userError('snapshot.quota', { used: snapshots.used, max: snapshots.max });
  return snapshots ? [snapshots] : [];
}

const quota = (all: readonly Quota[], wanted: string) => all.find(({ name }) => name === wanted);
