import { CreateDBInstanceCommand, DeleteDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { region, startDatabaseCloud } from '../../clients/cloud.fixture.ts';
import { rds } from '../../clients/rds.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { RestoreDecided, RestoreShown } from '../../domain/restore.ts';
import type { Environment } from '../../domain/settings.ts';
import type { StepContext } from '../../domain/step.ts';
import { instant, milliseconds } from '../../domain/time.ts';
import { tagKeys } from '../../planning/names.ts';
import { windowsOf } from '../../planning/point-in-time.ts';
import { pitr } from './pitr.ts';
import { asked, clientsWith, document, environmentOf, role, secret } from './plan.fixture.ts';

let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
const here = () => rds(region);
const clients = clientsWith({
  environment: () =>
    environmentOf({
      instanceClass: 'db.r5.xlarge',
      subnetGroup: 'prod',
      securityGroups: ['sg-production'],
      parameterGroup: 'prod-pg15',
      publiclyAccessible: false,
      caCertificate: 'rds-ca-rsa2048-g1',
      networkType: 'IPV4',
    }),
});
const plan = async (args: JsonObject) => {
  const { bound, shown } = await pitr
    .build(clients)
    .plan(asked({ operation: 'pitr', args }), new AbortController().signal);
  return { bound, decided: bound.decided as RestoreDecided, shown: shown as unknown as RestoreShown };
};
const refused = async (args: JsonObject) => {
  const error = await plan(args).catch((thrown: unknown) => thrown);
  return (error as { code?: string; params?: JsonObject }) ?? {};
};
const found = async (id: string) => {
  const instance = await here().findInstance(id);
  if (!instance) throw new Error(`${id} is gone`);
  return instance;
};
const reachOf = async (id: string) => {
  await vi.waitUntil(async () => (await windowsOf(here(), await found(id))).length > 0, 20_000);
  const [window] = await windowsOf(here(), await found(id));
  if (!window) throw new Error('no window');
  return window;
};
async function create(id: string, tags: Readonly<Record<string, string>> = {}): Promise<void> {
  await new RDSClient({ region }).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: id,
      Engine: 'postgres',
      DBInstanceClass: 'db.r5.xlarge',
      AllocatedStorage: 100,
      BackupRetentionPeriod: 7,
      MasterUsername: 'shop_admin',
      MasterUserPassword: 'not-a-secret-1',
      DBParameterGroupName: 'prod-pg15',
      DBSubnetGroupName: 'prod',
      VpcSecurityGroupIds: ['sg-production'],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  await vi.waitUntil(async () => (await here().findInstance(id))?.status === 'available', 60_000);
}
const pointTo = (id: string) =>
  cloud.secrets.put(secret, JSON.stringify({ ...document, DB_PORT: String(cloud.rds.instance(id)?.port) }));

beforeAll(async () => {
  cloud = await startDatabaseCloud();
  // So that the window moves while one looks.
  cloud.rds.paces = { archiving: 0.3 };
  await create('shop');
  cloud.secrets.create(secret, '{}');
  cloud.secrets.create(role.secret, '{"user":"verify","password":"pw-of-verify"}');
  pointTo('shop');
});
afterAll(() => cloud.close());

test('F21: made while people decide, it is decided the same once it stands, and taken back it is gone', async () => {
  const { latest } = await reachOf('shop');
  const early = { ...clients, environment: () => prestaging(clients.environment('production')) };
  const operation = pitr.build(early);
  const request = asked({ operation: 'pitr', operationId: 'op-ffffffffffff', args: { to: latest } });
  const planned = () => operation.plan(request, new AbortController().signal);
  const { bound } = await planned();
  expect(bound.steps.flatMap(({ id, beforeApproval }) => (beforeApproval ? [id] : []))).toEqual([
    'restore-instance',
    'await-instance',
  ]);
  const step = operation.steps.get('restore-instance');
  const input = bound.steps.find(({ id }) => id === 'restore-instance')?.input;
  const { signal } = new AbortController();
  const context = { input, operation: request.operationId, signal, since: '2020-01-01T00:00:00.000Z' };
  await step?.run(context as unknown as StepContext);
  await vi.waitUntil(async () => (await here().findInstance('shop-rffffffff'))?.status === 'available', 60_000);
  expect(JSON.stringify((await planned()).bound)).toBe(JSON.stringify(bound));
  const undo = step?.undoUnapproved;
  if (undo?.kind !== 'run') throw new Error('it can be taken back');
  await vi.waitUntil(async () => (await undo.run(context as unknown as StepContext)).kind === 'done', 60_000);
  await vi.waitUntil(async () => (await here().findInstance('shop-rffffffff')) === undefined, 60_000);
});
const prestaging = (one: Environment): Environment => ({ ...one, restore: { ...one.restore, prestage: true } });

test('to a moment: asks RDS for that instant of that instance, and takes no snapshot’s baseline for it', async () => {
  const { latest, earliest } = await reachOf('shop');
  const { bound, decided, shown } = await plan({ to: latest, typed: 'just now' });
  expect(bound.operation).toBe('pitr');
  expect(decided.recoveryPoint).toMatchObject({ kind: 'point-in-time', at: latest, instanceId: 'shop' });
  const restore = bound.steps.find(({ id }) => id === 'restore-instance');
  expect(restore?.after).toEqual([]);
  expect(restore?.input.request).toMatchObject({
    TargetDBInstanceIdentifier: 'shop-r01234567',
    SourceDBInstanceIdentifier: 'shop',
    RestoreTime: latest,
  });
  expect(bound.steps.map(({ id }) => id)).not.toContain('await-log');
  expect(shown.commands['restore-instance']?.[0]?.slice(0, 3)).toEqual([
    'aws',
    'rds',
    'restore-db-instance-to-point-in-time',
  ]);
  expect(shown.commands['restore-instance']?.[0]).toContain('--restore-time');
  expect(shown.window).toMatchObject({ instanceId: 'shop', earliest });
  expect(shown.notProven).toContain('not-proven.row-counts');
});

test('to latest: makes the copy only once the application is proven stopped and the log has passed the stop; the same while the window moves', async () => {
  const first = await plan({ to: 'latest' });
  const after = (id: string) => first.bound.steps.find((step) => step.id === id)?.after;
  expect(after('restore-instance')).toEqual(['await-log']);
  expect(after('await-log')).toEqual(['prove-stopped']);
  expect(first.bound.steps.find(({ id }) => id === 'restore-instance')?.input.request).toMatchObject({
    UseLatestRestorableTime: true,
  });
  expect(first.bound.steps.find(({ id }) => id === 'verify-database')?.input.asOf).toBeNull();
  expect(first.decided.recoveryPoint.at).toBeNull();
  expect(first.shown.loss.seconds).toBe(0);
  const { latest } = await reachOf('shop');
  await vi.waitUntil(async () => (await reachOf('shop')).latest > latest, { timeout: 20_000, interval: 200 });
  expect((await plan({ to: 'latest' })).bound).toEqual(first.bound);
});

test('F31: the future, after the log and before it are refused, with what can be had', async () => {
  const { latest, earliest } = await reachOf('shop');
  const shifted = (at: string, seconds: number) => instant(milliseconds(at) + seconds * 1000);
  expect(await refused({ to: shifted(instant(Date.now()), 3600) })).toMatchObject({ code: 'time.in-future' });
  const early = await refused({ to: shifted(earliest, -60) });
  expect(early).toMatchObject({
    code: 'pitr.outside-window',
    params: { windows: [expect.stringContaining('(shop)')] },
  });
  const late = await refused({ to: instant(Date.now()) });
  expect(late).toMatchObject({ code: 'pitr.after-window', params: { instance: 'shop' } });
  expect(String(late.params?.latest) >= latest).toBe(true);
});

test('a time before the current instance took over is taken from the one that ran then, up to when it was replaced', async () => {
  const old = await reachOf('shop');
  const { resourceId } = await found('shop');
  await create('shop-r00000001', { [tagKeys.lineage]: resourceId });
  const took = (await found('shop-r00000001')).createdAt ?? '';
  await vi.waitUntil(async () => (await reachOf('shop')).latest > took, { timeout: 20_000, interval: 200 });
  pointTo('shop-r00000001');
  const { decided, bound } = await plan({ to: old.latest });
  expect(decided.recoveryPoint).toMatchObject({ instanceId: 'shop', resourceId, backup: 'active' });
  expect(bound.steps.find(({ id }) => id === 'restore-instance')?.input.request).toMatchObject({
    SourceDBInstanceIdentifier: 'shop',
    TargetDBInstanceIdentifier: 'shop-r01234567',
  });
  const [current, before] = await windowsOf(here(), await found('shop-r00000001'));
  expect(current).toMatchObject({ instanceId: 'shop-r00000001', until: null });
  expect(before).toMatchObject({ instanceId: 'shop', until: took });
  // What the old one holds of later is not what the application had, and the new one's log begins with its first backup.
  const begins = current?.earliest ?? '';
  expect((await plan({ to: begins })).decided.recoveryPoint).toMatchObject({ instanceId: 'shop-r00000001' });
  await vi.waitUntil(async () => (await reachOf('shop')).latest > begins, { timeout: 20_000, interval: 200 });
  const between = instant((milliseconds(took) + milliseconds(begins)) / 2);
  expect(between > took && between < begins).toBe(true);
  expect(await refused({ to: between })).toMatchObject({ code: 'pitr.outside-window' });
  pointTo('shop');
});

test('an instance that is gone is restored from its retained automated backups, by its resource id; latest is where its log ends', async () => {
  pointTo('shop');
  const { resourceId } = await found('shop');
  await new RDSClient({ region }).send(
    new DeleteDBInstanceCommand({
      DBInstanceIdentifier: 'shop',
      SkipFinalSnapshot: true,
      DeleteAutomatedBackups: false,
    }),
  );
  await vi.waitUntil(async () => !(await here().findInstance('shop')), 30_000);
  const { decided, bound } = await plan({ to: 'latest' });
  expect(decided).toMatchObject({ source: null, recoveryPoint: { backup: 'retained', resourceId } });
  expect(decided.recoveryPoint.at).toMatch(/Z$/);
  expect(bound.steps.map(({ id }) => id)).not.toContain('await-log');
  expect(bound.steps.find(({ id }) => id === 'restore-instance')?.input.request).toMatchObject({
    SourceDbiResourceId: resourceId,
    RestoreTime: decided.recoveryPoint.at,
  });
});
