import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteDBInstanceAutomatedBackupCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  type DescribeDBInstanceAutomatedBackupsCommandInput,
  DescribeDBSnapshotsCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { refusal } from '../test-cloud.ts';
import { startTestRegion, type TestRegion } from './test-region.ts';

const dayMilliseconds = 86_400_000;
let daysAhead = 0;
let world: TestRegion;
beforeAll(async () => {
  world = await startTestRegion({ now: () => new Date(Date.now() + daysAhead * dayMilliseconds) });
});
beforeEach(() => {
  daysAhead = 0;
});
afterAll(() => world.close());

const backups = async (more: DescribeDBInstanceAutomatedBackupsCommandInput = {}) =>
  (await world.client.send(new DescribeDBInstanceAutomatedBackupsCommand(more))).DBInstanceAutomatedBackups ?? [];
const automated = async (id: string) => {
  const asked = { DBInstanceIdentifier: id, SnapshotType: 'automated' };
  const { DBSnapshots } = await world.client.send(new DescribeDBSnapshotsCommand(asked));
  return DBSnapshots ?? [];
};
const remove = async (id: string, DeleteAutomatedBackups: boolean) => {
  const target = { DBInstanceIdentifier: id, SkipFinalSnapshot: true, DeleteAutomatedBackups };
  await world.client.send(new DeleteDBInstanceCommand(target));
  while (world.rds.instance(id)) await sleep(20);
};

test('an automated snapshot has the name, the type and the tags that RDS gives it', async () => {
  await world.create('shop', {
    BackupRetentionPeriod: 7,
    CopyTagsToSnapshot: true,
    Tags: [{ Key: 'team', Value: 'x' }],
  });
  const [first, ...others] = await automated('shop');
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    SnapshotType: 'automated',
    Status: 'available',
    TagList: [{ Key: 'team', Value: 'x' }],
  });
  const minute = first?.SnapshotCreateTime?.toISOString().slice(0, 16).replace(/[T:]/g, '-');
  expect(first?.DBSnapshotIdentifier).toMatch(/^rds:shop-\d{4}-\d\d-\d\d-\d\d-\d\d$/);
  expect(first?.DBSnapshotIdentifier?.slice(0, 23)).toBe(`rds:shop-${minute}`.slice(0, 23)); // the minute may have turned
  await world.restore('copy', first?.DBSnapshotIdentifier ?? '', { BackupRetentionPeriod: 0 });
  await world.remove('copy');
  await remove('shop', true);
});

test('the daily backup is a new base, and what is older than the retention goes, WAL included', async () => {
  await world.create('aging', { BackupRetentionPeriod: 2 });
  const archive = world.rds.instance('aging')?.archiveFolder ?? '';
  await world.sql('aging', 'CREATE TABLE days (day integer)');
  const [first] = await automated('aging');
  const firstSegments = readdirSync(archive);
  for (daysAhead = 1; daysAhead <= 4; daysAhead++) {
    await world.sql('aging', `INSERT INTO days VALUES (${daysAhead})`);
    await world.rds.dailyBackups();
    await world.available('aging');
  }
  daysAhead = 4;
  const left = await automated('aging');
  // two within the two days, and the one that the oldest minute of them needs
  expect(left).toHaveLength(3);
  expect(left.map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier)).not.toContain(first?.DBSnapshotIdentifier);
  expect(readdirSync(archive).filter((name) => firstSegments.includes(name))).toEqual([]);
  const [{ RestoreWindow } = {}] = await backups({ DBInstanceIdentifier: 'aging' });
  const RestoreTime = RestoreWindow?.EarliestTime ?? new Date(Number.NaN);
  await world.pointInTime('aged', { SourceDBInstanceIdentifier: 'aging', RestoreTime, BackupRetentionPeriod: 0 });
  expect(await world.sql('aged', 'SELECT max(day) AS day FROM days')).toEqual([{ day: 2 }]);
  await world.remove('aged');
  await remove('aging', true);
  // What is deleted goes after the answer, and takes as long as the disk takes.
  await expect.poll(() => existsSync(archive), { timeout: 20_000 }).toBe(false);
  await expect.poll(() => automated('aging'), { timeout: 20_000 }).toEqual([]);
});

