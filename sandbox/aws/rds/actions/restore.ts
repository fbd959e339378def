import type { XmlObject } from '../../xml.ts';
import { checkReferences, findSubnetGroup } from '../catalogue.ts';
import { checkGiven, knownIdentifier, newIdentifier, readTags, refuseOthers } from '../checks.ts';
import { invalidCombination, invalidValue, RdsError } from '../errors.ts';
import type { Form } from '../form.ts';
import { bringBack, registerInstance } from '../lifecycle.ts';
import { checkRoom, findSnapshot, type Region, type Snapshot } from '../region.ts';
import {
  checkZone,
  defaultSettings,
  type Given,
  readSettings,
  type SettingName,
  type Settings,
  withStorage,
} from '../settings.ts';
import { viewInstance } from '../views.ts';
import { readPort } from './instances.ts';

/** The settings that a restore takes (API reference of RestoreDBInstanceFromDBSnapshot); the others need ModifyDBInstance afterwards. */
const restorable: readonly SettingName[] = [
  'AllocatedStorage',
  'AutoMinorVersionUpgrade',
  'AvailabilityZone',
  'BackupRetentionPeriod',
  'BackupTarget',
  'CACertificateIdentifier',
  'CopyTagsToSnapshot',
  'DBInstanceClass',
  'DBParameterGroupName',
  'DBSubnetGroupName',
  'DedicatedLogVolume',
  'DeletionProtection',
  'EnableCloudwatchLogsExports',
  'EnableIAMDatabaseAuthentication',
  'EngineLifecycleSupport',
  'Iops',
  'LicenseModel',
  'MultiAZ',
  'NetworkType',
  'OptionGroupName',
  'PreferredBackupWindow',
  'PubliclyAccessible',
  'StorageThroughput',
  'StorageType',
  'VpcSecurityGroupIds',
];
const others = [
  'DBInstanceIdentifier',
  'DBSnapshotIdentifier',
  'Engine',
  'Port',
  'Tags',
  'UseDefaultProcessorFeatures',
] as const;

export async function restoreFromSnapshot(region: Region, form: Form): Promise<XmlObject> {
  refuseOthers(form, [...restorable, ...others]);
  const id = newIdentifier(form.required('DBInstanceIdentifier'), 'DBInstanceIdentifier', 63);
  const snapshot = findSnapshot(region, knownIdentifier(form.required('DBSnapshotIdentifier'), 'snapshot'));
  if ((form.text('Engine') ?? 'postgres') !== 'postgres') {
    throw invalidValue(`The engine ${form.text('Engine')} is not compatible with that of the snapshot, postgres.`);
  }
  const given = readSettings(form, restorable);
  checkGiven(given);
  checkZone(given);
  const settings = restoredSettings(region, snapshot, given);
  checkReferences(region.name, settings);
  const port = readPort(form, 'Port');
  // "If there are no new tags, RDS looks for the tags from the source DB instance for the DB snapshot."
  const tags = readTags(form) ?? snapshot.sourceTags;
  checkRoom(region, id, settings.AllocatedStorage);
  if (snapshot.status !== 'available') {
    throw new RdsError('InvalidDBSnapshotState', `Snapshot ${snapshot.id} is not in available state.`);
  }
  const instance = registerInstance(region, {
    id,
    settings,
    tags,
    port,
    masterUsername: snapshot.master.username,
    databaseName: snapshot.databaseName,
  });
  bringBack(region, instance, snapshot);
  return { DBInstance: await viewInstance(region, instance) };
}

/** Class, size, encryption, backup retention and window come from the snapshot; what else isn't given is AWS's default. */
function restoredSettings(region: Region, { settings: source }: Snapshot, given: Given): Settings {
  if (given.AllocatedStorage !== undefined && given.AllocatedStorage < source.AllocatedStorage) {
    throw invalidCombination(`The storage can't be smaller than the snapshot's ${source.AllocatedStorage} GiB.`);
  }
  const subnets = findSubnetGroup(given.DBSubnetGroupName ?? 'default');
  const merged: Settings = {
    ...defaultSettings(region.name, source.EngineVersion),
    PubliclyAccessible: subnets.open,
    StorageType: given.Iops ? 'io1' : 'gp3',
    AllocatedStorage: source.AllocatedStorage,
    BackupRetentionPeriod: source.BackupRetentionPeriod,
    DBInstanceClass: source.DBInstanceClass,
    LicenseModel: source.LicenseModel,
    PreferredBackupWindow: source.PreferredBackupWindow,
    StorageEncrypted: source.StorageEncrypted,
    ...(source.KmsKeyId ? { KmsKeyId: source.KmsKeyId } : {}),
    ...(source.Iops ? { Iops: source.Iops } : {}),
    ...(source.StorageThroughput ? { StorageThroughput: source.StorageThroughput } : {}),
    ...given,
  };
  return withStorage(merged, given);
}
