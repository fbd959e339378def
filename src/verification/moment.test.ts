import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../domain/time.ts';
import type { Around } from './around.ts';
import { shopChecks } from './shop.fixture.ts';
import { found, one, openShop, type Shop } from './verified-shop.fixture.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.server.close());

const at = '2026-11-20T08:30:00.000Z';
const settings = { ...shopChecks, queries: [], rules: [], heartbeat: { column: 'heartbeat.at', withinSeconds: 60 } };
const moment = { exact: true, around: undefined };

/** One beat a minute until so many seconds before the moment. */
const beats = (seconds: number) => [
  'CREATE TABLE heartbeat (at timestamptz NOT NULL)',
  `INSERT INTO heartbeat SELECT '${at}'::timestamptz - interval '${seconds} s' - n * interval '1 minute' FROM generate_series(0, 20) n`,
];

describe('the heartbeat', () => {
  const beat = async (seconds: number, live = -600, exact = true) => {
    const restored = await shop.copy(...beats(seconds));
    const report = await shop.check(
      restored,
      { settings, moment: { ...moment, exact } },
      await shop.copy(...beats(live)),
    );
    const { outcome, finding } = one(report, 'heartbeat') ?? {};
    return `${outcome} ${finding}`;
  };

  it('of right before the moment proves it', async () => {
    expect(await beat(30)).toBe('pass verification.heartbeat');
    expect(await beat(0)).toBe('pass verification.heartbeat');
  });

  it('of after it says that too much came back, but not of the latest moment', async () => {
    expect(await beat(-1)).toBe('fail verification.heartbeat-after');
    expect(await beat(-1, -600, false)).toBe('pass verification.heartbeat');
  });

  it('of long before it says that something is missing where the live database has later ones, else nothing', async () => {
    expect(await beat(300)).toBe('fail verification.heartbeat-lost');
    expect(await beat(300, 300)).toBe('not-proven verification.heartbeat-silent');
  });

  it('that isn’t there, or can’t be read, proves nothing', async () => {
    const empty = await shop.copy('CREATE TABLE heartbeat (at timestamptz NOT NULL)');
    const report = await shop.check(empty, { settings, moment });
    expect(one(report, 'heartbeat')).toMatchObject({ outcome: 'not-proven', finding: 'verification.heartbeat-none' });
    const none = await shop.check(await shop.copy(), { settings, moment });
    expect(one(none, 'heartbeat')).toMatchObject({ outcome: 'not-proven', finding: 'verification.not-readable' });
  });

  it('is looked at after a point-in-time recovery only', async () => {
    const report = await shop.check(await shop.copy(...beats(-1)), { settings });
    expect(one(report, 'heartbeat')).toBeUndefined();
  });
});

describe('nothing is newer than the moment', () => {
  const clock = 'ALTER TABLE orders ALTER created_at SET DEFAULT now()';
  const order = (seconds: number) =>
    `INSERT INTO orders (customer_id, total, created_at) VALUES (1, 30, '${at}'::timestamptz + interval '${seconds} s')`;
  const looked = async (...damage: readonly string[]) => {
    const report = await shop.check(await shop.copy(clock, ...damage), { settings: shopChecks, moment });
    const { outcome, finding } = one(report, 'nothing-after:orders') ?? {};
    return `${outcome} ${finding}`;
  };

  it('by the column that PostgreSQL fills', async () => {
    expect(await looked(order(0))).toBe('pass verification.nothing-after');
    expect(await looked(order(6))).toBe('fail verification.rows-after');
  });

  it('within what clocks differ by it is not proven, and a time to come is none of an insertion', async () => {
    expect(await looked(order(3))).toBe('not-proven verification.rows-just-after');
    expect(await looked(order(86_400 * 365 * 20))).toBe('pass verification.nothing-after');
  });

  it('tables without such a column are not spoken of', async () => {
    const report = await shop.check(await shop.copy(clock), { settings: shopChecks, moment });
    const names = report.results.map(({ check }) => check).filter((name) => name.startsWith('nothing-after'));
    expect(names).toEqual(['nothing-after:orders']);
  });
});

describe('counts at a moment between a baseline and now', () => {
  const insert = (count: number) =>
    `INSERT INTO orders (customer_id, total, created_at) SELECT 1, 30, now() FROM generate_series(1, ${count})`;
  /** A live database with a baseline, to which something was done afterwards. */
  const lived = async (...statements: readonly string[]) => {
    const live = await shop.copy();
    const before = await shop.baseline(live);
    await shop.server.sql(live, ...statements);
    return { live, before };
  };
  const count = async (restored: string, around: Around, live: string) => {
    const report = await shop.check(restored, { settings: shopChecks, moment: { exact: true, around } }, live);
    return { report, orders: one(report, 'row-count:orders') };
  };

  it('lie between what was deleted and what was inserted since', async () => {
    const { live, before } = await lived(insert(7), 'DELETE FROM orders WHERE id > 505');
    const around = { before, after: undefined, live: shop.server.address(live) };
    const { orders } = await count(await shop.copy(insert(3)), around, live);
    expect(orders).toMatchObject({
      outcome: 'pass',
      finding: 'verification.count-around',
      params: { rows: 503, atLeast: 498, atMost: 507 },
    });
    const more = await count(await shop.copy(insert(8)), around, live);
    expect(found(more.report)).toContain('row-count:orders: verification.count-outside');
  });

  it('by two baselines what lies within is proven, and what doesn’t is not disproven', async () => {
    const { live, before } = await lived(insert(4));
    const after = await shop.baseline(live);
    const around = { before, after: { ...after, snapshotAt: instant(Date.now()) }, live: null };
    expect((await count(await shop.copy(insert(2)), around, live)).orders).toMatchObject({
      finding: 'verification.count-around',
      params: { atLeast: 500, atMost: 504 },
    });
    expect((await count(await shop.copy(insert(5)), around, live)).orders).toMatchObject({
      outcome: 'not-proven',
      finding: 'verification.count-outside-unsure',
    });
  });

  it('are not proven after a TRUNCATE, and a table that came back empty still fails', async () => {
    const { live, before } = await lived(
      'TRUNCATE "Coupons"',
      'DELETE FROM order_items WHERE line > 1',
      'VACUUM FULL order_items',
    );
    const around = { before, after: undefined, live: shop.server.address(live) };
    const { report } = await count(await shop.copy('DELETE FROM order_items'), around, live);
    expect(one(report, 'row-count:public.Coupons')).toMatchObject({
      outcome: 'not-proven',
      finding: 'verification.count-around-unknown',
    });
    expect(found(report)).toContain('row-count:order_items: verification.table-emptied');
  });
});
