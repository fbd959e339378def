import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type Fixture, startFixture } from '../../sandbox/kubernetes/fixture.ts';
import { findPostgres } from '../../sandbox/setup/find.ts';
import { kubernetes } from '../clients/kubernetes.ts';
import { postgresPrograms } from '../clients/postgres-programs.ts';
import { roleSecret } from '../clients/private-database.fixture.ts';
import { type DumpReport, type DumpTask, manifestKey, manifestOf } from '../domain/dump.ts';
import { dumpByExec, endRemote, proveTools, type ToolsPod } from './dump-by-exec.ts';
import { bucket, type JobGround, openJobGround } from './jobs.fixture.ts';

const namespace = 'production';
let ground: JobGround;
let world: Fixture;
let tools: ToolsPod;
/** Another pod, that has pg_dump and a shell, but neither tr nor grep. */
let bare: ToolsPod;
const before = process.env.KUBECONFIG;

beforeAll(async () => {
  [ground, world] = await Promise.all([openJobGround(), startFixture()]);
  process.env.KUBECONFIG = world.cluster.kubeconfigFile;
  await ground.database.sql('postgres', 'CREATE DATABASE shop');
  await ground.database.sql(
    'shop',
    'CREATE TABLE customers (id bigserial PRIMARY KEY, email text NOT NULL)',
    'CREATE TABLE orders (id bigserial PRIMARY KEY, note text)',
    `INSERT INTO customers (email) SELECT 'c' || n || '@example.com' FROM generate_series(1, 1000) n`,
    // What gzip can't make small, so that there is something to send.
    `INSERT INTO orders (note) SELECT encode(sha512(n::text::bytea), 'hex') || encode(sha512((-n)::text::bytea), 'hex')
       FROM generate_series(1, 200000) n`,
  );
  const bin = (await findPostgres())?.bin ?? '';
  [tools, bare] = await Promise.all([
    deployTools('tools', `${bin}:/usr/bin:/bin`),
    deployTools('bare', withoutTools(bin)),
  ]);
});
afterAll(async () => {
  if (before === undefined) delete process.env.KUBECONFIG;
  else process.env.KUBECONFIG = before;
  await world?.close();
  await ground?.close();
});
afterEach(() => ground.aws.faults.clear());

/** A folder with pg_dump, and with what the sandbox itself starts a program by. */
function withoutTools(bin: string): string {
  const folder = join(world.household.folder, 'bare-bin');
  mkdirSync(folder);
  for (const program of ['/bin/sh', '/bin/mkdir', '/bin/mount', '/usr/bin/unshare', `${bin}/pg_dump`])
    symlinkSync(program, join(folder, basename(program)));
  return folder;
}

async function deployTools(name: string, path: string): Promise<ToolsPod> {
  const labels = { app: name };
  const container = {
    name: 'tools',
    image: 'test/shell:1',
    args: ['/bin/sleep 3600'],
    // What would lead elsewhere, if it were heeded.
    env: [
      { name: 'PATH', value: path },
      { name: 'PGSERVICE', value: 'elsewhere' },
    ],
  };
  const body = {
    metadata: { name },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } },
  };
  await world.apps.createNamespacedDeployment({ namespace, body });
  const pod = await eventually('its pod runs', async () => {
    const { items } = await world.core.listNamespacedPod({ namespace, labelSelector: `app=${name}` });
    return items.find(({ status }) => status?.phase === 'Running')?.metadata?.name;
  });
  return { cluster: '', namespace, pod, container: 'tools' };
}

let made = 0;
const another = () => {
  const operation = `op-${String(++made).padStart(12, 'e')}`;
  return ground.task({ operation, key: `database/production/${operation}.dump` });
};

function dump(task: DumpTask, signal = new AbortController().signal, said: DumpReport[] = []): Promise<void> {
  const parts = {
    cluster: kubernetes(),
    connect: ground.database.connect,
    findPrograms: postgresPrograms(process.env),
    s3: () => ground.s3,
  };
  return ground.database
    .credentials(roleSecret('pitcrew_reader'))
    .then((login) => dumpByExec(parts, { task, tools, login, signal, say: (report) => said.push(report) }));
}

const manifestAt = async ({ key }: DumpTask) =>
  manifestOf((await ground.s3.text({ bucket, key: manifestKey(key) })) ?? '');
const unfinished = ({ key }: DumpTask) => ground.s3.unfinished({ bucket, key });

/** pg_dump of this operation, as the machine has it. */
async function remote({ operation }: DumpTask): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,comm=']);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([pid = '', name]) => name === 'pg_dump' && environOf(pid).includes(`PITCREW_DUMP=${operation}\0`))
    .map(([pid = '']) => pid);
}

function environOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
const slowS3 = (seconds: number) =>
  ground.aws.faults.order({ service: 's3', action: 'UploadPart', fault: { kind: 'delay', seconds } });

