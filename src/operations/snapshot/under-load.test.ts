import { setTimeout as sleep } from 'node:timers/promises';
import { CreateDBInstanceCommand, RDSClient, RestoreDBInstanceFromDBSnapshotCommand } from '@aws-sdk/client-rds';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { region, startDatabaseCloud } from '../../clients/cloud.fixture.ts';
import { type Connect, postgres } from '../../clients/postgres.ts';
import { type DatabaseInstance, rds } from '../../clients/rds.ts';
import type { JsonObject } from '../../domain/json.ts';
import { baselineKey } from '../../domain/records.ts';
import { Secret } from '../../domain/secret.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import type { SnapshotOutputs } from '../../domain/snapshot.ts';
import type { Step } from '../../domain/step.ts';
import type { VerificationReport } from '../../domain/verification.ts';
import { recordsInMemory } from '../../ledger/records.fixture.ts';
import { tagKeys } from '../../planning/names.ts';
import { contextOf } from '../../steps/kubernetes/step-context.fixture.ts';
import { awaitCounters } from '../../steps/postgres/await-counters.ts';
import { measureBefore } from '../../steps/postgres/measure-before.ts';
import { recordBaseline } from '../../steps/postgres/record-baseline.ts';
import { verifyDatabase } from '../../steps/postgres/verify-database.ts';
import { awaitSnapshot } from '../../steps/rds/await-snapshot.ts';
import { createSnapshot } from '../../steps/rds/create-snapshot.ts';
import { recoveryPoint, shopChecks, shopSchema } from '../../verification/shop.fixture.ts';
import { found, one } from '../../verification/verified-shop.fixture.ts';

// Real servers: the snapshot is a physical backup of one that is written to, the restore goes through crash recovery.
const operation = 'op-0123456789ab';
const snapshot = 'shop-pitcrew-01234567';
let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
let connect: Connect;
const client = new RDSClient({ region });
const records = recordsInMemory();
const secretOf = (name: string): RoleSecret => ({ region, secret: name, keys: { user: 'u', password: 'p' } });
const credentials = async ({ secret }: RoleSecret) => ({ user: secret, password: new Secret('pw') });
const checks = {
  ...shopChecks,
  queries: [],
  rules: shopChecks.rules.filter(({ name }) => name === 'turnover'),
};

beforeAll(async () => {
  cloud = await startDatabaseCloud();
  connect = postgres({ PGSSLMODE: 'verify-full', PGSSLROOTCERT: cloud.rds.caFile });
  await client.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'shop',
      DBName: 'shop',
      Engine: 'postgres',
      DBInstanceClass: 'db.r5.xlarge',
      AllocatedStorage: 100,
      MasterUsername: 'shop_admin',
      MasterUserPassword: 'not-a-secret-1',
    }),
  );
  await available('shop');
  await sql('shop', `CREATE ROLE shop_app LOGIN PASSWORD 'pw'`, `CREATE ROLE reader LOGIN PASSWORD 'pw'`);
  await sql('shop', 'GRANT pg_read_all_data, pg_monitor TO reader', ...shopSchema);
  await sql('shop', 'GRANT ALL ON ALL TABLES IN SCHEMA public TO shop_app');
  await sql('shop', 'GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO shop_app');
});
afterAll(() => cloud?.close());

async function available(id: string): Promise<DatabaseInstance> {
  for (;;) {
    const instance = await rds(region).findInstance(id);
    if (instance?.status === 'available') return instance;
    if (instance?.status === 'failed') throw new Error(`${id} failed`);
    await sleep(100);
  }
}

const socketOf = (id: string) => {
  const { socketFolder: host = '', port = 0 } = cloud.rds.instance(id) ?? {};
  return { host, port, user: 'rdsadmin', database: 'shop' };
};
async function sql(id: string, ...statements: readonly string[]): Promise<void> {
  const superuser = new pg.Client(socketOf(id));
  await superuser.connect();
  for (const statement of statements) await superuser.query(statement);
  await superuser.end();
}

const addressOf = (id: string) => ({ host: '127.0.0.1', port: cloud.rds.instance(id)?.port ?? 0, database: 'shop' });

