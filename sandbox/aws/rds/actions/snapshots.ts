import type { XmlObject } from '../../xml.ts';
import { list } from '../answer.ts';
import { dropSnapshot, fillSnapshot, registerSnapshot } from '../backups.ts';
import { knownIdentifier, newIdentifier, readTags, refuseOthers } from '../checks.ts';
import { invalidCombination, invalidValue, RdsError } from '../errors.ts';
import type { Form } from '../form.ts';
import { page, pagingNames, readFilters } from '../paging.ts';
import { arn, findInstance, findSnapshot, manualSnapshots, type Region, statusOf } from '../region.ts';
import { viewSnapshot } from '../views.ts';
import { walk } from '../walk.ts';

export function createSnapshot(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBSnapshotIdentifier', 'DBInstanceIdentifier', 'Tags']);
  const id = newIdentifier(form.required('DBSnapshotIdentifier'), 'DBSnapshotIdentifier', 255);
  const tags = readTags(form);
  const instance = findInstance(region, knownIdentifier(form.required('DBInstanceIdentifier'), 'db'));
  checkNewSnapshot(region, id);
  if (instance.replicaOf !== undefined) throw invalidCombination('The sandbox takes no snapshots of read replicas.');
  if (!['available', 'storage-optimization'].includes(statusOf(region, instance))) {
    throw new RdsError(
      'InvalidDBInstanceState',
      `Cannot create a snapshot because the database instance ${instance.id} is not currently in the available state.`,
    );
  }
  const copied = instance.settings.CopyTagsToSnapshot ? instance.tags : [];
  const snapshot = registerSnapshot(region, instance, id, 'manual', tags ?? copied);
  // The snapshot keeps its own pace; the instance is `backing-up` for as long.
  walk(region, instance, (step) => step('backing-up', 'snapshot', () => fillSnapshot(region, instance, snapshot)));
  return { DBSnapshot: viewSnapshot(region, snapshot) };
}

/** @throws RdsError for a name in use or a quota used up */
export function checkNewSnapshot(region: Region, id: string): void {
  if (region.snapshots.has(id)) {
    throw new RdsError(
      'DBSnapshotAlreadyExists',
      `Cannot create the snapshot because one with the identifier ${id} already exists.`,
    );
  }
  if (manualSnapshots(region) >= region.quotas.manualSnapshots) {
    throw new RdsError('SnapshotQuotaExceeded', 'Cannot create more than the allowed number of manual snapshots.');
  }
}

const snapshotFilters = ['db-instance-id', 'db-snapshot-id', 'dbi-resource-id', 'snapshot-type', 'engine'] as const;
const describeNames = [
  'DBInstanceIdentifier',
  'DBSnapshotIdentifier',
  'DbiResourceId',
  'SnapshotType',
  'Filters',
] as const;
const snapshotTypes: readonly string[] = ['automated', 'manual', 'shared', 'public', 'awsbackup'];

export function describeSnapshots(region: Region, form: Form): XmlObject {
  refuseOthers(form, [...describeNames, 'IncludeShared', 'IncludePublic', ...pagingNames]);
  const passes = readFilters(form, snapshotFilters);
  const asked = form.text('DBSnapshotIdentifier');
  const instanceId = form.text('DBInstanceIdentifier');
  const resourceId = form.text('DbiResourceId');
  const type = form.text('SnapshotType');
  if (type !== undefined && !snapshotTypes.includes(type)) throw invalidValue(`Invalid snapshot type: ${type}`);
  const candidates = asked
    ? [findSnapshot(region, knownIdentifier(asked, 'snapshot'))]
    : [...region.snapshots.values()];
  const fitting = candidates.filter(
    (snapshot) =>
      (instanceId === undefined || snapshot.instanceId === knownIdentifier(instanceId, 'db')) &&
      (resourceId === undefined || snapshot.resourceId === resourceId) &&
      (type === undefined || snapshot.type === type) &&
      (passes('db-instance-id', snapshot.instanceId) ||
        passes('db-instance-id', arn(region, 'db', snapshot.instanceId))) &&
      passes('db-snapshot-id', snapshot.id) &&
      passes('dbi-resource-id', snapshot.resourceId) &&
      passes('snapshot-type', snapshot.type) &&
      passes('engine', 'postgres'),
  );
  const { items, marker } = page(form, fitting, ({ id }) => id);
  const views = items.map((snapshot) => viewSnapshot(region, snapshot));
  return { Marker: marker, DBSnapshots: list('DBSnapshot', views) };
}

export function deleteSnapshot(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBSnapshotIdentifier']);
  const snapshot = findSnapshot(region, knownIdentifier(form.required('DBSnapshotIdentifier'), 'snapshot'));
  if (snapshot.type === 'automated') {
    throw new RdsError(
      'InvalidDBSnapshotState',
      'Automated snapshots cannot be deleted; they go with their retention.',
    );
  }
  if (snapshot.status === 'creating') {
    throw new RdsError('InvalidDBSnapshotState', `Snapshot ${snapshot.id} is not in available state.`);
  }
  void dropSnapshot(region, snapshot).catch(() => {}); // its files may stay until the household goes
  return { DBSnapshot: { ...viewSnapshot(region, snapshot), Status: 'deleted' } };
}
