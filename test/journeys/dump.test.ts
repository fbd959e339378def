import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closed, incidentChannel } from '../../sandbox/incident.ts';
import type { Pitcrew } from '../../sandbox/pitcrew.ts';
import { names } from '../../sandbox/settings.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
let worker: Pitcrew;
let core: CoreV1Api;
beforeAll(async () => {
  stage = await openStage({ orders: 20_000 });
  await addPhotos();
  worker = await stage.worker();
  const config = new KubeConfig();
  config.loadFromFile(stage.world.kubernetes.kubeconfigFile);
  core = config.makeApiClient(CoreV1Api);
});
afterAll(() => stage?.close());

const bucket = names.backupsBucket;
const keyOf = (operation: string) => `database/production/${operation}.dump`;
const podsOf = async (operation: string) =>
  (await core.listNamespacedPod({ namespace: names.namespace, labelSelector: `pitcrew/operation=${operation}` })).items;
const slowUploads = () =>
  stage.world.aws.faults.order({ service: 's3', action: 'UploadPart', fault: { kind: 'delay', seconds: 1 } });

interface Manifest {
  readonly counts: Readonly<Record<string, number>> | null;
  readonly sizeBytes: number;
  readonly adopted: boolean;
}
const manifestOf = (key: string) =>
  JSON.parse(stage.world.s3.read(bucket, `${key}.manifest.json`).toString()) as Manifest;

/** Every message of the incident channel and its threads, as text. */
const said = async () => JSON.stringify(await stage.incident.person('sam').messages(incidentChannel));

async function aws(...args: readonly string[]): Promise<string> {
  const env = { ...stage.world.env, PATH: process.env.PATH ?? '', HOME: stage.world.household.folder };
  return (await promisify(execFile)('aws', [...args], { env })).stdout;
}
const uploads = async () =>
  (JSON.parse((await aws('s3api', 'list-multipart-uploads', '--bucket', bucket)) || '{}') as { Uploads?: [] })
    .Uploads ?? [];

/** What nothing can make small: a dump of several parts. */
async function addPhotos(): Promise<void> {
  const { client } = await asMaster(names.database);
  await client.query(
    `CREATE TABLE photos AS SELECT n AS id, (SELECT string_agg(sha512((n * 100000 + m)::text::bytea), ''::bytea)
       FROM generate_series(1, 16000) m) AS picture FROM generate_series(1, 20) n`,
  );
  await client.end();
}

async function asMaster(database: string) {
  const { DB_HOST: host = '', DB_PORT: port = '' } = stage.secret();
  const login = JSON.parse(stage.world.secrets.value(names.masterSecret) ?? '{}') as Record<string, string>;
  const { username = '', password = '' } = login;
  const client = new pg.Client({ connectionString: `postgres://${username}:${password}@${host}:${port}/${database}` });
  await client.connect();
  const env = { PATH: process.env.PATH ?? '', PGUSER: username, PGPASSWORD: password, PGHOST: host, PGPORT: port };
  return { client, env };
}

/** Loads a dump into a database of its own as anybody would, and counts. */
async function loadedByHand(key: string): Promise<Readonly<Record<string, number>>> {
  const { world } = stage;
  const file = join(world.household.folder, 'by-hand.dump');
  writeFileSync(file, world.s3.read(bucket, key));
  const { client: admin, env } = await asMaster(names.database);
  await admin.query('CREATE DATABASE scratch TEMPLATE template0');
  await promisify(execFile)('pg_restore', ['--no-owner', '--no-privileges', '-d', 'scratch', file], { env });
  const { client: scratch } = await asMaster('scratch');
  const counts: Record<string, number> = {};
  for (const table of Object.keys(manifestOf(key).counts ?? {}))
    counts[table] = Number((await scratch.query(`SELECT count(*) AS n FROM ${table}`)).rows[0].n);
  await scratch.end();
  await admin.query('DROP DATABASE scratch');
  await admin.end();
  return counts;
}

