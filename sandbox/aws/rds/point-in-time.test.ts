import { rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDBInstanceCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusal } from '../test-cloud.ts';
import { startTestRegion, type TestRegion } from './test-region.ts';

let world: TestRegion;
beforeAll(async () => {
  world = await startTestRegion();
  world.rds.paces = { archiving: 0.3 };
  await world.create('shop', { BackupRetentionPeriod: 7, DBParameterGroupName: 'prod-pg15' });
  await world.sql('shop', 'CREATE TABLE orders (id serial PRIMARY KEY, note text, at timestamptz DEFAULT now())');
  await world.sql('shop', "INSERT INTO orders (note) SELECT 'order ' || n FROM generate_series(1, 500) n");
});
afterAll(() => world.close());

const shop = { SourceDBInstanceIdentifier: 'shop' };
const content = (id: string) =>
  world.sql<{ rows: number; digest: string }>(
    id,
    "SELECT count(*)::int AS rows, md5(string_agg(o::text, ',' ORDER BY id)) AS digest FROM orders o",
  );
const code = async (more: object) =>
  (
    await refusal(
      world.client.send(
        new RestoreDBInstanceToPointInTimeCommand({ ...shop, TargetDBInstanceIdentifier: 'new', ...more }),
      ),
    )
  ).code;
const windowOf = async (DBInstanceIdentifier: string) => {
  const { DBInstanceAutomatedBackups } = await world.client.send(
    new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier }),
  );
  const { EarliestTime = new Date(Number.NaN), LatestTime = new Date(Number.NaN) } =
    DBInstanceAutomatedBackups?.[0]?.RestoreWindow ?? {};
  return { earliest: EarliestTime, latest: LatestTime };
};

test('rows that were deleted are there again, exactly, when it is restored to just before', async () => {
  const before = await content('shop');
  await sleep(20);
  const RestoreTime = new Date();
  await sleep(20);
  await world.sql('shop', 'DELETE FROM orders WHERE id % 2 = 0');
  await world.sql('shop', "UPDATE orders SET note = 'wrong'");
  expect(await content('shop')).not.toEqual(before);
  await world.restorableUntilNow('shop');
  const restored = await world.pointInTime('undone', { ...shop, RestoreTime, BackupRetentionPeriod: 0 });
  expect(await content('undone')).toEqual(before);
  expect(restored.MasterUsername).toBe('master');
  expect(await world.sql('undone', 'SELECT pg_is_in_recovery() AS recovers')).toEqual([{ recovers: false }]);
  await world.remove('undone');
});

test('with the same groups, a restored instance differs from its source in nothing that a client could feel', async () => {
  const groups = { DBParameterGroupName: 'prod-pg15', BackupRetentionPeriod: 0 };
  await world.pointInTime('alike', { ...shop, UseLatestRestorableTime: true, ...groups });
  const settings = async (id: string) =>
    new Map(
      (await world.sql<{ name: string; value: string }>(id, 'SELECT name, setting AS value FROM pg_settings')).map(
        ({ name, value }) => [name, value],
      ),
    );
  const [source, restored] = [await settings('shop'), await settings('alike')];
  const different = [...source].filter(([name, value]) => restored.get(name) !== value).map(([name]) => name);
  // Where it lies and listens; nothing of the recovery is left.
  const own = [
    'archive_command',
    'config_file',
    'data_directory',
    'hba_file',
    'ident_file',
    'port',
    'unix_socket_directories',
  ];
  expect(different.filter((name) => !own.includes(name))).toEqual([]);
  const catalogue = `SELECT string_agg(format('%s %s %s', rolname, rolcanlogin, rolvaliduntil), ',' ORDER BY rolname) AS roles,
    (SELECT string_agg(format('%s %s %s', datname, datcollate, datacl), ',' ORDER BY datname) FROM pg_database) AS databases
    FROM pg_roles`;
  expect(await world.sql('alike', catalogue)).toEqual(await world.sql('shop', catalogue));
  await world.remove('alike');
});

test('the time cuts a stream of writes: every row that was committed before it is there and none of the later ones', async () => {
  await world.sql('shop', 'CREATE TABLE ticks (id serial PRIMARY KEY)');
  const committed: { readonly id: number; readonly begun: number; readonly done: number }[] = [];
  for (let count = 0; count < 150; count++) {
    const begun = Date.now();
    const [row] = await world.sql<{ id: number }>('shop', 'INSERT INTO ticks DEFAULT VALUES RETURNING id');
    committed.push({ id: row?.id ?? 0, begun, done: Date.now() });
  }
  await world.restorableUntilNow('shop');
  const time = (committed[90]?.done ?? 0) + 1;
  await world.pointInTime('cut', { ...shop, RestoreTime: new Date(time), BackupRetentionPeriod: 0 });
  const [{ rows, last } = { rows: 0, last: 0 }] = await world.sql<{ rows: number; last: number }>(
    'cut',
    'SELECT count(*)::int AS rows, max(id) AS last FROM ticks',
  );
  expect(rows).toBe(last); // no holes
  expect(last).toBeGreaterThanOrEqual(committed.filter(({ done }) => done < time).at(-1)?.id ?? 0);
  expect(last).toBeLessThan(committed.find(({ begun }) => begun > time)?.id ?? 0);
  await world.remove('cut');
});

