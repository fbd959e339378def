import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleSecret } from '../clients/private-database.fixture.ts';
import { recoveryPoint, shopChecks } from './shop.fixture.ts';
import { type Standing, verifyStanding, verifyStandingDeeply } from './standing.ts';
import { failed, found, one, openShop, type Shop } from './verified-shop.fixture.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.server.close());

const standing = (database: string, over: Partial<Standing> = {}): Standing => ({
  address: shop.server.address(database),
  verifyRole: roleSecret('pitcrew_reader'),
  role: 'shop_app',
  serves: true,
  settings: shopChecks,
  baseline: undefined,
  asOf: recoveryPoint,
  timeZone: 'UTC',
  signal: new AbortController().signal,
  ...over,
});
const look = (database: string, over?: Partial<Standing>) => verifyStanding(shop.server, standing(database, over));
/** A copy, what was measured of it, and what happened since. */
async function since(...statements: readonly string[]) {
  const database = await shop.copy();
  const baseline = await shop.baseline(database);
  if (statements.length > 0) await shop.server.sql(database, ...statements);
  return { database, baseline, report: await look(database, { baseline }) };
}

describe('a database as it stands', () => {
  it('without anything wrong fails in nothing, and what can’t be known of it is not proven', async () => {
    const report = await look('shop');
    expect(found(report)).toEqual([]);
    expect(report.outcome).toBe('not-proven');
    expect(one(report, 'answers')).toMatchObject({ outcome: 'pass', params: { user: 'pitcrew_reader' } });
    expect(one(report, 'structure')).toMatchObject({ finding: 'verification.structure-without-baseline' });
    expect(one(report, 'row-count:orders')).toMatchObject({
      outcome: 'not-proven',
      finding: 'verification.rows-now',
      params: { rows: 500 },
    });
  });

  it('passes with a baseline, and where rows only came, there are proven to be as many as then', async () => {
    const { database, baseline } = await since(`INSERT INTO customers (email, created_at) VALUES ('x', now())`);
    const session = await shop.server.session('shop_app', database);
    const settings = { ...shopChecks, queries: shopChecks.queries.slice(0, 1) };
    const report = await look(database, { baseline, settings });
    await session.end();
    expect(one(report, 'row-count:customers')).toMatchObject({ outcome: 'pass', params: { rows: 201, had: 200 } });
    expect(one(report, 'structure:tables')).toMatchObject({ finding: 'verification.structure-as-baseline' });
    expect(one(report, 'application-sessions')).toMatchObject({ outcome: 'pass', params: { sessions: 1 } });
    expect(found(report)).toEqual([]);
  });

  it('tells of rows that were deleted, and whether that was meant is left to people', async () => {
    const { report } = await since('DELETE FROM order_items WHERE order_id <= 10');
    expect(one(report, 'row-count:order_items')).toMatchObject({
      outcome: 'not-proven',
      finding: 'verification.rows-deleted-since',
      params: { rows: 1470, had: 1500, deleted: 30 },
    });
  });

  it('is not talked out of a deletion by as many new rows', async () => {
    const again = 'INSERT INTO order_items SELECT n, 9, 10 FROM generate_series(1, 30) n';
    const { report } = await since('DELETE FROM order_items WHERE order_id <= 10', again);
    expect(one(report, 'row-count:order_items')).toMatchObject({
      outcome: 'not-proven',
      params: { rows: 1500, had: 1500, deleted: 30 },
    });
  });

  it('fails where a critical table lost every row, by DELETE or by TRUNCATE', async () => {
    for (const how of ['DELETE FROM order_items', 'TRUNCATE order_items']) {
      const { report } = await since(how);
      expect(found(report), how).toContain('row-count:order_items: verification.rows-all-gone');
      expect(report.outcome).toBe('fail');
    }
  });

  it('proves nothing about counts after the counters began anew', async () => {
    const { database, baseline } = await since();
    await shop.server.sql(database, 'SELECT pg_stat_reset()');
    const report = await look(database, { baseline });
    expect(one(report, 'row-count:orders')).toMatchObject({ finding: 'verification.rows-without-counters' });
  });

  it('fails where a table is gone; a column that is gone may have been meant', async () => {
    const { report } = await since('DROP TABLE plain_log', 'ALTER TABLE "Coupons" DROP COLUMN note');
    expect(found(report)).toContain('structure:tables: verification.structure-gone-since');
    expect(one(report, 'structure:columns')).toMatchObject({
      outcome: 'not-proven',
      finding: 'verification.structure-changed-since',
      params: { names: 'public.Coupons.note' },
    });
  });

  it('finds orphans, and says that they are new only where a baseline shows it', async () => {
    const { database, report } = await since('DELETE FROM customers WHERE id = 7');
    expect(found(report)).toContain('relation:orders.customer_id: verification.orphans');
    expect(found(await look(database))).toContain('relation:orders.customer_id: verification.orphans-now');
  });

  it('asks how old rows are as of now, and not at all where nobody writes', async () => {
    const asOf = '2026-11-20T12:00:00.000Z';
    const served = await look('shop', { asOf });
    expect(one(served, 'query:newest order')).toMatchObject({ finding: 'verification.query-too-old-now' });
    const apart = await look('shop', { asOf, serves: false });
    expect(one(apart, 'query:newest order')).toMatchObject({ outcome: 'not-proven' });
    expect(one(apart, 'application-sessions')).toMatchObject({ finding: 'verification.application-elsewhere' });
    expect(failed(apart)).toEqual([]);
  });

  it('that doesn’t answer is what was found, and that its role is refused is not', async () => {
    const address = { ...shop.server.address('shop'), port: 1 };
    const away = await look('shop', { address });
    expect(away).toMatchObject({ outcome: 'fail', results: [{ point: 'accessible', outcome: 'fail' }] });
    expect(found(await look('no_such'))).toEqual(['answers: verification.no-such-database']);
    const wrong = { ...roleSecret('pitcrew_reader'), secret: 'nobody' };
    await expect(look('shop', { verifyRole: wrong })).rejects.toThrow();
  });

  it('gets one session that only reads, however much there is to look at', async () => {
    let most = 0;
    let running = true;
    const watch = (async () => {
      while (running) {
        const { rows } = await shop.server.sql(
          'shop',
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'pitcrew_reader'`,
        );
        most = Math.max(most, rows[0].n);
      }
    })();
    await look('shop');
    await verifyStandingDeeply(shop.server, standing('shop'));
    running = false;
    await watch;
    expect(most).toBe(1);
  });

  it('is read whole in the deep look: each table, each key', async () => {
    const database = await shop.copy();
    const baseline = await shop.baseline(database);
    const report = await verifyStandingDeeply(shop.server, standing(database, { baseline }));
    expect(found(report)).toEqual([]);
    expect(report.results.map(({ check }) => check)).toContain('tables-read');
  });
});