describe('/backup dump, while customers order', () => {
  it('leaves an object that loads by hand with exactly the rows that its manifest says, and says so in Slack', async () => {
    const { incident } = stage;
    const operation = await incident.command('rosa', '/backup dump production --reason "before the migration"');
    expect(await incident.until(operation, closed)).toMatchObject({ outcome: 'succeeded', service: 'unchanged' });
    const key = keyOf(operation);
    const { counts, adopted } = manifestOf(key);
    expect(adopted).toBe(false);
    expect(Object.keys(counts ?? {}).sort()).toEqual(
      ['customers', 'order_items', 'orders', 'payments'].map((table) => `public.${table}`),
    );
    expect(await loadedByHand(key)).toEqual(counts);
    await eventually('the result card stands', async () => (await said()).includes('Dump of production made'));
    expect(await said()).toContain(key);
    const chain = JSON.stringify(await incident.ledger.chain(operation));
    const { password = '?' } = JSON.parse(stage.world.secrets.value(names.verifySecret) ?? '{}');
    expect(chain).not.toContain(password);
    await incident.person('rosa').slash('/backup list production', incidentChannel);
    await eventually('the list shows it', async () =>
      JSON.stringify(await incident.person('rosa').ephemerals(incidentChannel)).includes(key),
    );
  });

  it('F38: a pod that is evicted in the middle is followed by another, and no parts are left over', async () => {
    const { incident, world } = stage;
    slowUploads();
    const operation = await incident.command('rosa', '/backup dump production');
    const pod = await running(operation);
    await eventually('parts are under way', async () => (await uploads()).length > 0);
    world.kubernetes.faults.evict({ namespace: names.namespace, pod });
    world.aws.faults.clear('s3');
    expect(await incident.until(operation, closed)).toMatchObject({ outcome: 'succeeded' });
    expect((await podsOf(operation)).length).toBeGreaterThan(1);
    expect(await loadedByHand(keyOf(operation))).toEqual(manifestOf(keyOf(operation)).counts);
    expect(await uploads()).toEqual([]);
  });

  it('F1: a worker that is killed in the middle costs nothing: the Job goes on, and the next worker picks it up', async () => {
    const { incident, world } = stage;
    slowUploads();
    const operation = await incident.command('rosa', '/backup dump production');
    await running(operation);
    process.kill(worker.pid, 'SIGKILL');
    await sleep(1_000);
    world.aws.faults.clear('s3');
    worker = await stage.worker();
    expect(await incident.until(operation, closed, 240)).toMatchObject({ outcome: 'succeeded' });
    expect(await podsOf(operation)).toHaveLength(1);
    expect(await loadedByHand(keyOf(operation))).toEqual(manifestOf(keyOf(operation)).counts);
  });
});

describe('/backup cancel', () => {
  it('of a dump in the middle leaves neither Job nor parts nor manifest', async () => {
    const { incident, world } = stage;
    slowUploads();
    const operation = await incident.command('rosa', '/backup dump production');
    await running(operation);
    await eventually('parts are under way', async () => (await uploads()).length > 0);
    await incident.person('rosa').slash(`/backup cancel ${operation}`, incidentChannel);
    await incident.person('rosa').waitForView('cancel-operation', 10);
    await incident.person('rosa').submit({});
    expect(await incident.until(operation, closed)).toMatchObject({ outcome: 'cancelled', service: 'unchanged' });
    world.aws.faults.clear('s3');
    expect(await podsOf(operation)).toEqual([]);
    expect(await uploads()).toEqual([]);
    expect(() => manifestOf(keyOf(operation))).toThrow();
  });
});

async function running(operation: string): Promise<string> {
  let name = '';
  await eventually('its pod runs', async () => {
    const pod = (await podsOf(operation)).find(({ status }) => status?.phase === 'Running');
    name = pod?.metadata?.name ?? '';
    return name !== '';
  });
  return name;
}

describe('/backup adopt', () => {
  it('takes in a dump that lies there without a manifest, and refuses half of one with the reason', async () => {
    const { incident, world } = stage;
    const operation = await incident.command('rosa', '/backup dump production');
    expect(await incident.until(operation, closed)).toMatchObject({ outcome: 'succeeded' });
    const bytes = world.s3.read(bucket, keyOf(operation));
    const file = join(world.household.folder, 'copied.dump');
    writeFileSync(file, bytes);
    await aws('s3', 'cp', file, `s3://${bucket}/database/backup-20261120.dump`);
    const whole = await incident.command('rosa', `/backup adopt database/backup-20261120.dump`);
    expect(await incident.until(whole, closed)).toMatchObject({ outcome: 'succeeded' });
    expect(manifestOf('database/backup-20261120.dump')).toMatchObject({ adopted: true, counts: null });

    writeFileSync(file, bytes.subarray(0, bytes.length / 2));
    await aws('s3', 'cp', file, `s3://${bucket}/database/half.dump`);
    const half = await incident.command('rosa', `/backup adopt database/half.dump`);
    expect(await incident.until(half, closed)).toMatchObject({ outcome: 'failed', service: 'unchanged' });
    await eventually('the card says why', async () => (await said()).includes('ends too early'));
    expect(() => manifestOf('database/half.dump')).toThrow();
  });
});
