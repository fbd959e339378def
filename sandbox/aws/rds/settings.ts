import { invalidCombination, invalidValue, RdsError } from './errors.ts';
import type { Form } from './form.ts';

/** The settings of an instance under the names that the requests give them, and what kind of value each is. */
const kinds = {
  AllocatedStorage: 'integer',
  AutoMinorVersionUpgrade: 'flag',
  AvailabilityZone: 'text',
  BackupRetentionPeriod: 'integer',
  BackupTarget: 'text',
  CACertificateIdentifier: 'text',
  CopyTagsToSnapshot: 'flag',
  DBInstanceClass: 'text',
  DBParameterGroupName: 'text',
  DBSubnetGroupName: 'text',
  DatabaseInsightsMode: 'text',
  DedicatedLogVolume: 'flag',
  DeletionProtection: 'flag',
  EnableCloudwatchLogsExports: 'list',
  EnableIAMDatabaseAuthentication: 'flag',
  EnablePerformanceInsights: 'flag',
  EngineLifecycleSupport: 'text',
  EngineVersion: 'text',
  Iops: 'integer',
  KmsKeyId: 'text',
  LicenseModel: 'text',
  MaxAllocatedStorage: 'integer',
  MonitoringInterval: 'integer',
  MonitoringRoleArn: 'text',
  MultiAZ: 'flag',
  NetworkType: 'text',
  OptionGroupName: 'text',
  PerformanceInsightsKMSKeyId: 'text',
  PerformanceInsightsRetentionPeriod: 'integer',
  PreferredBackupWindow: 'text',
  PreferredMaintenanceWindow: 'text',
  PubliclyAccessible: 'flag',
  StorageEncrypted: 'flag',
  StorageThroughput: 'integer',
  StorageType: 'text',
  VpcSecurityGroupIds: 'list',
} as const;

interface Kinds {
  readonly text: string;
  readonly integer: number;
  readonly flag: boolean;
  readonly list: readonly string[];
}

export type SettingName = keyof typeof kinds;
type All = { -readonly [Name in SettingName]: Kinds[(typeof kinds)[Name]] };
type OptionalName =
  | 'Iops'
  | 'KmsKeyId'
  | 'MaxAllocatedStorage'
  | 'MonitoringRoleArn'
  | 'PerformanceInsightsKMSKeyId'
  | 'PerformanceInsightsRetentionPeriod'
  | 'StorageThroughput';

/** The settings that a request gave. */
export type Given = Partial<All>;
/** All settings of an instance. */
export type Settings = Omit<All, OptionalName> & Partial<Pick<All, OptionalName>>;

export const settingNames = Object.keys(kinds) as readonly SettingName[];

/** @throws RdsError for a value that is not of its kind */
export function readSettings(form: Form, names: readonly SettingName[]): Given {
  const read = names.map((name) => [name, form[kinds[name]](name)] as const);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as Given;
}

/**
 * What AWS takes for settings that a new or restored instance isn't given. The source's are *not* among them
 * (API reference of RestoreDBInstanceFromDBSnapshot).
 */
export function defaultSettings(
  region: string,
  engineVersion: string,
): Omit<Settings, 'AllocatedStorage' | 'DBInstanceClass'> {
  return {
    AutoMinorVersionUpgrade: true,
    AvailabilityZone: `${region}${'abc'[Math.floor(Math.random() * 3)]}`,
    BackupRetentionPeriod: 1,
    BackupTarget: 'region',
    CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    CopyTagsToSnapshot: false,
    DBParameterGroupName: 'default.postgres15',
    DBSubnetGroupName: 'default',
    DatabaseInsightsMode: 'standard',
    DedicatedLogVolume: false,
    DeletionProtection: false,
    EnableCloudwatchLogsExports: [],
    EnableIAMDatabaseAuthentication: false,
    EnablePerformanceInsights: false,
    EngineLifecycleSupport: 'open-source-rds-extended-support',
    EngineVersion: engineVersion,
    LicenseModel: 'postgresql-license',
    MonitoringInterval: 0,
    MultiAZ: false,
    NetworkType: 'IPV4',
    OptionGroupName: 'default:postgres-15',
    PreferredBackupWindow: '03:10-03:40',
    PreferredMaintenanceWindow: 'sun:04:30-sun:05:00',
    PubliclyAccessible: true,
    StorageEncrypted: false,
    StorageType: 'gp3',
    VpcSecurityGroupIds: ['sg-default'],
  };
}

