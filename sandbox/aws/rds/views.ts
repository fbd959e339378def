import type { XmlObject } from '../xml.ts';
import { list, time } from './answer.ts';
import { restoreWindow } from './backups.ts';
import { findSubnetGroup, type SubnetGroup, vpcId } from './catalogue.ts';
import type { Tag } from './checks.ts';
import { findParameterGroup } from './parameter-groups.ts';
import { arn, type Instance, type Region, type Snapshot, statusOf } from './region.ts';
import { replicasOf } from './replication.ts';
import type { Settings } from './settings.ts';

/** The address of every instance: no other name resolves on a bare machine, so only the ports differ. */
export const address = '127.0.0.1';

/** An instance as the API shows it. */
export async function viewInstance(region: Region, instance: Instance): Promise<XmlObject> {
  const { settings, cluster, connectable } = instance;
  const backedUp = settings.BackupRetentionPeriod > 0 && connectable;
  return {
    DBInstanceIdentifier: instance.id,
    DBInstanceClass: settings.DBInstanceClass,
    Engine: 'postgres',
    DBInstanceStatus: statusOf(region, instance),
    MasterUsername: instance.masterUsername,
    DBName: instance.databaseName,
    Endpoint: connectable ? { Address: address, Port: cluster.port, HostedZoneId: 'Z1SANDBOX' } : undefined,
    InstanceCreateTime: time(instance.createdAt),
    LatestRestorableTime: backedUp ? time(restoreWindow(region, instance)?.latest) : undefined,
    PendingModifiedValues: viewPending(instance),
    DbInstancePort: 0,
    DbiResourceId: instance.resourceId,
    DBInstanceArn: arn(region, 'db', instance.id),
    TagList: viewTags(instance.tags),
    ...viewNetwork(region, instance),
    ...viewSettings(settings),
    CertificateDetails: {
      CAIdentifier: settings.CACertificateIdentifier,
      ValidTill: time(region.certificate.validTill),
    },
    ...viewReplication(region, instance),
    AssociatedRoles: list(
      'DBInstanceRole',
      instance.roles.map((role) => ({ ...role, Status: 'ACTIVE' })),
    ),
    DomainMemberships: list('DomainMembership', []),
    CustomerOwnedIpEnabled: false,
    ActivityStreamStatus: 'stopped',
  };
}

function viewReplication(region: Region, instance: Instance): XmlObject {
  const ids = replicasOf(region, instance).map(({ id }) => id);
  const source = [...region.instances.values()].find(({ resourceId }) => resourceId === instance.replicaOf);
  return {
    ReadReplicaDBInstanceIdentifiers: list('ReadReplicaDBInstanceIdentifier', ids),
    ReadReplicaSourceDBInstanceIdentifier: source?.id,
    StatusInfos: source
      ? list('DBInstanceStatusInfo', [{ StatusType: 'read replication', Normal: true, Status: 'replicating' }])
      : undefined,
  };
}

function viewNetwork(region: Region, { settings, parameterStatus }: Instance): XmlObject {
  const { VpcSecurityGroupIds: groups, AvailabilityZone: zone, MultiAZ } = settings;
  const second = Object.values(findSubnetGroup(settings.DBSubnetGroupName).subnets).find(
    (letter) => !zone.endsWith(letter),
  );
  return {
    AvailabilityZone: zone,
    SecondaryAvailabilityZone: MultiAZ && second ? `${region.name}${second}` : undefined,
    DBSecurityGroups: list('DBSecurityGroup', []),
    VpcSecurityGroups: list(
      'VpcSecurityGroupMembership',
      groups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    ),
    DBParameterGroups: list('DBParameterGroup', [
      { DBParameterGroupName: settings.DBParameterGroupName, ParameterApplyStatus: parameterStatus },
    ]),
    OptionGroupMemberships: list('OptionGroupMembership', [
      { OptionGroupName: settings.OptionGroupName, Status: 'in-sync' },
    ]),
    DBSubnetGroup: viewSubnetGroup(region, findSubnetGroup(settings.DBSubnetGroupName)),
  };
}

