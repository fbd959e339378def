import type {
  DBInstance,
  DBInstanceAutomatedBackup,
  DBSnapshot,
  PendingModifiedValues,
  Tag,
} from '@aws-sdk/client-rds';
import { type Instant, instant } from '../domain/time.ts';

export type Tags = Readonly<Record<string, string>>;

/** An instance as RDS describes it. What RDS leaves out is absent here too, never a default. */
export interface DatabaseInstance {
  readonly id: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly status: string;
  readonly engine: string;
  readonly engineVersion: string;
  /** Known once the instance can be connected to. */
  readonly endpoint?: { readonly host: string; readonly port: number };
  readonly createdAt?: Instant;
  readonly tags: Tags;
  /** Of a Multi-AZ cluster or Aurora: then the instance is not one of its own. */
  readonly clusterId?: string;
  readonly settings: InstanceSettings;
  /** The master user, and the secret in which RDS keeps the password where it manages it. */
  readonly master: { readonly user: string; readonly secretArn?: string };
  readonly parameterStatus: string;
  /** Names of settings that were asked for and are not in force yet. */
  readonly pending: readonly string[];
  /** What hangs on the instance and a restore doesn't bring along. */
  readonly attached: {
    readonly readReplicas: readonly string[];
    readonly roles: readonly { readonly arn: string; readonly feature: string }[];
    readonly activityStream: boolean;
  };
}

/** Settings under the names that RDS's requests give them. */
export interface InstanceSettings {
  readonly AllocatedStorage?: number;
  readonly AutoMinorVersionUpgrade?: boolean;
  readonly AvailabilityZone?: string;
  readonly BackupRetentionPeriod?: number;
  readonly BackupTarget?: string;
  readonly CACertificateIdentifier?: string;
  readonly CopyTagsToSnapshot?: boolean;
  readonly DBInstanceClass?: string;
  readonly DBParameterGroupName?: string;
  readonly DBSubnetGroupName?: string;
  readonly DatabaseInsightsMode?: string;
  readonly DedicatedLogVolume?: boolean;
  readonly DeletionProtection?: boolean;
  readonly Domain?: string;
  readonly DomainAuthSecretArn?: string;
  readonly DomainDnsIps?: readonly string[];
  readonly DomainFqdn?: string;
  readonly DomainIAMRoleName?: string;
  readonly DomainOu?: string;
  readonly EnableCloudwatchLogsExports?: readonly string[];
  readonly EnableCustomerOwnedIp?: boolean;
  readonly EnableIAMDatabaseAuthentication?: boolean;
  readonly EnablePerformanceInsights?: boolean;
  readonly EngineLifecycleSupport?: string;
  readonly Iops?: number;
  readonly KmsKeyId?: string;
  readonly LicenseModel?: string;
  readonly ManageMasterUserPassword?: boolean;
  readonly MasterUserSecretKmsKeyId?: string;
  readonly MaxAllocatedStorage?: number;
  readonly MonitoringInterval?: number;
  readonly MonitoringRoleArn?: string;
  readonly MultiAZ?: boolean;
  readonly NetworkType?: string;
  readonly OptionGroupName?: string;
  readonly PerformanceInsightsKMSKeyId?: string;
  readonly PerformanceInsightsRetentionPeriod?: number;
  readonly Port?: number;
  readonly PreferredBackupWindow?: string;
  readonly PreferredMaintenanceWindow?: string;
  readonly PubliclyAccessible?: boolean;
  readonly StorageEncrypted?: boolean;
  readonly StorageThroughput?: number;
  readonly StorageType?: string;
  readonly VpcSecurityGroupIds?: readonly string[];
}

export interface DatabaseSnapshot {
  readonly id: string;
  readonly arn: string;
  readonly status: string;
  readonly type: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly instanceId: string;
  readonly resourceId: string;
  /** `SnapshotDatabaseTime` where RDS says it, else `SnapshotCreateTime`; absent while it is being made. */
  readonly at?: Instant;
  readonly sizeGiB: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly percent: number;
  readonly tags: Tags;
  /** Those of the instance's settings that a snapshot tells: about half of them. */
  readonly settings: InstanceSettings;
  readonly instanceCreatedAt?: Instant;
}

