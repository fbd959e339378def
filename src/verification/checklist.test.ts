import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PrivateDatabase, privateDatabase, roleSecret } from '../clients/private-database.fixture.ts';
import type { CheckResult, VerificationReport } from '../domain/verification.ts';
import { type Verification, verify } from './checklist.ts';
import { recoveryPoint, shopChecks, shopSchema } from './shop.fixture.ts';

let server: PrivateDatabase;
let copies = 0;
beforeAll(async () => {
  server = await privateDatabase();
  await server.sql('postgres', 'CREATE DATABASE shop');
  await server.sql('shop', ...shopSchema);
});
afterAll(() => server.close());

/** A copy of the shop with so much damage done to it. */
async function copy(...damage: readonly string[]): Promise<string> {
  const name = `copy_${++copies}`;
  await server.sql('postgres', `CREATE DATABASE ${name} TEMPLATE shop`);
  if (damage.length > 0) await server.sql(name, ...damage);
  return name;
}

const check = (restored: string, changes: Partial<Verification> = {}, live = 'shop'): Promise<VerificationReport> =>
  verify(server, {
    restored: server.address(restored),
    live: server.address(live),
    verifyRole: roleSecret('pitcrew_reader'),
    application: roleSecret('shop_app'),
    settings: shopChecks,
    baseline: {},
    asOf: recoveryPoint,
    timeZone: 'UTC',
    signal: new AbortController().signal,
    ...changes,
  });

const failed = ({ results }: VerificationReport) => results.filter(({ outcome }) => outcome === 'fail');
const found = (report: VerificationReport) => failed(report).map(({ check: name, finding }) => `${name}: ${finding}`);
const one = ({ results }: VerificationReport, name: string): CheckResult | undefined =>
  results.find((result) => result.check === name);

describe('a healthy copy', () => {
  it('passes everything; only the counts, which have no baseline, are not proven', async () => {
    const report = await check(await copy());
    expect(failed(report)).toEqual([]);
    expect(report.notChecked).toEqual([]);
    const unproven = report.results.filter(({ outcome }) => outcome === 'not-proven');
    expect(unproven.map(({ check: name, params }) => [name, params.rows])).toEqual([
      ['row-count:customers', 200],
      ['row-count:orders', 500],
      ['row-count:order_items', 1500],
      ['row-count:public.Coupons', 30],
    ]);
    expect(report.outcome).toBe('not-proven');
  });

  it('passes whole when the counts are those of its baseline', async () => {
    const exactly = (rows: number) => ({ atLeast: rows, atMost: rows });
    const baseline = { customers: exactly(200), orders: { atLeast: 490, atMost: 505 }, order_items: exactly(1500) };
    const report = await check(await copy(), { baseline: { ...baseline, 'public.Coupons': exactly(30) } });
    expect(report.outcome).toBe('pass');
  });

  it('answers every point of the checklist but that the application connects, which is proven later', async () => {
    const report = await check(await copy());
    expect([...new Set(report.results.map(({ point }) => point))].sort()).toEqual([
      'accessible',
      'business-logic',
      'critical-queries',
      'foreign-keys',
      'no-corruption',
      'row-counts',
      'tables-present',
    ]);
  });

  it('may have what the live database lost: listed, not blamed', async () => {
    const live = await copy('DROP TABLE order_items, orders CASCADE');
    const report = await check('shop', {}, live);
    expect(failed(report)).toEqual([]);
    expect(one(report, 'structure:tables')).toMatchObject({
      outcome: 'pass',
      finding: 'verification.structure-extra',
      params: { extra: 2, names: 'public.order_items, public.orders' },
    });
  });
});

