import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type PrivateDatabase, roleSecret } from '../../clients/private-database.fixture.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { liveDatabase } from '../../verification/live-database.ts';
import { recoveryPoint } from '../../verification/shop.fixture.ts';
import { contextOf, failure, undo } from '../kubernetes/step-context.fixture.ts';
import { fenceOld } from './fence-old.ts';
import { measureLoss } from './measure-loss.ts';
import { databaseSessions } from './sessions.ts';
import { type ShopServer, shopServer } from './shop-server.fixture.ts';

let shop: ShopServer;
let server: PrivateDatabase;
beforeAll(async () => {
  shop = await shopServer();
  ({ server } = shop);
});
afterEach(() => shop.disconnect());
afterAll(() => server.close());

describe('sessions of a database', () => {
  const who = {
    reader: roleSecret('pitcrew_reader'),
    application: 'shop_app',
    fence: roleSecret('pitcrew_fence'),
  };
  const seen = (more: object = {}) => databaseSessions(server).on(server.address('shop'), { ...who, ...more });

  it('are told apart: the application’s, other people’s, and pitcrew’s own, which count for nothing', async () => {
    await shop.connectAs('shop_app');
    await shop.connectAs('analyst');
    await shop.connectAs('shop_app', 'postgres'); // another database
    const { credentials } = server;
    const mine = await server.connect(server.address('shop'), await credentials(roleSecret('pitcrew_fence')), {
      statementTimeoutSeconds: 5,
    });
    const { application, foreign } = await seen();
    await mine.close();
    expect(application).toMatchObject([{ role: 'shop_app', clientAddress: '127.0.0.1', applicationName: 'test' }]);
    expect(foreign).toMatchObject([{ role: 'analyst' }]);
    expect((await seen({ readers: ['analyst'] })).foreign).toEqual([]);
  });

  it('F35: are pitcrew’s by their role, not by the name that they give themselves', async () => {
    const client = await shop.connectAs('analyst');
    await client.query(`SET application_name = 'pitcrew'`);
    expect((await seen()).foreign).toMatchObject([{ role: 'analyst', applicationName: 'pitcrew' }]);
  });

  it('have their age by the database’s clock', async () => {
    await shop.connectAs('shop_app');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const [session] = (await seen()).application;
    expect(session?.ageSeconds).toBeGreaterThan(0.29);
    expect(session?.ageSeconds).toBeLessThan(30);
    expect(session?.startedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('that a role may not see are no proof that there are none', async () => {
    expect(await failure(seen({ reader: roleSecret('analyst') }))).toMatchObject({
      code: 'database.sessions-hidden',
      kind: 'permanent',
    });
  });
});

describe('fence-old', () => {
  const step = () => fenceOld(server);
  const context = (target = { ...shop.target(), port: 1 }) =>
    contextOf({
      input: {
        role: 'shop_app',
        source: server.address('shop') as unknown as JsonObject,
        fenceRole: roleSecret('pitcrew_fence') as unknown as JsonObject,
      },
      outputs: { 'await-instance': target },
    });

  it('F60: ends the application’s sessions, in every database, and lets none come back until it is undone', async () => {
    await shop.connectAs('shop_app');
    await shop.connectAs('shop_app', 'postgres');
    const bystander = await shop.connectAs('analyst');
    expect(await step().run(context())).toMatchObject({
      output: {
        role: 'shop_app',
        endedSessions: 2,
        ended: [
          { role: 'shop_app', application: 'test', address: '127.0.0.1' },
          { role: 'shop_app', application: 'test' },
        ],
      },
    });
    await expect(shop.connectAs('shop_app')).rejects.toThrow('not permitted to log in');
    expect((await bystander.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(await step().run(context())).toMatchObject({ output: { endedSessions: 0 } });
    await undo(step(), context());
    expect((await (await shop.connectAs('shop_app')).query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('refuses to bar the application from the database that it was put on', async () => {
    await shop.connectAs('shop_app');
    expect(await failure(step().run(context(shop.target() as never)))).toMatchObject({ code: 'restore.same-instance' });
    expect((await server.sql('shop', `SELECT rolcanlogin FROM pg_roles WHERE rolname = 'shop_app'`)).rows).toEqual([
      { rolcanlogin: true },
    ]);
  });
});

describe('measure-loss', () => {
  const measure = async (old: string, restored: string, tables: readonly string[], budgetSeconds = 30) => {
    const input = {
      source: server.address(old) as unknown as JsonObject,
      database: restored,
      verifyRole: roleSecret('pitcrew_reader') as unknown as JsonObject,
      tables,
      budgetSeconds,
    };
    const done = await measureLoss(server).run(contextOf({ input, outputs: { 'await-instance': shop.target() } }));
    if (done.kind !== 'done') throw new Error('it waits');
    return done.output as RestoreOutputs['measure-loss'];
  };

  it('counts what is lost, what comes back and what is different, and when the last of it was written', async () => {
    const old = await shop.copy(
      `INSERT INTO orders (customer_id, total, created_at) SELECT 1, 5, '2026-11-20 09:00Z'::timestamptz + n * interval '1 second'
        FROM generate_series(1, 12000) n`,
      'DELETE FROM order_items WHERE order_id <= 4',
      'UPDATE orders SET total = 99 WHERE id <= 3',
      `UPDATE "Coupons" SET note = 'used' WHERE code IN ('code-1', 'code-2')`,
      `DELETE FROM "Coupons" WHERE code = 'code-9'`,
      `INSERT INTO "Coupons" VALUES ('Älter'), ('code_x'), ('𐀀-after-ￜ'), ('ￜ')`,
    );
    // Sorted by bytes, the two odd ones stand the other way round than a string comparison of JavaScript has them.
    const restored = await shop.copy(`INSERT INTO "Coupons" VALUES ('𐀀-after-ￜ')`);
    const found = await measure(old, restored, ['orders', 'order_items', 'public.Coupons', 'customers']);
    expect(found).toEqual({
      tables: [
        { table: 'orders', before: 12_500, after: 500, lost: 12_000, returned: 0, changed: 3 },
        { table: 'order_items', before: 1488, after: 1500, lost: 0, returned: 12, changed: 0 },
        { table: 'public.Coupons', before: 33, after: 31, lost: 3, returned: 1, changed: 2 },
        { table: 'customers', before: 200, after: 200, lost: 0, returned: 0, changed: 0 },
      ],
      lastLostAt: '2026-11-20T12:20:00.000Z',
      notMeasured: [],
    });
  });

  it('names what can’t be measured: no primary key, not there, no time left', async () => {
    expect(await measure('shop', 'shop', ['plain_log', 'nowhere'])).toMatchObject({
      tables: [],
      notMeasured: ['plain_log', 'nowhere'],
    });
    const slow = await shop.copy(
      'CREATE VIEW slow AS SELECT 1',
      `INSERT INTO orders (customer_id, total, created_at) SELECT 1, 5, now() FROM generate_series(1, 100000)`,
    );
    expect(await measure(slow, slow, ['customers', 'orders'], 0.15)).toMatchObject({
      notMeasured: expect.arrayContaining(['orders']),
    });
  });

  it('a table whose shape changed is counted, but who has changed in it can’t be told', async () => {
    const old = await shop.copy('ALTER TABLE customers ADD COLUMN phone text', 'DELETE FROM customers WHERE id = 3');
    expect((await measure(old, 'shop', ['customers'])).tables).toMatchObject([{ returned: 1, lost: 0, changed: null }]);
  });
});

describe('what a plan asks of the live database', () => {
  it('rows since the recovery point, null where no column says when, and the unlogged tables', async () => {
    const live = await liveDatabase(server, server.address('shop'), roleSecret('pitcrew_reader'));
    expect(await live.newerRows('orders', '2026-11-20T08:10:00.000Z')).toBe(10);
    expect(await live.newerRows('order_items', recoveryPoint)).toBeNull();
    expect(await live.newerRows('nowhere', recoveryPoint)).toBeNull();
    expect(await live.unloggedTables()).toEqual(['public.carts']);
    await live.close();
  });
});
