import type { XmlObject } from '../../xml.ts';
import { checkReferences } from '../catalogue.ts';
import { checkGiven, checkPassword, knownIdentifier, newIdentifier, refuseOthers } from '../checks.ts';
import { invalidCombination, RdsError } from '../errors.ts';
import type { Form } from '../form.ts';
import { apply, isEmpty, sortChange } from '../modification.ts';
import { findParameterGroup } from '../parameter-groups.ts';
import { checkSupply, findInstance, type Instance, type Pending, type Region } from '../region.ts';
import { replicasOf } from '../replication.ts';
import {
  checkMonitoring,
  type Given,
  readSettings,
  type SettingName,
  settingNames,
  withGrowthLimit,
  withStorage,
} from '../settings.ts';
import { requireAvailable } from '../states.ts';
import { viewInstance } from '../views.ts';
import { walk } from '../walk.ts';
import { resolveVersion } from './instances.ts';

/** Not to be changed once the instance is there; log exports come in a structure of their own. */
const fixed: readonly SettingName[] = [
  'AvailabilityZone',
  'BackupTarget',
  'EnableCloudwatchLogsExports',
  'EngineLifecycleSupport',
  'KmsKeyId',
  'StorageEncrypted',
];
const changeable = settingNames.filter((name) => !fixed.includes(name));
const others = [
  'AllowMajorVersionUpgrade',
  'ApplyImmediately',
  'CertificateRotationRestart',
  'CloudwatchLogsExportConfiguration',
  'DBInstanceIdentifier',
  'MasterUserPassword',
  'NewDBInstanceIdentifier',
] as const;

export async function modifyInstance(region: Region, form: Form): Promise<XmlObject> {
  refuseOthers(form, [...changeable, ...others]);
  const instance = findInstance(region, knownIdentifier(form.required('DBInstanceIdentifier'), 'db'));
  requireAvailable(region, instance);
  const asked = readChange(region, instance, form);
  const immediately = form.flag('ApplyImmediately') ?? false;
  const { now, soon, later } = sortChange(instance, asked, immediately);
  instance.settings = withGrowthLimit({ ...instance.settings, ...now });
  // "The modifications in this request and any pending modifications are asynchronously applied": the older ones first.
  const waiting = immediately ? merge(instance.pending, soon) : soon;
  const left = immediately ? { settings: {} } : merge(instance.pending, later);
  instance.pending = merge(left, waiting);
  if (!isEmpty(waiting)) {
    walk(region, instance, async (step) => {
      await apply(region, instance, waiting, step);
      instance.pending = left;
    });
  }
  return { DBInstance: await viewInstance(region, instance) };
}

const merge = (one: Pending, other: Pending): Pending => ({
  ...one,
  ...other,
  settings: { ...one.settings, ...other.settings },
});

/** What the request asks for beyond what is, checked as a whole against what the instance would become. */
function readChange(region: Region, instance: Instance, form: Form): Pending {
  const { settings } = instance;
  const logs = readLogs(form.structure('CloudwatchLogsExportConfiguration'), settings.EnableCloudwatchLogsExports);
  const given: Given = { ...readSettings(form, changeable), ...(logs ? { EnableCloudwatchLogsExports: logs } : {}) };
  checkGiven(given);
  if (given.EngineVersion !== undefined) given.EngineVersion = resolveVersion(region, given.EngineVersion);
  if (given.AllocatedStorage !== undefined && given.AllocatedStorage < settings.AllocatedStorage) {
    throw invalidCombination('Requested storage size cannot be less than the current storage size.');
  }
  checkRetention(region, instance, given.BackupRetentionPeriod);
  const merged = { ...settings, ...given };
  checkReferences(region, merged);
  if (given.DBInstanceClass !== undefined) checkSupply(region, merged);
  checkMonitoring(merged);
  withGrowthLimit(merged);
  withStorage(merged, given);
  if (given.DBParameterGroupName)
    given.DBParameterGroupName = findParameterGroup(region, given.DBParameterGroupName).name;
  const password = form.text('MasterUserPassword');
  return {
    settings: Object.fromEntries(Object.entries(given).filter(([name, value]) => differs(settings, name, value))),
    ...(password === undefined ? {} : { password: checkPassword(password) }),
    ...readName(region, instance, form.text('NewDBInstanceIdentifier')),
  };
}

/** @throws RdsError for a source of read replicas without backups, and for backups of a replica, which the sandbox doesn't play */
function checkRetention(region: Region, instance: Instance, days: number | undefined): void {
  if (days === 0 && replicasOf(region, instance).length > 0) {
    throw invalidCombination('Cannot disable automated backups of the source of a read replica.');
  }
  if (days && instance.replicaOf !== undefined) throw invalidCombination('The sandbox backs up no read replicas.');
}

const differs = (settings: object, name: string, value: unknown) =>
  JSON.stringify(Object.entries(settings).find(([known]) => known === name)?.[1]) !== JSON.stringify(value);

function readLogs(configuration: Form, before: readonly string[]): readonly string[] | undefined {
  const on = configuration.list('EnableLogTypes') ?? [];
  const off = configuration.list('DisableLogTypes') ?? [];
  if (on.length + off.length === 0) return undefined;
  return [...new Set([...before, ...on])].filter((log) => !off.includes(log)).sort();
}

function readName(region: Region, instance: Instance, text: string | undefined): { id?: string } {
  if (text === undefined) return {};
  const id = newIdentifier(text, 'NewDBInstanceIdentifier', 63);
  if (id === instance.id) return {};
  if (region.instances.has(id)) throw new RdsError('DBInstanceAlreadyExists', 'DB instance already exists');
  return { id };
}
