import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createCertificates } from '../../sandbox/aws/rds/certificates.ts';
import { type Cluster, copyData, createCluster, makeFolder } from '../../sandbox/aws/rds/cluster.ts';
import { run } from '../../sandbox/aws/rds/run.ts';
import { createTemplate } from '../../sandbox/aws/rds/template.ts';
import { type Household, openHousehold } from '../../sandbox/household.ts';
import { seedShop, shopDatabase } from '../../sandbox/shop/seed.ts';
import { postgres } from '../../src/clients/postgres.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { DatabaseAccess } from '../../src/verification/access.ts';
import type { Bench } from '../runner/part.ts';

export interface ShopSize {
  readonly orders: number;
  readonly customers: number;
  readonly products: number;
}

/** Of 3.4 million orders and what belongs to them: 2 GB on disk. */
export const twoGigabytes: ShopSize = { orders: 3_400_000, customers: 340_000, products: 5_000 };
/** So many customers that PostgreSQL still hashes the runbook's `NOT IN` (up to 262,144), so many orders that it doesn't. */
export const tenMillionRows: ShopSize = { orders: 2_150_000, customers: 220_000, products: 5_000 };
export const smallShop: ShopSize = { orders: 40_000, customers: 4_000, products: 500 };

/** A PostgreSQL of its own, with the sandbox's shop in it. */
export interface BigShop {
  readonly household: Household;
  readonly port: number;
  readonly database: string;
  /** Its size on disk, indexes included. */
  readonly bytes: number;
  readonly caFile: string;
  /** With these, libpq and pitcrew's Jobs log in over verified TLS: a role that reads all, and one that may make databases. */
  readonly reader: Readonly<Record<string, string>>;
  readonly owner: Readonly<Record<string, string>>;
  /** As pitcrew's own parts reach it: `secret` is a role's name. */
  readonly access: DatabaseAccess;
  /** As the superuser, over the socket. */
  sql<Row extends pg.QueryResultRow>(database: string, ...statements: readonly string[]): Promise<readonly Row[]>;
}

const region = 'eu-west-1';
const passwords = { app: 'app-of-a-bench', verify: 'verify-of-a-bench', fence: 'fence-of-a-bench' };
const ownerPassword = 'owner-of-a-bench';

const passwordOf: Readonly<Record<string, string>> = {
  ecommerce_app: passwords.app,
  pitcrew_verify: passwords.verify,
  shop_owner: ownerPassword,
};

/** Memory and WAL as a database server has them; the sandbox's own settings are for many servers on one small machine. */
const serverSettings = { archive_mode: 'off', shared_buffers: '512MB', max_wal_size: '4GB' };

/** The shop, seeded once a size and kept below the temporary folder: what is here is a copy of that. */
export async function openBigShop(size: ShopSize, bench: Bench): Promise<BigShop> {
  const household = openHousehold('pitcrew-bench');
  bench.atEnd(() => household.close());
  const caFile = join(household.folder, 'ca.pem');
  const tls = join(household.folder, 'tls');
  const [certificate, template] = await Promise.all([
    createCertificates(household, tls, caFile, region),
    createTemplate(household, join(household.folder, 'template')),
  ]);
  const folder = join(household.folder, 'cluster');
  await makeFolder(folder);
  const cluster = createCluster({ household, name: 'shop', folder });
  const configuration = { archiveFolder: folder, archiveTimeoutSeconds: 0, certificate, parameters: serverSettings };
  const kept = join(tmpdir(), `pitcrew-bench-shop-${size.orders}-${versionOf(size)}`);
  if (existsSync(join(kept, 'done'))) {
    bench.say(`The shop of ${size.orders} orders is copied from ${kept}.`);
    await copyData(household, join(kept, 'data'), cluster.dataFolder);
  } else {
    bench.say(`A shop of ${size.orders} orders is seeded, once; it is kept in ${kept} …`);
    await copyData(household, template.dataFolder, cluster.dataFolder);
    await cluster.start(configuration);
    await seed(cluster, caFile, size);
    await cluster.stop('fast');
    await keep(household, cluster.dataFolder, kept);
  }
  bench.signal.throwIfAborted();
  await cluster.start(configuration);
  const sql = sqlOf(cluster);
  const [sized] = await sql<{ bytes: string }>('postgres', `SELECT pg_database_size('${shopDatabase}') AS bytes`);
  const address = { PGHOST: '127.0.0.1', PGPORT: String(cluster.port), PGDATABASE: shopDatabase };
  const verified = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: caFile };
  return {
    ...{ household, caFile, sql, port: cluster.port, database: shopDatabase, bytes: Number(sized?.bytes) },
    reader: { ...address, ...verified, PGUSER: 'pitcrew_verify', PGPASSWORD: passwords.verify },
    owner: { ...address, ...verified, PGUSER: 'shop_owner', PGPASSWORD: ownerPassword },
    access: {
      connect: postgres(verified),
      credentials: async ({ secret }) => ({ user: secret, password: new Secret(passwordOf[secret] ?? '') }),
    },
  };
}

const sqlOf =
  (cluster: Cluster): BigShop['sql'] =>
  <Row extends pg.QueryResultRow>(database: string, ...statements: readonly string[]) =>
    cluster.asSuperuser(database, async (client) => {
      let rows: readonly Row[] = [];
      for (const statement of statements) rows = (await client.query<Row>(statement)).rows;
      return rows;
    });

/** By the master user, who is no superuser, as on RDS: what it owns it may load again. */
async function seed(cluster: Cluster, caFile: string, size: ShopSize): Promise<void> {
  const sql = sqlOf(cluster);
  const rights = 'LOGIN CREATEDB CREATEROLE IN ROLE rds_superuser';
  await sql('postgres', `CREATE ROLE shop_owner ${rights} PASSWORD ${pg.escapeLiteral(ownerPassword)}`);
  const tls = `sslmode=verify-full&sslrootcert=${encodeURIComponent(caFile)}`;
  const connectionString = `postgres://shop_owner:${ownerPassword}@127.0.0.1:${cluster.port}/postgres?${tls}`;
  await seedShop({ connectionString, ...size, until: new Date('2026-01-01T00:00:00Z'), passwords });
  await sql(shopDatabase, 'VACUUM ANALYZE', 'CHECKPOINT');
}

/** There whole or not at all: `done` is written last. */
async function keep(household: Household, data: string, kept: string): Promise<void> {
  const draft = `${kept}.${process.pid}`;
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o711 });
  await run(household, 'cp', ['-a', '--reflink=auto', data, join(draft, 'data')]);
  renameSync(draft, kept);
  writeFileSync(join(kept, 'done'), '');
}

/** Grows when what is done around the seed changes. */
const revision = 2;

/** Another seed is another shop. */
function versionOf(size: ShopSize): string {
  const files = ['tables', 'rows', 'keys'].map(
    (name) => new URL(`../../sandbox/shop/sql/${name}.sql`, import.meta.url),
  );
  const hash = createHash('sha256').update(JSON.stringify({ ...size, revision }));
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 8);
}
