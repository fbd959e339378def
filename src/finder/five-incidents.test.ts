import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { harms } from '../../sandbox/shop/hurt.ts';
import type { Candidate, LastGood } from '../domain/last-good.ts';
import { instant, milliseconds, secondsBetween } from '../domain/time.ts';
import { named, startWorld, type World } from '../steps/kubernetes/cluster.fixture.ts';
import { type IncidentGround, openGround } from './incidents.fixture.ts';

let dated: IncidentGround;
let undated: IncidentGround;
let world: World;
beforeAll(async () => {
  [dated, undated, world] = await Promise.all([openGround(true), openGround(false), startWorld()]);
});
afterAll(() => Promise.all([dated?.server.close(), undated?.server.close(), world?.close()]));

const ofKind = ({ candidates }: LastGood, kind: Candidate['evidence']['kind']) =>
  candidates.filter(({ evidence }) => evidence.kind === kind);
const codes = ({ gaps }: LastGood) => gaps.map(({ code }) => code);

/** A whole second before the commit, and no more than one. */
function expectWithinASecond(moment: string | undefined, commit: { after: number; before: number }): void {
  const ms = milliseconds(moment ?? '');
  expect(ms % 1000).toBe(0);
  expect(ms).toBeLessThan(commit.before);
  expect(ms).toBeGreaterThanOrEqual(commit.after - 1000);
}

