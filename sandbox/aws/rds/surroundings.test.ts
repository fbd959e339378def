import { setTimeout as sleep } from 'node:timers/promises';
import {
  AddRoleToDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  CreateEventSubscriptionCommand,
  DeleteDBInstanceCommand,
  DeleteEventSubscriptionCommand,
  DescribeDBInstancesCommand,
  DescribeDBLogFilesCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyTargetGroupsCommand,
  DescribeDBProxyTargetsCommand,
  DescribeEventSubscriptionsCommand,
  DownloadDBLogFilePortionCommand,
  ModifyDBInstanceCommand,
  PromoteReadReplicaCommand,
  RemoveRoleFromDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusal } from '../test-cloud.ts';
import { startTestRegion, type TestRegion } from './test-region.ts';

let world: TestRegion;
beforeAll(async () => {
  world = await startTestRegion();
  await world.create('shop', { BackupRetentionPeriod: 1, DBParameterGroupName: 'prod-pg15' });
  await world.sql('shop', 'CREATE TABLE orders (id serial PRIMARY KEY)');
});
afterAll(() => world.close());

const shop = { DBInstanceIdentifier: 'shop' };
const code = async (call: Promise<unknown>) => (await refusal(call)).code;
const describe = async (id: string) => {
  const { DBInstances } = await world.client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
  return DBInstances?.[0] ?? {};
};
const replicate = (id: string) =>
  world.client.send(
    new CreateDBInstanceReadReplicaCommand({ DBInstanceIdentifier: id, SourceDBInstanceIdentifier: 'shop' }),
  );
const rows = async (id: string) =>
  (await world.sql<{ rows: number }>(id, 'SELECT count(*)::int AS rows FROM orders'))[0]?.rows;

test('a read replica follows its source, refuses writes, and both name each other; promoted, it goes its own way', async () => {
  await world.sql('shop', 'INSERT INTO orders DEFAULT VALUES');
  await replicate('reader');
  await world.available('reader');
  await world.available('shop');
  expect((await describe('shop')).ReadReplicaDBInstanceIdentifiers).toEqual(['reader']);
  expect(await describe('reader')).toMatchObject({
    ReadReplicaSourceDBInstanceIdentifier: 'shop',
    DBParameterGroups: [{ DBParameterGroupName: 'prod-pg15' }],
    StatusInfos: [{ StatusType: 'read replication', Normal: true, Status: 'replicating' }],
    BackupRetentionPeriod: 0,
  });
  await world.sql('shop', 'INSERT INTO orders DEFAULT VALUES');
  while ((await rows('reader')) !== 2) await sleep(20);
  await expect(world.sql('reader', 'INSERT INTO orders DEFAULT VALUES')).rejects.toThrow('read-only transaction');
  const off = new ModifyDBInstanceCommand({ ...shop, BackupRetentionPeriod: 0, ApplyImmediately: true });
  expect(await code(world.client.send(off))).toBe('InvalidParameterCombination');
  await world.client.send(new PromoteReadReplicaCommand({ DBInstanceIdentifier: 'reader', BackupRetentionPeriod: 1 }));
  expect((await world.available('reader')).LatestRestorableTime).toBeInstanceOf(Date);
  await world.sql('reader', 'DELETE FROM orders');
  expect(await rows('shop')).toBe(2);
  expect((await describe('shop')).ReadReplicaDBInstanceIdentifiers).toEqual([]);
  await world.remove('reader');
});

test('replicas of a source that is deleted are promoted; one without backups can have none', async () => {
  await world.create('source', { BackupRetentionPeriod: 1 });
  const of = { DBInstanceIdentifier: 'orphan', SourceDBInstanceIdentifier: 'source' };
  await world.client.send(new CreateDBInstanceReadReplicaCommand(of));
  await world.available('orphan');
  await world.client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'source', SkipFinalSnapshot: true }));
  while (world.rds.instance('source')) await sleep(20);
  expect((await describe('orphan')).ReadReplicaSourceDBInstanceIdentifier).toBeUndefined();
  await world.sql('orphan', 'CREATE TABLE written (id integer)');
  const second = { DBInstanceIdentifier: 'second', SourceDBInstanceIdentifier: 'orphan' };
  expect(await code(world.client.send(new CreateDBInstanceReadReplicaCommand(second)))).toBe(
    'InvalidDBInstanceStateFault',
  );
  await world.remove('orphan');
});

