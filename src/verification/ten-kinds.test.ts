import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Baseline } from './baseline.ts';
import { shopChecks } from './shop.fixture.ts';
import { failed, found, one, openShop, type Shop } from './verified-shop.fixture.ts';

// Against a baseline, with an extension whose library can go and with amcheck, as production is meant to have it.
let shop: Shop;
let baseline: Baseline;
beforeAll(async () => {
  shop = await openShop();
  await shop.server.sql(
    'shop',
    'CREATE EXTENSION hstore',
    'CREATE EXTENSION amcheck',
    'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO pitcrew_reader',
    'CREATE TABLE notes (id bigserial PRIMARY KEY, order_id bigint, tag text UNIQUE, more hstore)',
    `INSERT INTO notes (order_id, tag) SELECT n, 'tag-' || n FROM generate_series(1, 300) n`,
    'CREATE TABLE replies (id bigserial PRIMARY KEY, note_id bigint NOT NULL REFERENCES notes)',
    'INSERT INTO replies (note_id) SELECT n FROM generate_series(1, 300) n',
    'CREATE POLICY own_only ON notes USING (false)',
    'CREATE MATERIALIZED VIEW order_sums AS SELECT count(*) FROM orders',
    `SELECT lo_from_bytea(0, 'x') FROM generate_series(1, 3)`,
  );
  baseline = await shop.baseline('shop');
});
afterAll(() => shop?.server.close());

/** Rows that the index doesn't know: as a lost write to it leaves them. */
const behindTheIndex = (index: string, ...statements: readonly string[]) => [
  `UPDATE pg_index SET indisready = false WHERE indexrelid = '${index}'::regclass`,
  ...statements,
  `UPDATE pg_index SET indisready = true WHERE indexrelid = '${index}'::regclass`,
];

type Case = readonly [what: string, damage: readonly string[], findings: readonly string[]];
const ten: readonly Case[] = [
  ['a missing table', ['DROP TABLE plain_log'], ['structure:tables: verification.structure-lost']],
  ['a missing index', ['DROP INDEX orders_created'], ['structure:indexes: verification.structure-lost']],
  [
    'orphans without a declared key',
    ['UPDATE orders SET customer_id = 900 WHERE id IN (5, 6)'],
    ['relation:orders.customer_id: verification.orphans'],
  ],
  [
    'duplicate keys under a corrupt index',
    behindTheIndex('"Coupons_pkey"', `UPDATE "Coupons" SET code = 'code-2' WHERE code = 'code-1'`),
    ['duplicates:public.Coupons: verification.duplicates'],
  ],
  [
    'a sequence behind its column',
    [`SELECT setval('customers_id_seq', 150)`],
    ['sequences: verification.sequences-behind'],
  ],
  [
    'a constraint that nobody validated',
    [`UPDATE pg_constraint SET convalidated = false WHERE conname = 'total_positive'`],
    ['constraints: verification.constraints-not-validated'],
  ],
  [
    'a short count, by one row',
    [`DELETE FROM "Coupons" WHERE code = 'code-15'`],
    ['row-count:public.Coupons: verification.count-unexpected'],
  ],
  [
    'a rule whose total is wrong',
    ['UPDATE orders SET total = 31 WHERE id = 11'],
    ['rule:totals: verification.query-value'],
  ],
  [
    'an extension whose library is gone',
    [`UPDATE pg_proc SET probin = '$libdir/hstore_of_another_release' WHERE probin = '$libdir/hstore'`],
    ['extensions: verification.extensions-broken'],
  ],
];

describe('each kind of damage is found, and nothing else is reported', () => {
  it.each(ten)('%s', async (_, damage, findings) => {
    const restored = await shop.copy(...damage);
    const report = await shop.check(restored, { baseline, live: null });
    expect(found(report)).toEqual(findings);
    expect(report.results.filter(({ outcome, known }) => outcome === 'not-proven' || known)).toEqual([]);
  });

  it('the tenth, an unlogged table that came back empty, is exempt and named', async () => {
    const report = await shop.check(await shop.copy('TRUNCATE carts'), { baseline, live: null });
    expect(report.outcome).toBe('pass');
    expect(one(report, 'unlogged-tables')).toMatchObject({ params: { names: 'public.carts' } });
  });

  it('a copy without any passes', async () => {
    const report = await shop.check(await shop.copy(), { baseline });
    expect(report.outcome).toBe('pass');
    expect(one(report, 'indexes-intact')?.params.count).toBeGreaterThanOrEqual(5);
    expect(one(report, 'recent-rows')).toMatchObject({ params: { count: 3, rows: 400 } });
  });
});

