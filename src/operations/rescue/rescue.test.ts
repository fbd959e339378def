import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordsInMemory } from '../../ledger/records.fixture.ts';
import { contextOf, failure } from '../../steps/kubernetes/step-context.fixture.ts';
import { openTwoShops, orders, rows, schema, type TwoShops } from './two-shops.fixture.ts';

let shops: TwoShops;
beforeAll(async () => {
  shops = await openTwoShops();
});
afterAll(() => shops?.close());
const both: TwoShops['both'] = (...statements) => shops.both(...statements);
const onLive: TwoShops['onLive'] = (...statements) => shops.onLive(...statements);
const onBeside: TwoShops['onBeside'] = (...statements) => shops.onBeside(...statements);
const plan: TwoShops['plan'] = (args) => shops.plan(args);
const run: TwoShops['run'] = (...given) => shops.run(...given);
const counts: TwoShops['counts'] = (args) => shops.counts(args);
const deleteOrders = () => shops.deleteOrders();
const content: TwoShops['content'] = (...given) => shops.content(...given);
const one: TwoShops['one'] = (...given) => shops.one(...given);

describe('rows that somebody deleted', () => {
  beforeEach(() => both(...schema, ...rows));

  it('come back to the last byte, parents first whatever order they were named in, and nothing else changes', async () => {
    const whole = [await content(shops.live, 'orders'), await content(shops.live, 'order_items')];
    await onBeside('UPDATE orders SET note = repeat($$long $$, 400000) WHERE id = 7');
    await deleteOrders();
    expect(await counts({ tables: ['orders', 'order_items'], where: 'id <= 400' })).toEqual([
      { table: 'public.orders', selected: 400, missing: 400, equal: 0, conflicts: 0, collisions: 0 },
      { table: 'public.order_items', selected: 1200, missing: 1200, equal: 0, conflicts: 0, collisions: 0 },
    ]);
    const records = recordsInMemory();
    const { 'copy-rows': copied, 'verify-rows': verified } = await run(orders, {}, records);
    expect(copied.tables).toEqual([
      { table: 'public.orders', selected: 400, inserted: 400, there: 0 },
      { table: 'public.order_items', selected: 1200, inserted: 1200, there: 0 },
    ]);
    expect(verified.tables[0]).toMatchObject({ equal: 400, missing: 0 });
    await onLive(`UPDATE orders SET note = 'n7' WHERE id = 7`);
    expect([await content(shops.live, 'orders'), await content(shops.live, 'order_items')]).toEqual(whole);
    const kept = [...records.all].map(([key, document]) => [key, (document.keys as string[][]).length]);
    expect(kept).toEqual([
      [`${copied.keys}/public.orders/1`, 400],
      [`${copied.keys}/public.order_items/1`, 1200],
    ]);
    expect(records.all.get(`${copied.keys}/public.order_items/1`)).toMatchObject({ columns: ['order_id', 'line'] });
  });

  it('what is there already stays as it is: equal rows are counted, different ones reported and never overwritten', async () => {
    await onLive('DELETE FROM order_items WHERE order_id = 1', `UPDATE orders SET note = 'newer' WHERE id <= 10`);
    expect(await counts(orders)).toEqual([
      { table: 'public.orders', selected: 400, missing: 0, equal: 390, conflicts: 10, collisions: 0 },
      { table: 'public.order_items', selected: 1200, missing: 3, equal: 1197, conflicts: 0, collisions: 0 },
    ]);
    await run(orders);
    expect(await one(shops.live, `SELECT count(*)::int FROM orders WHERE note = 'newer'`)).toBe(10);
    expect(await one(shops.live, 'SELECT count(*)::int FROM order_items')).toBe(3000);
  });

  it('a place that another row has by a partial unique index is counted before, and that row stays out', async () => {
    await onLive('DELETE FROM order_items', 'DELETE FROM orders', 'DELETE FROM customers WHERE id <= 3');
    await onLive(`INSERT INTO customers (id, email) VALUES (900, 'C2@Example.com')`);
    const args = { tables: ['customers'] };
    expect(await counts(args)).toEqual([
      { table: 'public.customers', selected: 50, missing: 3, equal: 47, conflicts: 0, collisions: 1 },
    ]);
    expect((await run(args))['copy-rows'].tables[0]?.inserted).toBe(2);
  });

  it('sequences end at or past what was copied, and never go back', async () => {
    await onLive('TRUNCATE orders, order_items RESTART IDENTITY', 'ALTER SEQUENCE customers_id_seq RESTART');
    await run({ tables: ['orders'] });
    expect(await one(shops.live, 'INSERT INTO orders (customer_id) VALUES (1) RETURNING id::int')).toBe(1001);
    await onLive(`SELECT setval('orders_id_seq', 500000)`, 'DELETE FROM orders WHERE id = 5');
    await run({ tables: ['orders'] });
    expect(await one(shops.live, 'INSERT INTO orders (customer_id) VALUES (1) RETURNING id::int')).toBe(500_001);
  });

  it('a parent that is named comes along with those that refer to it, and no other row of it', async () => {
    await onLive('DELETE FROM order_items', 'DELETE FROM orders', 'DELETE FROM customers');
    const args = { tables: ['orders', 'customers', 'order_items'], where: 'id <= 5' };
    expect((await run(args))['copy-rows'].tables).toEqual([
      { table: 'public.customers', selected: 5, inserted: 5, there: 0 },
      { table: 'public.orders', selected: 5, inserted: 5, there: 0 },
      { table: 'public.order_items', selected: 15, inserted: 15, there: 0 },
    ]);
  });

  it('rows whose parents are missing are refused before anybody is asked, with the table to add', async () => {
    await onLive('DELETE FROM order_items', 'DELETE FROM orders', 'DELETE FROM customers WHERE id = 6');
    expect(await failure(plan({ tables: ['orders'], where: 'id <= 100' }))).toMatchObject({
      code: 'rescue.parents-missing',
      params: { from: 'public.orders', to: 'public.customers', rows: 2 },
    });
  });

  it('nothing to copy is said, with how many rows are there', async () => {
    expect(await failure(plan(orders))).toMatchObject({ code: 'rescue.nothing-to-copy', params: { rows: 1600 } });
  });

  it('a constraint that a row breaks rolls everything back, and is told by its name', async () => {
    await deleteOrders();
    const { bound } = await plan(orders);
    await onLive('ALTER TABLE order_items ADD CONSTRAINT cheap CHECK (price < 5) NOT VALID');
    const input = bound.steps[1]?.input ?? {};
    expect(
      await failure(shops.build().steps.get('copy-rows')?.run(contextOf({ input })) as Promise<unknown>),
    ).toMatchObject({
      code: 'rescue.refused-by-constraint',
      params: { constraint: 'cheap', table: 'order_items' },
    });
    expect(await one(shops.live, 'SELECT count(*)::int FROM orders WHERE id <= 400')).toBe(0);
  });
});

