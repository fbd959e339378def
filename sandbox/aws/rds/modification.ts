import { dropAutomatedBackups, takeAutomatedSnapshot } from './backups.ts';
import { restart } from './lifecycle.ts';
import { findParameterGroup } from './parameter-groups.ts';
import { type Instance, type Pending, type Region, record } from './region.ts';
import { resetMaster } from './roles.ts';
import { type Given, type SettingName, type Settings, settingNames, withStorage } from './settings.ts';
import type { Step } from './walk.ts';

/** Take effect with the answer, without a change of status (RDS User Guide, "Available settings"). */
const atOnce: readonly SettingName[] = [
  'AutoMinorVersionUpgrade',
  'CopyTagsToSnapshot',
  'DeletionProtection',
  'EngineLifecycleSupport',
  'MaxAllocatedStorage',
  'PreferredBackupWindow',
  'PreferredMaintenanceWindow',
];

/** Wait for the maintenance window unless ApplyImmediately is set. */
const deferred: readonly SettingName[] = [
  'AllocatedStorage',
  'CACertificateIdentifier',
  'DBInstanceClass',
  'DBSubnetGroupName',
  'DedicatedLogVolume',
  'EnableIAMDatabaseAuthentication',
  'EngineVersion',
  'Iops',
  'LicenseModel',
  'MultiAZ',
  'NetworkType',
  'OptionGroupName',
  'StorageThroughput',
  'StorageType',
];

const storage: readonly SettingName[] = ['AllocatedStorage', 'Iops', 'StorageThroughput', 'StorageType'];
/** A change of these restarts the server. */
const restarting: readonly SettingName[] = ['CACertificateIdentifier', 'DBInstanceClass', 'DBSubnetGroupName'];

/** What a change sorts into: done with the answer, done soon, left to the maintenance window. */
export interface Sorted {
  readonly now: Given;
  readonly soon: Pending;
  readonly later: Pending;
}

const pick = (given: Given, names: readonly SettingName[]): Given =>
  Object.fromEntries(Object.entries(given).filter(([name]) => (names as readonly string[]).includes(name)));

export function sortChange(instance: Instance, change: Pending, immediately: boolean): Sorted {
  const waits = deferred.concat(
    turnsBackupsOnOrOff(instance.settings, change.settings) ? ['BackupRetentionPeriod'] : [],
  );
  const { id, password } = change;
  const rest = settingNames.filter((name) => !atOnce.includes(name) && (immediately || !waits.includes(name)));
  const renamed = id === undefined ? {} : { id };
  return {
    now: pick(change.settings, atOnce),
    soon: {
      settings: pick(change.settings, rest),
      ...(password === undefined ? {} : { password }),
      ...(immediately ? renamed : {}),
    },
    later: immediately ? { settings: {} } : { settings: pick(change.settings, waits), ...renamed },
  };
}

const turnsBackupsOnOrOff = ({ BackupRetentionPeriod: before }: Settings, { BackupRetentionPeriod: after }: Given) =>
  after !== undefined && before > 0 !== after > 0;

export const isEmpty = ({ settings, id, password }: Pending) =>
  Object.keys(settings).length === 0 && id === undefined && password === undefined;

/** The walk that puts a change into force, one status after the other. `finish` is called when all of it is. */
export async function apply(region: Region, instance: Instance, change: Pending, step: Step): Promise<void> {
  const { settings, password, id } = change;
  const unprotected = instance.settings.BackupRetentionPeriod === 0;
  const done = new Set<SettingName>();
  const put = async (...names: SettingName[]) => {
    const part = pick(settings, names);
    instance.settings = names.some((name) => storage.includes(name))
      ? withStorage({ ...instance.settings, ...part }, part)
      : { ...instance.settings, ...part };
    for (const name of names) done.add(name);
  };
  await step('available', 'settling');
  if (password !== undefined) {
    await step('resetting-master-credentials', 'modifying', async () => {
      await resetMaster(instance.cluster, { username: instance.masterUsername, password });
      record(region, instance, 'Reset master credentials', 'configuration change');
    });
  }
  if ('MonitoringInterval' in settings || 'MonitoringRoleArn' in settings) {
    await step('configuring-enhanced-monitoring', 'modifying', () => put('MonitoringInterval', 'MonitoringRoleArn'));
  }
  if ('EnableCloudwatchLogsExports' in settings) {
    await step('configuring-log-exports', 'modifying', () => put('EnableCloudwatchLogsExports'));
  }
  if ('EnableIAMDatabaseAuthentication' in settings) {
    await step('configuring-iam-database-auth', 'modifying', () => put('EnableIAMDatabaseAuthentication'));
  }
  const growing = storage.some((name) => name in settings);
  const rest = settingNames.filter((name) => name in settings && !done.has(name));
  if (rest.length > 0) {
    await step('modifying', 'modifying', async () => {
      await put(...rest);
      if (rest.includes('DBParameterGroupName')) announceGroup(region, instance);
      if (restarting.some((name) => name in settings)) await restart(region, instance);
      record(region, instance, `Finished applying modification: ${rest.join(', ')}`, 'configuration change');
    });
  }
  if (!unprotected && instance.settings.BackupRetentionPeriod === 0) dropAutomatedBackups(region, instance);
  if (unprotected && instance.settings.BackupRetentionPeriod > 0) {
    await step('backing-up', 'backingUp', () => takeAutomatedSnapshot(region, instance));
  }
  if (growing) await step('storage-optimization', 'modifying');
  if (id !== undefined) await step('renaming', 'rebooting', () => rename(region, instance, id));
}

/** The name changes at once, the parameters with the next reboot. */
function announceGroup(region: Region, instance: Instance) {
  instance.parameterStatus = 'pending-reboot';
  const { name } = findParameterGroup(region, instance.settings.DBParameterGroupName);
  record(region, instance, `Updated to use DBParameterGroup ${name}`, 'configuration change');
}

async function rename(region: Region, instance: Instance, id: string) {
  await restart(region, instance);
  const before = instance.id;
  region.instances.delete(before);
  instance.id = id;
  region.instances.set(id, instance);
  record(region, instance, `Renamed instance from ${before} to ${id}`, 'configuration change');
}
