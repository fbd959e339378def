import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  RebootDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusal } from '../test-cloud.ts';
import { startTestRegion, type TestRegion } from './test-region.ts';

let world: TestRegion;
beforeAll(async () => {
  world = await startTestRegion();
  await world.create('shop', { DBParameterGroupName: 'prod-pg15' });
});
afterAll(() => world.close());

const snapshot = async (instance: string, id: string) => {
  await world.client.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: instance, DBSnapshotIdentifier: id }));
  await world.snapshotAvailable(id);
  await world.available(instance);
};

/** Enough for the log to go on to further segments while the backup runs. */
const insertMany =
  'INSERT INTO orders (note) SELECT repeat(md5(n::text), 30) FROM generate_series(1, 300) n RETURNING id';

test('a restored instance has every row that was committed before the snapshot, and of the later ones only the first few', async () => {
  await world.sql('shop', 'CREATE TABLE orders (id serial PRIMARY KEY, note text)');
  const confirmed: { readonly last: number; readonly at: Date }[] = [];
  let writing = true;
  const writer = (async () => {
    while (writing) {
      const rows = await world.sql<{ id: number }>('shop', insertMany);
      confirmed.push({ last: rows.at(-1)?.id ?? 0, at: new Date() });
    }
  })();
  await sleep(100);
  await snapshot('shop', 'in-mid-flow');
  await sleep(100);
  writing = false;
  await writer;

  await world.restore('mid-flow', 'in-mid-flow');
  const { DBSnapshots } = await world.client.send(
    new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: 'in-mid-flow' }),
  );
  const takenAt = DBSnapshots?.[0]?.SnapshotCreateTime ?? new Date(0);
  const due = confirmed.filter(({ at }) => at < takenAt).at(-1)?.last ?? 0;
  const count = 'SELECT count(*)::int AS rows, max(id) AS last FROM orders';
  const [restored] = await world.sql<{ rows: number; last: number }>('mid-flow', count);
  expect(due).toBeGreaterThan(0);
  expect(restored?.last).toBeGreaterThanOrEqual(due);
  expect(restored?.rows).toBe(restored?.last); // a prefix of what was written: no holes
  expect(restored?.last).toBeLessThan(confirmed.at(-1)?.last ?? 0);
  const digest = (id: string) =>
    world.sql(id, `SELECT md5(string_agg(o::text, ',' ORDER BY id)) FROM orders o WHERE id <= ${restored?.last}`);
  expect(await digest('mid-flow')).toEqual(await digest('shop'));
  await world.remove('mid-flow');
});

test('a restore goes through creating, backing-up and modifying, and is connectable before it is available', async () => {
  await snapshot('shop', 'walked');
  world.rds.paces = { restoring: 0.2, backingUp: 0.2, modifying: 0.2 };
  const seen: string[] = [];
  const request = { DBInstanceIdentifier: 'walker', DBSnapshotIdentifier: 'walked', BackupRetentionPeriod: 7 };
  const { DBInstance } = await world.client.send(new RestoreDBInstanceFromDBSnapshotCommand(request));
  expect(DBInstance).toMatchObject({ DBInstanceStatus: 'creating', MasterUsername: 'master' });
  expect(DBInstance?.Endpoint).toBeUndefined();
  while (world.rds.instance('walker')?.status !== 'backing-up') await sleep(5);
  expect(await world.sql('walker', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  const instance = await world.available('walker', seen);
  world.rds.paces = { restoring: 0, backingUp: 0, modifying: 0 };
  expect(seen).toEqual(['backing-up', 'modifying', 'available']);
  const { port } = world.rds.instance('walker') ?? {};
  expect(instance.Endpoint).toMatchObject({ Address: '127.0.0.1', Port: port });
  expect(port).not.toBe(world.rds.instance('shop')?.port);

  const { DBInstanceAutomatedBackups } = await world.client.send(
    new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: 'walker' }),
  );
  const { EarliestTime, LatestTime } = DBInstanceAutomatedBackups?.[0]?.RestoreWindow ?? {};
  expect(Number(LatestTime)).toBeGreaterThanOrEqual(Number(EarliestTime));
  await world.remove('walker');
});

test('the master user is no superuser, rdsadmin cannot come in over TCP, and TLS bears the given authority', async () => {
  const roles = await world.sql(
    'shop',
    "SELECT rolsuper, rolcreaterole, rolcreatedb, pg_has_role('master', 'rds_superuser', 'member') AS member FROM pg_roles WHERE rolname = 'master'",
  );
  expect(roles).toEqual([{ rolsuper: false, rolcreaterole: true, rolcreatedb: true, member: true }]);
  await expect(world.sql('shop', 'SELECT 1', { user: 'rdsadmin' })).rejects.toThrow('pg_hba.conf rejects');
  const ssl = { ca: readFileSync(world.rds.caFile), servername: 'localhost' };
  const query = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
  expect(await world.sql('shop', query, { ssl })).toEqual([{ ssl: true }]);
  expect(await world.sql('shop', query)).toEqual([{ ssl: false }]);
});

