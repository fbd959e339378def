import { CreateDBInstanceCommand, DeleteDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { account, region, startDatabaseCloud } from '../../clients/cloud.fixture.ts';
import { rds } from '../../clients/rds.ts';
import type { RestoreDecided, RestoreShown } from '../../domain/restore.ts';
import type { StepContext } from '../../domain/step.ts';
import { recordsInMemory } from '../../ledger/records.fixture.ts';
import { recordDaily, recordSettings } from '../record-settings.ts';
import { clientsWith, document, environmentOf, planWith, role, secret } from './plan.fixture.ts';

const instance = 'shop';
const snapshot = 'before-the-end';
const records = recordsInMemory();
let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
let resourceId = '';

beforeAll(async () => {
  cloud = await startDatabaseCloud();
  const client = new RDSClient({ region });
  await client.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: instance,
      Engine: 'postgres',
      DBInstanceClass: 'db.r5.xlarge',
      AllocatedStorage: 100,
      MasterUsername: 'shop_admin',
      MasterUserPassword: 'not-a-secret-1',
      DBParameterGroupName: 'prod-pg15',
      DBSubnetGroupName: 'prod',
      VpcSecurityGroupIds: ['sg-production'],
      Tags: [{ Key: 'team', Value: 'shop' }],
    }),
  );
  const here = rds(region);
  const until = (what: () => Promise<boolean>) => vi.waitUntil(what, { timeout: 60_000, interval: 100 });
  await until(async () => (await here.findInstance(instance))?.status === 'available');
  const DB_PORT = String(cloud.rds.instance(instance)?.port);
  cloud.secrets.create(secret, JSON.stringify({ ...document, DB_PORT, DATABASE_URL: 'postgres://127.0.0.1/shop' }));
  cloud.secrets.create(role.secret, '{"user":"verify","password":"pw-of-verify"}');
  resourceId = (await here.findInstance(instance))?.resourceId ?? '';
  await here.createSnapshot({ id: snapshot, instanceId: instance, tags: {} });
  await until(async () => (await here.findSnapshot(snapshot))?.status === 'available');
  await recorded();
  await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: instance, SkipFinalSnapshot: true }));
  await until(async () => (await here.findInstance(instance)) === undefined);
});
afterAll(() => cloud?.close());

/** While it lived: by the step of a snapshot, and by the daily look. */
async function recorded(): Promise<void> {
  const clients = clientsWith({ records });
  const input = { region, instance, database: 'shop', verifyRole: role };
  const context = {
    operation: 'op-1',
    environment: 'production',
    since: '2026-11-19T02:00:00.000Z',
    signal: new AbortController().signal,
    input,
  } as unknown as StepContext;
  // The database doesn't answer in this test: its roles are noted as unread, the rest is written all the same.
  const output = { recorded: true, roles: null, parameters: 6 };
  expect(await recordSettings(clients).run(context)).toEqual({ kind: 'done', output });
  expect(await recordSettings(clients).run(context)).toEqual({ kind: 'done', output });
  expect(await recordDaily(clients, environmentOf(), '2026-11-19T23:00:00.000Z')).toBe(false);
  expect(await recordDaily(clients, environmentOf(), '2026-11-20T01:00:00.000Z')).toBe(true);
  expect(await recordDaily(clients, environmentOf(), '2026-11-20T02:00:00.000Z')).toBe(false);
}

test('settings records hold settings, tags and changed parameters, one a day or more, and no secret', () => {
  expect([...records.all.keys()]).toEqual([
    `settings/${resourceId}/2026-11-19T02:00:00.000Z`,
    `settings/${resourceId}/2026-11-20T01:00:00.000Z`,
  ]);
  const [record] = records.all.values();
  expect(record).toMatchObject({
    instance: { id: instance, resourceId, tags: { team: 'shop' }, endpoint: { host: '127.0.0.1' } },
    settings: { DBInstanceClass: 'db.r5.xlarge', VpcSecurityGroupIds: ['sg-production'] },
    parameters: { family: 'postgres15', changed: { max_connections: '120', work_mem: '8192' } },
    roles: null,
  });
  expect(JSON.stringify([...records.all.values()])).not.toMatch(/pw-of|not-a-secret/);
});

