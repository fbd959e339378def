import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { account, region, startDatabaseCloud } from '../../clients/cloud.fixture.ts';
import { rds } from '../../clients/rds.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan } from '../../domain/plan.ts';
import { baselineKey } from '../../domain/records.ts';
import { type RestoreDecided, type RestoreShown, restoreSteps, type SnapshotPoint } from '../../domain/restore.ts';
import { snapshotSteps } from '../../domain/snapshot.ts';
import type { StepContext } from '../../domain/step.ts';
import { recordsInMemory } from '../../ledger/records.fixture.ts';
import { notProvenReasons } from '../../messages/aws-settings.ts';
import { baselineOf, quietTable } from '../../verification/baseline.fixture.ts';
import type { Baseline } from '../../verification/baseline.ts';
import { planSnapshot } from '../snapshot/plan.ts';
import { restore } from './operation.ts';
import { asked, clientsWith, clusterWith, document, environmentOf, planWith, role, secret } from './plan.fixture.ts';

let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
let replicas = 4;
const environment = environmentOf();
const clients = clientsWith({ cluster: clusterWith(() => replicas) });
const plan = (over?: Partial<PlanRequest>, given = clients) => planWith(given, over);

beforeAll(async () => {
  cloud = await startDatabaseCloud();
  await new RDSClient({ region }).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'shop',
      Engine: 'postgres',
      DBInstanceClass: 'db.r5.xlarge',
      AllocatedStorage: 100,
      MasterUsername: 'shop_admin',
      MasterUserPassword: 'not-a-secret-1',
      DBParameterGroupName: 'prod-pg15',
      DBSubnetGroupName: 'prod',
      VpcSecurityGroupIds: ['sg-production'],
    }),
  );
  await vi.waitUntil(async () => (await rds(region).findInstance('shop'))?.status === 'available', 60_000);
  cloud.secrets.create(secret, '{}');
  cloud.secrets.create(role.secret, '{"user":"verify","password":"pw-of-verify"}');
});
afterAll(() => cloud.close());
beforeEach(() => {
  cloud.aws.faults.clear();
  replicas = 4;
  point({});
});

function point(over: Record<string, string>) {
  const port = String(cloud.rds.instance('shop')?.port);
  cloud.secrets.put(secret, JSON.stringify({ ...document, DB_PORT: port, ...over }));
}

