import { setTimeout as sleep } from 'node:timers/promises';
import {
  AddTagsToResourceCommand,
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DeleteDBSnapshotCommand,
  DescribeAccountAttributesCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  DescribeDBSnapshotsCommand,
  DescribeDBSubnetGroupsCommand,
  DescribeEventsCommand,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
  paginateDescribeDBParameters,
  paginateDescribeDBSnapshots,
  RDSClient,
  RebootDBInstanceCommand,
  RemoveTagsFromResourceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusal } from '../test-cloud.ts';
import { credentials, startTestRegion, type TestRegion } from './test-region.ts';

let world: TestRegion;
beforeAll(async () => {
  world = await startTestRegion();
  await world.create('shop');
  await world.client.send(new CreateDBSnapshotCommand(base));
  await world.available('shop');
});
afterAll(() => world.close());

const shop = { DBInstanceIdentifier: 'shop' };
const base = { ...shop, DBSnapshotIdentifier: 'base' };
const code = async (call: Promise<unknown>) => (await refusal(call)).code;
const restore = (more: object) =>
  world.client.send(new RestoreDBInstanceFromDBSnapshotCommand({ ...base, DBInstanceIdentifier: 'new', ...more }));
const modify = (more: object) => world.client.send(new ModifyDBInstanceCommand({ ...shop, ...more }));

test('what is not there is refused with the name that the SDK gives it', async () => {
  const { client } = world;
  const nobody = { DBInstanceIdentifier: 'nobody' };
  const nothing = { DBSnapshotIdentifier: 'nothing' };
  expect(await refusal(client.send(new DescribeDBInstancesCommand(nobody)))).toMatchObject({
    code: 'DBInstanceNotFoundFault',
    status: 404,
    message: 'DBInstance nobody not found.',
  });
  const odd = { DBInstanceIdentifier: 'no<&"body' };
  expect((await refusal(client.send(new DescribeDBInstancesCommand(odd)))).message).toBe(
    'DBInstance no<&"body not found.',
  );
  expect(await code(client.send(new DescribeDBSnapshotsCommand(nothing)))).toBe('DBSnapshotNotFoundFault');
  expect(await code(restore(nothing))).toBe('DBSnapshotNotFoundFault');
  expect(await code(restore({ DBParameterGroupName: 'none' }))).toBe('DBParameterGroupNotFoundFault');
  expect(await code(restore({ DBSubnetGroupName: 'none' }))).toBe('DBSubnetGroupNotFoundFault');
  expect(await code(restore({ OptionGroupName: 'none' }))).toBe('OptionGroupNotFoundFault');
  expect(await code(restore({ VpcSecurityGroupIds: ['sg-none'] }))).toBe('InvalidParameterValue');
  expect(await code(client.send(new CreateDBSnapshotCommand(base)))).toBe('DBSnapshotAlreadyExistsFault');
  expect(await code(restore(shop))).toBe('DBInstanceAlreadyExistsFault');
  expect(world.rds.instance('new')).toBeUndefined();
});

test('identifiers, tags and combinations that RDS refuses are refused, and start nothing', async () => {
  for (const id of ['1shop', 'shop-', 'sh--op', 'sh_op', 'a'.repeat(64)]) {
    expect(await code(restore({ DBInstanceIdentifier: id })), id).toBe('InvalidParameterValue');
  }
  expect(await code(restore({ Tags: [{ Key: 'aws:operation', Value: 'x' }] }))).toBe('InvalidParameterValue');
  expect(await code(restore({ Iops: 3000, StorageType: 'gp3' }))).toBe('InvalidParameterCombination');
  expect(await code(restore({ StorageThroughput: 125 }))).toBe('InvalidParameterCombination');
  const zone = { MultiAZ: true, AvailabilityZone: 'eu-central-1a' };
  expect(await code(restore(zone))).toBe('InvalidParameterCombination');
  expect(await code(restore({ DBParameterGroupName: 'prod-pg14' }))).toBe('InvalidParameterCombination');
  expect(await code(restore({ Domain: 'd-1' }))).toBe('InvalidParameterValue');
  expect(await code(modify({ MonitoringInterval: 60 }))).toBe('InvalidParameterCombination');
  expect(world.rds.instance('new')).toBeUndefined();
});

