import type { DatabaseInstance, DatabaseSnapshot, InstanceSettings, RestoreRequest, Tags } from '../clients/rds.ts';
import type { RestoreSettings } from '../domain/settings.ts';
import { tagKeys } from './names.ts';

/** What a restore request is made of. */
export interface RestoreGiven {
  readonly source: DatabaseInstance;
  readonly snapshot: DatabaseSnapshot;
  readonly profile: RestoreSettings['profile'];
  readonly targetId: string;
  /** pitcrew's own; the source's are added to them. */
  readonly tags: Tags;
  /** Of the parameter group that the new instance would get: the profile's, else the source's. */
  readonly parameterFamily: string;
}

/** What becomes of one parameter. `because` is a code of the catalogue `settingReasons`. */
export type Decision<Value = unknown> =
  | { readonly how: 'passed'; readonly value: Value; readonly because: string }
  | { readonly how: 'left-out'; readonly because: string }
  | { readonly how: 'modified-afterwards'; readonly because: string };

type Rule<Value> = (given: RestoreGiven) => Decision<Value>;

const passed = <Value>(value: Value, because: string): Decision<Value> => ({ how: 'passed', value, because });
const leftOut = (because: string): Decision<never> => ({ how: 'left-out', because });
const never =
  (because: string): Rule<never> =>
  () =>
    leftOut(because);

/** As the source has it; RDS would take a default of its own. Absent on the source: absent here. */
const fromSource =
  <Name extends keyof InstanceSettings>(name: Name): Rule<NonNullable<InstanceSettings[Name]>> =>
  ({ source }) => {
    const value = source.settings[name];
    return value === undefined ? leftOut('setting.not-set') : passed(value, 'setting.from-source');
  };

/** As the config's profile says, else as the source has it. */
const fromProfile =
  <Name extends keyof InstanceSettings>(
    name: Name,
    ofProfile: (profile: RestoreGiven['profile']) => InstanceSettings[Name] | undefined,
  ): Rule<NonNullable<InstanceSettings[Name]>> =>
  (given) => {
    const value = ofProfile(given.profile);
    return value === undefined ? fromSource(name)(given) : passed(value, 'setting.from-profile');
  };

const whereTrue =
  (name: 'EnableCustomerOwnedIp'): Rule<boolean> =>
  ({ source }) =>
    source.settings[name] ? passed(true, 'setting.from-source') : leftOut('setting.not-set');

/** Lists in the shape of the SDK, which wants its own to change. */
const list =
  (rule: Rule<readonly string[]>): Rule<string[]> =>
  (given) => {
    const decision = rule(given);
    if (decision.how !== 'passed') return decision;
    return decision.value.length === 0 ? leftOut('setting.not-set') : { ...decision, value: decision.value.toSorted() };
  };

/** GiB. The source may have grown since; an instance can't be smaller than its snapshot. */
export const storageOf = ({ source, snapshot }: Pick<RestoreGiven, 'source' | 'snapshot'>) =>
  Math.max(source.settings.AllocatedStorage ?? 0, snapshot.sizeGiB);

/** RDS for PostgreSQL stripes gp3 volumes from this size on; below it speed is fixed and may not be named (RDS User Guide, "gp3 storage"). */
const stripedGiB = 400;

const speed =
  (name: 'Iops' | 'StorageThroughput', types: readonly string[]): Rule<number> =>
  (given) => {
    const type = given.source.settings.StorageType ?? '';
    if (!types.includes(type)) return leftOut('setting.storage-without-speed');
    if (type === 'gp3' && storageOf(given) < stripedGiB) return leftOut('setting.gp3-fixed-speed');
    return fromSource(name)(given);
  };

const zone: Rule<string> = (given) => {
  if (given.source.settings.MultiAZ) return leftOut('setting.zone-with-multi-az');
  const own = given.profile.subnetGroup;
  const moved = own !== undefined && own !== given.source.settings.DBSubnetGroupName;
  return moved ? leftOut('setting.zone-of-other-subnets') : fromSource('AvailabilityZone')(given);
};