describe('beyond the ten', () => {
  it.each<Case>([
    [
      'a large object that is gone',
      ['SELECT lo_unlink(oid) FROM pg_largeobject_metadata LIMIT 1'],
      ['large-objects: verification.count-unexpected'],
    ],
    [
      'a materialised view that lost what was in it',
      ['REFRESH MATERIALIZED VIEW order_sums WITH NO DATA'],
      ['materialised-views: verification.materialised-views-empty'],
    ],
    [
      'a view over an extension that is gone',
      [
        'CREATE VIEW tags AS SELECT akeys(more) FROM notes',
        `UPDATE pg_proc SET probin = '$libdir/hstore_of_another_release' WHERE probin = '$libdir/hstore'`,
      ],
      ['extensions: verification.extensions-broken', 'views: verification.views-broken'],
    ],
    [
      'a policy that is gone, with which everybody saw everything',
      ['DROP POLICY own_only ON notes'],
      ['structure:policies: verification.structure-lost'],
    ],
    [
      'another version of an extension',
      [`UPDATE pg_extension SET extversion = '1.0' WHERE extname = 'hstore'`],
      ['structure:extensions: verification.structure-lost'],
    ],
    [
      'a right that is gone',
      ['REVOKE INSERT ON orders FROM shop_app'],
      ['structure:grants: verification.structure-lost'],
    ],
    [
      'orphans among the newest rows of a table that nobody called critical',
      ['SET session_replication_role = replica', 'DELETE FROM notes WHERE id = 299'],
      ['recent-rows:public.replies: verification.recent-orphans'],
    ],
  ])('%s', async (_, damage, findings) => {
    expect(found(await shop.check(await shop.copy(...damage), { baseline, live: null }))).toEqual(findings);
  });

  it('what the live database has beyond the baseline came after the backup: listed, and no fault of the restore', async () => {
    const live = await shop.copy(
      'CREATE TABLE made_since (id int PRIMARY KEY)',
      'ALTER TABLE orders ADD COLUMN paid_at date',
    );
    const report = await shop.check(await shop.copy(), { baseline }, live);
    expect(failed(report)).toEqual([]);
    expect(one(report, 'structure:tables')).toMatchObject({
      finding: 'verification.structure-came-after',
      params: { later: 1, names: 'public.made_since' },
    });
    expect(one(report, 'structure:columns')).toMatchObject({ params: { later: 1, names: 'public.orders.paid_at' } });
  });

  it('what changed its definition while the snapshot was made may be either way', async () => {
    const unsettled = { ...baseline.unsettled, tables: ['public.plain_log'], columns: ['public.plain_log.line'] };
    const report = await shop.check(await shop.copy('DROP TABLE plain_log'), { baseline: { ...baseline, unsettled } });
    expect(failed(report)).toEqual([]);
  });
});

describe('what was wrong when the backup was made', () => {
  const before = [
    'UPDATE orders SET customer_id = 900 WHERE id IN (5, 6)',
    'UPDATE orders SET total = 31 WHERE id = 11',
    `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_created'::regclass`,
    `UPDATE pg_constraint SET convalidated = false WHERE conname = 'total_positive'`,
    `SELECT setval('customers_id_seq', 150)`,
    ...behindTheIndex('"Coupons_pkey"', `UPDATE "Coupons" SET code = 'code-2' WHERE code = 'code-1'`),
  ];
  let hurt: Baseline;
  beforeAll(async () => {
    hurt = await shop.baseline(await shop.copy(...before));
  });

  it('is listed, flagged and blocks nothing', async () => {
    const report = await shop.check(await shop.copy(...before), { baseline: hurt, live: null });
    expect(report.outcome).toBe('pass');
    const known = report.results.filter((result) => result.known);
    expect(known.map(({ check, finding }) => [check, finding])).toEqual([
      ['indexes', 'verification.pre-existing-indexes'],
      ['constraints', 'verification.pre-existing-constraints'],
      ['sequences', 'verification.pre-existing-sequences'],
      ['rule:totals', 'verification.pre-existing-query'],
      ['relation:orders.customer_id', 'verification.pre-existing-orphans'],
      ['duplicates:public.Coupons', 'verification.pre-existing-duplicates'],
    ]);
    expect(known.every(({ params }) => params.where !== 'live')).toBe(true);
  });

  it.each<Case>([
    [
      'one orphan more',
      ['UPDATE orders SET customer_id = 901 WHERE id = 7'],
      ['relation:orders.customer_id: verification.orphans'],
    ],
    [
      'as many orphans, but others',
      ['UPDATE orders SET customer_id = 1 WHERE id = 5', 'UPDATE orders SET customer_id = 901 WHERE id = 7'],
      ['relation:orders.customer_id: verification.orphans'],
    ],
    [
      'a rule that is further off',
      ['UPDATE orders SET total = 32 WHERE id = 12'],
      ['rule:totals: verification.query-value'],
    ],
    [
      'another index',
      [`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'order_items_pkey'::regclass`],
      ['indexes: verification.indexes-invalid'],
    ],
    [
      'another duplicate',
      behindTheIndex('order_items_pkey', 'INSERT INTO order_items VALUES (9, 1, 0)'),
      ['duplicates:order_items: verification.duplicates'],
    ],
  ])('excuses nothing that is worse: %s', async (_, damage, findings) => {
    const report = await shop.check(await shop.copy(...before, ...damage), {
      baseline: { ...hurt, tables: {} },
      live: null,
    });
    expect(found(report)).toEqual(findings);
  });

  it('excuses no query of another wording under the same name', async () => {
    const rules = shopChecks.rules.map((rule) => ({ ...rule, sql: `${rule.sql} and true` }));
    const settings = { ...shopChecks, rules: rules.slice(0, 1) };
    const report = await shop.check(await shop.copy(...before), { baseline: hurt, live: null, settings });
    expect(found(report)).toEqual(['rule:totals: verification.query-value']);
  });
});