describe('five seeded incidents', () => {
  it('1: an UPDATE by a deploy: the rollout is likely, the first bad row proves the second before it', async () => {
    await world.deploy('shop', 1);
    const shop = await dated.open(world.kubernetes, [named('shop')]);
    await sleep(1100);
    const since = instant(Math.floor(Date.now() / 1000) * 1000);
    const container = { name: 'shop', env: [{ name: 'RELEASE', value: '2' }] };
    const annotations = { 'kubernetes.io/change-cause': 'release 2' };
    await world.kubectl(
      ...['-n', 'production', 'patch', 'deployment', 'shop', '-p'],
      JSON.stringify({ metadata: { annotations }, spec: { template: { spec: { containers: [container] } } } }),
    );
    await sleep(1500);
    const commit = await shop.hurt((client) => client.query(`UPDATE orders SET note = 'free' WHERE id % 7 = 0`));
    // The shop goes on: what it writes later matches nothing.
    await shop.client.query(`UPDATE orders SET note = 'fine' WHERE id % 7 = 1`);
    const found = await shop.find({ since, table: 'orders', where: `note = 'free'` });
    expect(found.candidates[0]).toMatchObject({ sureness: 'proven', evidence: { kind: 'commit' }, reached: true });
    expectWithinASecond(found.candidates[0]?.moment, commit);
    const [deploy, ...others] = ofKind(found, 'deploy');
    expect(others).toEqual([]);
    expect(deploy).toMatchObject({ sureness: 'likely', evidence: { workload: 'shop', from: 'test/web:1' } });
    expect(deploy && deploy.moment < instant(commit.after)).toBe(true);
  });

  it('2: corrupt-prices: proven by the commit, though the shop went on changing prices', async () => {
    const shop = await dated.open();
    await shop.client.query('UPDATE products SET price = 10 + id % 5');
    const commit = await shop.hurt(harms['corrupt-prices']);
    await sleep(1200);
    await shop.client.query('UPDATE products SET price = price + 1 WHERE id <= 3');
    const found = await shop.find({ table: 'products', where: 'price > 500' });
    expect(found.candidates[0]).toMatchObject({
      sureness: 'proven',
      evidence: { kind: 'commit', table: 'products', rows: 47, matching: 50 },
    });
    expectWithinASecond(found.candidates[0]?.moment, commit);
  });

  it('3: a migration that broke data: its own bookkeeping says when, and that it is likely is all that is said', async () => {
    const shop = await undated.open();
    await shop.client.query(
      `CREATE TABLE flyway_schema_history (version text, description text, installed_on timestamp NOT NULL DEFAULT now(),
         installed_rank serial, success boolean NOT NULL DEFAULT true)`,
    );
    await shop.client.query(
      `INSERT INTO flyway_schema_history VALUES ('1', 'old', now()::timestamp - interval '3 days')`,
    );
    // As a tool does that lives in the environment's time zone.
    await shop.client.query(`SET TimeZone = 'Europe/Berlin'`);
    const commit = await shop.hurt(async (client) => {
      await harms['delete-customers'](client);
      await client.query(`INSERT INTO flyway_schema_history (version, description) VALUES ('2', 'drop unused')`);
    });
    const found = await shop.find();
    expect(found.candidates).toHaveLength(1);
    expect(found.candidates[0]).toMatchObject({
      sureness: 'likely',
      evidence: { kind: 'migration', tool: 'Flyway', name: '2 drop unused' },
    });
    expectWithinASecond(found.candidates[0]?.moment, commit);
  });

  it('3b: the config may say where migrations are written down, and where a version alone is kept that is a gap', async () => {
    const shop = await undated.open(undefined, [], 'select ran as at, script as name from scripts;');
    await shop.client.query('CREATE TABLE alembic_version (version_num text)');
    await shop.client.query('CREATE TABLE scripts (script text, ran timestamptz DEFAULT now())');
    const commit = await shop.hurt((client) => client.query(`INSERT INTO scripts (script) VALUES ('042-prices.sql')`));
    const found = await shop.find();
    expect(found.candidates).toMatchObject([{ sureness: 'likely', evidence: { name: '042-prices.sql' } }]);
    expectWithinASecond(found.candidates[0]?.moment, commit);
    expect(codes(found)).toContain('find.migrations-untimed');
  });

  it('4: deleted rows leave none: unknown without baselines, between two of them by their counters', async () => {
    const shop = await undated.open();
    const before = await shop.find();
    expect(before.candidates).toEqual([]);
    expect(codes(before)).toContain('find.no-baseline');
    await shop.baseline();
    const quiet = await shop.find();
    expect(quiet.candidates).toEqual([]);
    const commit = await shop.hurt(harms['drop-orders']);
    await shop.baseline();
    const found = await shop.find();
    expect(found.candidates.map(({ sureness }) => sureness)).toEqual(['between']);
    const [one] = ofKind(found, 'deleted');
    const { rows } = await shop.client.query<{ left: number }>('SELECT count(*)::int AS left FROM orders');
    expect(one?.evidence).toMatchObject({
      tables: expect.arrayContaining([{ table: 'public.orders', rows: 2000 - (rows[0]?.left ?? 0) }]),
    });
    expect(one && milliseconds(one.at) < commit.after).toBe(true);
    const until = one?.evidence.kind === 'deleted' ? one.evidence.until : '';
    expect(milliseconds(until)).toBeGreaterThan(commit.after);
    expect(secondsBetween(one?.moment ?? '', one?.at ?? '')).toBeLessThanOrEqual(1);
  });

  it('4b: a dropped table is missed since the last baseline that had it', async () => {
    const shop = await undated.open();
    await shop.baseline();
    await shop.hurt(harms['drop-table']);
    const found = await shop.find();
    expect(ofKind(found, 'gone')).toMatchObject([
      { sureness: 'between', evidence: { tables: ['public.order_items'] } },
    ]);
  });

  it('5: without commit times a row is dated by its own clock where it has one, and said to be so; else unknown', async () => {
    const shop = await undated.open();
    const commit = await shop.hurt((client) =>
      client.query(
        `INSERT INTO customers (email, full_name, country) SELECT 'bot' || n || '@x.example', 'bot', 'XX' FROM generate_series(1, 5) n`,
      ),
    );
    const found = await shop.find({ table: 'customers', where: `country = 'XX'` });
    expect(found.candidates).toMatchObject([
      { sureness: 'likely', evidence: { kind: 'own-clock', column: 'created_at', matching: 5 } },
    ]);
    expectWithinASecond(found.candidates[0]?.moment, commit);
    expect(codes(found)).toContain('find.commit-times-off');
    const unknown = await shop.find({ table: 'order_items', where: 'quantity > 0' });
    expect(unknown.candidates).toEqual([]);
    expect(codes(unknown)).toEqual(expect.arrayContaining(['find.no-own-clock', 'find.commit-times-off']));
  });
});