/** The automated backups of an instance, which may outlive it; the window is what point-in-time recovery reaches. */
export interface AutomatedBackup {
  readonly arn: string;
  readonly status: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly instanceId: string;
  readonly resourceId: string;
  readonly instanceCreatedAt?: Instant;
  readonly window?: { readonly earliest: Instant; readonly latest: Instant };
  readonly sizeGiB: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly tags: Tags;
  readonly settings: InstanceSettings;
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined. */
function known<T extends object>(all: T): Defined<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Defined<T>;
}

export function instanceOf(seen: DBInstance): DatabaseInstance {
  const { Endpoint: endpoint, DBClusterIdentifier: clusterId } = seen;
  return {
    id: seen.DBInstanceIdentifier ?? '',
    arn: seen.DBInstanceArn ?? '',
    resourceId: seen.DbiResourceId ?? '',
    status: seen.DBInstanceStatus ?? '',
    engine: seen.Engine ?? '',
    engineVersion: seen.EngineVersion ?? '',
    ...(endpoint?.Address && endpoint.Port ? { endpoint: { host: endpoint.Address, port: endpoint.Port } } : {}),
    ...(seen.InstanceCreateTime ? { createdAt: instant(seen.InstanceCreateTime) } : {}),
    ...(clusterId ? { clusterId } : {}),
    tags: tagsOf(seen.TagList),
    settings: settingsOf(seen),
    master: {
      user: seen.MasterUsername ?? '',
      ...(seen.MasterUserSecret?.SecretArn ? { secretArn: seen.MasterUserSecret.SecretArn } : {}),
    },
    parameterStatus: seen.DBParameterGroups?.[0]?.ParameterApplyStatus ?? '',
    pending: pendingOf(seen.PendingModifiedValues),
    attached: {
      readReplicas: seen.ReadReplicaDBInstanceIdentifiers ?? [],
      roles: (seen.AssociatedRoles ?? []).map(({ RoleArn, FeatureName }) => ({
        arn: RoleArn ?? '',
        feature: FeatureName ?? '',
      })),
      activityStream: seen.ActivityStreamStatus === 'started',
    },
  };
}

function settingsOf(seen: DBInstance): InstanceSettings {
  const domain = seen.DomainMemberships?.[0];
  const master = seen.MasterUserSecret;
  return known({
    AllocatedStorage: seen.AllocatedStorage,
    AutoMinorVersionUpgrade: seen.AutoMinorVersionUpgrade,
    AvailabilityZone: seen.AvailabilityZone,
    BackupRetentionPeriod: seen.BackupRetentionPeriod,
    BackupTarget: seen.BackupTarget,
    CACertificateIdentifier: seen.CACertificateIdentifier,
    CopyTagsToSnapshot: seen.CopyTagsToSnapshot,
    DBInstanceClass: seen.DBInstanceClass,
    DBParameterGroupName: seen.DBParameterGroups?.[0]?.DBParameterGroupName,
    DBSubnetGroupName: seen.DBSubnetGroup?.DBSubnetGroupName,
    DatabaseInsightsMode: seen.DatabaseInsightsMode,
    DedicatedLogVolume: seen.DedicatedLogVolume,
    DeletionProtection: seen.DeletionProtection,
    Domain: domain?.Domain,
    DomainAuthSecretArn: domain?.AuthSecretArn,
    DomainDnsIps: domain?.DnsIps,
    DomainFqdn: domain?.FQDN,
    DomainIAMRoleName: domain?.IAMRoleName,
    DomainOu: domain?.OU,
    EnableCloudwatchLogsExports: seen.EnabledCloudwatchLogsExports?.toSorted(),
    EnableCustomerOwnedIp: seen.CustomerOwnedIpEnabled,
    EnableIAMDatabaseAuthentication: seen.IAMDatabaseAuthenticationEnabled,
    EnablePerformanceInsights: seen.PerformanceInsightsEnabled,
    EngineLifecycleSupport: seen.EngineLifecycleSupport,
    Iops: seen.Iops,
    KmsKeyId: seen.KmsKeyId,
    LicenseModel: seen.LicenseModel,
    ManageMasterUserPassword: master ? true : undefined,
    MasterUserSecretKmsKeyId: master?.KmsKeyId,
    MaxAllocatedStorage: seen.MaxAllocatedStorage,
    MonitoringInterval: seen.MonitoringInterval,
    MonitoringRoleArn: seen.MonitoringRoleArn,
    MultiAZ: seen.MultiAZ,
    NetworkType: seen.NetworkType,
    OptionGroupName: seen.OptionGroupMemberships?.[0]?.OptionGroupName,
    PerformanceInsightsKMSKeyId: seen.PerformanceInsightsKMSKeyId,
    PerformanceInsightsRetentionPeriod: seen.PerformanceInsightsRetentionPeriod,
    Port: seen.Endpoint?.Port,
    PreferredBackupWindow: seen.PreferredBackupWindow,
    PreferredMaintenanceWindow: seen.PreferredMaintenanceWindow,
    PubliclyAccessible: seen.PubliclyAccessible,
    StorageEncrypted: seen.StorageEncrypted,
    StorageThroughput: seen.StorageThroughput,
    StorageType: seen.StorageType,
    VpcSecurityGroupIds: seen.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? '').toSorted(),
  });
}

