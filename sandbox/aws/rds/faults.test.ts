import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDBSnapshotCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { refusal } from '../test-cloud.ts';
import { startTestRegion, type TestRegion } from './test-region.ts';

let world: TestRegion;
let key: string;
beforeAll(async () => {
  world = await startTestRegion();
  const { KmsKeyId } = await world.create('shop', { BackupRetentionPeriod: 1, StorageEncrypted: true });
  key = KmsKeyId ?? '';
  await world.client.send(new CreateDBSnapshotCommand({ ...shop, DBSnapshotIdentifier: 'base' }));
  await world.available('shop');
});
afterEach(() => world.front.faults.clear());
afterAll(() => world.close());

const shop = { DBInstanceIdentifier: 'shop' };
const describe = () => world.client.send(new DescribeDBInstancesCommand(shop));
const restore = (id = 'new', more: object = {}) =>
  world.client.send(
    new RestoreDBInstanceFromDBSnapshotCommand({ DBInstanceIdentifier: id, DBSnapshotIdentifier: 'base', ...more }),
  );
const pointInTime = (more: object = {}) =>
  world.client.send(
    new RestoreDBInstanceToPointInTimeCommand({
      SourceDBInstanceIdentifier: 'shop',
      TargetDBInstanceIdentifier: 'new',
      UseLatestRestorableTime: true,
      ...more,
    }),
  );
const code = async (call: Promise<unknown>) => (await refusal(call)).code;
const status = (id: string) => world.rds.instance(id)?.status;

test('throttling is Throttling, as often as ordered', async () => {
  world.front.faults.order({ service: 'rds', action: 'DescribeDBInstances', times: 2, fault: { kind: 'throttle' } });
  expect(await refusal(describe())).toMatchObject({ code: 'Throttling', status: 400, message: 'Rate exceeded' });
  expect(await code(describe())).toBe('Throttling');
  await describe();
});

test('a denied action is refused by its name, with the user and the resource that IAM would name', async () => {
  const user = 'User: arn:aws:iam::123456789012:user/pitcrew is not authorized to perform: rds:';
  const deny = (action: string) =>
    world.front.faults.order({ service: 'rds', action, times: 1, fault: { kind: 'deny' } });
  deny('RestoreDBInstanceFromDBSnapshot');
  expect(await refusal(restore())).toMatchObject({
    code: 'AccessDenied',
    status: 403,
    message: `${user}RestoreDBInstanceFromDBSnapshot on resource: arn:aws:rds:eu-central-1:123456789012:db:new because no identity-based policy allows the rds:RestoreDBInstanceFromDBSnapshot action`,
  });
  deny('RestoreDBInstanceToPointInTime');
  expect((await refusal(pointInTime())).message).toContain('on resource: arn:aws:rds:eu-central-1:123456789012:db:new');
  await describe();
  expect(status('new')).toBeUndefined();
});

test('F3: a point-in-time restore whose answer is lost has taken effect, once', async () => {
  const fault = { kind: 'lose-answer' } as const;
  world.front.faults.order({ service: 'rds', action: 'RestoreDBInstanceToPointInTime', times: 1, fault });
  await expect(pointInTime()).rejects.not.toHaveProperty('$metadata.httpStatusCode');
  expect(await code(pointInTime())).toBe('DBInstanceAlreadyExistsFault');
  await world.available('new');
  await world.remove('new');
});

test('F28: a restore can be made to end in incompatible-restore: it is never connectable, and the name is taken', async () => {
  world.rds.endIn('new', 'incompatible-restore');
  await restore();
  while (status('new') === 'creating') await sleep(20);
  const { DBInstances } = await world.client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'new' }));
  expect(DBInstances?.[0]).toMatchObject({ DBInstanceStatus: 'incompatible-restore' });
  expect(DBInstances?.[0]?.Endpoint).toBeUndefined();
  expect(await code(restore())).toBe('DBInstanceAlreadyExistsFault');
  await world.remove('new');
  await restore(); // the order was for one
  await world.available('new');
  await world.remove('new');
});

