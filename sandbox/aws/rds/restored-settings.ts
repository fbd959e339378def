import { findSubnetGroup } from './catalogue.ts';
import { checkGiven } from './checks.ts';
import { invalidCombination } from './errors.ts';
import type { Form } from './form.ts';
import {
  checkZone,
  defaultSettings,
  type Given,
  readSettings,
  type SettingName,
  type Settings,
  withGrowthLimit,
  withStorage,
} from './settings.ts';

/**
 * The settings that both kinds of restore take (API reference of RestoreDBInstanceFromDBSnapshot and
 * RestoreDBInstanceToPointInTime); the others need ModifyDBInstance afterwards.
 */
export const restorable: readonly SettingName[] = [
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

/**
 * Class, size, encryption, backup retention and window come from the source; what else isn't given is AWS's default.
 * @param source the settings at the time of the snapshot, or now for a point in time
 * @throws RdsError for what is not valid
 */
export function readRestoredSettings(
  region: string,
  source: Settings,
  form: Form,
  names: readonly SettingName[] = restorable,
): Settings {
  const given: Given = readSettings(form, names);
  checkGiven(given);
  checkZone(given);
  if (given.AllocatedStorage !== undefined && given.AllocatedStorage < source.AllocatedStorage) {
    throw invalidCombination(`The storage can't be smaller than the source's ${source.AllocatedStorage} GiB.`);
  }
  const subnets = findSubnetGroup(given.DBSubnetGroupName ?? 'default');
  const merged: Settings = {
    ...defaultSettings(region, source.EngineVersion),
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
  return withGrowthLimit(withStorage(merged, given));
}
