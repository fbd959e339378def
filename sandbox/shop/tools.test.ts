import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BatchV1Api, KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Household, openHousehold } from '../household.ts';
import { eventually, kubectlIn, kubectlMissing } from '../kubernetes/fixture.ts';
import { type Kubernetes, startKubernetes } from '../kubernetes/kubernetes.ts';
import { findPostgres } from '../setup/find.ts';
import { startDatabase, startSecrets, type TestDatabase } from './fixture.ts';
import { repriceImage, shopCronJob } from './manifests.ts';
import { seedShop, shopDatabase } from './seed.ts';
import { deployTools } from './tools.ts';

const passwords = { app: 'app-password', verify: 'verify-password', fence: 'fence-password' };
const namespace = 'production';
const program = (name: string) => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));

let household: Household;
let database: TestDatabase;
let cluster: Kubernetes;
let config: KubeConfig;
let secrets: Awaited<ReturnType<typeof startSecrets>>;
let where: { host: string; port: string };
let leaveTools: () => void;
let kubectl: ReturnType<typeof kubectlIn>;

beforeAll(async () => {
  household = openHousehold('pitcrew-tools-test');
  database = await startDatabase(household);
  await seedShop({ connectionString: database.masterUrl, customers: 100, products: 20, orders: 500, passwords });
  where = { host: '127.0.0.1', port: String(database.port) };
  secrets = await startSecrets(() => ({
    ...{ DB_HOST: where.host, DB_PORT: where.port, DB_NAME: shopDatabase },
    ...{ DB_USERNAME: 'ecommerce_app', DB_PASSWORD: passwords.app },
  }));
  cluster = await startKubernetes({
    household,
    images: { [repriceImage]: [process.execPath, program('nightly-reprice')] },
  });
  kubectl = kubectlIn(cluster, household);
  config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigFile);
  leaveTools = await deployTools(config, {
    bin: findPostgres()?.bin ?? '',
    env: { PGSSLROOTCERT: database.caFile, PGSSLMODE: 'verify-full' },
    admin: () => ({ ...where, database: shopDatabase, user: 'shop_master', password: 'master' }),
  });
});
afterAll(async () => {
  leaveTools?.();
  secrets?.close();
  await cluster?.close();
  await household?.close();
});

const sessionsOf = async (name: string) =>
  (
    await database.query<{ n: number }>(
      shopDatabase,
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = '${name}'`,
    )
  )[0]?.n;

/** Every argument of every process of the machine. */
const allArguments = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');

describe.skipIf(kubectlMissing)('the tools pod, with kubectl (skipped where it is not installed)', () => {
  const pod = () =>
    eventually('the tools are there', async () => {
      const { stdout } = await kubectl('get', 'pods', '-l', 'app=tools', '-o', 'jsonpath={.items[0].metadata.name}');
      const { code } = await kubectl('wait', '--for=condition=ready', `pod/${stdout}`, '--timeout=10s');
      return code === 0 ? stdout : undefined;
    });

  test('dumps the database into its own /tmp, from which the dump is copied, and a dump is loaded again', async () => {
    const name = await pod();
    const dump = [
      'pg_dump',
      '-h',
      where.host,
      '-U',
      'shop_master',
      '-d',
      shopDatabase,
      '-F',
      'c',
      '-f',
      '/tmp/tools-test.dump',
    ];
    expect(await kubectl('exec', '-it', name, '-n', namespace, '--', ...dump)).toMatchObject({ code: 0 });
    expect(existsSync('/tmp/tools-test.dump')).toBe(!cluster.privateTmp);
    const copy = join(household.folder, 'copy.dump');
    expect(await kubectl('cp', `${namespace}/${name}:/tmp/tools-test.dump`, copy)).toMatchObject({ code: 0 });
    expect(readFileSync(copy).subarray(0, 5).toString()).toBe('PGDMP');

    expect(await kubectl('cp', copy, `${namespace}/${name}:/tmp/again.dump`)).toMatchObject({ code: 0 });
    expect(await kubectl('exec', name, '--', 'createdb', 'again')).toMatchObject({ code: 0 });
    const load = ['pg_restore', '--no-owner', '--no-privileges', '-d', 'again', '/tmp/again.dump'];
    expect(await kubectl('exec', name, '--', ...load)).toMatchObject({ code: 0, stderr: '' });
    expect(
      (await kubectl('exec', name, '--', 'psql', '-At', '-d', 'again', '-c', 'select count(*) from orders')).stdout,
    ).toBe('500\n');
  });

  test('follows the database to another place without a restart', async () => {
    const name = await pod();
    const file = async () => (await kubectl('exec', name, '--', 'sh', '-c', 'cat $PGSERVICEFILE')).stdout;
    expect(await file()).toContain(`port=${database.port}`);
    const before = where;
    where = { host: '127.0.0.1', port: '1' };
    await eventually('it knows', async () => (await file()).includes('port=1\n'));
    expect((await kubectl('exec', name, '--', 'psql', '-c', 'select 1')).stderr).toMatch(/port 1 failed/);
    where = before;
    await eventually('it knows again', async () => (await file()).includes(`port=${before.port}\n`));
  });

  test('has the password in its environment, and in no argument of any process', async () => {
    const name = await pod();
    expect((await kubectl('exec', name, '--', 'sh', '-c', 'echo $PGPASSWORD')).stdout).toBe('master\n');
    const dumping = kubectl('exec', name, '--', 'sh', '-c', 'pg_dump -f /tmp/x.sql; sleep 1');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(allArguments()).not.toMatch(/PGPASSWORD=|password=master/);
    expect(await dumping).toMatchObject({ code: 0 });
  });
});

test("the shop's CronJob writes over a connection of its own until its Job is complete", async () => {
  const batch = config.makeApiClient(BatchV1Api);
  const env = {
    PGSSLROOTCERT: database.caFile,
    AWS_ENDPOINT_URL: secrets.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  await batch.createNamespacedCronJob({ namespace, body: shopCronJob({ secretId: 'shop', env, seconds: 2 }) });
  const prices = () => database.query(shopDatabase, 'SELECT price FROM products ORDER BY id');
  const before = await prices();
  const job = cluster.fireCronJob(namespace, 'nightly-reprice') ?? '';
  await eventually('it is connected', async () => (await sessionsOf('nightly-reprice')) === 1);
  await eventually(
    'it is complete',
    async () => (await batch.readNamespacedJob({ namespace, name: job })).status?.succeeded === 1,
  );
  expect(await sessionsOf('nightly-reprice')).toBe(0);
  expect(await prices()).not.toEqual(before);
});

test('a foreign writer writes until its session is ended', async () => {
  const [PGUSER, PGPASSWORD] = ['ecommerce_app', passwords.app];
  const login = { PGHOST: where.host, PGPORT: where.port, PGDATABASE: shopDatabase, PGUSER, PGPASSWORD };
  const env = { PATH: process.env.PATH ?? '', PGSSLROOTCERT: database.caFile, ...login };
  const writer = household.spawn('foreign-writer', process.execPath, [program('foreign-writer')], { env });
  const stock = async () =>
    Number(
      (await database.query<{ stock: string }>(shopDatabase, 'SELECT sum(stock) AS stock FROM products'))[0]?.stock,
    );
  const before = await stock();
  await eventually('it writes', async () => (await stock()) > before + 1);
  const ended = once(writer, 'exit');
  const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'stock-import'`;
  await database.query(shopDatabase, end, { user: 'pitcrew_fence', password: passwords.fence });
  expect((await ended)[0]).not.toBe(0);
});
