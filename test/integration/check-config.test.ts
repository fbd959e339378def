import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
  readonly faults: readonly { path: string; code: string; what: string; hint: string }[];
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
    expect(progress).toContain('environments.production.database.verifyRole: logs in (');
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
