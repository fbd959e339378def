import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LoadOutputs } from '../../domain/load.ts';
import { Secret } from '../../domain/secret.ts';
import { markOf, run } from '../../verification/new-database.ts';
import { contextOf, failure, undo } from '../kubernetes/step-context.fixture.ts';
import { createDatabase, type MasterClients } from './create-database.ts';
import { proveSwapped } from './prove-swapped.ts';
import { proveSwappable, type SwapNamesInput, swapNames } from './swap-names.ts';
import { reader, restoring, type SwappedShop, swappedShop } from './swapped.fixture.ts';

let shop: SwappedShop;
let server: SwappedShop['server'];
let clients: MasterClients;
const operation = restoring;
const oidOf = async (name: string) =>
  (await server.sql('postgres', `SELECT oid::int AS oid, datallowconn FROM pg_database WHERE datname = '${name}'`))
    .rows[0];

beforeAll(async () => {
  shop = await swappedShop();
  ({ server, clients } = shop);
  await server.sql('postgres', 'CREATE ROLE owner_of_all');
});
afterAll(() => server?.close());
beforeEach(() => shop.anew());

const input = (): SwapNamesInput => ({ ...shop.place, live: 'live', restored: 'live_new', kept: 'live_before' });
const context = (outputs = {}) => contextOf({ operation, input: { ...input() }, outputs });

describe('the swap of names', () => {
  it('while customers order: both names change at once, writes go on within a second, and nobody gets to the old one', async () => {
    const [old, fresh] = [await oidOf('live'), await oidOf('live_new')];
    const orders = shop.customers();
    await sleep(400);
    const { output } = (await swapNames(clients).run(context())) as unknown as { output: LoadOutputs['swap-names'] };
    await sleep(400);
    const { failures, longestGapMs } = await orders.stop();
    expect(output).toMatchObject({ database: 'live', oid: fresh.oid, kept: 'live_before', keptOid: old.oid });
    expect(output.outageMs).toBeLessThan(1000);
    expect(output.endedSessions).toBeGreaterThan(0);
    expect(longestGapMs).toBeLessThan(1500);
    // A connection that was ended, or that came while the door was held: nothing else.
    for (const code of failures) expect(['57P01', '3D000', 'ECONNRESET']).toContain(code);
    expect(await oidOf('live')).toEqual({ oid: fresh.oid, datallowconn: true });
    expect(await oidOf('live_before')).toEqual({ oid: old.oid, datallowconn: false });
    const { rows } = await server.sql('live', 'SELECT count(*)::int AS n FROM orders');
    expect(rows[0].n).toBeGreaterThan(40);
  });

  it('F1: done by a worker that died before it could say so, it is found done by the next', async () => {
    const first = (await swapNames(clients).run(context())) as unknown as { output: LoadOutputs['swap-names'] };
    const second = (await swapNames(clients).run(context())) as unknown as { output: LoadOutputs['swap-names'] };
    expect(second.output).toMatchObject({ oid: first.output.oid, keptOid: first.output.keptOid, outageMs: null });
  });

  it('taken back gives each its name again, and lets the application in', async () => {
    const [old, fresh] = [await oidOf('live'), await oidOf('live_new')];
    await swapNames(clients).run(context());
    expect(await undo(swapNames(clients), context())).toMatchObject({ output: { swapped: true } });
    expect(await oidOf('live')).toEqual({ oid: old.oid, datallowconn: true });
    expect((await oidOf('live_new')).oid).toBe(fresh.oid);
    expect(await undo(swapNames(clients), context())).toMatchObject({ output: { swapped: false } });
  });

  it('F42: a session that the master user can’t end is named, and nobody is sent away', async () => {
    const stranger = new pg.Client({
      ...{ host: '127.0.0.1', port: server.port, database: 'live', ssl: { rejectUnauthorized: false } },
      ...{ user: 'analyst', password: `pass word of analyst's`, application_name: 'nightly' },
    });
    stranger.on('error', () => {});
    await server.sql('postgres', 'ALTER ROLE analyst SUPERUSER');
    await stranger.connect();
    const orders = shop.customers();
    await sleep(200);
    for (const step of [proveSwappable(clients), swapNames(clients)]) {
      const error = await failure(step.run(context()));
      expect(error).toMatchObject({ code: 'load.sessions-unendable', kind: 'permanent' });
      expect(error.params).toMatchObject({ role: 'analyst', application: 'nightly', sessions: 1 });
    }
    const { failures } = await orders.stop();
    expect(failures).toEqual([]);
    expect((await stranger.query('SELECT 1')).rowCount).toBe(1);
    expect(await oidOf('live_before')).toBeUndefined();
    await stranger.end();
    await server.sql('postgres', 'ALTER ROLE analyst NOSUPERUSER');
  });

  it('F42: a session that comes after the look and doesn’t leave keeps all as it was: no half swap', async () => {
    const before = [await oidOf('live'), await oidOf('live_new')];
    await server.sql('postgres', 'ALTER ROLE analyst SUPERUSER');
    let stranger: pg.Client | undefined;
    const late: MasterClients = {
      ...clients,
      access: {
        ...clients.access,
        // Between the look and the rename: the second session is opened right before it.
        connect: async (...given) => {
          const session = await clients.access.connect(...given);
          if (++opened === 2) {
            stranger = await server.session('analyst', 'live');
          }
          return session;
        },
      },
    };
    let opened = 0;
    const error = await failure(swapNames(late).run(context()));
    expect(error).toMatchObject({ kind: 'retryable', code: 'load.sessions-stay' });
    expect([await oidOf('live'), await oidOf('live_new')]).toEqual(before);
    await stranger?.end();
    await server.sql('postgres', 'ALTER ROLE analyst NOSUPERUSER');
  }, 30_000);

  it('touches nothing when one of the names is somebody else’s by now', async () => {
    await server.sql('postgres', `COMMENT ON DATABASE live_new IS 'theirs'`);
    expect(await failure(swapNames(clients).run(context()))).toMatchObject({ code: 'load.names-changed' });
  });
});

