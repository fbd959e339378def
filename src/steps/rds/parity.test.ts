import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { region, startDatabaseCloud } from '../../clients/cloud.fixture.ts';
import { type DatabaseInstance, type InstanceSettings, type Rds, rds } from '../../clients/rds.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { SettingShown } from '../../domain/restore.ts';
import { Secret } from '../../domain/secret.ts';
import type { Step, StepContext } from '../../domain/step.ts';
import { settingReasons } from '../../messages/aws-settings.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import { planInstance, planInstanceAt, planNewInstance } from '../../planning/restore-request.ts';
import type { BackupFacts } from '../../planning/restore-rules.ts';
import { liveSource } from '../../planning/source-settings.ts';
import { alignInstance } from './align-instance.ts';
import { awaitInstance } from './await-instance.ts';
import { createInstance } from './create-instance.ts';
import { proveAligned } from './prove-aligned.ts';
import { restoreInstance } from './restore-instance.ts';

const operation = 'op-0123456789ab';
const operationTag = 'pitcrew:operation';
/** Nothing of it is AWS's default, so whatever a restore forgets shows. */
const unusual = {
  AllocatedStorage: 400,
  AutoMinorVersionUpgrade: false,
  BackupRetentionPeriod: 7,
  CACertificateIdentifier: 'rds-ca-rsa4096-g1',
  CopyTagsToSnapshot: true,
  DBInstanceClass: 'db.r5.xlarge',
  DBParameterGroupName: 'prod-pg15',
  DBSubnetGroupName: 'prod',
  DeletionProtection: true,
  EnableCloudwatchLogsExports: ['postgresql'],
  EnableIAMDatabaseAuthentication: true,
  EnablePerformanceInsights: true,
  Iops: 13_000,
  MaxAllocatedStorage: 1000,
  MonitoringInterval: 60,
  MonitoringRoleArn: 'arn:aws:iam::123456789012:role/monitoring',
  MultiAZ: true,
  PreferredBackupWindow: '22:00-22:30',
  PreferredMaintenanceWindow: 'tue:10:00-tue:10:30',
  PubliclyAccessible: false,
  StorageEncrypted: true,
  StorageThroughput: 700,
  StorageType: 'gp3',
  Tags: [{ Key: 'team', Value: 'shop' }],
  VpcSecurityGroupIds: ['sg-production'],
};

let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
let here: Rds;
let source: DatabaseInstance;
const clients = { rds: () => here };

beforeAll(async () => {
  cloud = await startDatabaseCloud();
  here = rds(region);
  await new RDSClient({ region }).send(
    new CreateDBInstanceCommand({
      ...unusual,
      DBInstanceIdentifier: 'shop',
      Engine: 'postgres',
      MasterUsername: 'shop_admin',
      MasterUserPassword: 'not-a-secret-1',
    }),
  );
  source = await settled('shop', {});
});
afterAll(() => cloud?.close());

