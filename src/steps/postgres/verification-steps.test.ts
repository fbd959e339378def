import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleSecret } from '../../clients/private-database.fixture.ts';
import type { JsonObject } from '../../domain/json.ts';
import { baselineKey } from '../../domain/records.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import type { SnapshotOutputs } from '../../domain/snapshot.ts';
import type { Step } from '../../domain/step.ts';
import type { VerificationReport } from '../../domain/verification.ts';
import { recordsInMemory } from '../../ledger/records.fixture.ts';
import { baselineFrom, boundsOf, measurement } from '../../verification/baseline.ts';
import { settleCounters } from '../../verification/measure.ts';
import { recoveryPoint, shopChecks } from '../../verification/shop.fixture.ts';
import { failed, found, one, openShop, type Shop } from '../../verification/verified-shop.fixture.ts';
import { contextOf } from '../kubernetes/step-context.fixture.ts';
import { awaitCounters } from './await-counters.ts';
import { baselineInput as baselineInputSchema, measuringOf } from './baseline-input.ts';
import { measureBefore } from './measure-before.ts';
import { measureLoss } from './measure-loss.ts';
import { recordBaseline } from './record-baseline.ts';
import { fitted } from './verification-input.ts';
import { verifyDatabase } from './verify-database.ts';
import { verifyDeeply } from './verify-deeply.ts';

const snapshot = 'arn:aws:rds:eu-west-1:123456789012:snapshot:shop-pitcrew-01234567';
let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.server.close());

async function output<Output>(
  step: Step,
  input: object,
  outputs: Readonly<Record<string, object>> = {},
): Promise<Output> {
  const given = { input: input as JsonObject, outputs: outputs as Readonly<Record<string, JsonObject>> };
  const done = await step.run(contextOf(given));
  if (done.kind !== 'done') throw new Error('it waits');
  expect(JSON.parse(JSON.stringify(done))).toEqual(done);
  return done.output as Output;
}

const verifyInput = (database: string, more: object = {}) => ({
  database,
  source: shop.server.address('shop'),
  verifyRole: roleSecret('pitcrew_reader'),
  application: roleSecret('shop_app'),
  checks: shopChecks,
  asOf: recoveryPoint,
  timeZone: 'UTC',
  baselineKey: null,
  ...more,
});
const target = () => ({ 'await-instance': { host: '127.0.0.1', port: shop.server.port } });
const clients = (records = recordsInMemory()) => ({ access: shop.server, records });

const baselineInput = (database: string, more: object = {}) => ({
  snapshot,
  resourceId: 'db-SHOP',
  source: shop.server.address(database),
  verifyRole: roleSecret('pitcrew_reader'),
  checks: shopChecks,
  timeZone: 'UTC',
  ...more,
});

/** As a snapshot does it, with whatever happens between its two looks. */
async function baselineOf(database: string, { access, records }: ReturnType<typeof clients>, between = async () => {}) {
  const input = baselineInput(database);
  const before = await output<SnapshotOutputs['measure-before']>(measureBefore({ access, records }), input);
  await between();
  const counters = await output(awaitCounters(access), input, { 'measure-before': before });
  const made = { 'await-snapshot': { snapshotId: 's', arn: snapshot, at: recoveryPoint, sizeGiB: 1 } };
  const outputs = { 'measure-before': before, 'await-counters': counters as object, ...made };
  return output<SnapshotOutputs['record-baseline']>(recordBaseline({ access, records }), input, outputs);
}

describe('verify-database', () => {
  it('gives the report to be judged', async () => {
    const input = verifyInput(await shop.copy('DELETE FROM customers WHERE id = 7'));
    const { report } = await output<RestoreOutputs['verify-database']>(verifyDatabase(clients()), input, target());
    expect(report.outcome).toBe('fail');
  });

  it('says of a baseline that was promised and is gone that nothing is compared with it', async () => {
    const input = verifyInput('shop', { baselineKey: baselineKey(snapshot) });
    const { report } = await output<RestoreOutputs['verify-database']>(verifyDatabase(clients()), input, target());
    expect(report.outcome).toBe('not-proven');
    expect(one(report, 'baseline')).toMatchObject({ finding: 'verification.baseline-unreadable' });
  });

  it('keeps what failed when the report is too long for the ledger', () => {
    const result = (outcome: 'pass' | 'fail', n: number) => ({
      point: 'foreign-keys' as const,
      check: `relation:${n}`.padEnd(200, 'x'),
      outcome,
      finding: 'verification.orphans',
      params: {},
      seconds: 0,
    });
    const results = Array.from({ length: 400 }, (_, n) => result(n % 10 === 0 ? 'fail' : 'pass', n));
    const notChecked = Array.from({ length: 2000 }, (_, n) => `intact:public.a_table_of_many_${n}`);
    const report: VerificationReport = { outcome: 'fail', results, notChecked, seconds: 1 };
    const short = fitted(report);
    expect(Buffer.byteLength(JSON.stringify(short))).toBeLessThanOrEqual(48 * 1024);
    expect(short.results.filter(({ outcome }) => outcome === 'fail')).toHaveLength(40);
  });
});