/** `15.4` → `15`, `9.6.2` → `9.6`: what PostgreSQL counted as major before version 10. */
export function majorOf(version: string): string {
  const [major = '', minor = ''] = version.split('.');
  return Number(major) >= 10 ? major : `${major}.${minor}`;
}

const parameterGroup: Rule<string> = (given) => {
  if (given.parameterFamily !== `postgres${majorOf(given.snapshot.engineVersion)}`)
    return leftOut('setting.parameter-group-of-other-family');
  return fromProfile('DBParameterGroupName', ({ parameterGroup: own }) => own)(given);
};

const optionGroup: Rule<string> = (given) => {
  const { source, snapshot } = given;
  if (source.settings.OptionGroupName?.startsWith('default:')) return leftOut('setting.default-option-group');
  if (majorOf(source.engineVersion) !== majorOf(snapshot.engineVersion))
    return leftOut('setting.option-group-of-other-version');
  return fromSource('OptionGroupName')(given);
};

/** AWS takes 50 tags of the caller's for a resource. */
const mostTags = 50;

/** Naming a tag replaces those that RDS would copy, so all are named; `aws:` is AWS's own, `pitcrew:` an earlier restore's. */
const tags: Rule<NonNullable<RestoreRequest['Tags']>> = ({ source, tags: own }) => {
  const room = mostTags - Object.keys(own).length;
  const carried = Object.entries(source.tags).filter(([key]) => !/^(aws|pitcrew):/i.test(key));
  const all = [...carried.slice(0, room), ...Object.entries(own)].map(([Key, Value]) => ({ Key, Value }));
  return passed(all, carried.length > room ? 'setting.tags-cut' : 'setting.tags');
};

/** Only the owner may name it by its id. */
const snapshotName: Rule<string> = ({ snapshot: { id, arn, type } }) =>
  passed(type === 'shared' || type === 'public' ? arn : id, 'setting.recovery-point');

const masterSecret: Rule<never> = ({ source }) =>
  source.settings.ManageMasterUserPassword
    ? { how: 'modified-afterwards', because: 'setting.not-taken-by-restore' }
    : leftOut('setting.not-set');

/**
 * Every parameter of `RestoreDBInstanceFromDBSnapshot` and what becomes of it. What is left out becomes RDS's default,
 * *not* the source's value, so nothing is left out without a reason. A test holds the names against the SDK's model:
 * when AWS adds one, somebody has to decide here.
 */
