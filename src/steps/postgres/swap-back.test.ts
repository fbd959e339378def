import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LoadOutputs } from '../../domain/load.ts';
import type { SwapBackOutputs } from '../../domain/rollback.ts';
import { markOf } from '../../verification/new-database.ts';
import { contextOf, failure, undo } from '../kubernetes/step-context.fixture.ts';
import { underName } from '../under-name.ts';
import type { MasterClients } from './create-database.ts';
import { proveSwapped } from './prove-swapped.ts';
import { proveKept, type SwapBackInput, swapBack } from './swap-back.ts';
import { reader, restoring, type SwappedShop, swappedShop } from './swapped.fixture.ts';

let shop: SwappedShop;
let server: SwappedShop['server'];
let clients: MasterClients;
let swapped: LoadOutputs['swap-names'];
const back = 'op-ba9876543210';
const databases = () => shop.databases();

beforeAll(async () => {
  shop = await swappedShop();
  ({ server, clients } = shop);
});
afterAll(() => server?.close());
beforeEach(async () => {
  swapped = await shop.swap();
});

const input = (more: Partial<SwapBackInput> = {}): SwapBackInput => ({
  ...{ ...shop.place, live: 'live', restored: 'live_before', kept: 'live_new', resourceId: 'db-SHOP' },
  back: { oid: swapped.keptOid, mark: null },
  leaves: { oid: swapped.oid, mark: markOf(restoring, true) },
  ...more,
});
const context = (more: Partial<SwapBackInput> = {}) => contextOf({ operation: back, input: { ...input(more) } });
const run = async (given = clients) => (await swapBack(given).run(context())) as unknown as { output: Swapped };
type Swapped = SwapBackOutputs['swap-back'];