describe('F57: the plan of a restore whose source is gone', () => {
  const whole = {
    instanceClass: 'db.r5.large',
    subnetGroup: 'prod',
    securityGroups: ['sg-production'],
    parameterGroup: 'prod-pg15',
    publiclyAccessible: false,
    caCertificate: 'rds-ca-rsa2048-g1',
    networkType: 'IPV4',
  } as const;
  const planned = async (over: Parameters<typeof clientsWith>[0], args: { readonly onFailure?: 'return' } = {}) => {
    const plan = await planWith(clientsWith(over), { args: { from: 'latest', order: 'stop-first', ...args } });
    return { ...plan, decided: plan.bound.decided as RestoreDecided, shown: plan.shown as unknown as RestoreShown };
  };
  const origins = (shown: RestoreShown) =>
    Object.fromEntries(
      shown.settings.map(({ name, because, params }) => [name, [because, ...Object.values(params ?? {})]]),
    );

  test('takes the settings from the last record, says so of each, and goes one way only', async () => {
    const { bound, decided, shown } = await planned({ records }, { onFailure: 'return' });
    expect(decided).toMatchObject({
      source: null,
      recoveryPoint: { snapshotId: snapshot },
      targetId: 'shop-r01234567',
      onFailure: 'stay-stopped',
    });
    expect(bound).toMatchObject({ account, region, onFailure: 'stay-stopped' });
    expect(shown.wayBack).toBe('none');
    expect(shown.loss.live).toBe('not-available');
    expect(shown.loss.tables).toEqual([{ table: 'orders', rows: null }]);
    const record = ['setting.from-record', '2026-11-20T01:00:00.000Z'];
    expect(origins(shown)).toMatchObject({ DBInstanceClass: record, VpcSecurityGroupIds: record, NetworkType: record });
    const { input } = bound.steps.find(({ id }) => id === 'restore-instance') ?? {};
    expect(input?.request).toMatchObject({
      DBSnapshotIdentifier: snapshot,
      DBInstanceClass: 'db.r5.xlarge',
      VpcSecurityGroupIds: ['sg-production'],
      Tags: expect.arrayContaining([
        { Key: 'team', Value: 'shop' },
        { Key: 'pitcrew:lineage', Value: resourceId },
      ]),
    });
  });

  test('has no step for the old instance, and every other in its place', async () => {
    const { bound, shown } = await planned({ records });
    const ids = bound.steps.map(({ id }) => id);
    expect(ids).not.toContain('fence-old');
    expect(ids).not.toContain('rescue-snapshot');
    for (const { id, after } of bound.steps)
      expect(ids.slice(0, ids.indexOf(id)), id).toEqual(expect.arrayContaining([...after]));
    const inputOf = (id: string) => bound.steps.find((step) => step.id === id)?.input;
    for (const id of ['prove-stopped', 'verify-database', 'measure-loss', 'prove-on-new'])
      expect(inputOf(id), id).toMatchObject({ source: null });
    expect(inputOf('hand-over')).toMatchObject({ keptInstance: null });
    expect(JSON.stringify(inputOf('hand-over'))).not.toContain('old-instance-kept');
    expect(inputOf('switch-secret')).toMatchObject({ source: { host: '127.0.0.1' } });
    const codes = shown.handOver.map(({ code }) => code);
    expect(codes).not.toContain('hand-over.old-instance-kept');
    // A key that pitcrew doesn't know keeps the old address: named, not changed.
    expect(shown.handOver).toContainEqual({
      code: 'hand-over.secret-mentions-host',
      params: { names: 'DATABASE_URL' },
    });
  });

  test('without a record asks for what a client would feel, and takes the rest from the snapshot', async () => {
    const nothing = { records: recordsInMemory() };
    await expect(planned(nothing)).rejects.toMatchObject({
      code: 'restore.settings-unknown',
      kind: 'user',
      params: { instance, options: Object.keys(whole) },
    });
    const { shown } = await planned({ ...nothing, environment: () => environmentOf(whole) });
    expect(origins(shown)).toMatchObject({
      DBInstanceClass: ['setting.from-profile'],
      StorageType: ['setting.from-snapshot', snapshot],
      MultiAZ: ['setting.nobody-knows'],
    });
    expect(shown.handOver).toContainEqual({
      code: 'hand-over.settings-unknown',
      params: { names: expect.stringContaining('MultiAZ'), target: 'shop-r01234567' },
    });
  });

  test('the config’s profile goes before the record: somebody wrote it for exactly this', async () => {
    const environment = () => environmentOf({ instanceClass: 'db.r5.large' });
    const { shown } = await planned({ records, environment });
    expect(origins(shown).DBInstanceClass).toEqual(['setting.from-profile']);
  });
});