describe('damage is found, and nothing else reported', () => {
  const cases: readonly (readonly [what: string, damage: readonly string[], findings: readonly string[]])[] = [
    [
      'a missing table that is critical',
      ['DROP TABLE order_items'],
      [
        'table:order_items: verification.table-missing',
        'structure:tables: verification.structure-differs',
        // The rule and the relation that need it can't hold either.
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
    const restored = await copy(`DELETE FROM "Coupons" WHERE code < 'code-15'`);
    const baseline = { 'public.Coupons': { atLeast: 28, atMost: 31 } };
    const report = await check(restored, { baseline });
    expect(failed(report)).toMatchObject([
      {
        check: 'row-count:public.Coupons',
        finding: 'verification.count-unexpected',
        params: { atLeast: 28, atMost: 31 },
      },
    ]);
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

describe('evidence', () => {
  it('is at most five keys', async () => {
    const report = await check(await copy('DELETE FROM customers WHERE id <= 50'));
    const orphans = one(report, 'relation:orders.customer_id');
    expect(orphans?.params.count).toBe(149);
    expect(String(orphans?.params.keys).split(', ')).toEqual(['1', '10', '11', '12', '13', '…']);
  });

  it('shows no value that is not a number', async () => {
    const rule = { name: 'first', sql: 'select email from customers order by id', expect: { value: 'nobody' } };
    const report = await check('shop', { settings: { ...shopChecks, rules: [rule] } });
    expect(one(report, 'rule:first')).toMatchObject({ outcome: 'fail', params: { found: '…', expected: 'nobody' } });
    expect(JSON.stringify(report)).not.toContain('@example.com');
  });
});

describe('what keeps a check from running', () => {
  it('a live database that does not answer leaves the structure unproven, critical tables apart', async () => {
    const report = await check(await copy('DROP TABLE order_items'), {
      live: { host: '127.0.0.1', port: 1, database: 'shop' },
    });
    expect(one(report, 'structure')).toMatchObject({ outcome: 'not-proven' });
    expect(found(report)).toContain('table:order_items: verification.table-missing');
  });

  it('a login that the restored database refuses is found', async () => {
    const credentials: PrivateDatabase['credentials'] = (secret, keys) =>
      secret === 'shop_app'
        ? server.credentials('analyst', keys).then(({ password }) => ({ user: 'shop_app', password }))
        : server.credentials(secret, keys);
    const strange = { connect: server.connect, credentials };
    const report = await verify(strange, {
      restored: server.address('shop'),
      live: null,
      verifyRole: roleSecret('pitcrew_reader'),
      application: roleSecret('shop_app'),
      settings: shopChecks,
      baseline: {},
      asOf: recoveryPoint,
      timeZone: 'UTC',
      signal: new AbortController().signal,
    });
    expect(found(report)).toEqual(['accessible: verification.login-refused']);
  });

  it('the end of the budget lists what was not checked, and proves nothing', async () => {
    const slow = { name: 'slow', sql: 'select pg_sleep(30)', expect: { rows: 1 } };
    const settings = { ...shopChecks, gateMinutes: 1.5 / 60, queries: [slow, slow, slow, slow] };
    const report = await check('shop', { settings });
    expect(report.seconds).toBeLessThan(6);
    expect(report.outcome).toBe('not-proven');
    expect(report.notChecked).toContain('query:slow');
    expect(report.notChecked).toContain('duplicates:orders');
  });

  it('a missing right leaves that check unproven, and the others stand', async () => {
    const report = await check('shop', { verifyRole: roleSecret('analyst') });
    expect(one(report, 'duplicates:orders')).toMatchObject({
      outcome: 'not-proven',
      finding: 'verification.not-readable',
    });
    expect(one(report, 'indexes')).toMatchObject({ outcome: 'pass' });
  });

  it('rows that a policy hides are not counted as gone', async () => {
    const restored = await copy(
      'ALTER TABLE "Coupons" ENABLE ROW LEVEL SECURITY',
      `CREATE POLICY few ON "Coupons" USING (code < 'code-2')`,
    );
    const baseline = { 'public.Coupons': { atLeast: 30, atMost: 30 } };
    expect(one(await check(restored, { baseline }), 'row-count:public.Coupons')).toMatchObject({
      outcome: 'not-proven',
    });
  });

  it('configured SQL cannot write', async () => {
    const rule = { name: 'sneaky', sql: 'delete from customers returning id', expect: { rows: 200 } };
    const report = await check('shop', { settings: { ...shopChecks, rules: [rule] } });
    expect(one(report, 'rule:sneaky')).toMatchObject({ outcome: 'fail', finding: 'verification.query-fails' });
    expect((await server.sql('shop', 'SELECT count(*) FROM customers')).rows).toEqual([{ count: '200' }]);
  });
});
