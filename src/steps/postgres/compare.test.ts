import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type PrivateDatabase, roleSecret } from '../../clients/private-database.fixture.ts';
import type { Comparison } from '../../domain/comparison.ts';
import type { JsonObject } from '../../domain/json.ts';
import { contextOf, failure } from '../kubernetes/step-context.fixture.ts';
import { compare } from './compare.ts';
import { proveUnwritten } from './prove-unwritten.ts';
import { type ShopServer, shopServer } from './shop-server.fixture.ts';

let shop: ShopServer;
let server: PrivateDatabase;
beforeAll(async () => {
  shop = await shopServer();
  ({ server } = shop);
});
afterEach(() => shop.disconnect());
afterAll(() => server.close());

async function compared(live: string, beside: string, tables: readonly string[], budgetSeconds = 30) {
  const input = {
    source: server.address(live) as unknown as JsonObject,
    database: beside,
    verifyRole: roleSecret('pitcrew_reader') as unknown as JsonObject,
    tables,
    budgetSeconds,
  };
  const done = await compare(server).run(contextOf({ input, outputs: { 'await-instance': shop.target() } }));
  if (done.kind !== 'done') throw new Error('it waits');
  return done.output as unknown as Comparison;
}

/** A session tells its counters before it is gone. */
const toldBy = (database: string) =>
  expect
    .poll(async () => {
      const { rows } = await server.sql(
        'postgres',
        `SELECT count(*)::int AS left FROM pg_stat_activity WHERE datname = '${database}'`,
      );
      return (rows[0] as { left: number }).left;
    })
    .toBe(0);

const proven = (beside: string, found: Comparison) =>
  proveUnwritten(server).run(
    contextOf({
      input: {
        database: beside,
        role: 'shop_app',
        verifyRole: roleSecret('pitcrew_reader') as unknown as JsonObject,
      },
      outputs: { 'await-instance': shop.target(), compare: found as unknown as JsonObject },
    }),
  );

describe('the comparison of a database that serves with the one beside it', () => {
  it('says by counts and times what would be lost, come back and be different, while somebody writes', async () => {
    const live = await shop.copy(
      `INSERT INTO orders (customer_id, total, created_at) SELECT 1, 5, '2026-11-20 09:00Z'::timestamptz + n * interval '1 second'
        FROM generate_series(1, 12000) n`,
      'UPDATE orders SET total = 99 WHERE id <= 3',
    );
    const beside = await shop.copy();
    const writer = await shop.connectAs('shop_app', live);
    await writer.query('BEGIN');
    await writer.query('UPDATE orders SET total = 1 WHERE id = 9');
    const found = await compared(live, beside, ['orders', 'nowhere']);
    expect(found.tables).toEqual([
      {
        table: 'orders',
        before: 12_500,
        after: 500,
        lost: 12_000,
        returned: 0,
        changed: 3,
        newestLive: '2026-11-20T12:20:00.000Z',
        newestBeside: expect.stringMatching(/^2026-/),
      },
    ]);
    expect(found).toMatchObject({ lastLostAt: '2026-11-20T12:20:00.000Z', notCompared: ['nowhere'] });
    expect(JSON.stringify(found)).not.toMatch(/total/);
    await writer.query('COMMIT');
  });

  it('ends with its budget, and names what it did not come to', async () => {
    const slow = await shop.copy(
      `INSERT INTO orders (customer_id, total, created_at) SELECT 1, 5, now() FROM generate_series(1, 100000)`,
    );
    expect(await compared(slow, slow, ['orders', 'customers'], 0.15)).toMatchObject({
      notCompared: expect.arrayContaining(['orders']),
    });
  });
});

describe('the proof that nobody has written to the instance beside', () => {
  it('holds while it is only read, vacuumed and analysed', async () => {
    const beside = await shop.copy();
    const found = await compared('shop', beside, ['orders']);
    await server.sql(beside, 'ANALYZE', 'SELECT count(*) FROM orders', 'VACUUM orders');
    expect(await proven(beside, found)).toMatchObject({ kind: 'done' });
  });

  it.each([
    ['rows', 'UPDATE customers SET email = email WHERE id = 1'],
    ['a table that was emptied', 'TRUNCATE plain_log'],
    ['a new table', 'CREATE TABLE more (id int)'],
  ])('fails after a write: %s', async (_, change) => {
    const beside = await shop.copy();
    const found = await compared('shop', beside, ['orders']);
    await server.sql(beside, change);
    await toldBy(beside);
    expect(await failure(proven(beside, found))).toMatchObject({
      code: 'restore.beside-written',
      kind: 'permanent',
      params: { instance: 'new' },
    });
  });

  it('fails while somebody of the application is there, or anybody writes; a reader may stay', async () => {
    const beside = await shop.copy();
    const found = await compared('shop', beside, ['orders']);
    const analyst = await shop.connectAs('analyst', beside);
    expect(await proven(beside, found)).toMatchObject({ kind: 'done' });
    await analyst.query('BEGIN');
    await analyst.query('SELECT pg_current_xact_id()');
    expect(await failure(proven(beside, found))).toMatchObject({
      code: 'restore.beside-in-use',
      params: { role: 'analyst', application: 'test', sessions: 1 },
    });
    await analyst.query('ROLLBACK');
    await shop.connectAs('shop_app', beside);
    expect(await failure(proven(beside, found))).toMatchObject({
      code: 'restore.beside-in-use',
      params: { role: 'shop_app' },
    });
  });
});