test("a snapshot keeps the master password of its time, and ModifyDBInstance changes the instance's alone", async () => {
  await snapshot('shop', 'old-password');
  const MasterUserPassword = 'battery-staple';
  const change = { DBInstanceIdentifier: 'shop', MasterUserPassword };
  const { DBInstance } = await world.client.send(new ModifyDBInstanceCommand(change));
  expect(DBInstance?.PendingModifiedValues?.MasterUserPassword).toBe('****');
  await world.available('shop');
  while ((await world.sql('shop', 'SELECT 1', { password: MasterUserPassword }).catch(() => [])).length === 0) {
    await sleep(10);
  }
  await expect(world.sql('shop', 'SELECT 1')).rejects.toThrow('password authentication failed');
  await world.restore('past', 'old-password');
  expect(await world.sql('past', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await world.remove('past');
  await world.client.send(new ModifyDBInstanceCommand({ ...change, MasterUserPassword: 'correct-horse' }));
  while ((await world.sql('shop', 'SELECT 1').catch(() => [])).length === 0) await sleep(10);
  await world.available('shop');
});

test('a parameter group is really applied: with the start, or after ModifyDBInstance with the next reboot', async () => {
  expect(await world.sql('shop', 'SHOW work_mem')).toEqual([{ work_mem: '8MB' }]);
  const id = { DBInstanceIdentifier: 'shop' };
  await world.client.send(new ModifyDBInstanceCommand({ ...id, DBParameterGroupName: 'default.postgres15' }));
  const group = async () => {
    const { DBInstances } = await world.client.send(new DescribeDBInstancesCommand(id));
    return DBInstances?.[0]?.DBParameterGroups?.[0];
  };
  while ((await group())?.ParameterApplyStatus === 'in-sync') await sleep(10);
  expect(await group()).toEqual({
    DBParameterGroupName: 'default.postgres15',
    ParameterApplyStatus: 'pending-reboot',
  });
  await world.available('shop');
  expect(await world.sql('shop', 'SHOW work_mem')).toEqual([{ work_mem: '8MB' }]);
  await world.client.send(new RebootDBInstanceCommand(id));
  await world.available('shop');
  expect(await world.sql('shop', 'SHOW work_mem')).toEqual([{ work_mem: '4MB' }]);
  expect((await group())?.ParameterApplyStatus).toBe('in-sync');
});

test('a restore whose answer is lost has taken effect once: asked again it says DBInstanceAlreadyExists', async () => {
  await snapshot('shop', 'lost-answer');
  world.front.faults.order({
    service: 'rds',
    action: 'RestoreDBInstanceFromDBSnapshot',
    times: 1,
    fault: { kind: 'lose-answer' },
  });
  const request = { DBInstanceIdentifier: 'adopted', DBSnapshotIdentifier: 'lost-answer' };
  const restore = () => world.client.send(new RestoreDBInstanceFromDBSnapshotCommand(request));
  await expect(restore()).rejects.not.toHaveProperty('$metadata.httpStatusCode');
  expect(await refusal(restore())).toMatchObject({ code: 'DBInstanceAlreadyExistsFault', status: 400 });
  await world.available('adopted');
  await world.remove('adopted');
});

test('a deleted instance leaves no server and no files, but its final snapshot, which can be restored', async () => {
  await world.create('short-lived');
  await world.sql('short-lived', 'CREATE TABLE kept AS SELECT 42 AS answer');
  const { dataFolder = '' } = world.rds.instance('short-lived') ?? {};
  const pid = Number(readFileSync(`${dataFolder}/postmaster.pid`, 'utf8').split('\n')[0]);
  const target = { DBInstanceIdentifier: 'short-lived', FinalDBSnapshotIdentifier: 'last-words' };
  const { DBInstance } = await world.client.send(new DeleteDBInstanceCommand(target));
  expect(DBInstance?.DBInstanceStatus).toBe('deleting');
  while (world.rds.instance('short-lived')) await sleep(10);
  expect(existsSync(dataFolder)).toBe(false);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  await world.restore('reborn', 'last-words');
  expect(await world.sql('reborn', 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await world.remove('reborn');
});

test('everything is gone after the household closes, without a word to the service', async () => {
  const other = await startTestRegion();
  await other.create('orphan');
  const { dataFolder = '' } = other.rds.instance('orphan') ?? {};
  const pid = Number(readFileSync(`${dataFolder}/postmaster.pid`, 'utf8').split('\n')[0]);
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  await other.front.close();
  await other.household.close();
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(existsSync(other.household.folder)).toBe(false);
});
