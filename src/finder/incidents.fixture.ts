import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { type PrivateDatabase, privateDatabase, roleSecret } from '../clients/private-database.fixture.ts';
import type { AutomatedBackup } from '../clients/rds.ts';
import { baselineKey } from '../domain/records.ts';
import type { Environment, Workload } from '../domain/settings.ts';
import { type Instant, instant } from '../domain/time.ts';
import { recordsInMemory } from '../ledger/records.fixture.ts';
import { instance, snapshot } from '../planning/instances.fixture.ts';
import { measureAfter, measureBefore, settleCounters } from '../verification/measure.ts';
import { shopChecks } from '../verification/shop.fixture.ts';
import { type FinderClients, findLastGood } from './find.ts';

/** The sandbox's shop in a database of its own, owned by whom the harms log in as. */
export interface Incident {
  readonly database: string;
  readonly client: pg.Client;
  /** Does it in one transaction. @returns instants between which it was committed, by the server's clock */
  hurt(work: (client: pg.Client) => Promise<unknown>): Promise<{ readonly after: number; readonly before: number }>;
  /** As a snapshot by pitcrew leaves one. */
  baseline(): Promise<void>;
  find(asked?: { since?: Instant; table?: string; where?: string }): ReturnType<typeof findLastGood>;
}

export interface IncidentGround {
  readonly server: PrivateDatabase;
  open(cluster?: FinderClients['cluster'], workloads?: readonly Workload[], migrations?: string): Promise<Incident>;
}

const critical = ['customers', 'products', 'orders', 'order_items', 'payments'];
const schema = ['tables', 'rows', 'keys'].map((name) => new URL(`../../sandbox/shop/sql/${name}.sql`, import.meta.url));
const nothingRuns = { list: async () => [] };

/** @param commitTimes `track_commit_timestamp` */
export async function openGround(commitTimes: boolean): Promise<IncidentGround> {
  const server = await privateDatabase(commitTimes ? { track_commit_timestamp: 'on' } : {});
  let databases = 0;
  return {
    server,
    async open(cluster = nothingRuns, workloads = [], migrations) {
      const database = `shop_${++databases}`;
      await server.sql('postgres', `CREATE DATABASE ${database} OWNER shop_app`);
      await server.sql(database, 'ALTER SCHEMA public OWNER TO shop_app');
      const client = await server.session('shop_app', database);
      for (const [name, value] of Object.entries({ customers: 200, products: 50, orders: 2_000 }))
        await client.query('SELECT set_config($1, $2, false)', [`shop.${name}`, String(value)]);
      await client.query(`SELECT set_config('shop.until', $1, false)`, [new Date().toISOString()]);
      for (const file of schema) await client.query(await readFile(file, 'utf8'));
      return incident(server, { client, database, cluster, workloads, migrations });
    },
  };
}

interface Parts {
  readonly client: pg.Client;
  readonly database: string;
  readonly cluster: FinderClients['cluster'];
  readonly workloads: readonly Workload[];
  readonly migrations: string | undefined;
}

function incident(server: PrivateDatabase, { client, database, cluster, workloads, migrations }: Parts): Incident {
  const address = server.address(database);
  const current = instance({ endpoint: { host: address.host, port: address.port } });
  const records = recordsInMemory();
  const snapshots: ReturnType<typeof snapshot>[] = [];
  const hourMs = 3_600_000;
  const window = { earliest: instant(Date.now() - hourMs), latest: instant(Date.now() + hourMs) };
  const backup = { instanceId: current.id, resourceId: current.resourceId, window } as unknown as AutomatedBackup;
  const clients: FinderClients = {
    rds: {
      findInstance: async () => current,
      findInstanceByEndpoint: async () => current,
      listSnapshots: async () => snapshots,
      listAutomatedBackups: async () => [backup],
    },
    secrets: {
      current: async () => ({
        arn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf',
        document: { HOST: address.host, PORT: String(address.port), NAME: database, USER: 'shop_app', PASSWORD: 'x' },
        versionId: 'v1',
        stages: ['AWSCURRENT'],
        rotationPending: false,
      }),
    },
    records,
    behindAlias: async () => undefined,
    cluster,
    access: server,
    history: { closed: async () => [] },
  };
  const verifyRole = roleSecret('pitcrew_reader');
  const environment = {
    name: 'production',
    region: 'eu-west-1',
    database: { instance: current.id, name: database, timeZone: 'Europe/Berlin', verifyRole },
    secret: { id: 'shop', keys: { host: 'HOST', port: 'PORT', database: 'NAME', user: 'USER', password: 'PASSWORD' } },
    workloads,
    checks: { ...shopChecks, critical, queries: [], rules: [], relations: [], migrations },
  } as unknown as Environment;
  const clock = async () => {
    const { rows } = await client.query<{ ms: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
    );
    return rows[0]?.ms ?? Number.NaN;
  };
  return {
    database,
    client,
    async hurt(work) {
      await client.query('BEGIN');
      await work(client);
      const after = await clock();
      await client.query('COMMIT');
      return { after, before: await clock() };
    },
    async baseline() {
      const signal = new AbortController().signal;
      const measuring = { address, verifyRole, settings: environment.checks, timeZone: 'UTC', signal };
      const before = await measureBefore(server, measuring, 'op-1', undefined);
      const made = snapshot({ id: `snap-${snapshots.length}`, at: instant(await clock()) });
      const unreported = await settleCounters(server, measuring, before.at, 30);
      const of = { snapshot: made.arn, snapshotAt: made.at ?? '', unreported };
      const baseline = await measureAfter(server, measuring, before, of);
      await records.write(baselineKey(made.arn), JSON.parse(JSON.stringify(baseline)));
      snapshots.unshift(made);
    },
    find: ({ since = instant(Date.now() - hourMs), table, where } = {}) =>
      findLastGood(clients, { environment, since, bad: table && where ? { table, where } : null }),
  };
}
