import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { names, type Options, pitcrewYaml } from '../../sandbox/settings.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

let world: World;
beforeAll(async () => {
  world = await startWorld({ orders: 300, replicas: 1, ordersPerSecond: 1 });
});
afterAll(() => world?.close());

interface Reported {
  readonly ok: boolean;
  readonly asked: number;
  readonly looks: readonly { path: string; ok: boolean; what: string }[];
  readonly faults: readonly { path: string; code: string; what: string; hint: string }[];
  readonly remarks: readonly { path: string; what: string }[];
}

/** `pitcrew check-config --live` as somebody who installs it would run it. */
async function checkConfig(production: Options = {}, more: Readonly<Record<string, string>> = {}, language = 'en') {
  const file = join(world.household.folder, 'checked.yaml');
  writeFileSync(file, pitcrewYaml({ language: 'en', replicas: 1, production }));
  const args = [main, 'check-config', '--live', '--json', '--config', file, '--language', language];
  const env = { PATH: process.env.PATH ?? '', ...world.env, ...more };
  return new Promise<{ code: number; report: Reported; progress: string; all: string }>((resolve) => {
    execFile(process.execPath, args, { env }, (error, stdout, stderr) =>
      resolve({
        code: typeof error?.code === 'number' ? error.code : 0,
        report: JSON.parse(stdout || '{}') as Reported,
        progress: stderr,
        all: stdout + stderr,
      }),
    );
  });
}

async function asMaster(...statements: readonly string[]): Promise<void> {
  const { DB_HOST: host, DB_PORT: port } = JSON.parse(world.secrets.value(names.configSecret) ?? '{}') as Record<
    string,
    string
  >;
  const master = JSON.parse(world.secrets.value(names.masterSecret) ?? '{}') as { username: string; password: string };
  const client = new pg.Client({
    ...{ host, port: Number(port), database: names.database },
    ...{ user: master.username, password: master.password, ssl: { rejectUnauthorized: false } },
  });
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.end();
}

/** What lies where dumps do, or was begun there and not given up. */
async function dumpsLeft(): Promise<readonly string[]> {
  const { AWS_ENDPOINT_URL: endpoint = '', AWS_ACCESS_KEY_ID: accessKeyId = '', ...env } = world.env;
  const secretAccessKey = env.AWS_SECRET_ACCESS_KEY ?? '';
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region: names.region, credentials, forcePathStyle: true });
  const at = { Bucket: names.backupsBucket };
  const { Contents = [] } = await client.send(new ListObjectsV2Command(at));
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand(at));
  client.destroy();
  return [...Contents, ...Uploads].map(({ Key = '' }) => Key);
}

const changing = [
  'CreateDBSnapshot',
  'RestoreDBInstanceFromDBSnapshot',
  'ModifyDBInstance',
  'DeleteDBInstance',
  'AddTagsToResource',
];