/** Once RDS is through with what was asked for; what doesn't come is for the caller to find. */
async function settled(id: string, wanted: InstanceSettings): Promise<DatabaseInstance> {
  for (const end = performance.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const found = await here.findInstance(id);
    const has = Object.entries(wanted).every(([name, value]) => same(found?.settings[name as never], value));
    if (found?.status === 'available' && (has || performance.now() > end)) return found;
    if (performance.now() > end) throw new Error(`${id} is ${found?.status}`);
  }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const context = (input: JsonObject): StepContext => ({
  operation,
  environment: 'production',
  epoch: 1,
  since: new Date().toISOString(),
  signal: new AbortController().signal,
  input: { region, pollSeconds: 1, operationTag, ...input },
  output: () => ({}),
  isDone: () => false,
  note: async () => {},
});

async function through(step: Step, at: StepContext): Promise<JsonObject> {
  for (;;) {
    const result = await step.run(at);
    if (result.kind === 'done') return result.output;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const given = (targetId: string) => ({
  source: liveSource(source),
  profile: {},
  parameterFamily: 'postgres15',
  targetId,
  tags: ownTags(operation, 'production', [source.resourceId]),
});

/** Aligned and proven as a restore does it, then compared with the source, setting by setting. */
async function sameAsSource(
  id: string,
  { afterwards, expected }: { readonly afterwards: InstanceSettings; readonly expected: InstanceSettings },
): Promise<void> {
  const input = { instance: id, settings: afterwards as JsonObject, expected: expected as JsonObject };
  await through(awaitInstance(clients), context(input));
  await through(alignInstance(clients), context(input));
  await through(proveAligned(clients), context(input));
  // RDS chooses the zones of a Multi-AZ instance, and here every instance has a port of its own.
  const { AvailabilityZone: _zone, Port: _port, ...wanted } = source.settings;
  const restored = await settled(id, wanted);
  expect(restored.settings).toMatchObject(wanted);
  expect(restored.engineVersion).toBe(source.engineVersion);
  expect(restored.parameterStatus).toBe('in-sync');
  expect(restored.tags).toEqual({ ...source.tags, ...given(id).tags });
  const { settings } = restored;
  const more = Object.keys(settings).filter((name) => !(name in source.settings));
  expect(more).toEqual([]);
}

/** What the source has and the request leaves to RDS, with the reason that the card gives. */
function leftOut(shown: readonly SettingShown[]): Readonly<Record<string, string>> {
  const left = shown.filter(({ name, how }) => how === 'left-out' && name in source.settings);
  return Object.fromEntries(left.map(({ name, because }) => [name, because]));
}

describe('an instance restored from a source that has nothing at its default', () => {
  const reasons = {
    AvailabilityZone: 'setting.zone-with-multi-az',
    EnableCustomerOwnedIp: 'setting.not-set',
    KmsKeyId: 'setting.follows-snapshot',
    OptionGroupName: 'setting.default-option-group',
  };

  test('from a snapshot differs in nothing that a client could feel, and each setting left out has its reason', async () => {
    await here.createSnapshot({ id: 'base', instanceId: 'shop', tags: {} });
    await expect.poll(async () => (await here.findSnapshot('base'))?.status, { timeout: 30_000 }).toBe('available');
    const snapshot = await here.findSnapshot('base');
    if (!snapshot) throw new Error('the snapshot is gone');
    const plan = planInstance({ ...given('shop-r01234567'), backup: snapshot, snapshot });
    await through(restoreInstance(clients), context({ request: plan.request as unknown as JsonObject }));
    await sameAsSource('shop-r01234567', plan);
    expect(leftOut(plan.shown)).toEqual(reasons);
    for (const because of Object.values(reasons)) expect(settingReasons[because]?.('zh-TW', {})).toBeTruthy();
  });

  test('to a point in time differs in nothing either: the table is true of both requests', async () => {
    const [backup] = await here.listAutomatedBackups({ instanceId: 'shop' });
    if (!backup) throw new Error('there is no automated backup');
    const plan = planInstanceAt({
      ...given('shop-r89abcdef'),
      backup,
      from: { resourceId: source.resourceId },
      to: 'latest',
    });
    expect(await here.restoreToPointInTime(plan.request)).toMatchObject({ id: 'shop-r89abcdef' });
    await sameAsSource('shop-r89abcdef', plan);
    expect(leftOut(plan.shown)).toEqual(reasons);
    expect(await here.restoreToPointInTime(plan.request)).toBe('exists');
  });

  test('nor does one that is made empty for a dump, and what its secret’s password is stands in no plan', async () => {
    const backup = {
      sizeGiB: 20,
      engineVersion: source.engineVersion,
      encrypted: true,
      kmsKeyId: source.settings.KmsKeyId,
    };
    const plan = planNewInstance({
      ...given('shop-rfedcba98'),
      backup: backup as BackupFacts,
      master: { user: 'shop_admin', secret: 'shop/master' },
    });
    const masterRole = { region, secret: 'shop/master', keys: { user: 'user', password: 'password' } };
    const input = { request: plan.request as unknown as JsonObject, masterRole };
    const login = { user: 'shop_admin', password: new Secret('not-a-secret-2') };
    const credentials = async () => login;
    const step = createInstance({ ...clients, access: { credentials } });
    expect(await through(step, context(input))).toEqual({ instanceId: 'shop-rfedcba98', adopted: false });
    expect(await through(step, context(input))).toEqual({ instanceId: 'shop-rfedcba98', adopted: true });
    await sameAsSource('shop-rfedcba98', plan);
    expect((await here.findInstance('shop-rfedcba98'))?.master.user).toBe('shop_admin');
    const { KmsKeyId: _, ...same } = reasons;
    expect(leftOut(plan.shown)).toMatchObject(same);
    expect(JSON.stringify(plan)).not.toContain('not-a-secret');
    expect(await here.createInstance(plan.request, login.password)).toBe('exists');
    const theirs = { ...context(input), operation: 'op-of-another' };
    await expect(step.run(theirs)).rejects.toMatchObject({ code: 'restore.name-taken' });
    const other = createInstance({ ...clients, access: { credentials: async () => ({ ...login, user: 'other' }) } });
    const anew = { ...input, request: { ...input.request, DBInstanceIdentifier: 'shop-r00000000' } };
    await expect(other.run(context(anew))).rejects.toMatchObject({ code: 'restore.master-changed' });
    expect(await here.findInstance('shop-r00000000')).toBeUndefined();
  });
});