/** Empty lists and absent values are no changes. */
function pendingOf(values: PendingModifiedValues | undefined): readonly string[] {
  return Object.entries(values ?? {})
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name]) => name)
    .sort();
}

export function snapshotOf(seen: DBSnapshot): DatabaseSnapshot {
  const at = seen.SnapshotDatabaseTime ?? seen.SnapshotCreateTime;
  return {
    id: seen.DBSnapshotIdentifier ?? '',
    arn: seen.DBSnapshotArn ?? '',
    status: seen.Status ?? '',
    type: seen.SnapshotType ?? '',
    engine: seen.Engine ?? '',
    engineVersion: seen.EngineVersion ?? '',
    instanceId: seen.DBInstanceIdentifier ?? '',
    resourceId: seen.DbiResourceId ?? '',
    ...(at ? { at: instant(at) } : {}),
    sizeGiB: seen.AllocatedStorage ?? 0,
    encrypted: seen.Encrypted ?? false,
    ...(seen.KmsKeyId ? { kmsKeyId: seen.KmsKeyId } : {}),
    percent: seen.PercentProgress ?? 0,
    tags: tagsOf(seen.TagList),
    settings: settingsOfBackup(seen),
    ...(seen.InstanceCreateTime ? { instanceCreatedAt: instant(seen.InstanceCreateTime) } : {}),
  };
}

export function automatedBackupOf(seen: DBInstanceAutomatedBackup): AutomatedBackup {
  const { EarliestTime: earliest, LatestTime: latest } = seen.RestoreWindow ?? {};
  return {
    arn: seen.DBInstanceAutomatedBackupsArn ?? '',
    status: seen.Status ?? '',
    engine: seen.Engine ?? '',
    engineVersion: seen.EngineVersion ?? '',
    instanceId: seen.DBInstanceIdentifier ?? '',
    resourceId: seen.DbiResourceId ?? '',
    ...(seen.InstanceCreateTime ? { instanceCreatedAt: instant(seen.InstanceCreateTime) } : {}),
    ...(earliest && latest ? { window: { earliest: instant(earliest), latest: instant(latest) } } : {}),
    sizeGiB: seen.AllocatedStorage ?? 0,
    encrypted: seen.Encrypted ?? false,
    ...(seen.KmsKeyId ? { kmsKeyId: seen.KmsKeyId } : {}),
    tags: tagsOf(seen.TagList),
    settings: known({ ...settingsOfBackup(seen), BackupTarget: seen.BackupTarget }),
  };
}

function settingsOfBackup(seen: DBSnapshot | DBInstanceAutomatedBackup): InstanceSettings {
  return known({
    AllocatedStorage: seen.AllocatedStorage,
    AvailabilityZone: seen.AvailabilityZone,
    BackupRetentionPeriod: seen.BackupRetentionPeriod,
    DedicatedLogVolume: seen.DedicatedLogVolume,
    EnableIAMDatabaseAuthentication: seen.IAMDatabaseAuthenticationEnabled,
    Iops: seen.Iops,
    KmsKeyId: seen.KmsKeyId,
    LicenseModel: seen.LicenseModel,
    OptionGroupName: seen.OptionGroupName,
    Port: seen.Port,
    PreferredBackupWindow: seen.PreferredBackupWindow,
    StorageEncrypted: seen.Encrypted,
    StorageThroughput: seen.StorageThroughput,
    StorageType: seen.StorageType,
  });
}

/** Sorted by key, so that the same tags are the same text in a plan. */
function tagsOf(list: readonly Tag[] | undefined): Tags {
  const pairs = (list ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''] as const);
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
