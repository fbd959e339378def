import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shopChecks } from './shop.fixture.ts';
import { failed, found, one, openShop, type Shop } from './verified-shop.fixture.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.server.close());
const copy: Shop['copy'] = (...damage) => shop.copy(...damage);
const check: Shop['check'] = (...question) => shop.check(...question);

describe('damage is found, and nothing else reported', () => {
  const cases: readonly (readonly [what: string, damage: readonly string[], findings: readonly string[]])[] = [
    [
      'a missing table that is critical',
      ['DROP TABLE order_items'],
      [
        'table:order_items: verification.table-missing',
        'structure:tables: verification.structure-differs',
        // The function, the rule and the relation that need it can't hold either.
        'functions: verification.functions-broken',
        'rule:totals: verification.query-fails',
        'relation:order_items.order_id: verification.relation-unknown',
      ],
    ],
    ['a missing table that is not', ['DROP TABLE plain_log'], ['structure:tables: verification.structure-differs']],
    [
      'a column of another type',
      ['ALTER TABLE plain_log ALTER line TYPE varchar(10)'],
      ['structure:columns: verification.structure-differs'],
    ],
    ['a missing index', ['DROP INDEX orders_created'], ['structure:indexes: verification.structure-differs']],
    [
      'a view that says something else',
      ['CREATE OR REPLACE VIEW open_orders AS SELECT id, total FROM orders'],
      ['structure:views: verification.structure-differs'],
    ],
    ['a missing function', ['DROP FUNCTION order_total'], ['structure:functions: verification.structure-differs']],
    [
      'a missing grant',
      ['REVOKE INSERT ON orders FROM shop_app'],
      ['structure:grants: verification.structure-differs'],
    ],
    [
      'orphans of a relation that no key declares',
      ['DELETE FROM customers WHERE id IN (7, 8)'],
      ['query:customers: verification.query-rows', 'relation:orders.customer_id: verification.orphans'],
    ],
    [
      'orphans behind a declared key',
      [`SET session_replication_role = replica`, 'DELETE FROM orders WHERE id = 9'],
      ['foreign-key:order_items_order_id_fkey: verification.orphans'],
    ],
    [
      'duplicate keys that a corrupt index hides, where the planner would go by that index',
      [
        `UPDATE pg_index SET indisready = false WHERE indexrelid = 'order_items_pkey'::regclass`,
        'INSERT INTO order_items SELECT order_id, line, 0 FROM order_items WHERE order_id IN (3, 4)',
        `UPDATE pg_index SET indisready = true WHERE indexrelid = 'order_items_pkey'::regclass`,
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_seqscan = off', current_database()); END $$`,
      ],
      ['duplicates:order_items: verification.duplicates'],
    ],
    [
      'duplicate keys of a table that lost its primary key',
      [
        'ALTER TABLE "Coupons" DROP CONSTRAINT "Coupons_pkey"',
        `INSERT INTO "Coupons" SELECT code FROM "Coupons" LIMIT 7`,
      ],
      [
        'structure:constraints: verification.structure-differs',
        'structure:indexes: verification.structure-differs',
        'duplicates:public.Coupons: verification.duplicates',
      ],
    ],
    [
      'a sequence behind its column',
      [`SELECT setval('customers_id_seq', 150)`],
      ['sequences: verification.sequences-behind'],
    ],
    [
      'a sequence that starts anew',
      [`ALTER TABLE orders ALTER id RESTART WITH 1`],
      ['sequences: verification.sequences-behind'],
    ],
    [
      'a constraint that was not validated',
      [
        'ALTER TABLE orders DROP CONSTRAINT total_positive',
        'ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID',
      ],
      ['constraints: verification.constraints-not-validated'],
    ],
    [
      'an invalid index',
      [`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_created'::regclass`],
      ['indexes: verification.indexes-invalid'],
    ],
    ['an emptied critical table', ['TRUNCATE "Coupons"'], ['row-count:public.Coupons: verification.table-emptied']],
    [
      'a rule whose total is wrong',
      ['UPDATE orders SET total = 31 WHERE id = 11'],
      ['rule:totals: verification.query-value'],
    ],
    [
      'newest rows that are too old',
      [`UPDATE orders SET created_at = created_at - interval '1 hour'`],
      ['query:newest order: verification.query-too-old'],
    ],
  ];

  it.each(cases)('%s', async (_, damage, findings) => {
    expect(found(await check(await copy(...damage)))).toEqual(findings);
  });

  it('a short table, where a baseline says how many rows there were', async () => {
    const restored = await copy(`DELETE FROM "Coupons" WHERE code = 'code-15'`);
    const report = await check(restored, { baseline: await shop.baseline('shop') });
    expect(failed(report)).toMatchObject([
      {
        check: 'row-count:public.Coupons',
        finding: 'verification.count-unexpected',
        params: { rows: 29, atLeast: 30, atMost: 30 },
      },
    ]);
  });

  it('counts of a dump’s own snapshot are exact, of unlogged tables too, whatever the live database has by now', async () => {
    const counts = { 'public.orders': 500, 'public.carts': 0, 'public.Coupons': 31 };
    const report = await check(await copy('TRUNCATE carts'), { counts });
    expect(failed(report)).toMatchObject([
      {
        check: 'row-count:public.Coupons',
        finding: 'verification.count-unexpected',
        params: { rows: 30, atLeast: 31 },
      },
    ]);
    expect(one(report, 'row-count:orders')).toMatchObject({ outcome: 'pass', finding: 'verification.count-exact' });
    expect(one(report, 'row-count:carts')).toMatchObject({ outcome: 'pass', finding: 'verification.count-exact' });
  });

  it('an unlogged table that came back empty is exempt, and named', async () => {
    const report = await check(await copy('TRUNCATE carts'));
    expect(failed(report)).toEqual([]);
    expect(one(report, 'row-count:carts')).toMatchObject({ outcome: 'pass', finding: 'verification.unlogged-exempt' });
    expect(one(report, 'unlogged-tables')).toMatchObject({ outcome: 'pass', params: { names: 'public.carts' } });
  });
});

describe('what was wrong in the live database too', () => {
  const damage = [
    'DELETE FROM customers WHERE id IN (7, 8)',
    `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_created'::regclass`,
    `SELECT setval('customers_id_seq', 150)`,
  ];
  const settings = { ...shopChecks, queries: [] };

  it('is listed and not blamed on the restore', async () => {
    const report = await check(await copy(...damage), { settings }, await copy(...damage));
    expect(failed(report)).toEqual([]);
    const listed = report.results.filter(({ finding }) => finding.startsWith('verification.pre-existing'));
    expect(listed.map(({ check: name, outcome, params }) => [name, outcome, params.count])).toEqual([
      ['indexes', 'pass', 1],
      ['sequences', 'pass', 1],
      ['relation:orders.customer_id', 'pass', 6],
    ]);
  });

  it('excuses nothing that is new, even where there is as much of it', async () => {
    const live = await copy('DELETE FROM customers WHERE id IN (7, 8)');
    const report = await check(await copy('DELETE FROM customers WHERE id IN (8, 9)'), { settings }, live);
    expect(failed(report)).toMatchObject([
      { check: 'relation:orders.customer_id', params: { count: 3, keys: '208, 408, 8' } },
    ]);
  });

  it('does not excuse a broken business rule: it may be what was hurt', async () => {
    const wrong = 'UPDATE orders SET total = 31 WHERE id = 11';
    expect(found(await check(await copy(wrong), {}, await copy(wrong)))).toEqual([
      'rule:totals: verification.query-value',
    ]);
  });
});