describe('what is not known is not said', () => {
  it('a row that is frozen keeps the time of its commit', async () => {
    const shop = await dated.open();
    await shop.client.query('VACUUM FREEZE orders');
    const frozen = await shop.find({ table: 'orders', where: 'total >= 0' });
    // Frozen and still dated: the time is the commit's.
    expect(frozen.candidates[0]?.sureness).toBe('proven');
  });

  it('a row from before commits had a time makes the first unknown, and what comes later is proven again', async () => {
    const shop = await undated.open();
    await undated.server.restart({ track_commit_timestamp: 'on' });
    const old = await shop.find({ table: 'orders', where: 'total >= 0' });
    expect(old.candidates.filter(({ sureness }) => sureness === 'proven')).toEqual([]);
    expect(old.gaps).toContainEqual({
      code: 'find.commit-times-missing',
      params: { table: 'orders', rows: 2000, matching: 2000 },
    });
    const bot = `INSERT INTO customers (email, full_name, country) VALUES ('b@x.example', 'bot', 'XX')`;
    await undated.server.sql(shop.database, bot);
    const found = await shop.find({ table: 'customers', where: `country = 'XX'` });
    expect(found.candidates[0]).toMatchObject({ sureness: 'proven', evidence: { rows: 1, matching: 1 } });
  });

  it('a table that is locked keeps nothing else from being told', async () => {
    const shop = await dated.open();
    await shop.client.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
    const found = await shop.find({ table: 'orders', where: 'total = 0' });
    await shop.client.query('ROLLBACK');
    expect(codes(found)).toEqual(expect.arrayContaining(['find.rows-not-read', 'find.no-baseline']));
  });

  it('no row matches: said so', async () => {
    const shop = await dated.open();
    const found = await shop.find({ table: 'orders', where: 'total < 0' });
    expect(found.candidates).toEqual([]);
    expect(codes(found)).toContain('find.no-bad-row');
  });
});

describe('nothing but an expression is taken', () => {
  it.each([
    ['true) UNION SELECT (1', 'condition.malformed'],
    ['true)) UNION SELECT 1 WHERE ((true', 'condition.malformed'],
    ['true)] FROM orders; DELETE FROM orders WHERE (true', 'condition.malformed'],
    ['false)) OR ((true', 'condition.malformed'],
    ['true)) ORDER BY ((1', 'condition.malformed'],
    ['true; DELETE FROM orders', 'condition.malformed'],
    ['true -- ', 'condition.malformed'],
    ['pg_sleep/**/(9) IS NULL', 'condition.malformed'],
    ['U&"pg\\005fsleep"(9) IS NULL', 'condition.malformed'],
    ['pg_sleep(9) IS NULL', 'condition.volatile'],
    ['"pg_sleep"(9) IS NULL', 'condition.volatile'],
    ['pg_catalog.pg_cancel_backend (1)', 'condition.volatile'],
    [`set_config('statement_timeout', '0', false) = ''`, 'condition.volatile'],
    ['totl < 0', 'condition.refused'],
    ['total', 'condition.refused'],
    ['$1 IS NULL', 'condition.malformed'],
    ['(SELECT count(*) FROM pg_authid) > 0', 'condition.system'],
    [`EXISTS (SELECT FROM pg_roles WHERE oid::int = total)`, 'condition.system'],
  ])('%s', async (where, code) => {
    const shop = await (async () => (ground ??= await dated.open()))();
    await expect(shop.find({ table: 'orders', where })).rejects.toMatchObject({ code });
    const { rows } = await shop.client.query<{ n: number }>('SELECT count(*)::int AS n FROM orders');
    expect(rows[0]?.n).toBe(2000);
  });

  it('where a string ends is what the guard takes it to be, whatever the role has set', async () => {
    const shop = await (async () => (ground ??= await dated.open()))();
    await dated.server.sql('postgres', 'ALTER ROLE pitcrew_reader SET standard_conforming_strings = off');
    const found = await shop.find({ table: 'orders', where: `status::text = '\\'' OR pg_sleep/**/(9) IS NULL --'` });
    await dated.server.sql('postgres', 'ALTER ROLE pitcrew_reader RESET standard_conforming_strings');
    expect(codes(found)).toContain('find.no-bad-row');
  });

  it('PostgreSQL’s own words say what is wrong, and a table that isn’t there has its nearest', async () => {
    const shop = await (async () => (ground ??= await dated.open()))();
    await expect(shop.find({ table: 'orders', where: 'totl < 0' })).rejects.toMatchObject({
      params: { said: expect.stringContaining('"totl"') },
    });
    await expect(shop.find({ table: 'order', where: 'true' })).rejects.toMatchObject({
      code: 'find.no-table',
      params: { closest: expect.arrayContaining(['orders']) },
    });
    const found = await shop.find({
      table: 'orders',
      where: `NOT EXISTS (SELECT FROM customers c WHERE c.id = customer_id)`,
    });
    expect(codes(found)).toContain('find.no-bad-row');
  });
});
let ground: Awaited<ReturnType<IncidentGround['open']>> | undefined;