const smallestGibibytes: Readonly<Record<string, number>> = { standard: 5, gp2: 20, gp3: 20, io1: 100, io2: 100 };

/** RDS for PostgreSQL stripes gp3 volumes from this size on; below it IOPS and throughput are fixed (RDS User Guide, gp3 storage). */
const stripedGibibytes = 400;

/**
 * Fills in IOPS and throughput as the storage type has them.
 * @throws RdsError where RDS would refuse what was given
 */
export function withStorage(settings: Settings, given: Given): Settings {
  const { Iops, StorageThroughput, ...rest } = settings;
  const { StorageType: type, AllocatedStorage: size } = rest;
  const smallest = smallestGibibytes[type];
  if (!smallest) throw new RdsError('StorageTypeNotSupported', `Invalid storage type: ${type}`);
  if (size < smallest || size > 65_536) {
    throw invalidCombination(`Invalid storage size for engine name postgres and storage type ${type}: ${size}`);
  }
  if (type === 'io1' || type === 'io2') {
    if (!Iops) throw invalidCombination(`You must specify IOPS for the storage type ${type}.`);
    if (Iops < 1000)
      throw invalidCombination(`Invalid iops value for engine name postgres and storage type ${type}: ${Iops}`);
    return { ...rest, Iops };
  }
  if (type !== 'gp3') {
    if (given.Iops) throw invalidCombination(`You can't specify IOPS for the storage type ${type}.`);
    return rest;
  }
  if (size < stripedGibibytes) {
    if (given.Iops !== undefined || given.StorageThroughput !== undefined) {
      throw invalidCombination(
        "You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400.",
      );
    }
    return { ...rest, Iops: 3000, StorageThroughput: 125 };
  }
  const iops = given.Iops ?? Math.max(Iops ?? 0, 12_000);
  if (iops < 12_000)
    throw invalidCombination(`Invalid iops value for engine name postgres and storage type gp3: ${iops}`);
  return { ...rest, Iops: iops, StorageThroughput: given.StorageThroughput ?? Math.max(StorageThroughput ?? 0, 500) };
}

/** @throws RdsError for a zone beside MultiAZ, which chooses its zones itself */
export function checkZone(given: Given): void {
  if (given.MultiAZ && given.AvailabilityZone) {
    throw invalidCombination('Requesting a specific availability zone is not valid for Multi-AZ instances.');
  }
}

/** @throws RdsError for a growth limit that is no growth; the same value as the storage turns autoscaling off */
export function withGrowthLimit(settings: Settings): Settings {
  const { MaxAllocatedStorage, ...rest } = settings;
  if (MaxAllocatedStorage === undefined || MaxAllocatedStorage === rest.AllocatedStorage) return rest;
  if (MaxAllocatedStorage < rest.AllocatedStorage * 1.1) {
    throw invalidCombination('Max storage size must be at least 10% greater than the storage size.');
  }
  return settings;
}

/** @throws RdsError for Enhanced Monitoring without a role, or with an interval that doesn't exist */
export function checkMonitoring({ MonitoringInterval, MonitoringRoleArn }: Settings): void {
  if (![0, 1, 5, 10, 15, 30, 60].includes(MonitoringInterval)) {
    throw invalidValue(`Invalid value ${MonitoringInterval} for MonitoringInterval: 0, 1, 5, 10, 15, 30 or 60.`);
  }
  if (MonitoringInterval > 0 && !MonitoringRoleArn) {
    throw invalidCombination(
      'A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.',
    );
  }
}