/** One of the application's: orders with their items, some rolled back, some deleted again, some two within a moment. */
async function write(seed: number, until: () => boolean): Promise<number> {
  const session = new pg.Client({
    ...addressOf('shop'),
    user: 'shop_app',
    password: 'pw',
    ssl: { rejectUnauthorized: false },
  });
  await session.connect();
  let deeds = 0;
  for (let n = seed; !until(); n++, deeds++) {
    await session.query('BEGIN');
    const made = await session.query(
      `INSERT INTO orders (customer_id, total, created_at) VALUES ($1, 30, now()) RETURNING id`,
      [(n % 200) + 1],
    );
    await session.query('INSERT INTO order_items SELECT $1, line, 10 FROM generate_series(1, 3) line', [
      made.rows[0].id,
    ]);
    await session.query(n % 5 === 0 ? 'ROLLBACK' : 'COMMIT');
    if (n % 7 === 0)
      await session.query(
        `WITH gone AS (DELETE FROM order_items WHERE order_id IN (SELECT max(id) FROM orders WHERE id > 500) RETURNING order_id)
         SELECT count(*) FROM gone`,
      );
    if (n % 11 === 0) await sleep(20 * (n % 60));
  }
  await session.end();
  return deeds;
}

async function through<Output>(
  step: Step,
  input: object,
  outputs: Readonly<Record<string, object>> = {},
): Promise<Output> {
  for (;;) {
    const result = await step.run(
      contextOf({ operation, input: input as JsonObject, outputs: outputs as Readonly<Record<string, JsonObject>> }),
    );
    if (result.kind === 'done') return result.output as Output;
    await sleep(50);
  }
}

/** As the operation's plan has it. */
async function takeSnapshot(): Promise<{ readonly key: string | null; readonly proven: number }> {
  const { arn, resourceId } = await available('shop');
  const access = { connect, credentials };
  const input = {
    snapshot: arn.replace(/:db:.*$/, `:snapshot:${snapshot}`),
    resourceId,
    source: addressOf('shop'),
    verifyRole: secretOf('reader'),
    checks,
    timeZone: 'UTC',
  };
  const clients = { rds: () => rds(region) };
  const made = { region, snapshot, instance: 'shop', pollSeconds: 1, operationTag: tagKeys.operation };
  const before = await through<SnapshotOutputs['measure-before']>(measureBefore({ access, records }), input);
  await through(createSnapshot(clients), { ...made, tags: { [tagKeys.operation]: operation } });
  const there = await through<SnapshotOutputs['await-snapshot']>(awaitSnapshot(clients), made);
  const counters = await through<object>(awaitCounters(access), input, { 'measure-before': before });
  const outputs = { 'measure-before': before, 'await-snapshot': there, 'await-counters': counters };
  const baseline = await through<SnapshotOutputs['record-baseline']>(
    recordBaseline({ access, records }),
    input,
    outputs,
  );
  expect(baseline.key).toBe(baselineKey(there.arn));
  return baseline;
}

async function restoreAs(id: string): Promise<void> {
  await client.send(
    new RestoreDBInstanceFromDBSnapshotCommand({ DBInstanceIdentifier: id, DBSnapshotIdentifier: snapshot }),
  );
  await available(id);
}

async function verified(id: string, key: string | null): Promise<VerificationReport> {
  const { port } = addressOf(id);
  const input = {
    database: 'shop',
    source: addressOf('shop'),
    verifyRole: secretOf('reader'),
    application: secretOf('shop_app'),
    checks,
    asOf: recoveryPoint,
    timeZone: 'UTC',
    baselineKey: key,
  };
  const step = verifyDatabase({ access: { connect, credentials }, records });
  const outputs = { 'await-instance': { host: '127.0.0.1', port } };
  return (await through<{ report: VerificationReport }>(step, input, outputs)).report;
}

describe('a snapshot that is taken while the application writes', () => {
  it('restores to counts that are proven, and a loss of one row in a quiet table is found', async () => {
    let over = false;
    const writers = Promise.all([1, 100, 1000, 5000].map((seed) => write(seed, () => over)));
    await sleep(500);
    const baseline = await takeSnapshot();
    await sleep(500);
    over = true;
    const deeds = (await writers).reduce((sum, one) => sum + one, 0);
    expect(deeds).toBeGreaterThan(50);
    expect(baseline).toMatchObject({ tables: 5, proven: 4 });

    await restoreAs('shop-r1');
    const report = await verified('shop-r1', baseline.key);
    expect(found(report)).toEqual([]);
    expect(report.outcome).toBe('pass');
    expect(one(report, 'row-count:orders')).toMatchObject({ finding: 'verification.count-within' });
    expect(one(report, 'row-count:public.Coupons')).toMatchObject({
      finding: 'verification.count-exact',
      params: { rows: 30 },
    });
    expect(one(report, 'unlogged-tables')).toMatchObject({ outcome: 'pass' });

    await sql('shop-r1', `DELETE FROM "Coupons" WHERE code = 'code-17'`);
    expect(found(await verified('shop-r1', baseline.key))).toEqual([
      'row-count:public.Coupons: verification.count-unexpected',
    ]);
  });
});