test('an unknown action is InvalidAction, and a malformed number no internal failure', async () => {
  const describe = () => world.client.send(new DescribeDBInstancesCommand({}));
  let body = 'Action=DescribeTheWeather&Version=2014-10-31';
  const rewrite = { name: 'rewrite', step: 'build', priority: 'high' } as const;
  world.client.middlewareStack.add(
    (next) => (args) => next(Object.assign(args, withBody(args.request, body))),
    rewrite,
  );
  expect(await refusal(describe())).toMatchObject({ code: 'InvalidAction', status: 400 });
  body = 'Action=DescribeDBInstances&Version=2014-10-31&MaxRecords=many';
  expect(await refusal(describe())).toMatchObject({ code: 'InvalidParameterValue', status: 400 });
  world.client.middlewareStack.remove('rewrite');
});

const withBody = (request: unknown, body: string) => ({ request: Object.assign(Object(request), { body }) });

test('a request for another region is not answered from this one', async () => {
  const settings = { endpoint: world.front.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  const client = new RDSClient(settings);
  expect(await code(client.send(new DescribeDBInstancesCommand({})))).toBe('SignatureDoesNotMatch');
  client.destroy();
});

test('snapshots, changes and reboots need an available instance, whatever keeps it from being so', async () => {
  world.rds.force('shop', 'storage-full', 60);
  const call = new CreateDBSnapshotCommand({ ...shop, DBSnapshotIdentifier: 'too-full' });
  expect(await code(world.client.send(call))).toBe('InvalidDBInstanceStateFault');
  expect(await code(modify({ DeletionProtection: true }))).toBe('InvalidDBInstanceStateFault');
  expect(await code(world.client.send(new RebootDBInstanceCommand(shop)))).toBe('InvalidDBInstanceStateFault');
  world.rds.force('shop', 'storage-optimization', 60);
  await world.client.send(call);
  world.rds.force('shop', undefined);
  await world.available('shop');
  await world.client.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: 'too-full' }));
});

test('a restore can be made to hang and let go again, and be shown as incompatible-restore', async () => {
  world.rds.paces = { restoring: Number.POSITIVE_INFINITY };
  await restore({ DBInstanceIdentifier: 'stuck' });
  while (!world.rds.instance('stuck')?.port) await sleep(10);
  expect(world.rds.instance('stuck')?.status).toBe('creating');
  world.rds.force('stuck', 'incompatible-restore');
  const { DBInstances } = await world.client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'stuck' }));
  expect(DBInstances?.[0]?.DBInstanceStatus).toBe('incompatible-restore');
  world.rds.force('stuck', undefined);
  world.rds.paces = { restoring: 0 };
  await world.available('stuck');
  await world.remove('stuck');
});

test('deletion protection, a missing and a superfluous final snapshot forbid deletion', async () => {
  const remove = (more: object) => code(world.client.send(new DeleteDBInstanceCommand({ ...shop, ...more })));
  await modify({ DeletionProtection: true });
  expect(await remove({ SkipFinalSnapshot: true })).toBe('InvalidParameterCombination');
  await modify({ DeletionProtection: false });
  expect(await remove({})).toBe('InvalidParameterCombination');
  expect(await remove({ SkipFinalSnapshot: true, FinalDBSnapshotIdentifier: 'x' })).toBe('InvalidParameterCombination');
  expect(world.rds.instance('shop')?.status).toBe('available');
});

test('quotas are enforced and shown as used and maximum', async () => {
  world.rds.quotas = { manualSnapshots: 1, instances: 1 };
  const second = new CreateDBSnapshotCommand({ ...shop, DBSnapshotIdentifier: 'one-too-many' });
  expect(await code(world.client.send(second))).toBe('SnapshotQuotaExceededFault');
  expect(await code(restore({}))).toBe('InstanceQuotaExceededFault');
  const { AccountQuotas } = await world.client.send(new DescribeAccountAttributesCommand({}));
  expect(AccountQuotas).toContainEqual({ AccountQuotaName: 'ManualSnapshots', Used: 1, Max: 1 });
  world.rds.quotas = { manualSnapshots: 100, instances: 40 };
});

test('a change waits for the maintenance window unless it is to be applied immediately, which takes what waited along', async () => {
  const { DBInstance: waiting } = await modify({ DBInstanceClass: 'db.r5.xlarge' });
  expect(waiting).toMatchObject({
    DBInstanceClass: 'db.t4g.micro',
    PendingModifiedValues: { DBInstanceClass: 'db.r5.xlarge' },
  });
  const MonitoringRoleArn = 'arn:aws:iam::123456789012:role/monitoring';
  await modify({ MonitoringInterval: 30, MonitoringRoleArn, MaxAllocatedStorage: 100, ApplyImmediately: true });
  const seen: string[] = [];
  let instance = await world.available('shop', seen);
  while (instance.DBInstanceClass !== 'db.r5.xlarge') instance = await world.available('shop', seen);
  expect(instance).toMatchObject({ MonitoringInterval: 30, MaxAllocatedStorage: 100, PendingModifiedValues: {} });
});

