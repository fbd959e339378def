import type { XmlObject } from '../../xml.ts';
import { dropAutomatedBackups, fillSnapshot, registerSnapshot } from '../backups.ts';
import { knownIdentifier, newIdentifier, refuseOthers } from '../checks.ts';
import { invalidCombination, RdsError } from '../errors.ts';
import type { Form } from '../form.ts';
import { beat } from '../heartbeat.ts';
import { findInstance, type Instance, type Region, record, type Snapshot, statusOf, waitFor } from '../region.ts';
import { promoteReplicas } from '../replication.ts';
import { requireAvailable } from '../states.ts';
import { viewInstance } from '../views.ts';
import { checkNewSnapshot } from './snapshots.ts';

export async function deleteInstance(region: Region, form: Form): Promise<XmlObject> {
  refuseOthers(form, [
    'DBInstanceIdentifier',
    'SkipFinalSnapshot',
    'FinalDBSnapshotIdentifier',
    'DeleteAutomatedBackups',
  ]);
  const instance = findInstance(region, knownIdentifier(form.required('DBInstanceIdentifier'), 'db'));
  const finalId = readFinalSnapshot(form);
  if (statusOf(region, instance) === 'deleting') {
    throw new RdsError('InvalidDBInstanceState', `Instance ${instance.id} is already being deleted.`);
  }
  if (instance.settings.DeletionProtection) {
    throw invalidCombination('Cannot delete protected DB Instance, please disable deletion protection and try again.');
  }
  const drops = form.flag('DeleteAutomatedBackups') ?? true;
  if (!drops && region.retained.size >= region.quotas.retainedBackups) {
    throw new RdsError(
      'DBInstanceAutomatedBackupQuotaExceeded',
      'The quota for retained automated backups was exceeded.',
    );
  }
  let final: Snapshot | undefined;
  if (finalId) {
    requireAvailable(region, instance);
    checkNewSnapshot(region, finalId);
    final = registerSnapshot(
      region,
      instance,
      finalId,
      'manual',
      instance.settings.CopyTagsToSnapshot ? instance.tags : [],
    );
  }
  instance.ending.abort();
  instance.status = 'deleting';
  const before = instance.work;
  instance.work = before.then(() => wipe(region, instance, final, drops));
  return { DBInstance: await viewInstance(region, instance) };
}

function readFinalSnapshot(form: Form): string | undefined {
  const id = form.text('FinalDBSnapshotIdentifier');
  if (form.flag('SkipFinalSnapshot')) {
    if (id) throw invalidCombination('FinalDBSnapshotIdentifier cannot be specified when SkipFinalSnapshot is true.');
    return undefined;
  }
  if (!id) {
    throw invalidCombination('FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.');
  }
  return newIdentifier(id, 'FinalDBSnapshotIdentifier', 255);
}

async function wipe(region: Region, instance: Instance, final: Snapshot | undefined, dropBackups: boolean) {
  const since = performance.now();
  instance.status = 'deleting'; // what it was in the middle of may have ended in another status
  try {
    if (final) await fillSnapshot(region, instance, final);
    await waitFor(region, 'deleting', since, region.closing);
    const retains = !dropBackups && instance.settings.BackupRetentionPeriod > 0;
    if (retains) await beat(instance).catch(() => {}); // the last that it was; a server that is down has nothing to add
    await promoteReplicas(region, instance);
    await instance.cluster.remove();
    if (retains) region.retained.set(instance.resourceId, instance);
    else dropAutomatedBackups(region, instance);
  } catch (error) {
    if (region.closing.aborted) return;
    instance.status = 'failed';
    record(region, instance, `DB instance could not be deleted: ${error}`, 'failure');
    return;
  }
  region.instances.delete(instance.id);
  region.forced.delete(instance.id);
  record(region, instance, 'DB instance deleted', 'deletion');
}
