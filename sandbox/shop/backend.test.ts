import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Household, openHousehold } from '../household.ts';
import { type Kubernetes, startKubernetes } from '../kubernetes/kubernetes.ts';
import { downtime, readAttempts } from './attempts.ts';
import { startDatabase, startSecrets, type TestDatabase, wrongTotals } from './fixture.ts';
import { hurt } from './hurt.ts';
import { shopNamespace as namespace, shopImage, shopManifests, shopName } from './manifests.ts';
import { seedShop, shopDatabase } from './seed.ts';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const passwords = { app: 'app-password', verify: 'verify-password', fence: 'fence-password' };
let household: Household;
let database: TestDatabase;

beforeAll(async () => {
  household = openHousehold('pitcrew-backend-test');
  database = await startDatabase(household);
  await seedShop({ connectionString: database.masterUrl, passwords, customers: 500, products: 50, orders: 5000 });
});
afterAll(() => household?.close());

const query = <T>(sql: string, as?: { user: string; password: string }) => database.query<T>(shopDatabase, sql, as);
const one = async (sql: string) => Object.values((await query<Record<string, unknown>>(sql))[0] ?? {})[0];
const master = () => database.url('shop_master', 'master', shopDatabase);

describe('the service in the cluster', () => {
  let cluster: Kubernetes;
  let apps: AppsV1Api;
  let core: CoreV1Api;
  let shop: string;
  let closeSecrets: () => void;

  beforeAll(async () => {
    const document = {
      DB_HOST: '127.0.0.1',
      DB_PORT: database.port,
      DB_NAME: shopDatabase,
      DB_USERNAME: 'ecommerce_app',
      DB_PASSWORD: passwords.app,
    };
    const secrets = await startSecrets(() => document);
    closeSecrets = secrets.close;
    const images = { [shopImage]: [process.execPath, here('./backend.ts')] };
    cluster = await startKubernetes({ household, images });
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfigFile);
    apps = config.makeApiClient(AppsV1Api);
    core = config.makeApiClient(CoreV1Api);
    const aws = {
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: secrets.url,
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    };
    const { deployment, service } = shopManifests({
      secretId: 'production/ecommerce/config',
      replicas: 2,
      env: { ...aws, PGSSLROOTCERT: database.caFile },
    });
    await apps.createNamespacedDeployment({ namespace, body: deployment });
    await core.createNamespacedService({ namespace, body: service });
    shop = `http://127.0.0.1:${await cluster.service(namespace, shopName)}`;
    await ready(2);
  });
  afterAll(async () => {
    closeSecrets?.();
    await cluster?.close();
  });

  const ready = async (wanted: number) => {
    for (let waited = 0; waited < 20_000; waited += 100) {
      const { status } = await apps.readNamespacedDeployment({ namespace, name: shopName });
      if ((status?.readyReplicas ?? 0) === wanted) return;
      await sleep(100);
    }
    throw new Error(`never ${wanted} ready pods`);
  };
  const call = (method: string, path: string) => fetch(shop + path, { method, headers: { connection: 'close' } });

  test('takes an order over TLS that can be read back and whose total adds up', async () => {
    const { id } = (await (await call('POST', '/orders')).json()) as { id: number };
    expect(id).toBeGreaterThan(5000);
    const order = (await (await call('GET', `/orders/${id}`)).json()) as { total: string; items: unknown[] };
    expect(order.items.length).toBeGreaterThan(0);
    expect(await one(wrongTotals)).toBe(0);
    expect(await one(`SELECT count(*)::int FROM payments WHERE order_id = ${id}`)).toBe(1);
    expect((await call('GET', '/orders/999999999')).status).toBe(404);
    const tls = `SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'ecommerce-backend'`;
    const verify = { user: 'pitcrew_verify', password: passwords.verify };
    expect(await query(tls, verify)).toEqual([{ bool_and: true }]);
  });

  test('outlives its database: not ready while it is gone, taking orders without a restart when it is back', async () => {
    const file = join(household.folder, 'attempts.jsonl');
    household.spawn('customers', process.execPath, [
      here('./customers.ts'),
      '--url',
      shop,
      '--file',
      file,
      '--per-second',
      '20',
    ]);
    while (!readAttempts(file).some(({ ok }) => ok)) await sleep(50);
    await database.stop();
    await ready(0);
    await database.start();
    await ready(2);
    await sleep(500);
    const seen = downtime(file);
    expect(seen.failed).toBeGreaterThan(0);
    expect(seen.longestMs).toBeGreaterThan(1000);
    expect(seen.to).toBeDefined();
    const accepted = readAttempts(file)
      .filter(({ ok }) => ok)
      .map(({ id }) => id);
    expect(await one(`SELECT count(*)::int FROM orders WHERE id IN (${accepted.join()})`)).toBe(accepted.length);
    const { items } = await core.listNamespacedPod({ namespace });
    expect(items.map(({ status }) => status?.containerStatuses?.[0]?.restartCount)).toEqual([0, 0]);
  });

  test('loses no order that it accepted when it is told to end', async () => {
    const answers = Array.from({ length: 20 }, () =>
      call('POST', '/orders').then(
        async (answer) => ({ code: answer.status, id: ((await answer.json()) as { id: number }).id }),
        () => undefined,
      ),
    );
    await sleep(30);
    await core.deleteCollectionNamespacedPod({ namespace, labelSelector: `app=${shopName}` });
    const accepted = (await Promise.all(answers)).filter((answer) => answer?.code === 201).map((answer) => answer?.id);
    expect(await one(`SELECT count(*)::int FROM orders WHERE id IN (${[0, ...accepted].join()})`)).toBe(
      accepted.length,
    );
    await ready(2);
  });

  test('takes orders again right after orders were dropped while customers were ordering', async () => {
    const before = (await one('SELECT count(*)::int FROM orders')) as number;
    expect(await hurt('drop-orders', master())).toMatch(/deleted [\d,]+ orders that are older than a day/);
    expect(await one('SELECT count(*)::int FROM orders')).toBeLessThan(before / 2);
    expect((await call('POST', '/orders')).status).toBe(201);
    expect(await one(wrongTotals)).toBe(0);
  });

  test('keeps refusing orders, and no more than that, when a table is dropped', async () => {
    expect(await hurt('drop-table', master())).toMatch(/dropped the table order_items with [\d,]+ rows/);
    expect((await call('POST', '/orders')).status).toBe(500);
    expect((await call('GET', '/healthz')).status).toBe(200);
  });
});