describe('check-config --live', () => {
  it('finds nothing wrong with a world that is right, says what it looks at, and changes nothing', async () => {
    const before = world.secrets.value(names.configSecret);
    const { code, report, progress } = await checkConfig();
    expect(report.faults).toEqual([]);
    expect(code).toBe(0);
    expect(report.asked).toBeGreaterThan(20);
    expect(progress.trim().split('\n')).toHaveLength(report.asked + 1);
    expect(report.looks).toHaveLength(report.asked);
    expect(report.looks.filter(({ ok }) => !ok)).toEqual([]);
    expect(progress).toContain('environments.production.database.verifyRole: logs in (');
    expect(progress).toContain('environments.production.dumps.bucket: dumps can be read (');
    expect(progress).toContain('environments.production.database.masterRole: may make databases and roles (');
    expect(report.remarks.map(({ path }) => path)).toContain('environments.production.dumps.bucket');
    expect(await dumpsLeft()).toEqual([]);
    for (const action of changing) expect(world.aws.faults.calls('rds', action), action).toBe(0);
    for (const action of ['PutSecretValue', 'UpdateSecretVersionStage'])
      expect(world.aws.faults.calls('secretsmanager', action)).toBe(0);
    expect(world.secrets.value(names.configSecret)).toBe(before);
  });

  it('names every fault at once, with the statement or the rule to add, in both languages', async () => {
    await asMaster('REVOKE pg_monitor FROM pitcrew_verify', 'REVOKE pg_signal_backend FROM pitcrew_fence');
    world.aws.faults.order({ service: 'rds', action: 'DescribeDBSnapshots', fault: { kind: 'deny' } });
    const forbidden = [
      world.kubernetes.faults.forbid({ verb: 'list', resource: 'pods' }),
      world.kubernetes.faults.forbid({ verb: 'patch', resource: 'deployments.apps' }),
    ];
    const wrong = {
      secret: { keys: { password: 'DB_PASSWORT' } },
      workloads: [
        { namespace: names.namespace, deployment: names.deployment },
        { namespace: names.namespace, deployment: 'ecommerce-backed' },
        { cluster: 'elsewhere', namespace: names.namespace, deployment: names.deployment },
      ],
      channels: { stakeholders: ['C0NOWHERE'] },
      restore: { profile: { subnetGroup: 'prodd' } },
      checks: {
        critical: ['orders', 'costumers'],
        relations: [{ from: 'orders.costumer_id', to: 'customers.id' }],
        queries: [{ name: 'newest', sql: 'select max(created) from orders', expect: { minimum: 1 } }],
      },
    };
    const { code, report, all } = await checkConfig(wrong);
    const chinese = await checkConfig(wrong, {}, 'zh-TW');
    for (const allowAgain of forbidden) allowAgain();
    world.aws.faults.clear();
    await asMaster('GRANT pg_monitor TO pitcrew_verify', 'GRANT pg_signal_backend TO pitcrew_fence');

    expect(code).toBe(1);
    const at = 'environments.production';
    const found = (name: string) =>
      report.faults.flatMap(({ path, code, hint }) => (`${path} ${code}` === name ? [hint] : [])).join('\n');
    expect(report.faults.map(({ path, code }) => `${path} ${code}`).sort()).toEqual(
      [
        `${at}.secret.keys.password secret.no-key`,
        `${at}.database.instance aws.denied`,
        `${at}.database.verifyRole inspection.grant-missing`,
        `${at}.database.fenceRole inspection.grant-missing`,
        `${at}.workloads[0] kubernetes.denied`,
        `${at}.workloads[0] kubernetes.denied`,
        `${at}.workloads[1] kubernetes.not-found`,
        `${at}.workloads[2] kubernetes.no-context`,
        `${at}.channels.stakeholders[0] inspection.no-channel`,
        `${at}.restore.profile.subnetGroup restore.subnet-group-gone`,
        `${at}.checks.critical[1] inspection.no-table`,
        `${at}.checks.relations[0].from inspection.no-column`,
        `${at}.checks.queries[0].sql inspection.statement-fails`,
        `${at}.checks.command kubernetes.denied`,
        `${at}.dumps.runner kubernetes.denied`,
      ].sort(),
    );
    expect(found(`${at}.database.instance aws.denied`)).toContain('"Action":"rds:DescribeDBSnapshots"');
    expect(found(`${at}.workloads[0] kubernetes.denied`)).toContain('resources: ["pods"], verbs: ["list"]');
    expect(found(`${at}.workloads[0] kubernetes.denied`)).toContain('verbs: ["patch"]');
    expect(found(`${at}.database.verifyRole inspection.grant-missing`)).toContain(
      'GRANT pg_monitor TO "pitcrew_verify";',
    );
    expect(found(`${at}.database.fenceRole inspection.grant-missing`)).toContain('GRANT pg_signal_backend');
    expect(chinese.report.faults.map(({ path }) => path).sort()).toEqual(report.faults.map(({ path }) => path).sort());
    for (const { what, hint } of chinese.report.faults) expect(what + hint).toMatch(/[\u4e00-\u9fff]/);
    const secrets = [names.configSecret, names.verifySecret].flatMap((id) => passwordsIn(world.secrets.value(id)));
    for (const secret of secrets) expect(all).not.toContain(secret);
  });

  it('names what dumps by a Job, and restores of them, lack', async () => {
    await asMaster('ALTER ROLE ecommerce_admin NOCREATEDB');
    world.aws.faults.order({ service: 's3', action: 'ListMultipartUploads', fault: { kind: 'deny' } });
    const allowAgain = world.kubernetes.faults.forbid({ verb: 'create', resource: 'jobs.batch' });
    const heartbeat = { column: 'heartbeat.beat', withinSeconds: 30 };
    const wrong = { dumps: { serviceAccount: 'pitcrew-dumps' }, checks: { heartbeat } };
    const { report } = await checkConfig(wrong);
    const chinese = await checkConfig(wrong, {}, 'zh-TW');
    allowAgain();
    world.aws.faults.clear();
    await asMaster('ALTER ROLE ecommerce_admin CREATEDB');

    const at = 'environments.production';
    const hints = Object.fromEntries(report.faults.map(({ path, code, hint }) => [`${path} ${code}`, hint]));
    expect(hints).toEqual({
      [`${at}.dumps.bucket aws.denied`]: expect.stringContaining('"Action":"s3:ListBucketMultipartUploads"'),
      [`${at}.dumps.runner kubernetes.denied`]: expect.stringContaining('resources: ["jobs"], verbs: ["create"]'),
      [`${at}.checks.command kubernetes.denied`]: expect.stringContaining('resources: ["jobs"], verbs: ["create"]'),
      [`${at}.checks.heartbeat.column inspection.no-column`]: expect.stringContaining('column'),
      [`${at}.database.masterRole inspection.grant-missing`]: expect.stringContaining(
        'ALTER ROLE "ecommerce_admin" CREATEDB;',
      ),
    });
    const failed = report.looks.filter(({ ok }) => !ok).map(({ path }) => path);
    expect([...new Set(failed)].sort()).toEqual(report.faults.map(({ path }) => path).sort());
    expect(report.looks).toContainEqual({ path: `${at}.dumps.bucket`, ok: true, what: 'dumps can be read' });
    expect(report.remarks.map(({ what }) => what).join('\n')).toContain('the service account pitcrew-dumps');
    expect(chinese.report.faults.map(({ path }) => path).sort()).toEqual(report.faults.map(({ path }) => path).sort());
    for (const { what, hint } of chinese.report.faults) expect(what + hint).toMatch(/[\u4e00-\u9fff]/);
    for (const { what } of chinese.report.remarks) expect(what).toMatch(/[\u4e00-\u9fff]/);
  });

  it('looks into the pod that dumps are made in, where no Job may run', async () => {
    const dumps = { runner: 'exec', tools: { namespace: names.namespace, deployment: 'tools', container: 'tools' } };
    const right = await checkConfig({ dumps });
    expect(right.report.faults).toEqual([]);
    expect(right.progress).toContain('environments.production.dumps.tools: its pod has pg_dump');
    expect(await dumpsLeft()).toEqual([]);

    const allowAgain = world.kubernetes.faults.forbid({ verb: 'create', resource: 'pods/exec' });
    world.aws.faults.order({ service: 's3', action: 'CreateMultipartUpload', fault: { kind: 'deny' } });
    const wrong = await checkConfig({ dumps: { ...dumps, tools: { ...dumps.tools, deployment: 'no-such-tools' } } });
    allowAgain();
    world.aws.faults.clear();
    expect(wrong.code).toBe(1);
    expect(wrong.report.faults.map(({ path, code }) => `${path} ${code}`).sort()).toEqual([
      'environments.production.dumps.bucket aws.denied',
      'environments.production.dumps.tools kubernetes.denied',
      'environments.production.dumps.tools kubernetes.not-found',
    ]);
  });

  it('says what is away or refused: Redis, the bucket, the tokens', async () => {
    world.aws.faults.order({ service: 's3', action: 'PutObject', fault: { kind: 'deny' } });
    const { code, report } = await checkConfig(
      {},
      { REDIS_URL: 'redis://127.0.0.1:1', SLACK_API_URL: 'http://127.0.0.1:1/api/' },
    );
    world.aws.faults.clear();
    expect(code).toBe(1);
    expect(report.faults.map(({ path, code }) => `${path} ${code}`).sort()).toEqual([
      'REDIS_URL queue.unreachable',
      'SLACK_APP_TOKEN inspection.slack-silent',
      'SLACK_BOT_TOKEN inspection.slack-silent',
      'ledger.bucket ledger.denied',
    ]);
  });

  it('asks nobody while the file itself has a fault', async () => {
    const { code, progress, report } = await checkConfig({ region: 'Ireland' });
    expect(code).toBe(1);
    expect(progress).toBe('');
    expect(report.faults.map(({ path }) => path)).toEqual(['environments.production.region']);
  });
});

const passwordsIn = (document: string | undefined) =>
  Object.entries(JSON.parse(document ?? '{}') as Record<string, string>).flatMap(([name, value]) =>
    /password/i.test(name) ? [value] : [],
  );