describe('the baseline of a snapshot', () => {
  it('proves the counts of a restore, to the row', async () => {
    const { access, records } = clients();
    const database = await shop.copy();
    const proven = { key: baselineKey(snapshot), tables: 5, proven: 4 };
    expect(await baselineOf(database, { access, records })).toEqual(proven);
    // What stands under the same name on the new instance.
    const verified = async (...damage: readonly string[]) => {
      const restored = await shop.copy(...damage);
      const old = `aside_${restored}`;
      await shop.server.sql('postgres', `ALTER DATABASE ${database} RENAME TO ${old}`);
      await shop.server.sql('postgres', `ALTER DATABASE ${restored} RENAME TO ${database}`);
      const input = verifyInput(database, { baselineKey: baselineKey(snapshot) });
      const step = verifyDatabase({ access, records });
      return (await output<RestoreOutputs['verify-database']>(step, input, target())).report;
    };
    expect((await verified()).outcome).toBe('pass');
    expect(found(await verified(`DELETE FROM "Coupons" WHERE code = 'code-7'`))).toEqual([
      'row-count:public.Coupons: verification.count-unexpected',
    ]);
  });

  it('holds no row data and no key that can be read', async () => {
    const database = await shop.copy(
      'DELETE FROM customers WHERE id = 7',
      `INSERT INTO customers (email, created_at) VALUES ('z@example.com', now())`,
    );
    const { access, records } = clients();
    await baselineOf(database, { access, records });
    const written = JSON.stringify([...records.all.values()]);
    expect(written).not.toContain('@example.com');
    expect(written).toContain('relation public.orders(customer_id) public.customers(id)');
  });

  it('allows for what was written around the instant, and no more', async () => {
    const database = await shop.copy();
    const { access, records } = clients();
    await baselineOf(database, { access, records }, async () => {
      await shop.server.sql(
        database,
        'INSERT INTO orders (customer_id, total, created_at) SELECT 1, 30, now() FROM generate_series(1, 7)',
        'DELETE FROM order_items WHERE order_id IN (1, 2)',
        'DELETE FROM orders WHERE id IN (1, 2) OR id > 505',
      );
    });
    const bounds = boundsIn(records, 'orders');
    expect(bounds).toEqual({ kind: 'bounds', atLeast: 496, atMost: 507 });
    expect(boundsIn(records, 'customers')).toEqual({ kind: 'bounds', atLeast: 200, atMost: 200 });
  });

  it.each([
    ['a TRUNCATE', 'rewritten', ['TRUNCATE "Coupons"']],
    ['a rewrite', 'rewritten', ['VACUUM FULL "Coupons"']],
    ['counters that began anew', 'counters-reset', ['SELECT pg_stat_reset()']],
    [
      'counters of the one table that began anew',
      'counters-reset',
      [`SELECT pg_stat_reset_single_table_counters('"Coupons"'::regclass)`],
    ],
  ])('proves nothing after %s', async (_, because, statements) => {
    const database = await shop.copy();
    const { access, records } = clients();
    await baselineOf(database, { access, records }, async () => void (await shop.server.sql(database, ...statements)));
    expect(boundsIn(records, 'public.Coupons')).toEqual({ kind: 'unknown', because });
  });

  it('waits for a session that went idle without having told what it wrote', async () => {
    const database = await shop.copy();
    const { access, records } = clients();
    const client = await shop.server.session('shop_app', database);
    const insert = () => client.query('INSERT INTO orders (customer_id, total, created_at) VALUES (1, 30, now())');
    await baselineOf(database, { access, records }, async () => {
      // The second comes within a second of the first: it is told ten seconds later, because nothing follows.
      await insert();
      await insert();
    });
    await client.end();
    expect(boundsIn(records, 'orders')).toEqual({ kind: 'bounds', atLeast: 500, atMost: 502 });
  });

  it('doesn’t wait for a transaction that began before anything was counted: what it wrote before is in the counts', async () => {
    const database = await shop.copy();
    const { access, records } = clients();
    const leaked = await shop.server.session('shop_app', database);
    const insert = 'INSERT INTO orders (customer_id, total, created_at) VALUES (1, 30, now())';
    await leaked.query(insert);
    await leaked.query(insert); // not told yet
    await leaked.query('BEGIN');
    await leaked.query('SELECT 1');
    const began = performance.now();
    await baselineOf(database, { access, records });
    expect(performance.now() - began).toBeLessThan(9000);
    expect(boundsIn(records, 'orders')).toMatchObject({ kind: 'bounds', atLeast: 502 });
    await leaked.end();
  });

  it('proves nothing while a session may not have told what it wrote after the count', async () => {
    const database = await shop.copy();
    const { access, records } = clients();
    const session = await shop.server.session('shop_app', database);
    const insert = 'INSERT INTO orders (customer_id, total, created_at) VALUES (1, 30, now())';
    const input = baselineInput(database);
    const before = await output<SnapshotOutputs['measure-before']>(measureBefore({ access, records }), input);
    await session.query(insert);
    await session.query(insert);
    await session.query('BEGIN');
    await session.query('SELECT 1');
    const unreported = await settleCounters(
      access,
      measuringOf(baselineInputSchema.parse(input), new AbortController().signal),
      before.countedAt ?? '',
      1,
    );
    await session.end();
    const table = measurement.parse(records.all.get(before.key ?? '')).tables['public.orders'];
    expect(unreported && table && unreported > table.countedAt).toBe(true);
  });

  it('of a database that can’t be measured is none, and says why', async () => {
    const records = recordsInMemory();
    const unreachable = { ...shop.server.address('shop'), port: 1 };
    const input = baselineInput('shop', { source: unreachable });
    const before = await output<SnapshotOutputs['measure-before']>(
      measureBefore({ access: shop.server, records }),
      input,
    );
    expect(before).toEqual({ key: null, tables: 5, counted: 0, because: 'database.unreachable' });
    const counters = await output<object>(awaitCounters(shop.server), input, { 'measure-before': before });
    const outputs = { 'measure-before': before, 'await-counters': counters };
    const none = await output(recordBaseline({ access: shop.server, records }), input, outputs);
    expect(none).toEqual({ key: null, tables: 5, proven: 0, because: 'database.unreachable' });
    expect(records.all.size).toBe(0);
  });

  it('F5: is the first one’s: a late worker measures again and changes nothing', async () => {
    const database = await shop.copy();
    const { access, records } = clients();
    const first = await baselineOf(database, { access, records });
    const before = JSON.stringify([...records.all]);
    await shop.server.sql(database, 'DELETE FROM order_items');
    expect(await baselineOf(database, { access, records })).toEqual(first);
    expect(JSON.stringify([...records.all])).toBe(before);
  });

  it('counts a table again only when somebody wrote to it, and keeps what it has when it can’t', async () => {
    const database = await shop.copy();
    const { access, records } = clients();
    await baselineOf(database, { access, records });
    await shop.server.sql(
      database,
      'INSERT INTO customers (email, created_at) SELECT $$n$$, now() FROM generate_series(1, 3)',
    );
    const next = async (name: string) => {
      const input = baselineInput(database, { snapshot: name });
      const { key } = await output<SnapshotOutputs['measure-before']>(measureBefore({ access, records }), input);
      return measurement.parse(records.all.get(key ?? '')).tables;
    };
    const second = await next('second');
    expect(second['public.customers']?.rows).toBe(203);
    const third = await next('third');
    expect(third['public.orders']?.countedAt).toBe(second['public.orders']?.countedAt);
    expect(third['public.customers']?.countedAt).toBe(second['public.customers']?.countedAt);
    // Somebody writes, and then a policy keeps pitcrew from counting: the old count stands, with what was written since.
    await shop.server.sql(database, `INSERT INTO "Coupons" VALUES ('code-31')`);
    await shop.server.sql(database, 'ALTER TABLE "Coupons" ENABLE ROW LEVEL SECURITY');
    const fourth = await next('fourth');
    expect(fourth['public.Coupons']).toEqual(third['public.Coupons']);
  });
});

