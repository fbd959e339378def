import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type PrivateDatabase, privateDatabase } from '../../clients/private-database.fixture.ts';
import { Secret } from '../../domain/secret.ts';
import type { Step } from '../../domain/step.ts';
import { contextOf, failure } from '../kubernetes/step-context.fixture.ts';
import { type DropDatabaseInput, dropDatabase, proveDatabaseUnused, proveDropped } from './drop-database.ts';

let server: PrivateDatabase;
let oid = 0;
/** What the environment's secret names, and what became of the final snapshot. */
let named = 'live';
let snapshot: { status: string; resourceId: string } | undefined;
const available = { status: 'available', resourceId: 'db-SHOP' };

beforeAll(async () => {
  server = await privateDatabase();
  await server.sql(
    'postgres',
    `CREATE ROLE shop_master LOGIN CREATEROLE CREATEDB PASSWORD 'master' IN ROLE pg_signal_backend, pg_monitor`,
    'CREATE DATABASE live OWNER shop_master',
  );
});
afterAll(() => server?.close());

beforeEach(async () => {
  [named, snapshot] = ['live', available];
  for (const name of ['kept', 'wanted']) await server.sql('postgres', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await server.sql('postgres', 'CREATE DATABASE kept OWNER shop_master');
  oid = await oidOf('kept');
});

const oidOf = async (name: string): Promise<number> =>
  (await server.sql('postgres', `SELECT oid::int AS oid FROM pg_database WHERE datname = '${name}'`)).rows[0]?.oid;

const clients = () => ({
  access: {
    connect: server.connect,
    credentials: async () => ({ user: 'shop_master', password: new Secret('master') }),
  },
  rds: () => ({
    findInstance: async () => ({ master: { user: 'shop_master' } }) as never,
    findSnapshot: async () => snapshot as never,
  }),
  secrets: () => ({
    current: async () => ({ document: { DB_HOST: '127.0.0.1', DB_PORT: server.port, DB_NAME: named } }) as never,
  }),
});

const input = (more: Partial<DropDatabaseInput> = {}): DropDatabaseInput => ({
  ...{ region: 'eu-west-1', instance: 'shop', resourceId: 'db-SHOP', snapshot: 'final', pollSeconds: 1 },
  at: { host: '127.0.0.1', port: server.port },
  masterRole: { region: 'eu-west-1', secret: 'master', keys: { user: 'user', password: 'password' } },
  ...{ name: 'kept', oid, mark: null },
  environments: [
    {
      ...{ name: 'production', region: 'eu-west-1', secret: 'shop' },
      keys: { host: 'DB_HOST', port: 'DB_PORT' },
      database: { key: 'DB_NAME', name: 'live' },
    },
  ],
  ...more,
});
const run = (step: Step, more: Partial<DropDatabaseInput> = {}, sinceSeconds = 60) =>
  step.run(
    contextOf({
      input: { ...input(more) },
      sinceSeconds,
      outputs: { 'drop-database': { database: 'kept', bytes: 7, already: false } },
    }),
  );

it('drops the database that was left, once, and proves that it is gone; what serves stays', async () => {
  expect(await run(dropDatabase(clients()))).toMatchObject({ output: { database: 'kept', already: false } });
  expect(await oidOf('kept')).toBeUndefined();
  expect(await oidOf('live')).toBeGreaterThan(0);
  expect(await run(proveDropped(clients()))).toMatchObject({ output: { freedBytes: 7 } });
});

it('F1: dropped by a worker that died before it could say so, it is found dropped by the next', async () => {
  await run(dropDatabase(clients()));
  // Somebody has made another one of that name meanwhile: it has another id, and is nobody's to drop.
  await server.sql('postgres', 'CREATE DATABASE kept OWNER shop_master');
  expect(await run(dropDatabase(clients()))).toMatchObject({ output: { already: true, bytes: null } });
  expect(await oidOf('kept')).toBeGreaterThan(0);
});

it('somebody who is on it keeps it, and is named, before and at the drop; nobody is sent away', async () => {
  const client = await server.session('shop_app', 'kept');
  for (const step of [proveDatabaseUnused(clients()), dropDatabase(clients())]) {
    const { code, params } = await failure(run(step));
    expect(code).toBe('cleanup.database-in-use');
    expect(params).toMatchObject({ database: 'kept', sessions: 1, who: [{ role: 'shop_app' }] });
  }
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await client.end();
  expect(await oidOf('kept')).toBe(oid);
});

it('somebody who comes between the last look and the drop keeps it too: PostgreSQL refuses, and it is tried again', async () => {
  const { access, ...rest } = clients();
  let came: Awaited<ReturnType<PrivateDatabase['session']>> | undefined;
  const connect: PrivateDatabase['connect'] = async (...given) => {
    const session = await server.connect(...given);
    return {
      ...session,
      query: async (sql, parameters) => {
        if (sql.startsWith('DROP DATABASE')) came = await server.session('shop_app', 'kept');
        return session.query(sql, parameters);
      },
    };
  };
  const error = await failure(run(dropDatabase({ ...rest, access: { ...access, connect } })));
  expect(error).toMatchObject({ code: 'cleanup.database-held', kind: 'retryable' });
  expect((await came?.query('SELECT 1 AS one'))?.rows).toEqual([{ one: 1 }]);
  await came?.end();
  expect(await oidOf('kept')).toBe(oid);
}, 30_000);

it('is looked at twice, a poll apart, before it counts as unused', async () => {
  expect(await run(proveDatabaseUnused(clients()), {}, 0)).toMatchObject({ kind: 'wait' });
  const seen = (await run(proveDatabaseUnused(clients()))) as unknown as { output: { bytes: number } };
  expect(seen.output.bytes).toBeGreaterThan(1_000_000);
});

it('another id under the name, another name under the id, and another mark: none of them is dropped', async () => {
  await server.sql('postgres', `COMMENT ON DATABASE kept IS 'needed for the audit'`);
  expect(await failure(run(dropDatabase(clients())))).toMatchObject({ code: 'cleanup.database-is-another' });
  await server.sql('postgres', 'COMMENT ON DATABASE kept IS NULL', 'ALTER DATABASE kept RENAME TO wanted');
  for (const step of [proveDatabaseUnused(clients()), dropDatabase(clients())])
    expect(await failure(run(step))).toMatchObject({
      code: 'cleanup.database-is-another',
      params: { found: 'wanted' },
    });
  expect(await oidOf('wanted')).toBe(oid);
});

it('never drops what a secret names, nor anything without its snapshot', async () => {
  named = 'kept';
  expect(await failure(run(dropDatabase(clients())))).toMatchObject({ code: 'cleanup.database-live' });
  named = 'live';
  for (const one of [undefined, { ...available, status: 'creating' }, { ...available, resourceId: 'db-OTHER' }]) {
    snapshot = one;
    expect(await failure(run(dropDatabase(clients())))).toMatchObject({ code: 'cleanup.not-kept' });
  }
  expect(await oidOf('kept')).toBe(oid);
});

it('a database that is there after all is not called gone', async () => {
  expect(await failure(run(proveDropped(clients())))).toMatchObject({ code: 'cleanup.database-stays' });
});
