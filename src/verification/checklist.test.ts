import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PrivateDatabase, roleSecret } from '../clients/private-database.fixture.ts';
import { verify } from './checklist.ts';
import { recoveryPoint, shopChecks } from './shop.fixture.ts';
import { failed, found, one, openShop, type Shop } from './verified-shop.fixture.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.server.close());
const copy: Shop['copy'] = (...damage) => shop.copy(...damage);
const check: Shop['check'] = (...question) => shop.check(...question);

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

  it('passes whole against its baseline, counts and all', async () => {
    const restored = await copy();
    const report = await check(restored, { baseline: await shop.baseline('shop') });
    expect(report.outcome).toBe('pass');
    expect(report.results.filter(({ known }) => known)).toEqual([]);
    expect(one(report, 'row-count:orders')).toMatchObject({
      finding: 'verification.count-exact',
      params: { rows: 500, atLeast: 500, atMost: 500 },
    });
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
    const credentials: PrivateDatabase['credentials'] = async (role) => {
      if (role.secret !== 'shop_app') return shop.server.credentials(role);
      const { password } = await shop.server.credentials(roleSecret('analyst'));
      return { user: 'shop_app', password };
    };
    const strange = { connect: shop.server.connect, credentials };
    const report = await verify(strange, {
      restored: shop.server.address('shop'),
      live: null,
      verifyRole: roleSecret('pitcrew_reader'),
      application: roleSecret('shop_app'),
      settings: shopChecks,
      baseline: undefined,
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

  it('F15: a worker that is told to go doesn’t sit out a long statement', async () => {
    const stop = new AbortController();
    const slow = { name: 'slow', sql: 'select pg_sleep(50)', expect: { rows: 1 } };
    const restored = await copy();
    const began = performance.now();
    setTimeout(() => stop.abort(), 1000);
    const settings = { ...shopChecks, queries: [slow] };
    await expect(check(restored, { settings, signal: stop.signal })).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(10_000);
    const left = `SELECT FROM pg_stat_activity WHERE usename = 'pitcrew_reader'`;
    while ((await shop.server.sql('postgres', left)).rowCount !== 0) await sleep(100);
    expect(performance.now() - began).toBeLessThan(20_000);
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
    expect(
      one(await check(restored, { baseline: await shop.baseline('shop') }), 'row-count:public.Coupons'),
    ).toMatchObject({
      outcome: 'not-proven',
    });
  });

  it('configured SQL cannot write', async () => {
    const rule = { name: 'sneaky', sql: 'delete from customers returning id', expect: { rows: 200 } };
    const report = await check('shop', { settings: { ...shopChecks, rules: [rule] } });
    expect(one(report, 'rule:sneaky')).toMatchObject({ outcome: 'fail', finding: 'verification.query-fails' });
    expect((await shop.server.sql('shop', 'SELECT count(*) FROM customers')).rows).toEqual([{ count: '200' }]);
  });
});
