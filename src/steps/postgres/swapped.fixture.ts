import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type PrivateDatabase, privateDatabase, roleSecret } from '../../clients/private-database.fixture.ts';
import type { LoadOutputs } from '../../domain/load.ts';
import { Secret } from '../../domain/secret.ts';
import { markOf } from '../../verification/new-database.ts';
import { contextOf } from '../kubernetes/step-context.fixture.ts';
import type { MasterClients } from './create-database.ts';
import { swapNames } from './swap-names.ts';

// Two databases of one server whose names a restore has swapped.

export const restoring = 'op-0123456789ab';
export const reader = { ...roleSecret('pitcrew_reader'), keys: { ...roleSecret('pitcrew_reader').keys } };

export interface SwappedShop {
  readonly server: PrivateDatabase;
  readonly clients: MasterClients;
  /** The server, and its master user. */
  readonly place: ReturnType<typeof placeOn>;
  /** Makes both anew: the live database has two orders, the restored one forty. */
  anew(): Promise<void>;
  /** Makes both anew and swaps them. */
  swap(): Promise<LoadOutputs['swap-names']>;
  /** Id of each by its name, and whether it lets anybody in. */
  databases(): Promise<Record<string, unknown>>;
  /** Orders in the live database all the while, as the shop does. */
  customers(): Customers;
}

export interface Customers {
  /** What came of the orders: why some failed, and the longest time without one. */
  stop(): Promise<{ readonly failures: readonly string[]; readonly longestGapMs: number }>;
}

const placeOn = (port: number) => ({
  ...{ region: 'eu-west-1', instance: 'shop', at: { host: '127.0.0.1', port } },
  masterRole: { region: 'eu-west-1', secret: 'shop_master', keys: { user: 'user', password: 'password' } },
});

export async function swappedShop(): Promise<SwappedShop> {
  const server = await privateDatabase();
  await server.sql(
    'postgres',
    // As on RDS: no superuser, but it may end sessions.
    `CREATE ROLE shop_master LOGIN CREATEROLE CREATEDB PASSWORD 'master' IN ROLE pg_signal_backend, pg_monitor`,
  );
  const clients: MasterClients = {
    access: {
      connect: server.connect,
      credentials: async (role) =>
        role.secret === 'shop_master'
          ? { user: 'shop_master', password: new Secret('master') }
          : server.credentials(role),
    },
    rds: () => ({ findInstance: async () => ({ resourceId: 'db-SHOP', master: { user: 'shop_master' } }) as never }),
  };
  const place = placeOn(server.port);
  return {
    ...{ server, clients, place },
    anew: () => anew(server),
    async swap() {
      await anew(server);
      const input = { ...place, live: 'live', restored: 'live_new', kept: 'live_before' };
      const done = await swapNames(clients).run(contextOf({ operation: restoring, input }));
      return (done as unknown as { output: LoadOutputs['swap-names'] }).output;
    },
    async databases() {
      const { rows } = await server.sql(
        'postgres',
        `SELECT datname AS name, oid::int AS oid, datallowconn AS open FROM pg_database WHERE datname LIKE 'live%'`,
      );
      return Object.fromEntries(rows.map(({ name, oid, open }) => [name, { oid, open }]));
    },
    customers: () => customersOn(server.port),
  };
}

/** Through a pool: an order that fails is tried again, once a connection is there. */
function customersOn(port: number): Customers {
  const failures: string[] = [];
  let on = true;
  let longestGapMs = 0;
  const pool = new pg.Pool({
    ...{ host: '127.0.0.1', port, database: 'live', user: 'shop_app', max: 4 },
    ...{ password: `pass word of shop_app's`, ssl: { rejectUnauthorized: false } },
  });
  pool.on('error', () => {});
  const ordering = (async () => {
    for (let last = performance.now(); on; await sleep(5)) {
      try {
        await pool.query(`INSERT INTO orders (note) VALUES ('since')`);
        longestGapMs = Math.max(longestGapMs, performance.now() - last);
        last = performance.now();
      } catch (error) {
        failures.push((error as { code?: string }).code ?? String(error));
      }
    }
  })();
  return {
    async stop() {
      on = false;
      await ordering;
      await pool.end();
      return { failures, longestGapMs };
    },
  };
}

const orders = { live: 2, live_new: 40 };

async function anew({ sql }: PrivateDatabase): Promise<void> {
  for (const name of ['live', 'live_new', 'live_before', 'live_other'])
    await sql('postgres', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  for (const [name, count] of Object.entries(orders)) {
    await sql('postgres', `CREATE DATABASE ${name} OWNER shop_master`);
    await sql(
      name,
      'CREATE TABLE orders (id bigserial PRIMARY KEY, note text)',
      `INSERT INTO orders (note) SELECT 'first' FROM generate_series(1, ${count})`,
      'GRANT ALL ON orders, orders_id_seq TO shop_app',
    );
  }
  await sql('postgres', `COMMENT ON DATABASE live_new IS '${markOf(restoring, true)}'`);
}
