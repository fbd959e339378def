import type { XmlObject } from '../../xml.ts';
import { list, time } from '../answer.ts';
import { dropAutomatedBackups, restoreWindow } from '../backups.ts';
import { vpcId } from '../catalogue.ts';
import { knownIdentifier, refuseOthers } from '../checks.ts';
import { invalidCombination, RdsError } from '../errors.ts';
import type { Form } from '../form.ts';
import { page, pagingNames, readFilters } from '../paging.ts';
import { arn, type Instance, type Region, record } from '../region.ts';
import { viewTags } from '../views.ts';

const names = ['DbiResourceId', 'DBInstanceIdentifier', 'DBInstanceAutomatedBackupsArn', 'Filters'] as const;

/** Of instances that are there (`active`, or `creating` before the first is done) and of deleted ones (`retained`). */
export function describeAutomatedBackups(region: Region, form: Form): XmlObject {
  refuseOthers(form, [...names, ...pagingNames]);
  const passes = readFilters(form, ['status', 'db-instance-id', 'dbi-resource-id']);
  const id = form.text('DBInstanceIdentifier');
  const resourceId = form.text('DbiResourceId');
  const backupArn = form.text('DBInstanceAutomatedBackupsArn');
  const live = [...region.instances.values()].filter(({ settings }) => settings.BackupRetentionPeriod > 0);
  const fitting = [...live, ...region.retained.values()]
    .map((instance) => viewAutomatedBackup(region, instance))
    .filter(
      (backup) =>
        (id === undefined || backup.DBInstanceIdentifier === knownIdentifier(id, 'db')) &&
        (resourceId === undefined || backup.DbiResourceId === resourceId) &&
        (backupArn === undefined || backup.DBInstanceAutomatedBackupsArn === backupArn) &&
        passes('status', backup.Status) &&
        passes('db-instance-id', backup.DBInstanceIdentifier) &&
        passes('dbi-resource-id', backup.DbiResourceId),
    );
  const asked = id ?? resourceId ?? backupArn;
  if (fitting.length === 0 && asked !== undefined) throw notFound(asked);
  const { items, marker } = page(form, fitting, ({ DbiResourceId }) => DbiResourceId);
  return { Marker: marker, DBInstanceAutomatedBackups: list('DBInstanceAutomatedBackup', items) };
}

/** Only what a deleted instance has left: a live one's go with `BackupRetentionPeriod` 0. */
export function deleteAutomatedBackup(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DbiResourceId', 'DBInstanceAutomatedBackupsArn']);
  const [resourceId, backupArn] = [form.text('DbiResourceId'), form.text('DBInstanceAutomatedBackupsArn')];
  if ((resourceId === undefined) === (backupArn === undefined)) {
    throw invalidCombination('Specify either DbiResourceId or DBInstanceAutomatedBackupsArn.');
  }
  const instance = findBackedUp(region, resourceId ?? backupArn ?? '');
  if (!region.retained.has(instance.resourceId)) {
    throw new RdsError(
      'InvalidDBInstanceAutomatedBackupState',
      `The automated backup of ${instance.id} can't be deleted: it is associated with an active DB instance.`,
    );
  }
  const view = viewAutomatedBackup(region, instance);
  dropAutomatedBackups(region, instance);
  record(region, instance, 'Deleted retained automated backup', 'deletion');
  return { DBInstanceAutomatedBackup: { ...view, Status: 'deleting' } };
}

/**
 * The instance, there or gone, whose automated backups have that resource id or ARN.
 * @throws RdsError DBInstanceAutomatedBackupNotFound
 */
export function findBackedUp(region: Region, resourceIdOrArn: string): Instance {
  const found = [...region.instances.values(), ...region.retained.values()].find(
    ({ resourceId }) => resourceId === resourceIdOrArn || backupArnOf(region, resourceId) === resourceIdOrArn,
  );
  if (!found) throw notFound(resourceIdOrArn);
  return found;
}

const notFound = (asked: string) =>
  new RdsError('DBInstanceAutomatedBackupNotFound', `No automated backup found for ${asked}.`);

const backupArnOf = (region: Region, resourceId: string) =>
  arn(region, 'auto-backup', `ab-${resourceId.slice(3).toLowerCase()}`);

function viewAutomatedBackup(region: Region, instance: Instance) {
  const { settings, resourceId } = instance;
  const window = restoreWindow(region, instance);
  return {
    DBInstanceArn: arn(region, 'db', instance.id),
    DBInstanceAutomatedBackupsArn: backupArnOf(region, resourceId),
    DBInstanceIdentifier: instance.id,
    DbiResourceId: resourceId,
    Region: region.name,
    RestoreWindow: window ? { EarliestTime: time(window.earliest), LatestTime: time(window.latest) } : undefined,
    Status: region.retained.has(resourceId) ? 'retained' : window ? 'active' : 'creating',
    AllocatedStorage: settings.AllocatedStorage,
    AvailabilityZone: settings.AvailabilityZone,
    BackupRetentionPeriod: settings.BackupRetentionPeriod,
    BackupTarget: settings.BackupTarget,
    DedicatedLogVolume: settings.DedicatedLogVolume,
    Encrypted: settings.StorageEncrypted,
    Engine: 'postgres',
    EngineVersion: settings.EngineVersion,
    IAMDatabaseAuthenticationEnabled: settings.EnableIAMDatabaseAuthentication,
    InstanceCreateTime: time(instance.createdAt),
    Iops: settings.Iops,
    KmsKeyId: settings.KmsKeyId,
    LicenseModel: settings.LicenseModel,
    MasterUsername: instance.masterUsername,
    OptionGroupName: settings.OptionGroupName,
    Port: instance.cluster.port,
    PreferredBackupWindow: settings.PreferredBackupWindow,
    StorageThroughput: settings.StorageThroughput,
    StorageType: settings.StorageType,
    TagList: viewTags(instance.tags),
    VpcId: vpcId,
  };
}