describe('the plan of a restore', () => {
  test('says what is decided, who may not touch what meanwhile, and every step in its place', async () => {
    const { bound, shown } = await plan();
    const decided = bound.decided as RestoreDecided;
    expect(decided).toMatchObject({
      recoveryPoint: { type: 'automated', status: 'available', instanceId: 'shop' },
      source: { id: 'shop', host: '127.0.0.1' },
      targetId: 'shop-r01234567',
      onFailure: 'return',
      workloads: ['current/production/ecommerce-backend'],
    });
    expect(bound).toMatchObject({ operation: 'restore', account, region, onFailure: 'return' });
    expect(bound.resources).toEqual([
      `arn:aws:rds:${region}:${account}:db:shop`,
      `arn:aws:rds:${region}:${account}:db:shop-r01234567`,
      expect.stringContaining(`:secret:${secret}-`),
      'current/production/ecommerce-backend',
    ]);
    // The config names no check of the team's own.
    const others: readonly string[] = ['await-log', 'compare', 'approve-cut-over', 'prove-unwritten'];
    const expected = restoreSteps.filter((id) => !id.endsWith('-check-job') && !others.includes(id));
    expect(bound.steps.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
    const { steps } = restore.build(clients);
    const before: string[] = [];
    for (const { id, after } of bound.steps) {
      expect(steps.has(id)).toBe(true);
      expect(before).toEqual(expect.arrayContaining([...after]));
      before.push(id);
    }
    expect(Object.keys(shown.commands).toSorted()).toEqual(expected.toSorted());
  });

  test('is the same bytes when it is made again, whatever moved meanwhile', async () => {
    const first = await plan();
    replicas = 7;
    const again = await plan();
    expect(JSON.stringify(again.bound)).toBe(JSON.stringify(first.bound));
    expect((again.shown as unknown as RestoreShown).replicas[0]?.replicas).toBe(7);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
  });

  test('F21, F48: an edit of the secret makes it another plan', async () => {
    const first = await plan();
    point({ EDITED: 'yes' });
    expect(JSON.stringify((await plan()).bound)).not.toBe(JSON.stringify(first.bound));
  });

  test('holds no secret', async () => {
    expect(JSON.stringify(await plan())).not.toMatch(/pw-of-(app|verify)/);
  });

  test('says "not available" of a live database that does not answer, never zero', async () => {
    const shown = (await plan()).shown as unknown as RestoreShown;
    expect(shown.loss).toMatchObject({ live: 'not-available', tables: [{ table: 'orders', rows: null }] });
    expect(shown.expected).toEqual({ downtimeSeconds: null, totalSeconds: null, from: 0 });
    expect(shown.notProven).toContain('not-proven.live-comparison');
    for (const code of shown.notProven) expect(notProvenReasons[code]?.('zh-TW', {})).toBeTruthy();
  });

  test('counts are proven where the snapshot has a baseline, and the verification is told which', async () => {
    const without = (await plan()).bound;
    const { arn } = (without.decided as RestoreDecided).recoveryPoint as SnapshotPoint;
    const planned = async (baseline: Baseline) => {
      const records = recordsInMemory();
      await records.write(baselineKey(arn), baseline as unknown as JsonObject);
      const { bound, shown } = await plan({}, { ...clients, records });
      const input = bound.steps.find(({ id }) => id === 'verify-database')?.input;
      return { key: input?.baselineKey, shown: shown as unknown as RestoreShown };
    };
    const counted = await planned(baselineOf('shop', { 'public.orders': quietTable(500) }));
    expect(counted.key).toBe(baselineKey(arn));
    expect(counted.shown.baselineAt).toBe('2026-11-20T02:30:00.000Z');
    expect(counted.shown.notProven.filter((code) => /row-counts/.test(code))).toEqual([]);
    const uncounted = await planned(baselineOf('shop', { 'public.orders': quietTable(null) }));
    expect(uncounted.shown.notProven).toContain('not-proven.some-row-counts');
    const ofAnother = await planned(baselineOf('another', { 'public.orders': quietTable(500) }));
    expect(ofAnother).toMatchObject({ key: null, shown: { baselineAt: null } });
    expect(ofAnother.shown.notProven).toContain('not-proven.row-counts');
  });

  test('everything else is looked at after the cut-over, unless the config gives that no time', async () => {
    const checks = { ...environment.checks, deepMinutes: 0 };
    const { bound, shown } = await plan({}, { ...clients, environment: () => ({ ...environment, checks }) });
    expect(bound.steps.some(({ id }) => id === 'verify-deeply')).toBe(false);
    expect(shown.commands).not.toHaveProperty('verify-deeply');
    const steps = (await plan()).bound.steps;
    expect(steps.find(({ id }) => id === 'verify-deeply')?.after).toEqual(['fence-old']);
    expect(steps.at(-1)?.id).toBe('verify-deeply');
  });

  test('the team’s own check runs before the judgement where the config names one, and its steps aren’t there where it doesn’t', async () => {
    const command = {
      image: 'acme/verify:1',
      args: ['./verify.sh'],
      cluster: '',
      namespace: 'checks',
      withinMinutes: 5,
    };
    const checks = { ...environment.checks, command };
    const { bound, shown } = await plan({}, { ...clients, environment: () => ({ ...environment, checks }) });
    const waitsFor = (id: string) => bound.steps.find((step) => step.id === id)?.after;
    expect(waitsFor('judge-verification')).toContain('await-check-job');
    expect(waitsFor('await-check-job')).toEqual(['start-check-job']);
    expect(bound.steps.find(({ id }) => id === 'start-check-job')?.input).toMatchObject({
      image: 'acme/verify:1',
      withinSeconds: 300,
    });
    expect(JSON.stringify(shown.commands)).toContain('kubectl","wait","job/pitcrew-check-');
    const without = await plan();
    expect(JSON.stringify(without)).not.toContain('check-job');
  });

  test('F34: nothing is switched before it is seen that the application stayed stopped', async () => {
    const { steps } = (await plan()).bound;
    const waitsFor = (id: string) => steps.find((step) => step.id === id)?.after;
    expect(waitsFor('watch-stopped')).toEqual(['prove-stopped']);
    expect(waitsFor('switch-secret')).toEqual(expect.arrayContaining(['watch-stopped', 'measure-loss']));
    expect(steps.find(({ id }) => id === 'watch-stopped')?.input).toMatchObject({ until: 'measure-loss' });
  });

  test.each(['stopped', 'failed', 'inaccessible-encryption-credentials'])(
    'speaks to no database of an instance that is %s: nobody is connected there, and nothing waits for its answer',
    async (status) => {
      cloud.rds.force('shop', status);
      const { bound, shown } = await plan({ args: { from: 'latest', order: 'stop-first', onFailure: 'return' } });
      cloud.rds.force('shop', undefined);
      expect(bound).toMatchObject({ onFailure: 'stay-stopped', decided: { source: { id: 'shop' } } });
      for (const id of ['prove-stopped', 'verify-database', 'measure-loss', 'prove-on-new'])
        expect(bound.steps.find((step) => step.id === id)?.input, id).toMatchObject({ source: null });
      expect(bound.steps.map(({ id }) => id)).not.toContain('fence-old');
      expect(bound.steps.map(({ id }) => id)).toContain('rescue-snapshot');
      expect((shown as unknown as RestoreShown).handOver).toContainEqual({
        code: 'hand-over.old-instance-down',
        params: { instance: 'shop', status, role: 'app' },
      });
    },
  );

  test('estimates from this environment’s own past', async () => {
    const past = async () => [
      { downtimeSeconds: 100, totalSeconds: 1000, order: 'stop-first' as const },
      { downtimeSeconds: null, totalSeconds: 3000, order: 'stop-first' as const },
      { downtimeSeconds: 300, totalSeconds: 2000, order: 'stop-first' as const },
      { downtimeSeconds: 9, totalSeconds: 4000, order: 'restore-first' as const },
    ];
    const shown = (await plan({}, { ...clients, past })).shown as unknown as RestoreShown;
    expect(shown.expected).toEqual({ downtimeSeconds: 300, totalSeconds: 2000, from: 3 });
  });

  test('shows the runbook’s commands', async () => {
    const { commands } = (await plan()).shown;
    expect(commands['stop-application']).toEqual([
      ['kubectl', 'scale', 'deployment/ecommerce-backend', '--replicas=0', '-n', 'production'],
    ]);
    expect(commands['start-application']?.[0]).toContain('--replicas=4');
    expect(commands['restore-instance']?.[0]?.join(' ')).toMatch(
      /^aws rds restore-db-instance-from-db-snapshot --db-instance-identifier shop-r01234567 --db-snapshot-identifier rds:shop-.* --vpc-security-group-ids sg-production --no-publicly-accessible /,
    );
  });
});

describe('a restore that can’t be done is refused before anything is touched', () => {
  test.each([
    [
      'behind an address that is no instance’s',
      () => point({ DB_HOST: 'proxy.internal' }),
      'restore.host-not-instance',
    ],
    [
      'of an Aurora cluster',
      () => point({ DB_HOST: 'shop.cluster-abc123.eu-west-1.rds.amazonaws.com' }),
      'restore.unsupported-engine',
    ],
    ['without a host in the secret', () => point({ DB_HOST: '' }), 'restore.secret-incomplete'],
    ['without a user in the secret', () => point({ DB_USERNAME: '' }), 'restore.secret-incomplete'],
  ])('%s', async (_, given, code) => {
    given();
    await expect(plan()).rejects.toMatchObject({ code, kind: 'user' });
  });

  test('F31: beyond the account’s quota', async () => {
    cloud.rds.quotas = { instances: 1 };
    await expect(plan()).rejects.toMatchObject({ code: 'restore.instance-quota', params: { used: 1, max: 1 } });
    cloud.rds.quotas = { instances: 40, storageGibibytes: 150 };
    await expect(plan()).rejects.toMatchObject({ code: 'restore.storage-quota', params: { needed: 100 } });
    cloud.rds.quotas = { storageGibibytes: 100_000 };
  });

  test('with a group that the profile names and that isn’t there', async () => {
    const of = (profile: Parameters<typeof environmentOf>[0]) =>
      plan({}, { ...clients, environment: () => environmentOf(profile) });
    await expect(of({ parameterGroup: 'nowhere' })).rejects.toMatchObject({
      code: 'restore.parameter-group-gone',
      params: { group: 'nowhere' },
    });
    await expect(of({ subnetGroup: 'nowhere' })).rejects.toMatchObject({ code: 'restore.subnet-group-gone' });
  });

  test('F58: with a workload at 0 whose count nothing says', async () => {
    replicas = 0;
    const [workload] = environment.workloads.map(({ replicas: _, ...rest }) => rest);
    const unknown = { ...clients, environment: () => ({ ...environment, workloads: [workload as never] }) };
    await expect(plan({}, unknown)).rejects.toMatchObject({ code: 'restore.replicas-unknown' });
    expect(((await plan()).shown as unknown as RestoreShown).replicas[0]?.replicas).toBe(4);
  });
});

describe('with `restore.prestage`', () => {
  const early = (bound: Plan['bound']) => bound.steps.flatMap(({ id, beforeApproval }) => (beforeApproval ? [id] : []));
  const given = (restore: object) => ({ ...environment, restore: { ...environment.restore, ...restore } });

  test('the instance is made while people decide, and nothing else; without it, nothing is', async () => {
    const prestaging = { ...clients, environment: () => given({ prestage: true }) };
    expect(early((await plan({}, prestaging)).bound)).toEqual(['restore-instance', 'await-instance']);
    expect(early((await plan()).bound)).toEqual([]);
  });

  test('F21: what was approved is decided the same once it stands, with no room left for another', async () => {
    const prestaging = { ...clients, environment: () => given({ prestage: true }) };
    const { bound } = await plan({}, prestaging);
    const made = bound.steps.find(({ id }) => id === 'restore-instance');
    const step = restore.build(prestaging).steps.get('restore-instance');
    const context = { input: made?.input, operation: asked().operationId, signal: new AbortController().signal };
    await step?.run(context as unknown as StepContext);
    cloud.rds.quotas = { instances: 2 };
    expect(JSON.stringify((await plan({}, prestaging)).bound)).toBe(JSON.stringify(bound));
    cloud.rds.quotas = { instances: 40 };
  });
});

describe('the plan of a snapshot', () => {
  const planned = () => planSnapshot(clients, asked({ operation: 'snapshot', args: {} }));

  test('locks only snapshots of the instance and needs nothing else', async () => {
    const { bound, shown } = await planned();
    expect(bound.resources).toEqual([`arn:aws:rds:${region}:${account}:db:shop/snapshot`]);
    expect(bound.steps.map(({ id }) => id).toSorted()).toEqual([...snapshotSteps].toSorted());
    expect(shown.commands['create-snapshot']?.[0]).toContain('shop-pitcrew-01234567');
    expect(JSON.stringify((await planned()).bound)).toBe(JSON.stringify(bound));
  });

  test('waits for an instance that is busy, and refuses one that can’t be backed up', async () => {
    cloud.rds.force('shop', 'backing-up');
    await expect(planned()).rejects.toMatchObject({ code: 'snapshot.instance-busy', kind: 'retryable' });
    cloud.rds.force('shop', 'storage-full');
    await expect(planned()).rejects.toMatchObject({ code: 'snapshot.instance-unfit', kind: 'user' });
    cloud.rds.force('shop', undefined);
    cloud.rds.quotas = { manualSnapshots: 0 };
    await expect(planned()).rejects.toMatchObject({ code: 'snapshot.quota', params: { max: 0 } });
    cloud.rds.quotas = { manualSnapshots: 100 };
  });
});