describe('after the swap', () => {
  const proving = (outputs = {}) =>
    contextOf({
      operation,
      outputs,
      input: {
        ...input(),
        role: 'shop_app',
        verifyRole: reader,
        pollSeconds: 1,
        withinSeconds: 60,
      },
    });

  it('the application is proven to be on the restored database by its id, never by its name', async () => {
    const { output } = (await swapNames(clients).run(context())) as unknown as { output: LoadOutputs['swap-names'] };
    const outputs = { 'swap-names': output };
    expect(await proveSwapped(clients).run(proving(outputs))).toMatchObject({ kind: 'wait' });
    const client = await server.session('shop_app', 'live');
    expect(await proveSwapped(clients).run(proving(outputs))).toMatchObject({ output: { sessions: 1 } });
    const other = { 'swap-names': { ...output, oid: output.keptOid } };
    expect(await failure(proveSwapped(clients).run(proving(other)))).toMatchObject({ code: 'load.names-changed' });
    await client.end();
  });
});

describe('the database that a dump is loaded into', () => {
  const shape = { encoding: 'UTF8', collation: 'C', ctype: 'C', provider: null, locale: null };
  const making = (owner = 'owner_of_all') =>
    contextOf({ operation, input: { ...shop.place, database: 'fresh', owner, shape } });

  it('F1: is made once, however often it is asked for, with the owner and encoding that were decided', async () => {
    const step = createDatabase(clients);
    expect(await step.run(making())).toMatchObject({ output: { database: 'fresh', adopted: false } });
    expect(await step.run(making())).toMatchObject({ output: { adopted: true } });
    const { rows } = await server.sql(
      'postgres',
      `SELECT pg_get_userbyid(datdba) AS owner, datcollate, shobj_description(oid, 'pg_database') AS mark
       FROM pg_database WHERE datname = 'fresh'`,
    );
    expect(rows[0]).toEqual({ owner: 'owner_of_all', datcollate: 'C', mark: markOf(operation) });
    expect(await undo(step, making())).toMatchObject({ output: { removed: true } });
    expect(await oidOf('fresh')).toBeUndefined();
  });

  it('F4: of somebody else under its name is neither taken nor dropped', async () => {
    await server.sql('postgres', 'CREATE DATABASE fresh OWNER shop_master', `COMMENT ON DATABASE fresh IS 'ours'`);
    expect(await failure(createDatabase(clients).run(making()))).toMatchObject({ code: 'load.name-taken' });
    expect(await undo(createDatabase(clients), making())).toMatchObject({ output: { removed: false } });
    expect(await oidOf('fresh')).toBeDefined();
    await server.sql('postgres', 'DROP DATABASE fresh');
  });

  it('may have any name: the server quotes it', async () => {
    const session = await server.connect(
      server.address('postgres'),
      { user: 'shop_master', password: new Secret('master') },
      { statementTimeoutSeconds: 20 },
    );
    await run(session, 'CREATE DATABASE %I', `it's "odd"`);
    await run(session, 'DROP DATABASE %I', `it's "odd"`);
    await session.close();
  });
});
