import type { InstanceSettings, Tags } from '../clients/rds.ts';
import type { RestoreSettings } from '../domain/settings.ts';
import type { SourceSettings } from './source-settings.ts';

/** What a backup fixes, whichever of RDS's restore requests reads it. */
export interface BackupFacts {
  readonly sizeGiB: number;
  readonly engineVersion: string;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
}

/** What either restore request is made of. */
export interface RestoreGiven {
  readonly source: SourceSettings;
  readonly backup: BackupFacts;
  readonly profile: RestoreSettings['profile'];
  readonly targetId: string;
  /** pitcrew's own; the source's are added to them. */
  readonly tags: Tags;
  /** Of the parameter group that the new instance would get: the profile's, else the source's. */
  readonly parameterFamily: string;
}

type Params = { readonly [name: string]: string | number };

/** What becomes of one parameter. `because` is a code of the catalogue `settingReasons`, `params` are its text's. */
export type Decision<Value = unknown> =
  | { readonly how: 'passed'; readonly value: Value; readonly because: string; readonly params?: Params }
  /** `at-the-call`: passed, but by the step alone; no plan holds it. */
  | {
      readonly how: 'left-out' | 'modified-afterwards' | 'at-the-call';
      readonly because: string;
      readonly params?: Params;
    };

export type Rule<Value, Given = RestoreGiven> = (given: Given) => Decision<Value>;

export const passed = <Value>(value: Value, because: string, params?: Params): Decision<Value> => ({
  how: 'passed',
  value,
  because,
  ...(params ? { params } : {}),
});
export const leftOut = (because: string): Decision<never> => ({ how: 'left-out', because });
export const never =
  (because: string): Rule<never, unknown> =>
  () =>
    leftOut(because);

/** As the source has it; RDS would take a default of its own. Absent on the source: absent here. */
export const fromSource =
  <Name extends keyof InstanceSettings>(name: Name): Rule<NonNullable<InstanceSettings[Name]>> =>
  ({ source }) => {
    const value = source.settings[name];
    if (value === undefined) return leftOut(source.unknown.has(name) ? 'setting.nobody-knows' : 'setting.not-set');
    const { because, params } = source.origins[name] ?? source.origin;
    return passed(value, because, params);
  };

/** As the config's profile says, else as the source has it. */
export const fromProfile =
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
  (given) =>
    given.source.settings[name] === false ? leftOut('setting.not-set') : fromSource(name)(given);

/** Lists in the shape of the SDK, which wants its own to change. */
const list =
  (rule: Rule<readonly string[]>): Rule<string[]> =>
  (given) => {
    const decision = rule(given);
    if (decision.how !== 'passed') return decision;
    return decision.value.length === 0 ? leftOut('setting.not-set') : { ...decision, value: decision.value.toSorted() };
  };

/** GiB. The source may have grown since; an instance can't be smaller than its backup. */
export const storageOf = ({ source, backup }: Pick<RestoreGiven, 'source' | 'backup'>) =>
  Math.max(source.settings.AllocatedStorage ?? 0, backup.sizeGiB);

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

/** RDS refuses a group of another family than the backup's engine. */
export const familyOf = ({ backup }: Pick<RestoreGiven, 'backup'>) => `postgres${majorOf(backup.engineVersion)}`;

const parameterGroup: Rule<string> = (given) => {
  const rule = fromProfile('DBParameterGroupName', ({ parameterGroup: own }) => own);
  const decision = rule(given);
  if (decision.how !== 'passed' || given.parameterFamily === familyOf(given)) return decision;
  return leftOut('setting.parameter-group-of-other-family');
};

const optionGroup: Rule<string> = (given) => {
  const { source, backup } = given;
  if (source.settings.OptionGroupName?.startsWith('default:')) return leftOut('setting.default-option-group');
  if (majorOf(source.engineVersion) !== majorOf(backup.engineVersion))
    return leftOut('setting.option-group-of-other-version');
  return fromSource('OptionGroupName')(given);
};

/** AWS takes 50 tags of the caller's for a resource. */
const mostTags = 50;
type TagList = { Key: string; Value: string }[];

/** Naming a tag replaces those that RDS would copy, so all are named; `aws:` is AWS's own, `pitcrew:` an earlier restore's. */
const tags: Rule<TagList> = ({ source, tags: own }) => {
  const room = mostTags - Object.keys(own).length;
  const carried = Object.entries(source.tags).filter(([key]) => !/^(aws|pitcrew):/i.test(key));
  const all = [...carried.slice(0, room), ...Object.entries(own)].map(([Key, Value]) => ({ Key, Value }));
  return passed(all, carried.length > room ? 'setting.tags-cut' : 'setting.tags');
};

/** RDS wants the limit of growth at least a tenth above the storage. */
export const grows = (given: RestoreGiven) =>
  (given.source.settings.MaxAllocatedStorage ?? 0) >= storageOf(given) * 1.1;

const masterSecret: Rule<never> = ({ source }) => {
  if (source.settings.ManageMasterUserPassword)
    return { how: 'modified-afterwards', because: 'setting.not-taken-by-restore' };
  return leftOut(source.unknown.has('ManageMasterUserPassword') ? 'setting.nobody-knows' : 'setting.not-set');
};

/**
 * The parameters that `RestoreDBInstanceFromDBSnapshot`, `RestoreDBInstanceToPointInTime` and `CreateDBInstance` have in
 * common, and what becomes of each. What is left out becomes RDS's default, *not* the source's value, so nothing is left out without a
 * reason.
 */
export const sharedParameters = {
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
  PubliclyAccessible: fromProfile('PubliclyAccessible', ({ publiclyAccessible }) => publiclyAccessible),
  NetworkType: fromProfile('NetworkType', ({ networkType }) => networkType),
  Port: fromSource('Port'),
  MultiAZ: fromSource('MultiAZ'),
  AvailabilityZone: zone,
  CACertificateIdentifier: fromProfile('CACertificateIdentifier', ({ caCertificate }) => caCertificate),
  EnableIAMDatabaseAuthentication: fromSource('EnableIAMDatabaseAuthentication'),
  EnableCustomerOwnedIp: whereTrue('EnableCustomerOwnedIp'),

  AllocatedStorage: (given: RestoreGiven) => passed(storageOf(given), 'setting.never-smaller'),
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
  TdeCredentialArn: never('setting.other-engines'),
  TdeCredentialPassword: never('setting.other-engines'),
  CustomIamInstanceProfile: never('setting.other-engines'),
} as const;
