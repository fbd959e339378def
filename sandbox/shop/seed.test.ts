import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Household, openHousehold } from '../household.ts';
import { startDatabase, type TestDatabase, wrongTotals } from './fixture.ts';
import { hurt } from './hurt.ts';
import { type SeedCounts, seedShop, shopDatabase } from './seed.ts';

const passwords = { app: 'app-password', verify: 'verify-password', fence: 'fence-password' };
let household: Household;
let database: TestDatabase;
let counts: SeedCounts;
let seedSeconds: number;

beforeAll(async () => {
  household = openHousehold('pitcrew-seed-test');
  database = await startDatabase(household);
  const started = performance.now();
  counts = await seedShop({ connectionString: database.masterUrl, passwords });
  seedSeconds = (performance.now() - started) / 1000;
});
afterAll(() => household?.close());

const query = <T>(sql: string, as?: { user: string; password: string }) => database.query<T>(shopDatabase, sql, as);
const one = async (sql: string) => Object.values((await query<Record<string, unknown>>(sql))[0] ?? {})[0];
const master = () => database.url('shop_master', 'master', shopDatabase);

describe('the seed', () => {
  test('makes 100,000 orders in less than 15 s, and their totals add up', async () => {
    expect(seedSeconds).toBeLessThan(15);
    expect(counts).toMatchObject({ customers: 10_000, products: 500, orders: 100_000, payments: 98_000 });
    expect(await one(wrongTotals)).toBe(0);
    expect(
      await one(`SELECT count(*)::int FROM payments p JOIN orders o ON o.id = p.order_id WHERE p.amount <> o.total`),
    ).toBe(0);
  });

  test('lets numbering go on behind the seeded rows', async () => {
    expect(await one('SELECT last_value::int FROM order_number_seq')).toBe(100_000);
    expect(await one(`SELECT pg_sequence_last_value(pg_get_serial_sequence('orders', 'id'))::int`)).toBe(100_000);
  });

  test('gives the verifying role everything to read and nothing to change', async () => {
    const verify = { user: 'pitcrew_verify', password: passwords.verify };
    expect(await query('SELECT count(*)::int AS n FROM customers', verify)).toEqual([{ n: 10_000 }]);
    await expect(query('DELETE FROM carts', verify)).rejects.toMatchObject({ code: '25006' });
    await expect(query('BEGIN READ WRITE; DELETE FROM carts', verify)).rejects.toMatchObject({ code: '42501' });
  });

  test('lets the fencing role bar the application and end its sessions, without being a superuser', async () => {
    const app = { user: 'ecommerce_app', password: passwords.app };
    const fence = { user: 'pitcrew_fence', password: passwords.fence };
    const session = new pg.Client(database.url(app.user, app.password, shopDatabase));
    session.on('error', () => {});
    const ended = new Promise((done) => session.once('end', done));
    await session.connect();
    await query('ALTER ROLE ecommerce_app NOLOGIN', fence);
    const sql = `SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity WHERE usename = 'ecommerce_app'`;
    expect(await query(sql, fence)).toEqual([{ done: true }]);
    await ended;
    await expect(query('SELECT 1', app)).rejects.toMatchObject({ code: '28000' });
    await query('ALTER ROLE ecommerce_app LOGIN', fence);
    expect(await query('SELECT 1 AS n', app)).toEqual([{ n: 1 }]);
    await expect(query('SELECT * FROM customers', fence)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('hurting the shop', () => {
  const fresh = async (connectionString = database.masterUrl) => {
    const admin = new pg.Client(database.url('rdsadmin', 'rds'));
    await admin.connect();
    await admin.query(`DROP DATABASE ${shopDatabase} WITH (FORCE)`);
    await admin.end();
    await seedShop({ connectionString, passwords, customers: 300, products: 20, orders: 3000 });
  };

  test('drop-orders really loses orders with their items and payments', async () => {
    await fresh();
    const said = await hurt('drop-orders', master());
    const left = (await one('SELECT count(*)::int FROM orders')) as number;
    // The shop's 3,000 orders are spread over 90 days: a day's worth is spared.
    expect(left).toBeGreaterThan(20);
    expect(left).toBeLessThan(50);
    expect(said).toContain(`deleted ${(3000 - left).toLocaleString('en')} orders`);
    expect(
      await one('SELECT count(*)::int FROM order_items i LEFT JOIN orders o ON o.id = i.order_id WHERE o.id IS NULL'),
    ).toBe(0);
  });

  test('delete-customers leaves orphans behind', async () => {
    await hurt('delete-customers', master());
    expect(
      await one('SELECT count(*)::int FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE c.id IS NULL'),
    ).toBeGreaterThan(0);
  });

  test('corrupt-prices makes totals that no longer add up', async () => {
    await fresh(database.url('rdsadmin', 'rds')); // a superuser can seed it too
    await hurt('corrupt-prices', database.url('rdsadmin', 'rds', shopDatabase));
    const verify = { user: 'pitcrew_verify', password: passwords.verify };
    expect(await query(wrongTotals, verify)).not.toEqual([{ count: 0 }]);
  });
});