test('LatestRestorableTime moves on while nothing is written, and is a time that can be restored to', async () => {
  const first = await world.restorableUntilNow('shop');
  await sleep(1200);
  const second = await world.restorableUntilNow('shop');
  expect(Number(second)).toBeGreaterThan(Number(first));
  expect(second.getMilliseconds()).toBe(0);
  await world.pointInTime('latest', { ...shop, UseLatestRestorableTime: true, BackupRetentionPeriod: 0 });
  expect(await content('latest')).toEqual(await content('shop'));
  await world.remove('latest');
});

test('EarliestTime is the end of the first backup, and can be restored to: nothing of what came after is there', async () => {
  const { earliest, latest } = await windowOf('shop');
  expect(Number(latest)).toBeGreaterThan(Number(earliest));
  await world.pointInTime('earliest', { ...shop, RestoreTime: earliest, BackupRetentionPeriod: 0 });
  const tables = "SELECT relname FROM pg_class WHERE relname IN ('orders', 'ticks')";
  expect(await world.sql('earliest', tables)).toEqual([]);
  await world.remove('earliest');
});

test('a restored instance can itself be restored to a point in time, from its own log', async () => {
  await world.pointInTime('second', { ...shop, UseLatestRestorableTime: true, BackupRetentionPeriod: 1 });
  await world.sql('second', 'TRUNCATE orders');
  await world.sql('second', "INSERT INTO orders (note) VALUES ('only here')");
  await world.restorableUntilNow('second');
  const source = { SourceDBInstanceIdentifier: 'second', UseLatestRestorableTime: true };
  await world.pointInTime('third', { ...source, BackupRetentionPeriod: 0 });
  expect(await world.sql('third', 'SELECT note FROM orders')).toEqual([{ note: 'only here' }]);
  expect(await world.sql('third', 'SELECT 1 AS one', { password: 'correct-horse' })).toEqual([{ one: 1 }]);
  await world.remove('third');
  await world.remove('second');
});

test('times outside of the window, contradictions and missing backups are refused, and start nothing', async () => {
  const { earliest, latest } = await windowOf('shop');
  expect(await code({ RestoreTime: new Date(Number(earliest) - 1) })).toBe('InvalidParameterValue');
  expect(await code({ RestoreTime: new Date(Number(latest) + 60_000) })).toBe('InvalidParameterValue');
  expect(await code({})).toBe('InvalidParameterCombination');
  const both = { RestoreTime: latest, UseLatestRestorableTime: true };
  expect(await code(both)).toBe('InvalidParameterCombination');
  const use = { UseLatestRestorableTime: true };
  expect(await code({ ...use, SourceDbiResourceId: 'db-X' })).toBe('InvalidParameterCombination');
  expect(await code({ ...use, SourceDBInstanceIdentifier: undefined })).toBe('InvalidParameterCombination');
  expect(await code({ ...use, SourceDBInstanceIdentifier: 'nobody' })).toBe('DBInstanceNotFoundFault');
  const gone = { ...use, SourceDBInstanceIdentifier: undefined, SourceDbiResourceId: 'db-NOBODY' };
  expect(await code(gone)).toBe('DBInstanceAutomatedBackupNotFoundFault');
  expect(await code({ ...use, TargetDBInstanceIdentifier: 'shop' })).toBe('DBInstanceAlreadyExistsFault');
  expect(world.rds.instance('new')).toBeUndefined();
  await world.create('unprotected');
  const unprotected = { ...use, SourceDBInstanceIdentifier: 'unprotected' };
  expect(await code(unprotected)).toBe('PointInTimeRestoreNotEnabledFault');
  await world.remove('unprotected');
});

test('before its first backup is done an instance has no restorable time, and says so', async () => {
  world.rds.paces = { creating: Number.POSITIVE_INFINITY };
  const young = { DBInstanceIdentifier: 'young', Engine: 'postgres', DBInstanceClass: 'db.t4g.micro' };
  const login = { MasterUsername: 'master', MasterUserPassword: 'correct-horse', AllocatedStorage: 20 };
  await world.client.send(new CreateDBInstanceCommand({ ...young, ...login, BackupRetentionPeriod: 1 }));
  const source = { SourceDBInstanceIdentifier: 'young', UseLatestRestorableTime: true };
  expect(await code(source)).toBe('InvalidDBInstanceStateFault');
  world.rds.paces = { creating: 0 };
  expect((await world.available('young')).LatestRestorableTime).toBeInstanceOf(Date);
  await world.client.send(
    new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'young', BackupRetentionPeriod: 0, ApplyImmediately: true }),
  );
  let after = await world.available('young');
  while (after.BackupRetentionPeriod !== 0) after = await world.available('young');
  expect(after.LatestRestorableTime).toBeUndefined();
  await world.remove('young');
});

test('a server that cannot be recovered ends as incompatible-restore', async () => {
  const { DBInstances } = await world.client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'shop' }));
  const archive = world.rds.instance('shop')?.archiveFolder ?? '';
  expect(DBInstances?.[0]?.DBInstanceStatus).toBe('available');
  await rename(archive, `${archive}-away`);
  const target = { ...shop, TargetDBInstanceIdentifier: 'broken', UseLatestRestorableTime: true };
  await world.client.send(new RestoreDBInstanceToPointInTimeCommand(target));
  while (world.rds.instance('broken')?.status === 'creating') await sleep(40);
  await rename(`${archive}-away`, archive);
  expect(world.rds.instance('broken')?.status).toBe('incompatible-restore');
  expect(world.rds.instance('shop')?.status).toBe('available');
  await world.remove('broken');
});
