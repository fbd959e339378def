import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ModifyDBInstanceCommand, ModifyDBParameterGroupCommand } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { password, startTestRegion, type TestRegion } from './test-region.ts';

let world: TestRegion;
beforeAll(async () => {
  world = await startTestRegion();
  const log = (ParameterName: string, ParameterValue: string) =>
    ({ ParameterName, ParameterValue, ApplyMethod: 'immediate' }) as const;
  const Parameters = [
    log('log_statement', 'all'),
    log('log_min_duration_statement', '0'),
    log('log_duration', '1'),
    log('log_min_error_statement', 'debug5'),
  ];
  await world.client.send(new ModifyDBParameterGroupCommand({ DBParameterGroupName: 'prod-pg15', Parameters }));
  await world.create('shop', { DBParameterGroupName: 'prod-pg15' });
});
afterAll(() => world.close());

test('the master user checks indexes and heaps with amcheck, and lets another role do so', async () => {
  await world.sql('shop', 'CREATE TABLE orders (id serial PRIMARY KEY, note text)');
  await world.sql('shop', "INSERT INTO orders (note) SELECT 'x' FROM generate_series(1, 100)");
  await world.sql('shop', 'CREATE EXTENSION amcheck');
  await world.sql('shop', "SELECT bt_index_check('orders_pkey', true), bt_index_parent_check('orders_pkey')");
  expect(await world.sql('shop', "SELECT * FROM verify_heapam('orders')")).toEqual([]);
  const reader = { user: 'pitcrew_verify', password: 'reads-only' };
  await world.sql('shop', "CREATE ROLE pitcrew_verify LOGIN PASSWORD 'reads-only'");
  const check = () => world.sql('shop', "SELECT bt_index_check('orders_pkey')", reader);
  await expect(check()).rejects.toThrow('permission denied for function bt_index_check');
  await world.sql('shop', 'GRANT EXECUTE ON FUNCTION bt_index_check(regclass) TO pitcrew_verify');
  await check();
});

test('extensions that RDS offers are his to create, others are not', async () => {
  for (const name of ['pgcrypto', 'postgres_fdw', 'dblink', 'pgstattuple']) {
    await world.sql('shop', `CREATE EXTENSION ${name}`);
  }
  await world.sql('shop', "CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1')");
  await expect(world.sql('shop', 'CREATE EXTENSION file_fdw')).rejects.toThrow('permission denied');
  await expect(world.sql('shop', 'CREATE EXTENSION pageinspect')).rejects.toThrow('permission denied');
});

test('he grants what RDS lets him grant, and gets no further', async () => {
  await world.sql('shop', 'CREATE ROLE monitor');
  await world.sql('shop', 'GRANT pg_monitor, pg_signal_backend, pg_read_all_data, pg_checkpoint TO monitor');
  await world.sql('shop', 'CHECKPOINT');
  for (const forbidden of [
    'ALTER ROLE master SUPERUSER',
    'CREATE ROLE root SUPERUSER',
    'ALTER SYSTEM SET work_mem = 8192',
    "COPY orders TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
    'ALTER ROLE rdsadmin NOLOGIN',
  ]) {
    await expect(world.sql('shop', forbidden), forbidden).rejects.toThrow(/must be superuser|permission denied/);
  }
  await expect(world.sql('shop', 'SELECT 1', { database: 'rdsadmin' })).rejects.toThrow(
    'permission denied for database',
  );
});

test("the master user's password is in no log, however much the server is told to log", async () => {
  const MasterUserPassword = 'battery-staple-horse';
  await world.client.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'shop', MasterUserPassword }));
  while ((await world.sql('shop', 'SELECT 1', { password: MasterUserPassword }).catch(() => [])).length === 0) {
    await sleep(20);
  }
  const log = readFileSync(`${world.household.folder}/logs/rds-shop.log`, 'utf8');
  expect(log).toContain('CREATE EXTENSION amcheck'); // it does log
  expect(log).not.toContain(password);
  expect(log).not.toContain(MasterUserPassword);
});