describe('which instance is beside', () => {
  it('is told by the operation, and refused by name where there is none', async () => {
    await both(...schema, ...rows);
    expect((await failure(plan({ of: 'op-00000000000f', tables: ['orders'] }))).code).toBe('cut-over.unknown');
  });
});

describe('the condition', () => {
  beforeEach(() => both(...schema, ...rows));
  const said = async (where: string) => (await failure(plan({ tables: ['orders'], where }))).params;

  it('is PostgreSQL’s to judge, whose message comes back without a value of any row', async () => {
    expect(await said('nowhere = 1')).toMatchObject({ said: 'column "nowhere" does not exist' });
    expect(await said('id + 1')).toMatchObject({ said: expect.stringContaining('type boolean') });
    expect(await said(`note = 'x' ORDER BY 1`)).toMatchObject({ said: expect.stringContaining('syntax error') });
    expect(await said('true) UNION SELECT (true')).toEqual({ fault: 'parentheses', most: 1000 });
    expect(await said('true; DELETE FROM orders')).toMatchObject({ fault: 'semicolon' });
  });

  it('reads only, and as the role that reads', async () => {
    expect(await said(`id = nextval('orders_id_seq')`)).toBeDefined();
    const error = await failure(plan({ tables: ['orders'], where: `nextval('orders_id_seq') > 0` }));
    expect(error).toMatchObject({ code: 'condition.volatile', params: { function: 'nextval' } });
    expect(await one(shops.beside, 'SELECT last_value::int FROM orders_id_seq')).toBe(1000);
  });
});