test('tags are added, replaced, listed and removed', async () => {
  const { DBInstances } = await world.client.send(new DescribeDBInstancesCommand(shop));
  const ResourceName = DBInstances?.[0]?.DBInstanceArn ?? '';
  const add = (Key: string, Value: string) =>
    world.client.send(new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key, Value }] }));
  expect(await code(add('team', 'shop & <co>'))).toBe('InvalidParameterValue');
  await add('team', 'shop');
  await add('stage', 'test');
  await add('stage', 'production');
  await world.client.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ['team'] }));
  await add('quoted', 'ä ü @/');
  const { TagList } = await world.client.send(new ListTagsForResourceCommand({ ResourceName }));
  expect(TagList).toEqual([
    { Key: 'stage', Value: 'production' },
    { Key: 'quoted', Value: 'ä ü @/' },
  ]);
});

test('lists come in pages of 20 to 100, and every item is on exactly one of them', async () => {
  const { client } = world;
  const Source = 'engine-default';
  const pages = paginateDescribeDBParameters({ client, pageSize: 100 }, { DBParameterGroupName: 'prod-pg15', Source });
  const names: (string | undefined)[] = [];
  for await (const { Parameters } of pages) names.push(...(Parameters ?? []).map(({ ParameterName }) => ParameterName));
  expect(names.length).toBeGreaterThan(250);
  expect(new Set(names).size).toBe(names.length);
  const changed = new DescribeDBParametersCommand({ DBParameterGroupName: 'prod-pg15', Source: 'user' });
  const { Parameters } = await client.send(changed);
  expect(Parameters?.find(({ ParameterName }) => ParameterName === 'work_mem')?.ParameterValue).toBe('8192');
  const few = new DescribeDBParametersCommand({ DBParameterGroupName: 'prod-pg15', MaxRecords: 19 });
  expect(await code(client.send(few))).toBe('InvalidParameterValue');
  for await (const { DBSnapshots } of paginateDescribeDBSnapshots({ client }, { SnapshotType: 'manual' })) {
    expect(DBSnapshots?.map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier)).toEqual(['base']);
  }
});

test('instances are found by identifier, resource id and filters; subnet groups and events can be read', async () => {
  const { client } = world;
  const find = (Name: string, value: string) =>
    client.send(new DescribeDBInstancesCommand({ Filters: [{ Name, Values: [value] }] }));
  const { DBInstances } = await find('db-instance-id', 'shop');
  const found = await find('dbi-resource-id', DBInstances?.[0]?.DbiResourceId ?? '');
  expect(found.DBInstances?.[0]?.DBInstanceIdentifier).toBe('shop');
  expect((await find('db-instance-id', 'other')).DBInstances).toEqual([]);
  const { DBSubnetGroups } = await client.send(new DescribeDBSubnetGroupsCommand({}));
  expect(DBSubnetGroups?.map(({ DBSubnetGroupName }) => DBSubnetGroupName)).toEqual(['default', 'prod']);
  const about = { SourceIdentifier: 'base', SourceType: 'db-snapshot', Duration: 10 } as const;
  const { Events } = await client.send(new DescribeEventsCommand(about));
  expect(Events?.map(({ Message }) => Message)).toEqual(['Creating manual snapshot', 'Manual snapshot created']);
});

test('what cannot become an instance is refused at creation', async () => {
  const plain = { ...shop, DBInstanceIdentifier: 'second', Engine: 'postgres', DBInstanceClass: 'db.t4g.micro' };
  const login = { MasterUsername: 'master', MasterUserPassword: 'correct-horse' };
  const create = (more: object) =>
    code(world.client.send(new CreateDBInstanceCommand({ ...plain, ...login, ...more })));
  expect(await create({})).toBe('InvalidParameterCombination');
  expect(await create({ AllocatedStorage: 20, MasterUserPassword: 'short' })).toBe('InvalidParameterValue');
  expect(await create({ AllocatedStorage: 20, MasterUsername: 'rdsadmin' })).toBe('InvalidParameterValue');
  expect(await create({ AllocatedStorage: 20, EngineVersion: '9.6' })).toBe('InvalidParameterCombination');
  expect(await create({ AllocatedStorage: 20, Engine: 'mysql' })).toBe('InvalidParameterValue');
  expect(await create({ AllocatedStorage: 20, DBInstanceClass: 'large' })).toBe('InvalidParameterValue');
});