test('F28: a change can be made to end badly, and a full disk can be shown; neither can then be snapshotted', async () => {
  await restore('changed', { BackupRetentionPeriod: 0 });
  await world.available('changed');
  world.rds.endIn('changed', 'incompatible-network', 'modifying');
  const change = { DBInstanceIdentifier: 'changed', MonitoringInterval: 0, DBInstanceClass: 'db.r5.large' };
  await world.client.send(new ModifyDBInstanceCommand({ ...change, ApplyImmediately: true }));
  while (status('changed') !== 'incompatible-network') await sleep(20);
  await world.remove('changed');
  world.rds.force('shop', 'storage-full', 60);
  const snapshot = new CreateDBSnapshotCommand({ ...shop, DBSnapshotIdentifier: 'full' });
  expect(await code(world.client.send(snapshot))).toBe('InvalidDBInstanceStateFault');
  await pointInTime({ BackupRetentionPeriod: 0 }); // the way out that is left
  await world.available('new');
  await world.remove('new');
  world.rds.force('shop', undefined);
});

test('F29: a restore can hang in a status for as long as a test likes', async () => {
  world.rds.paces = { backingUp: Number.POSITIVE_INFINITY };
  await restore();
  while (status('new') !== 'backing-up') await sleep(20);
  await sleep(300);
  expect(status('new')).toBe('backing-up');
  world.rds.paces = { backingUp: 0 };
  await world.available('new');
  await world.remove('new');
});

test('F31: a class that is out of stock is InsufficientDBInstanceCapacity, for both restores and for a change', async () => {
  const DBInstanceClass = 'db.r5.xlarge';
  world.rds.shortage(DBInstanceClass, true);
  expect(await code(restore('new', { DBInstanceClass }))).toBe('InsufficientDBInstanceCapacityFault');
  expect(await code(pointInTime({ DBInstanceClass }))).toBe('InsufficientDBInstanceCapacityFault');
  const change = new ModifyDBInstanceCommand({ ...shop, DBInstanceClass, ApplyImmediately: true });
  expect(await code(world.client.send(change))).toBe('InsufficientDBInstanceCapacityFault');
  expect(status('new')).toBeUndefined();
  await restore('new', { DBInstanceClass: 'db.r5.large', BackupRetentionPeriod: 0 });
  world.rds.shortage(DBInstanceClass, false);
  await world.available('new');
  await world.remove('new');
});

test('F31: a key that cannot be used keeps what it encrypts from being restored, and shows on the instance', async () => {
  world.rds.lockKey(key, true);
  expect(await code(restore())).toBe('KMSKeyNotAccessibleFault');
  expect(await code(pointInTime())).toBe('KMSKeyNotAccessibleFault');
  expect((await describe()).DBInstances?.[0]?.DBInstanceStatus).toBe('inaccessible-encryption-credentials');
  world.rds.lockKey(key, false);
  expect(status('shop')).toBe('available');
});

test('F31: each quota refuses in its own words', async () => {
  world.rds.quotas = { storageGibibytes: 25 };
  expect(await code(restore())).toBe('StorageQuotaExceededFault');
  world.rds.quotas = { storageGibibytes: 100_000, instances: 1 };
  expect(await code(pointInTime())).toBe('InstanceQuotaExceededFault');
  world.rds.quotas = { instances: 40, manualSnapshots: 1 };
  const second = new CreateDBSnapshotCommand({ ...shop, DBSnapshotIdentifier: 'second' });
  expect(await code(world.client.send(second))).toBe('SnapshotQuotaExceededFault');
  world.rds.quotas = { manualSnapshots: 100 };
});

test('every answer of one service can be slowed', async () => {
  world.front.faults.slow('rds', 0.3);
  const began = performance.now();
  await describe();
  expect(performance.now() - began).toBeGreaterThan(290);
});
