import type { XmlObject } from '../../xml.ts';
import { list, time } from '../answer.ts';
import { archivedUntil } from '../backup.ts';
import { parameterGroups, subnetGroups, vpcId } from '../catalogue.ts';
import { knownIdentifier, refuseOthers } from '../checks.ts';
import { invalidCombination, invalidValue, RdsError } from '../errors.ts';
import type { Form } from '../form.ts';
import { page, pagingNames, readFilters } from '../paging.ts';
import { arn, type Instance, manualSnapshots, type Region, usedStorage } from '../region.ts';
import { viewTags } from '../views.ts';

export function describeAccountAttributes(region: Region, form: Form): XmlObject {
  refuseOthers(form, []);
  const { quotas } = region;
  const ownGroups = parameterGroups.filter(({ name }) => !name.startsWith('default.')).length;
  const mostSubnets = Math.max(...subnetGroups.map(({ subnets }) => Object.keys(subnets).length));
  const rows: readonly (readonly [string, number, number])[] = [
    ['DBInstances', region.instances.size, quotas.instances],
    ['ReservedDBInstances', 0, 40],
    ['AllocatedStorage', usedStorage(region), quotas.storageGibibytes],
    ['DBSecurityGroups', 0, 25],
    ['AuthorizationsPerDBSecurityGroup', 0, 20],
    ['DBParameterGroups', ownGroups, 50],
    ['ManualSnapshots', manualSnapshots(region), quotas.manualSnapshots],
    ['EventSubscriptions', 0, 20],
    ['DBSubnetGroups', subnetGroups.length, 50],
    ['OptionGroups', 0, 20],
    ['SubnetsPerDBSubnetGroup', mostSubnets, 20],
    ['ReadReplicasPerMaster', 0, 15],
    ['DBClusters', 0, 40],
    ['DBClusterParameterGroups', 0, 50],
    ['DBClusterRoles', 0, 5],
    ['ManualClusterSnapshots', 0, 100],
    ['DBInstanceRoles', 0, 5],
    ['CustomEndpointsPerDBCluster', 0, 5],
  ];
  const views = rows.map(([AccountQuotaName, Used, Max]) => ({ AccountQuotaName, Used, Max }));
  return { AccountQuotas: list('AccountQuota', views) };
}

const eventNames = [
  'SourceIdentifier',
  'SourceType',
  'StartTime',
  'EndTime',
  'Duration',
  'EventCategories',
  'Filters',
] as const;
/** RDS keeps events for 14 days and shows those of the last hour unless asked for more. */
const longestMinutes = 14 * 24 * 60;

export function describeEvents(region: Region, form: Form): XmlObject {
  refuseOthers(form, [...eventNames, ...pagingNames]);
  const source = form.text('SourceIdentifier')?.toLowerCase();
  const type = form.text('SourceType');
  if (source !== undefined && type === undefined) {
    throw invalidCombination('SourceType must be provided when SourceIdentifier is.');
  }
  const minutes = form.integer('Duration') ?? 60;
  if (minutes < 1 || minutes > longestMinutes) throw invalidValue(`Invalid duration: ${minutes} minutes.`);
  const end = form.instant('EndTime') ?? region.now();
  const start = form.instant('StartTime') ?? new Date(end.getTime() - minutes * 60_000);
  const categories = form.list('EventCategories') ?? [];
  const fitting = region.events
    .map((event, index) => ({ ...event, key: String(index).padStart(9, '0') }))
    .filter(
      (event) =>
        (source === undefined || event.source === source) &&
        (type === undefined || event.type === type) &&
        event.date >= start &&
        event.date <= end &&
        (categories.length === 0 || event.categories.some((category) => categories.includes(category))),
    );
  const { items, marker } = page(form, fitting, ({ key }) => key);
  const views = items.map((event) => ({
    SourceIdentifier: event.source,
    SourceType: event.type,
    Message: event.message,
    EventCategories: list('EventCategory', event.categories),
    Date: time(event.date),
    SourceArn: event.arn,
  }));
  return { Marker: marker, Events: list('Event', views) };
}

const backupNames = ['DbiResourceId', 'DBInstanceIdentifier', 'Filters'] as const;

export async function describeAutomatedBackups(region: Region, form: Form): Promise<XmlObject> {
  refuseOthers(form, [...backupNames, ...pagingNames]);
  const passes = readFilters(form, ['status', 'db-instance-id', 'dbi-resource-id']);
  const id = form.text('DBInstanceIdentifier');
  const resourceId = form.text('DbiResourceId');
  const live = [...region.instances.values()].filter(({ settings }) => settings.BackupRetentionPeriod > 0);
  const all = [
    ...(await Promise.all(live.map((instance) => viewBackup(region, instance, undefined)))),
    ...(await Promise.all(region.retained.map(({ instance, latest }) => viewBackup(region, instance, { latest })))),
  ];
  const fitting = all.filter(
    (backup) =>
      (id === undefined || backup.DBInstanceIdentifier === knownIdentifier(id, 'db')) &&
      (resourceId === undefined || backup.DbiResourceId === resourceId) &&
      passes('status', backup.Status) &&
      passes('db-instance-id', backup.DBInstanceIdentifier) &&
      passes('dbi-resource-id', backup.DbiResourceId),
  );
  if (fitting.length === 0 && (id !== undefined || resourceId !== undefined)) {
    throw new RdsError('DBInstanceAutomatedBackupNotFound', `No automated backup found for ${id ?? resourceId}.`);
  }
  const { items, marker } = page(form, fitting, ({ DbiResourceId }) => DbiResourceId);
  return { Marker: marker, DBInstanceAutomatedBackups: list('DBInstanceAutomatedBackup', items) };
}

/** The window starts with the oldest automated snapshot and ends with the last WAL that is in the archive. */
async function viewBackup(region: Region, instance: Instance, retained: { latest: Date | undefined } | undefined) {
  const { settings, resourceId, archiveFolder } = instance;
  const bases = [...region.snapshots.values()].filter(
    (snapshot) => snapshot.type === 'automated' && snapshot.resourceId === resourceId && snapshot.takenAt,
  );
  const earliest = bases.map(({ takenAt }) => takenAt).sort((one, other) => Number(one) - Number(other))[0];
  const archived = retained ? retained.latest : await archivedUntil(archiveFolder);
  const latest = earliest && archived && archived < earliest ? earliest : archived;
  return {
    DBInstanceArn: arn(region, 'db', instance.id),
    DBInstanceAutomatedBackupsArn: arn(region, 'auto-backup', `ab-${resourceId.slice(3).toLowerCase()}`),
    DBInstanceIdentifier: instance.id,
    DbiResourceId: resourceId,
    Region: region.name,
    RestoreWindow: earliest ? { EarliestTime: time(earliest), LatestTime: time(latest) } : undefined,
    Status: retained ? 'retained' : earliest ? 'active' : 'creating',
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
