import {
  AddRoleToDBInstanceCommand,
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  CreateEventSubscriptionCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { region, startDatabaseCloud } from './cloud.fixture.ts';
import { type DatabaseInstance, type Rds, rds } from './rds.ts';

const role = { RoleArn: 'arn:aws:iam::123456789012:role/exports', FeatureName: 's3Export' };
let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
let here: Rds;
let shop: DatabaseInstance;

beforeAll(async () => {
  cloud = await startDatabaseCloud();
  here = rds(region);
  await new RDSClient({ region }).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'shop',
      Engine: 'postgres',
      DBInstanceClass: 'db.r5.large',
      AllocatedStorage: 100,
      MasterUsername: 'shop_admin',
      MasterUserPassword: 'not-a-secret-1',
      DBParameterGroupName: 'prod-pg15',
      BackupRetentionPeriod: 1,
      Tags: [{ Key: 'team', Value: 'shop' }],
    }),
  );
  shop = await available('shop');
});
afterAll(() => cloud?.close());
beforeEach(() => cloud.aws.faults.clear());

async function available(id: string): Promise<DatabaseInstance> {
  const status = async () => (await here.findInstance(id))?.status;
  await vi.waitUntil(async () => (await status()) === 'available', { timeout: 60_000, interval: 100 });
  return (await here.findInstance(id)) as DatabaseInstance;
}

test('what is not there is undefined, or an empty list', async () => {
  expect(await here.findInstance('nowhere')).toBeUndefined();
  expect(await here.findSnapshot('nowhere')).toBeUndefined();
  expect(await here.findInstanceByEndpoint('127.0.0.1', 1)).toBeUndefined();
  expect(await here.findParameterGroup('nowhere')).toBeUndefined();
  expect(await here.findSubnetGroup('nowhere')).toBeUndefined();
  expect(await here.listAutomatedBackups({ instanceId: 'nowhere' })).toEqual([]);
  expect(await here.listAutomatedBackups({ resourceId: 'db-NOWHERE' })).toEqual([]);
  expect(await here.listSnapshots({ instanceId: 'nowhere' })).toEqual([]);
  expect(await here.proxiesOf('shop')).toEqual([]);
  expect(await here.eventSubscriptionsOf('shop')).toEqual([]);
});

test('groups with what somebody changed in them, quotas and automated backups are told', async () => {
  expect(await here.findParameterGroup('prod-pg14')).toEqual({ name: 'prod-pg14', family: 'postgres14' });
  expect(await here.changedParameters('prod-pg15')).toMatchObject({ max_connections: '120', work_mem: '8192' });
  expect(shop.tags).toEqual({ team: 'shop' });
  expect((await here.findSubnetGroup('prod'))?.zones).toEqual(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']);
  expect((await here.quotas()).find(({ name }) => name === 'DBInstances')).toMatchObject({ max: 40 });
  const [backup, ...others] = await here.listAutomatedBackups({ resourceId: shop.resourceId });
  expect(others).toEqual([]);
  expect(backup).toMatchObject({
    instanceId: 'shop',
    resourceId: shop.resourceId,
    sizeGiB: 100,
    settings: { StorageType: 'gp3', BackupRetentionPeriod: 1 },
  });
});

test('what hangs on an instance is told by name, and nothing of another’s', async () => {
  const client = new RDSClient({ region });
  await client.send(new AddRoleToDBInstanceCommand({ DBInstanceIdentifier: 'shop', ...role }));
  const topic = 'arn:aws:sns:eu-west-1:123456789012:pager';
  const subscribe = (SubscriptionName: string, SourceIds: string[]) =>
    client.send(
      new CreateEventSubscriptionCommand({
        SubscriptionName,
        SnsTopicArn: topic,
        SourceType: 'db-instance',
        SourceIds,
      }),
    );
  await subscribe('of-the-shop', ['shop']);
  await subscribe('of-another', ['other']);
  cloud.rds.addProxy('shop-proxy', 'shop');
  await client.send(
    new CreateDBInstanceReadReplicaCommand({
      DBInstanceIdentifier: 'shop-reads',
      SourceDBInstanceIdentifier: 'shop',
    }),
  );
  await available('shop-reads');
  expect((await here.findInstance('shop'))?.attached).toEqual({
    readReplicas: ['shop-reads'],
    roles: [{ arn: role.RoleArn, feature: role.FeatureName }],
    activityStream: false,
  });
  expect(await here.eventSubscriptionsOf('shop')).toEqual(['of-the-shop']);
  expect(await here.proxiesOf('shop')).toEqual(['shop-proxy']);
  expect(await here.proxiesOf('shop-reads')).toEqual([]);
});

test('F30: throttling is retryable, a denial permanent with the missing action named, an outage retryable', async () => {
  const { faults } = cloud.aws;
  faults.order({ service: 'rds', action: 'DescribeDBInstances', times: 3, fault: { kind: 'throttle' } });
  await expect(here.findInstance('shop')).rejects.toMatchObject({ code: 'aws.throttled', kind: 'retryable' });
  faults.order({ service: 'rds', action: 'DescribeDBInstances', times: 1, fault: { kind: 'deny' } });
  await expect(here.findInstance('shop')).rejects.toMatchObject({
    code: 'aws.denied',
    kind: 'permanent',
    params: { action: 'rds:DescribeDBInstances', on: 'shop', resource: shop.arn },
  });
  faults.outage('rds', true);
  await expect(here.findInstance('shop')).rejects.toMatchObject({ code: 'aws.unreachable', kind: 'retryable' });
});

test.each([
  ['InsufficientDBInstanceCapacity', 'aws.no-capacity', 'retryable'],
  ['InstanceQuotaExceeded', 'aws.quota', 'permanent'],
  ['KMSKeyNotAccessibleFault', 'aws.key', 'permanent'],
  ['InvalidRestoreFault', 'aws.refused', 'permanent'],
  ['ExpiredToken', 'aws.credentials', 'retryable'],
  ['InternalFailure', 'aws.unreachable', 'retryable'],
])('F30, F31: %s is %s, %s', async (code, expected, kind) => {
  const status = code === 'InternalFailure' ? 500 : 400;
  const action = 'RestoreDBInstanceFromDBSnapshot';
  cloud.aws.faults.order({ service: 'rds', action, times: 3, fault: { kind: 'fail', code, status } });
  const request = { DBInstanceIdentifier: 'shop-r33333333', DBSnapshotIdentifier: 'base' };
  await expect(here.restoreFromSnapshot(request)).rejects.toMatchObject({ code: expected, kind });
});