function boundsIn(records: ReturnType<typeof recordsInMemory>, table: string) {
  const baseline = baselineFrom(records.all.get(baselineKey(snapshot)));
  return baseline && boundsOf(baseline, table);
}

describe('measure-loss', () => {
  it('measures nothing where the old database is gone, and names what it could not measure', async () => {
    const { database, verifyRole } = verifyInput('shop');
    const input = { database, verifyRole, source: null, tables: ['orders', 'customers'], budgetSeconds: 5 };
    expect(await output(measureLoss(shop.server), input, target())).toEqual({
      tables: [],
      lastLostAt: null,
      notMeasured: ['orders', 'customers'],
    });
  });
});

describe('verify-deeply', () => {
  it('tells what it finds and what it can’t, and never fails: the service has been handed over', async () => {
    const restored = await shop.copy('DELETE FROM customers WHERE id = 7');
    const deep = (database: string, more: object = {}) =>
      output<RestoreOutputs['verify-deeply']>(verifyDeeply(clients()), verifyInput(database, more), target());
    expect(failed((await deep(restored)).report)).toMatchObject([{ check: 'relation:orders.customer_id' }]);
    expect((await deep('nowhere')).report).toMatchObject({
      outcome: 'not-proven',
      results: [{ finding: 'verification.not-done', params: { error: 'database.unknown' } }],
    });
  });
});