describe('the swap back', () => {
  it('while customers order: each database has its name again, what was written since stays in the one that is left, barred', async () => {
    const before = await databases();
    const orders = shop.customers();
    await sleep(300);
    expect(await proveKept(clients).run(context())).toMatchObject({ kind: 'done' });
    const { output } = await run();
    await sleep(300);
    const { failures, longestGapMs } = await orders.stop();
    expect(output).toMatchObject({ database: 'live', oid: swapped.keptOid, kept: 'live_new', keptOid: swapped.oid });
    expect(output.outageMs).toBeLessThan(1000);
    expect(longestGapMs).toBeLessThan(1500);
    // A connection that was ended, or that came while the door was held: nothing else.
    for (const code of failures) expect(['57P01', '3D000', 'ECONNRESET']).toContain(code);
    expect(before).toEqual({
      live: { oid: swapped.oid, open: true },
      live_before: { oid: swapped.keptOid, open: false },
    });
    expect(await databases()).toEqual({
      live: { oid: swapped.keptOid, open: true },
      live_new: { oid: swapped.oid, open: false },
    });
    await server.sql('postgres', 'ALTER DATABASE live_new ALLOW_CONNECTIONS true');
    const count = async (name: string) =>
      (
        await server.sql(
          name,
          `SELECT count(*)::int AS n, count(*) FILTER (WHERE note = 'first')::int AS first FROM orders`,
        )
      ).rows[0];
    const [left, former] = [await count('live_new'), await count('live')];
    expect(left.first).toBe(40);
    expect(left.n).toBeGreaterThan(40);
    expect(former.first).toBe(2);
    expect(former.n).toBeGreaterThan(2);
  });

  it('F1: done by a worker that died before it could say so, it is found done by the next', async () => {
    const first = await run();
    const second = await run();
    expect(second.output).toMatchObject({ oid: first.output.oid, keptOid: first.output.keptOid, outageMs: null });
    expect(await databases()).toMatchObject({ live: { oid: swapped.keptOid } });
  });

  it('F1: a worker killed before COMMIT leaves the names as they were, and the next one swaps them', async () => {
    const before = await databases();
    const dying: MasterClients = {
      ...clients,
      access: {
        ...clients.access,
        connect: async (...given) => {
          const session = await clients.access.connect(...given);
          const query: typeof session.query = async (sql, values) => {
            if (sql !== 'COMMIT') return session.query(sql, values);
            await server.sql(
              'postgres',
              `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop_master'`,
            );
            return session.query(sql, values);
          };
          return { ...session, query };
        },
      },
    };
    await failure(swapBack(dying).run(context()));
    expect(await databases()).toEqual(before);
    await run();
    expect(await databases()).toMatchObject({ live: { oid: swapped.keptOid } });
  });

  it('taken back gives the names as they were when it began, once', async () => {
    const before = await databases();
    expect(await undo(swapBack(clients), context())).toMatchObject({ output: { swapped: false } });
    await run();
    expect(await undo(swapBack(clients), context())).toMatchObject({ output: { swapped: true } });
    expect(await databases()).toEqual(before);
  });

  it('the same swap the other way round takes it back again: a rollback of the rollback', async () => {
    const before = await databases();
    await run();
    const again = {
      ...{ restored: 'live_new', kept: 'live_before' },
      back: { oid: swapped.oid, mark: markOf(restoring, true) },
      leaves: { oid: swapped.keptOid, mark: null },
    };
    await swapBack(clients).run(context(again));
    expect(await databases()).toEqual(before);
  });

  const byHand: readonly (readonly [string, readonly string[]])[] = [
    ['the kept database was renamed', ['ALTER DATABASE live_before RENAME TO live_other']],
    ['the kept database was dropped', ['DROP DATABASE live_before']],
    ['it has another mark', [`COMMENT ON DATABASE live_before IS 'theirs'`]],
    ['the former name of the one that serves is somebody else’s', ['CREATE DATABASE live_new']],
    [
      'another database has its name by now',
      ['DROP DATABASE live_before', 'CREATE DATABASE live_before ALLOW_CONNECTIONS false'],
    ],
  ];
  it.each(byHand)('touches nothing when %s', async (_, statements) => {
    await server.sql('postgres', ...statements);
    const before = await databases();
    for (const step of [proveKept(clients), swapBack(clients)])
      expect(await failure(step.run(context()))).toMatchObject({ code: 'load.names-changed', kind: 'permanent' });
    expect(await undo(swapBack(clients), context()).catch(({ code }) => code)).toBe('load.names-changed');
    expect(await databases()).toEqual(before);
  });

  it('a name that goes to another database between the look and the rename is seen before COMMIT', async () => {
    let opened = 0;
    const late: MasterClients = {
      ...clients,
      access: {
        ...clients.access,
        // The second session is opened right before the rename.
        connect: async (...given) => {
          if (++opened === 2)
            await server.sql(
              'postgres',
              'ALTER DATABASE live_before RENAME TO live_other',
              'CREATE DATABASE live_before OWNER shop_master',
            );
          return clients.access.connect(...given);
        },
      },
    };
    expect(await failure(swapBack(late).run(context()))).toMatchObject({ code: 'load.names-changed' });
    expect(await databases()).toMatchObject({ live: { oid: swapped.oid, open: true } });
    expect(opened).toBe(2);
  });

  it('F42: a session that can’t be ended keeps all as it was, and nobody is sent away', async () => {
    await server.sql('postgres', 'ALTER ROLE analyst SUPERUSER');
    const stranger = await server.session('analyst', 'live');
    const before = await databases();
    expect(await failure(swapBack(clients).run(context()))).toMatchObject({ code: 'load.sessions-unendable' });
    expect(await databases()).toEqual(before);
    expect((await stranger.query('SELECT 1')).rowCount).toBe(1);
    await stranger.end();
    await server.sql('postgres', 'ALTER ROLE analyst NOSUPERUSER');
  });

  it('of another instance under the same name nothing is looked at, let alone renamed', async () => {
    const resourceId = 'db-OTHER';
    expect(await failure(proveKept(clients).run(context({ resourceId })))).toMatchObject({
      code: 'rollback.old-is-another',
    });
  });

  it('the application is proven to be on the former database by its id', async () => {
    const { output } = await run();
    const proving = underName('prove-swapped-back', proveSwapped(clients), { 'swap-names': 'swap-back' });
    const given = contextOf({
      operation: back,
      outputs: { 'swap-back': output },
      input: {
        ...{ ...shop.place, live: 'live', restored: 'live_before', kept: 'live_new', role: 'shop_app' },
        verifyRole: reader,
        ...{ pollSeconds: 1, withinSeconds: 60 },
      },
    });
    expect(await proving.run(given)).toMatchObject({ kind: 'wait' });
    const client = await server.session('shop_app', 'live');
    expect(await proving.run(given)).toMatchObject({ output: { sessions: 1 } });
    await client.end();
  });
});