test('roles that are attached to an instance are shown, once a feature, and can be taken off', async () => {
  const role = { ...shop, RoleArn: 'arn:aws:iam::123456789012:role/exports', FeatureName: 's3Export' };
  await world.client.send(new AddRoleToDBInstanceCommand(role));
  const { DBInstanceIdentifier: _, ...shown } = role;
  expect((await describe('shop')).AssociatedRoles).toEqual([{ ...shown, Status: 'ACTIVE' }]);
  expect(await code(world.client.send(new AddRoleToDBInstanceCommand(role)))).toBe('DBInstanceRoleAlreadyExistsFault');
  await world.client.send(new RemoveRoleFromDBInstanceCommand(role));
  expect((await describe('shop')).AssociatedRoles).toEqual([]);
  expect(await code(world.client.send(new RemoveRoleFromDBInstanceCommand(role)))).toBe('DBInstanceRoleNotFoundFault');
});

test('a proxy is found with the instance that it leads to', async () => {
  world.rds.addProxy('shop-proxy', 'shop');
  const { DBProxies } = await world.client.send(new DescribeDBProxiesCommand({}));
  expect(DBProxies).toMatchObject([{ DBProxyName: 'shop-proxy', Status: 'available', EngineFamily: 'POSTGRESQL' }]);
  const proxy = { DBProxyName: 'shop-proxy' };
  const groups = await world.client.send(new DescribeDBProxyTargetGroupsCommand(proxy));
  expect(groups.TargetGroups).toMatchObject([{ TargetGroupName: 'default', IsDefault: true }]);
  const { Targets } = await world.client.send(new DescribeDBProxyTargetsCommand(proxy));
  expect(Targets).toMatchObject([
    {
      RdsResourceId: 'shop',
      Type: 'RDS_INSTANCE',
      Port: world.rds.instance('shop')?.port,
      TargetHealth: { State: 'AVAILABLE' },
    },
  ]);
  const none = new DescribeDBProxyTargetsCommand({ DBProxyName: 'none' });
  expect(await code(world.client.send(none))).toBe('DBProxyNotFoundFault');
});

test('event subscriptions are made, found by their sources, and taken away', async () => {
  const subscription = {
    SubscriptionName: 'shop-failures',
    SnsTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
    SourceType: 'db-instance',
    SourceIds: ['shop'],
    EventCategories: ['failure'],
  };
  await world.client.send(new CreateEventSubscriptionCommand(subscription));
  const all = () => world.client.send(new DescribeEventSubscriptionsCommand({}));
  expect((await all()).EventSubscriptionsList).toMatchObject([
    { CustSubscriptionId: 'shop-failures', SourceIdsList: ['shop'], EventCategoriesList: ['failure'], Enabled: true },
  ]);
  const { SubscriptionName } = subscription;
  await world.client.send(new DeleteEventSubscriptionCommand({ SubscriptionName }));
  expect((await all()).EventSubscriptionsList).toEqual([]);
  expect(await code(world.client.send(new DeleteEventSubscriptionCommand({ SubscriptionName })))).toBe(
    'SubscriptionNotFoundFault',
  );
});

test("the server's log can be read, from a marker on", async () => {
  const { DescribeDBLogFiles } = await world.client.send(new DescribeDBLogFilesCommand(shop));
  const { LogFileName, Size = 0 } = DescribeDBLogFiles?.[0] ?? {};
  const portion = (more: object) =>
    world.client.send(new DownloadDBLogFilePortionCommand({ ...shop, LogFileName, ...more }));
  const first = await portion({ Marker: '0', NumberOfLines: 2 });
  expect(first.LogFileData?.trimEnd().split('\n')).toHaveLength(2);
  expect(first.AdditionalDataPending).toBe(true);
  await world.sql('shop', 'SELECT nonsense').catch(() => {});
  await sleep(100);
  const rest = await portion({ Marker: String(Size) });
  expect(rest.LogFileData).toContain('column "nonsense" does not exist');
  expect((await portion({ NumberOfLines: 1 })).LogFileData?.match(/\n/g)).toHaveLength(1);
  expect(await code(portion({ LogFileName: '../../passwd' }))).toBe('DBLogFileNotFoundFault');
});