describe('a dump in a pod, where no Job may run', () => {
  it('is whole, counted in its own snapshot, read back, and its manifest says so', async () => {
    const task = another();
    const said: DumpReport[] = [];
    await dump(task, undefined, said);
    const manifest = await manifestAt(task);
    expect(manifest).toMatchObject({
      operation: task.operation,
      adopted: false,
      counts: { 'public.orders': 200_000, 'public.customers': 1000 },
      clientVersion: expect.stringMatching(/^15\./),
    });
    expect(manifest?.sizeBytes).toBe((await ground.s3.head({ bucket, key: task.key }))?.sizeBytes);
    expect(manifest?.sizeBytes).toBeGreaterThan(15e6);
    expect(await unfinished(task)).toEqual([]);
    expect(await remote(task)).toEqual([]);
  });

  it('names the password in nobody’s list of processes', async () => {
    const task = another();
    const { password } = await ground.database.credentials(roleSecret('pitcrew_reader'));
    slowS3(0.3);
    const done = dump(task);
    let seen = '';
    for (let looks = 0; looks < 40; looks++) {
      seen += (await promisify(execFile)('ps', ['-eo', 'args'])).stdout;
      await sleep(25);
    }
    await done;
    expect(seen).toContain('--snapshot=');
    expect(seen).not.toContain(password.reveal());
  });

  it('F38: whose connection breaks in the middle fails, leaves neither dump nor parts nor a pg_dump, and is made by the next attempt', async () => {
    const task = another();
    world.cluster.faults.cutExecs({
      afterBytes: 3_000_000,
      count: 1,
      matching: ({ argv }) => argv.includes('sh') && argv.length > 6,
    });
    await expect(dump(task)).rejects.toMatchObject({ code: 'kubernetes.exec-broken', kind: 'retryable' });
    expect(await manifestAt(task)).toBeUndefined();
    expect(await ground.s3.head({ bucket, key: task.key })).toBeUndefined();
    expect(await unfinished(task)).toEqual([]);
    expect(await remote(task)).toEqual([]);
    await dump(task);
    expect(await manifestAt(task)).toMatchObject({ operation: task.operation });
  });

  it('that is told to stop does, and frees its parts', async () => {
    const task = another();
    slowS3(1);
    const stop = new AbortController();
    const done = dump(task, stop.signal).catch((error: unknown) => error);
    await eventually('parts are under way', async () => (await unfinished(task)).length > 0);
    stop.abort(new Error('enough'));
    expect(await done).toBeInstanceOf(Error);
    expect(await unfinished(task)).toEqual([]);
    await eventually('nothing runs', async () => (await remote(task)).length === 0);
  });

  it('what a worker that died left running in the pod is ended by the next, and by nobody else’s operation', async () => {
    const [task, other] = [another(), another()];
    const cluster = kubernetes();
    const argv = ['sh', '-c', `PITCREW_DUMP=${task.operation} exec sleep 600`];
    const left = await cluster.exec(tools, { pod: tools.pod, argv });
    left.close();
    const runs = async () =>
      (await promisify(execFile)('pgrep', ['-f', '^sleep 600$']).catch(() => ({ stdout: '' }))).stdout;
    await eventually('it runs on', async () => (await runs()) !== '');
    await endRemote({ cluster }, tools, other.operation);
    expect(await runs()).not.toBe('');
    await endRemote({ cluster }, tools, task.operation);
    await eventually('it is gone', async () => (await runs()) === '');
  });

  it('F39: pg_dump waits while S3 is slow: no more than a few parts are held here', async () => {
    const task = another();
    await ground.database.sql(
      'shop',
      `INSERT INTO orders (note) SELECT encode(sha512(n::text::bytea), 'hex') || encode(sha512((-n)::text::bytea), 'hex')
         FROM generate_series(200001, 400000) n`,
    );
    slowS3(60);
    const said: DumpReport[] = [];
    const stop = new AbortController();
    const done = dump(task, stop.signal, said).catch((error: unknown) => error);
    const far = () => said.flatMap((report) => (report.said === 'progress' ? [report.bytes] : []));
    const standsStill = () => {
      const [first = 0, ...later] = far().slice(-3);
      return first > 0 && later.length === 2 && later.every((bytes) => bytes === first);
    };
    for (let looks = 0; looks < 250 && !standsStill(); looks++) await sleep(200);
    // Were it not held back, it would stand still only once all 50 MB of it had come, and pg_dump would have ended.
    expect(standsStill()).toBe(true);
    expect(await remote(task)).toHaveLength(1);
    expect(Math.max(...far())).toBeLessThanOrEqual(21 * 1024 * 1024);
    stop.abort(new Error('seen'));
    ground.aws.faults.clear(); // else the parts that are under way would be waited for
    await done;
  }, 120_000);

  it('is refused where the pod has no pg_dump', async () => {
    const cluster = {
      exec: (place: never, asked: { readonly argv: readonly string[]; readonly pod: string }) =>
        kubernetes().exec(place, { ...asked, argv: asked.argv.map((word) => word.replace(/^pg_dump$/, 'pg_dumb')) }),
    };
    const parts = {
      cluster,
      connect: ground.database.connect,
      findPrograms: postgresPrograms(process.env),
      s3: () => ground.s3,
    };
    const login = await ground.database.credentials(roleSecret('pitcrew_reader'));
    const given = { task: another(), tools, login, signal: new AbortController().signal, say: () => {} };
    await expect(dumpByExec(parts as never, given)).rejects.toMatchObject({
      code: 'dump.exec-client',
      kind: 'permanent',
    });
  });
});

describe('whether a dump could be made in a pod', () => {
  const prove = (pod: ToolsPod, major: number) => proveTools({ cluster: kubernetes() }, pod, { major });

  it('is seen without making one', async () => {
    await prove(tools, 15);
    await expect(prove(tools, 16)).rejects.toMatchObject({
      code: 'dump.exec-client',
      params: { pod: tools.pod, major: 16, found: expect.stringMatching(/^15\./) },
    });
  });

  it('takes more than pg_dump: without a shell and its like none could be started, nor ended', async () => {
    await expect(prove(bare, 15)).rejects.toMatchObject({ code: 'dump.exec-shell', params: { pod: bare.pod } });
  });
});