test('deleted with its backups kept, an instance is restored to its last moment by resource id and by ARN', async () => {
  const { DbiResourceId = '' } = await world.create('gone', { BackupRetentionPeriod: 7 });
  await world.sql('gone', "CREATE TABLE words AS SELECT 'last' AS word");
  await sleep(1000); // the window is told to the second
  await remove('gone', false);
  const [kept, ...others] = await backups({ DBInstanceIdentifier: 'gone' });
  expect(others).toEqual([]);
  expect(kept).toMatchObject({ Status: 'retained', DbiResourceId, BackupRetentionPeriod: 7 });
  expect(await backups({ Filters: [{ Name: 'status', Values: ['active'] }] })).toEqual([]);
  expect(await automated('gone')).toHaveLength(1);
  const latest = { UseLatestRestorableTime: true, BackupRetentionPeriod: 0 };
  expect(await refusal(world.pointInTime('new', { ...latest, SourceDBInstanceIdentifier: 'gone' }))).toMatchObject({
    code: 'DBInstanceNotFoundFault',
  });
  // Another of the same name has backups of its own.
  await world.create('gone', { BackupRetentionPeriod: 1 });
  expect(await backups({ DBInstanceIdentifier: 'gone' })).toHaveLength(2);
  await remove('gone', true);
  await world.pointInTime('by-id', { ...latest, SourceDbiResourceId: DbiResourceId });
  const SourceDBInstanceAutomatedBackupsArn = kept?.DBInstanceAutomatedBackupsArn;
  expect(SourceDBInstanceAutomatedBackupsArn).toMatch(/^arn:aws:rds:eu-central-1:123456789012:auto-backup:ab-/);
  await world.pointInTime('by-arn', { ...latest, SourceDBInstanceAutomatedBackupsArn });
  for (const id of ['by-id', 'by-arn']) {
    expect(await world.sql(id, 'SELECT word FROM words')).toEqual([{ word: 'last' }]);
    await world.remove(id);
  }
});

test('a source that is deleted with its backups takes nothing from a restore that is under way', async () => {
  await world.create('leaving', { BackupRetentionPeriod: 1 });
  await world.sql('leaving', "CREATE TABLE words AS SELECT 'kept' AS word");
  await sleep(1000);
  await world.rds.dailyBackups();
  const archive = world.rds.instance('leaving')?.archiveFolder ?? '';
  const target = { TargetDBInstanceIdentifier: 'staying', SourceDBInstanceIdentifier: 'leaving' };
  const latest = { UseLatestRestorableTime: true, BackupRetentionPeriod: 0 };
  await world.client.send(new RestoreDBInstanceToPointInTimeCommand({ ...target, ...latest }));
  await remove('leaving', true);
  await world.available('staying');
  expect(await world.sql('staying', 'SELECT word FROM words')).toEqual([{ word: 'kept' }]);
  while (existsSync(archive)) await sleep(20);
  await world.remove('staying');
});

test('a retained backup is deleted by request, an active one is not; nothing of it stays', async () => {
  const active = await world.create('active', { BackupRetentionPeriod: 1 });
  const drop = (DbiResourceId: string | undefined) =>
    world.client.send(new DeleteDBInstanceAutomatedBackupCommand({ DbiResourceId }));
  expect((await refusal(drop(active.DbiResourceId))).code).toBe('InvalidDBInstanceAutomatedBackupStateFault');
  expect((await refusal(drop('db-NOBODY'))).code).toBe('DBInstanceAutomatedBackupNotFoundFault');
  expect((await refusal(drop(undefined))).code).toBe('InvalidParameterCombination');
  const archive = world.rds.instance('active')?.archiveFolder ?? '';
  await remove('active', false);
  expect(existsSync(archive)).toBe(true);
  const { DBInstanceAutomatedBackup } = await drop(active.DbiResourceId);
  expect(DBInstanceAutomatedBackup).toMatchObject({ DbiResourceId: active.DbiResourceId, Status: 'deleting' });
  expect(await automated('active')).toEqual([]);
  expect((await refusal(backups({ DbiResourceId: active.DbiResourceId }))).code).toBe(
    'DBInstanceAutomatedBackupNotFoundFault',
  );
  while (existsSync(archive)) await sleep(20);
});

test('a retained backup expires as a whole once its last snapshot is older than the retention', async () => {
  const { DbiResourceId } = await world.create('expiring', { BackupRetentionPeriod: 2 });
  await remove('expiring', false);
  daysAhead = 1;
  await world.rds.dailyBackups();
  expect(await backups({ DbiResourceId })).toHaveLength(1);
  daysAhead = 3;
  await world.rds.dailyBackups();
  expect(await automated('expiring')).toEqual([]);
  expect((await refusal(backups({ DbiResourceId }))).code).toBe('DBInstanceAutomatedBackupNotFoundFault');
  daysAhead = 0;
});
