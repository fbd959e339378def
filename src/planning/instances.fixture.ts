import fc from 'fast-check';
import type { DatabaseInstance, DatabaseSnapshot, InstanceSettings } from '../clients/rds.ts';
import type { CreateGiven } from './create-parameters.ts';
import type { PointInTimeGiven, SnapshotGiven } from './restore-parameters.ts';
import { liveSource } from './source-settings.ts';

const resourceId = 'db-ABCDEFGHIJKLMNOPQRSTUVWXYZ';

export function instance(over: Partial<DatabaseInstance> = {}, settings: InstanceSettings = {}): DatabaseInstance {
  return {
    id: 'shop-production',
    arn: 'arn:aws:rds:eu-west-1:123456789012:db:shop-production',
    resourceId,
    status: 'available',
    engine: 'postgres',
    engineVersion: '15.4',
    endpoint: { host: 'shop-production.abc.eu-west-1.rds.amazonaws.com', port: 5432 },
    createdAt: '2026-01-01T00:00:00.000Z',
    tags: {},
    master: { user: 'shop_admin' },
    parameterStatus: 'in-sync',
    pending: [],
    attached: { readReplicas: [], roles: [], activityStream: false },
    ...over,
    settings: {
      AllocatedStorage: 100,
      DBInstanceClass: 'db.r5.xlarge',
      DBParameterGroupName: 'prod-pg15',
      DBSubnetGroupName: 'prod',
      StorageType: 'gp3',
      VpcSecurityGroupIds: ['sg-production'],
      ...settings,
    },
  };
}

export function snapshot(over: Partial<DatabaseSnapshot> = {}): DatabaseSnapshot {
  const id = over.id ?? 'snap';
  return {
    id,
    arn: `arn:aws:rds:eu-west-1:123456789012:snapshot:${id}`,
    status: 'available',
    type: 'manual',
    engine: 'postgres',
    engineVersion: '15.4',
    instanceId: 'shop-production',
    resourceId,
    at: '2026-11-20T02:00:00.000Z',
    sizeGiB: 100,
    encrypted: false,
    percent: 100,
    tags: {},
    settings: { AllocatedStorage: 100, StorageEncrypted: false },
    ...over,
  };
}

export function given(over: Partial<SnapshotGiven> = {}): SnapshotGiven {
  const of = snapshot();
  return {
    source: liveSource(instance()),
    backup: of,
    snapshot: of,
    profile: {},
    targetId: 'shop-production-r01234567',
    tags: { 'pitcrew:operation': 'op-0123456789ab' },
    parameterFamily: 'postgres15',
    ...over,
  };
}

/** The same facts, asked of point-in-time recovery. */
export const givenAt = (
  { snapshot: _, ...rest }: SnapshotGiven,
  over: Partial<Pick<PointInTimeGiven, 'from' | 'to'>> = {},
): PointInTimeGiven => ({ ...rest, from: { instanceId: 'shop-production' }, to: 'latest', ...over });

/** The same facts, asked of a new, empty instance. */
export const givenNew = (
  { snapshot: _, ...rest }: SnapshotGiven,
  master: CreateGiven['master'] = { user: 'shop_admin', secret: 'shop/master' },
): CreateGiven => ({ ...rest, master });

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const name = fc.stringMatching(/^[a-z](-?[a-z0-9]){0,12}$/);
const tagKey = fc.oneof(
  name,
  name.map((key) => `aws:${key}`),
  name.map((key) => `pitcrew:${key}`),
);

const settings: fc.Arbitrary<InstanceSettings> = fc
  .record({
    AllocatedStorage: fc.integer({ min: 20, max: 2000 }),
    AvailabilityZone: maybe(fc.constantFrom('eu-west-1a', 'eu-west-1b')),
    BackupRetentionPeriod: maybe(fc.integer({ min: 0, max: 35 })),
    DBParameterGroupName: name,
    DBSubnetGroupName: name,
    DeletionProtection: maybe(fc.boolean()),
    EnablePerformanceInsights: maybe(fc.boolean()),
    Iops: maybe(fc.integer({ min: 3000, max: 64_000 })),
    MaxAllocatedStorage: maybe(fc.integer({ min: 20, max: 4000 })),
    MonitoringInterval: maybe(fc.constantFrom(0, 15, 60)),
    MonitoringRoleArn: maybe(fc.constant('arn:aws:iam::123456789012:role/monitoring')),
    MultiAZ: maybe(fc.boolean()),
    OptionGroupName: maybe(fc.constantFrom('default:postgres-15', 'own')),
    StorageThroughput: maybe(fc.integer({ min: 125, max: 1000 })),
    StorageType: fc.constantFrom('gp2', 'gp3', 'io1', 'io2', 'standard'),
    VpcSecurityGroupIds: maybe(fc.array(name, { maxLength: 3 })),
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));

/** Any source, snapshot and profile that RDS could have. */
export const anyGiven: fc.Arbitrary<SnapshotGiven> = fc
  .record({
    settings,
    tags: fc.dictionary(tagKey, name, { maxKeys: 60 }),
    sizeGiB: fc.integer({ min: 20, max: 2000 }),
    versions: fc.constantFrom<[string, string]>(['15.4', '15.4'], ['16.1', '15.4'], ['15.4', '9.6.24']),
    type: fc.constantFrom('manual', 'automated', 'shared'),
    parameterFamily: fc.constantFrom('postgres15', 'postgres16', 'postgres9.6', ''),
    profile: fc.constantFrom({}, { subnetGroup: 'other' }, { parameterGroup: 'own', securityGroups: ['sg-b', 'sg-a'] }),
  })
  .map((any) => {
    const of = snapshot({ engineVersion: any.versions[1], sizeGiB: any.sizeGiB, type: any.type });
    return given({
      source: liveSource(instance({ engineVersion: any.versions[0], tags: any.tags }, any.settings)),
      backup: of,
      snapshot: of,
      profile: any.profile,
      parameterFamily: any.parameterFamily,
    });
  });