function viewSettings(settings: Settings): XmlObject {
  const { EnableCloudwatchLogsExports: logs, MonitoringInterval: monitoring, ...own } = settings;
  const insights = own.EnablePerformanceInsights;
  return {
    AllocatedStorage: own.AllocatedStorage,
    AutoMinorVersionUpgrade: own.AutoMinorVersionUpgrade,
    BackupRetentionPeriod: own.BackupRetentionPeriod,
    BackupTarget: own.BackupTarget,
    CACertificateIdentifier: own.CACertificateIdentifier,
    CopyTagsToSnapshot: own.CopyTagsToSnapshot,
    DatabaseInsightsMode: own.DatabaseInsightsMode,
    DedicatedLogVolume: own.DedicatedLogVolume,
    DeletionProtection: own.DeletionProtection,
    EnabledCloudwatchLogsExports: logs.length > 0 ? list('member', logs) : undefined,
    EngineLifecycleSupport: own.EngineLifecycleSupport,
    EngineVersion: own.EngineVersion,
    IAMDatabaseAuthenticationEnabled: own.EnableIAMDatabaseAuthentication,
    Iops: own.Iops,
    KmsKeyId: own.KmsKeyId,
    LicenseModel: own.LicenseModel,
    MaxAllocatedStorage: own.MaxAllocatedStorage,
    MonitoringInterval: monitoring,
    MonitoringRoleArn: monitoring > 0 ? own.MonitoringRoleArn : undefined,
    MultiAZ: own.MultiAZ,
    NetworkType: own.NetworkType,
    PerformanceInsightsEnabled: insights,
    PerformanceInsightsKMSKeyId: insights ? own.PerformanceInsightsKMSKeyId : undefined,
    PerformanceInsightsRetentionPeriod: insights ? own.PerformanceInsightsRetentionPeriod : undefined,
    PreferredBackupWindow: own.PreferredBackupWindow,
    PreferredMaintenanceWindow: own.PreferredMaintenanceWindow,
    PubliclyAccessible: own.PubliclyAccessible,
    StorageEncrypted: own.StorageEncrypted,
    StorageThroughput: own.StorageThroughput,
    StorageType: own.StorageType,
  };
}

function viewPending({ pending: { settings, id, password } }: Instance): XmlObject {
  return {
    AllocatedStorage: settings.AllocatedStorage,
    BackupRetentionPeriod: settings.BackupRetentionPeriod,
    CACertificateIdentifier: settings.CACertificateIdentifier,
    DBInstanceClass: settings.DBInstanceClass,
    DBInstanceIdentifier: id,
    DBSubnetGroupName: settings.DBSubnetGroupName,
    DedicatedLogVolume: settings.DedicatedLogVolume,
    IAMDatabaseAuthenticationEnabled: settings.EnableIAMDatabaseAuthentication,
    Iops: settings.Iops,
    MasterUserPassword: password === undefined ? undefined : '****',
    MultiAZ: settings.MultiAZ,
    StorageThroughput: settings.StorageThroughput,
    StorageType: settings.StorageType,
  };
}

/** A snapshot as the API shows it. */
export function viewSnapshot(region: Region, snapshot: Snapshot): XmlObject {
  const { settings, takenAt } = snapshot;
  return {
    DBSnapshotIdentifier: snapshot.id,
    DBInstanceIdentifier: snapshot.instanceId,
    SnapshotCreateTime: time(takenAt),
    OriginalSnapshotCreateTime: time(takenAt),
    SnapshotDatabaseTime: time(takenAt),
    Engine: 'postgres',
    EngineVersion: settings.EngineVersion,
    AllocatedStorage: settings.AllocatedStorage,
    Status: snapshot.status,
    PercentProgress: snapshot.status === 'available' ? 100 : takenAt ? 50 : 0,
    Port: snapshot.port,
    AvailabilityZone: settings.AvailabilityZone,
    VpcId: vpcId,
    InstanceCreateTime: time(snapshot.instanceCreatedAt),
    MasterUsername: snapshot.master.username,
    LicenseModel: settings.LicenseModel,
    SnapshotType: snapshot.type,
    Iops: settings.Iops,
    StorageThroughput: settings.StorageThroughput,
    StorageType: settings.StorageType,
    OptionGroupName: settings.OptionGroupName,
    Encrypted: settings.StorageEncrypted,
    KmsKeyId: settings.KmsKeyId,
    BackupRetentionPeriod: settings.BackupRetentionPeriod,
    PreferredBackupWindow: settings.PreferredBackupWindow,
    DBSnapshotArn: arn(region, 'snapshot', snapshot.id),
    IAMDatabaseAuthenticationEnabled: settings.EnableIAMDatabaseAuthentication,
    DbiResourceId: snapshot.resourceId,
    SnapshotTarget: 'region',
    DedicatedLogVolume: settings.DedicatedLogVolume,
    TagList: viewTags(snapshot.tags),
  };
}

export const viewTags = (tags: readonly Tag[]) =>
  list(
    'Tag',
    tags.map(({ Key, Value }) => ({ Key, Value })),
  );

export function viewSubnetGroup(region: Region, group: SubnetGroup): XmlObject {
  const subnets = Object.entries(group.subnets).map(([SubnetIdentifier, zone]) => ({
    SubnetIdentifier,
    SubnetAvailabilityZone: { Name: `${region.name}${zone}` },
    SubnetStatus: 'Active',
  }));
  return {
    DBSubnetGroupName: group.name,
    DBSubnetGroupDescription: group.description,
    VpcId: vpcId,
    SubnetGroupStatus: 'Complete',
    Subnets: list('Subnet', subnets),
    DBSubnetGroupArn: arn(region, 'subgrp', group.name),
    SupportedNetworkTypes: list('member', ['IPV4']),
  };
}

export function viewParameterGroup(region: Region, name: string): XmlObject {
  const group = findParameterGroup(region, name);
  return {
    DBParameterGroupName: group.name,
    DBParameterGroupFamily: group.family,
    Description: group.description,
    DBParameterGroupArn: arn(region, 'pg', group.name),
  };
}
