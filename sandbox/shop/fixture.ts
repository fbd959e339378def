import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort, type Household, postgresUser } from '../household.ts';

const programs = '/usr/lib/postgresql/15/bin';

export interface TestDatabase {
  readonly port: number;
  readonly caFile: string;
  /** The master user, no superuser, as on RDS. */
  readonly masterUrl: string;
  /** Over verified TLS. */
  url(user: string, password: string, database?: string): string;
  /** The rows of a query, as the master user unless it says otherwise. */
  query<T>(database: string, sql: string, as?: { user: string; password: string }): Promise<T[]>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A private PostgreSQL cluster with TLS and a master user that has the rights of RDS' one. */
export async function startDatabase(household: Household): Promise<TestDatabase> {
  const folder = join(household.folder, 'database');
  const data = join(folder, 'data');
  const { uid, gid } = { uid: undefined, gid: undefined, ...postgresUser() };
  mkdirSync(folder, { mode: 0o755 });
  const caFile = join(folder, 'server.crt');
  const keyFile = join(folder, 'server.key');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  await promisify(execFile)('openssl', ['req', '-x509', ...key, '-out', caFile, ...subject]);
  if (uid !== undefined && gid !== undefined) for (const path of [folder, keyFile]) chownSync(path, uid, gid);
  const run = async (name: string, command: string, args: string[]) => {
    const [code] = await once(household.spawn(name, command, args, { as: 'postgres', cwd: folder }), 'exit');
    if (code !== 0) throw new Error(`${name} ended with ${code}: see its log in ${household.folder}/logs`);
  };
  await run('initdb', join(programs, 'initdb'), [
    '-D',
    data,
    '-U',
    'rdsadmin',
    '-A',
    'scram-sha-256',
    '--no-sync',
    '-E',
    'UTF8',
    '--locale=C',
    ...(await passwordFile(folder)),
  ]);
  const port = await freePort();
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    ssl: 'on',
    ssl_cert_file: caFile,
    ssl_key_file: keyFile,
    fsync: 'off',
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const url = (user: string, password: string, database = 'postgres') =>
    `postgresql://${user}:${password}@127.0.0.1:${port}/${database}?sslmode=verify-full&sslrootcert=${caFile}`;
  let server: ReturnType<Household['spawn']>;
  const start = async () => {
    server = household.spawn('postgres', join(programs, 'postgres'), args, { as: 'postgres', cwd: folder });
    await accepting(url('rdsadmin', 'rds'));
  };
  await start();
  const admin = new pg.Client(url('rdsadmin', 'rds'));
  await admin.connect();
  await admin.query(`CREATE ROLE shop_master LOGIN CREATEROLE CREATEDB PASSWORD 'master'`);
  await admin.end();
  return {
    port,
    caFile,
    url,
    masterUrl: url('shop_master', 'master'),
    start,
    async query<T>(name: string, sql: string, as = { user: 'shop_master', password: 'master' }) {
      const client = new pg.Client(url(as.user, as.password, name));
      await client.connect();
      try {
        return (await client.query(sql)).rows as T[];
      } finally {
        await client.end();
      }
    },
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
    },
  };
}

async function passwordFile(folder: string): Promise<string[]> {
  const file = join(folder, 'password');
  writeFileSync(file, 'rds\n', { mode: 0o644 });
  return [`--pwfile=${file}`];
}

async function accepting(connectionString: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt > 200) throw error;
      await sleep(50);
    }
  }
}

/** Answers GetSecretValue with whatever `document` is at that moment; signatures are not checked. */
export async function startSecrets(document: () => unknown): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    request.resume();
    const wanted = request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue';
    response.writeHead(wanted ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(
      JSON.stringify({ Name: 'shop', VersionStages: ['AWSCURRENT'], SecretString: JSON.stringify(document()) }),
    );
  });
  const port = await freePort();
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** Counts orders whose total is not the sum of their items. */
export const wrongTotals = `SELECT count(*)::int FROM orders o
  LEFT JOIN (SELECT order_id, sum(price * quantity) AS total FROM order_items GROUP BY 1) i ON i.order_id = o.id
  WHERE o.total IS DISTINCT FROM i.total`;