export const restoreParameters = {
  DBInstanceIdentifier: ({ targetId }) => passed(targetId, 'setting.derived-name'),
  DBSnapshotIdentifier: snapshotName,
  DBClusterSnapshotIdentifier: never('setting.clusters-only'),
  Tags: tags,
  TagSpecifications: never('setting.tags-of-backup'),

  DBInstanceClass: fromProfile('DBInstanceClass', ({ instanceClass }) => instanceClass),
  DBCapacityReservationIdentifier: never('setting.capacity-reservation'),
  Engine: never('setting.follows-snapshot'),
  EngineLifecycleSupport: fromSource('EngineLifecycleSupport'),
  LicenseModel: fromSource('LicenseModel'),
  AutoMinorVersionUpgrade: fromSource('AutoMinorVersionUpgrade'),
  DBParameterGroupName: parameterGroup,
  OptionGroupName: optionGroup,

  DBSubnetGroupName: fromProfile('DBSubnetGroupName', ({ subnetGroup }) => subnetGroup),
  VpcSecurityGroupIds: list(fromProfile('VpcSecurityGroupIds', ({ securityGroups }) => securityGroups)),
  PubliclyAccessible: fromSource('PubliclyAccessible'),
  NetworkType: fromSource('NetworkType'),
  Port: fromSource('Port'),
  MultiAZ: fromSource('MultiAZ'),
  AvailabilityZone: zone,
  CACertificateIdentifier: fromSource('CACertificateIdentifier'),
  EnableIAMDatabaseAuthentication: fromSource('EnableIAMDatabaseAuthentication'),
  EnableCustomerOwnedIp: whereTrue('EnableCustomerOwnedIp'),

  AllocatedStorage: (given) => passed(storageOf(given), 'setting.never-smaller'),
  StorageType: fromSource('StorageType'),
  Iops: speed('Iops', ['gp3', 'io1', 'io2']),
  StorageThroughput: speed('StorageThroughput', ['gp3']),
  DedicatedLogVolume: fromSource('DedicatedLogVolume'),
  AdditionalStorageVolumes: never('setting.other-engines'),

  BackupRetentionPeriod: fromSource('BackupRetentionPeriod'),
  PreferredBackupWindow: fromSource('PreferredBackupWindow'),
  BackupTarget: fromSource('BackupTarget'),
  CopyTagsToSnapshot: fromSource('CopyTagsToSnapshot'),
  DeletionProtection: fromSource('DeletionProtection'),
  EnableCloudwatchLogsExports: list(fromSource('EnableCloudwatchLogsExports')),

  Domain: fromSource('Domain'),
  DomainAuthSecretArn: fromSource('DomainAuthSecretArn'),
  DomainDnsIps: list(fromSource('DomainDnsIps')),
  DomainFqdn: fromSource('DomainFqdn'),
  DomainIAMRoleName: fromSource('DomainIAMRoleName'),
  DomainOu: fromSource('DomainOu'),

  ManageMasterUserPassword: masterSecret,
  MasterUserSecretKmsKeyId: masterSecret,
  DBName: never('setting.other-engines'),
  ProcessorFeatures: never('setting.other-engines'),
  UseDefaultProcessorFeatures: never('setting.other-engines'),
  TdeCredentialArn: never('setting.other-engines'),
  TdeCredentialPassword: never('setting.other-engines'),
  CustomIamInstanceProfile: never('setting.other-engines'),
} as const satisfies { readonly [Name in keyof RestoreRequest]-?: Rule<NonNullable<RestoreRequest[Name]>> };

/** Settings that the restore request doesn't take and that matter later: given to the instance when it stands. */
export function settingsAfterwards(given: RestoreGiven): InstanceSettings {
  const { settings } = given.source;
  const { MonitoringInterval, MonitoringRoleArn, PreferredMaintenanceWindow, MaxAllocatedStorage } = settings;
  // RDS wants the limit of growth at least a tenth above the storage.
  const grows = MaxAllocatedStorage !== undefined && MaxAllocatedStorage >= storageOf(given) * 1.1;
  return {
    ...(settings.ManageMasterUserPassword ? managedPassword(settings) : {}),
    ...(grows ? { MaxAllocatedStorage } : {}),
    ...(MonitoringInterval && MonitoringRoleArn ? { MonitoringInterval, MonitoringRoleArn } : {}),
    ...(settings.EnablePerformanceInsights ? performanceInsights(settings) : {}),
    ...(PreferredMaintenanceWindow ? { PreferredMaintenanceWindow } : {}),
  };
}

function managedPassword({ MasterUserSecretKmsKeyId }: InstanceSettings): InstanceSettings {
  return { ManageMasterUserPassword: true, ...(MasterUserSecretKmsKeyId ? { MasterUserSecretKmsKeyId } : {}) };
}

function performanceInsights(settings: InstanceSettings): InstanceSettings {
  const { DatabaseInsightsMode, PerformanceInsightsKMSKeyId, PerformanceInsightsRetentionPeriod } = settings;
  return {
    ...(DatabaseInsightsMode ? { DatabaseInsightsMode } : {}),
    EnablePerformanceInsights: true,
    ...(PerformanceInsightsKMSKeyId ? { PerformanceInsightsKMSKeyId } : {}),
    ...(PerformanceInsightsRetentionPeriod ? { PerformanceInsightsRetentionPeriod } : {}),
  };
}

/** Keys of pitcrew's own tags: what an earlier restore left is not the new instance's. */
export const ownTags = (operation: string, environment: string, lineage: readonly string[]): Tags => ({
  [tagKeys.operation]: operation,
  [tagKeys.environment]: environment.replace(/[^\p{L}\p{N}_.:/=+\-@ ]/gu, '-'),
  [tagKeys.lineage]: lineage.join(' '),
});
