import { CreateDBInstanceCommand, DeleteDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { region, startDatabaseCloud } from '../../../clients/cloud.fixture.ts';
import { rds } from '../../../clients/rds.ts';
import type { S3 } from '../../../clients/s3.ts';
import { type DumpManifest, manifestKey } from '../../../domain/dump.ts';
import { ownInstanceSteps } from '../../../domain/own-instance.ts';
import type { RestoreDecided, RestoreShown } from '../../../domain/restore.ts';
import type { Environment } from '../../../domain/settings.ts';
import { asked, clientsWith, document, environmentOf, planWith, role, secret } from '../plan.fixture.ts';
import { roomFor } from './new-instance.ts';

const bucket = 'ecommerce-backups';
const key = 'database/production/op-1.dump';
const masterRole = { ...role, secret: 'production/pitcrew/master' };
const manifest: DumpManifest = {
  v: 1,
  operation: 'op-1',
  environment: 'production',
  ...{ bucket, key, versionId: null, sizeBytes: 1000, sha256: 'a'.repeat(64) },
  ...{ database: 'shop', serverVersion: '15.4', clientVersion: '15.4', resourceId: 'db-1' },
  at: '2026-11-20T02:31:00.000Z',
  counts: { 'public.orders': 500 },
  adopted: false,
  databaseBytes: 200 * 1024 ** 3,
  needs: {
    shape: { encoding: 'UTF8', collation: 'C.UTF-8', ctype: 'C.UTF-8', provider: null, locale: null },
    ...{ owner: 'app', owners: { app: 3 }, roles: ['app', 'reporting'], extensions: [], grants: null },
    settings: [{ role: null, setting: 'search_path="$user", public' }],
    roleSettings: [
      { role: 'app', setting: 'app.key=of-nobody' },
      { role: 'elsewhere', setting: 'work_mem=1GB' },
    ],
  },
};
let lies: DumpManifest = manifest;
const s3 = () =>
  ({
    head: async ({ key: of }) => (of === key ? { key, sizeBytes: 1000, versionId: null } : undefined),
    text: async ({ key: of }) => (of === manifestKey(key) ? JSON.stringify(lies) : undefined),
  }) as Partial<S3> as S3;

const environment = (database: Partial<Environment['database']> = { masterRole }): Environment => {
  const one = environmentOf();
  return {
    ...one,
    dumps: { bucket, prefix: 'database/', runner: 'job', image: 'pitcrew:1' },
    database: { ...one.database, ...database },
    checks: { ...one.checks, critical: ['orders', 'payments'] },
  };
};

let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
const client = () => new RDSClient({ region });
const planned = (args: object = {}, of = environment()) =>
  planWith(clientsWith({ s3, environment: () => of }), asked({ args: { from: key, ...args } }));

beforeAll(async () => {
  cloud = await startDatabaseCloud();
  await client().send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier: 'shop', Engine: 'postgres', DBInstanceClass: 'db.r5.xlarge', AllocatedStorage: 100 },
      ...{ MasterUsername: 'shop_admin', MasterUserPassword: 'not-a-secret-1', DBParameterGroupName: 'prod-pg15' },
      ...{ DBSubnetGroupName: 'prod', VpcSecurityGroupIds: ['sg-production'], StorageEncrypted: true },
    }),
  );
  await vi.waitUntil(async () => (await rds(region).findInstance('shop'))?.status === 'available', 60_000);
  cloud.secrets.create(secret, '{}');
  cloud.secrets.create(role.secret, '{"user":"verify","password":"pw-of-verify"}');
  cloud.secrets.create(masterRole.secret, '{"user":"shop_admin","password":"pw-of-master"}');
});
afterAll(() => cloud.close());
beforeEach(() => {
  lies = manifest;
  cloud.rds.force('shop', undefined);
  const port = String(cloud.rds.instance('shop')?.port);
  cloud.secrets.put(secret, JSON.stringify({ ...document, DB_PORT: port }));
});

describe('the plan of a dump on an instance of its own', () => {
  test('is a restore’s with the load in the place of the snapshot, with room for the data and no password in it', async () => {
    const { bound, shown } = await planned();
    const decided = bound.decided as RestoreDecided;
    expect(decided).toMatchObject({ mode: 'own-instance', targetId: 'shop-r01234567', recoveryPoint: { key, bucket } });
    const ids = bound.steps.map(({ id }) => id);
    expect(ids).not.toContain('restore-instance');
    expect(ids.filter((id) => (ownInstanceSteps as readonly string[]).includes(id))).toEqual([...ownInstanceSteps]);
    const waitsFor = (id: string) => bound.steps.find((step) => step.id === id)?.after;
    expect(waitsFor('await-instance')).toEqual(['create-instance']);
    expect(waitsFor('align-login')).toEqual(['await-load']);
    const request = bound.steps.find(({ id }) => id === 'create-instance')?.input.request;
    expect(request).toMatchObject({
      MasterUsername: 'shop_admin',
      EngineVersion: expect.stringMatching(/^15\./),
      StorageEncrypted: true,
    });
    expect((request as { AllocatedStorage: number }).AllocatedStorage).toBe(300);
    expect(bound.steps.find(({ id }) => id === 'verify-database')?.input.counts).toEqual(manifest.counts);
    expect(bound.steps.find(({ id }) => id === 'create-roles')?.input.roles).toEqual([
      { name: 'reporting', attributes: [] },
    ]);
    const { notProven, handOver } = shown as unknown as RestoreShown;
    expect(notProven).toContain('not-proven.some-row-counts');
    expect(handOver.map(({ code }) => code)).toContain('hand-over.roles-without-password');
    expect(JSON.stringify({ bound, shown })).not.toMatch(/pw-of-|not-a-secret/);
    // By name: what a setting is set to may be a secret.
    expect(handOver).toContainEqual({ code: 'hand-over.settings-set', params: { names: 'search_path, app: app.key' } });
    expect(handOver.map(({ code }) => code)).not.toContain('hand-over.role-settings');
    expect(bound.steps.find(({ id }) => id === 'start-load-job')?.input.task).toMatchObject({ settingsOf: ['app'] });
    expect(JSON.stringify({ bound, shown })).not.toContain('of-nobody');
    expect(await planned()).toEqual({ bound, shown: expect.anything() });
  });

  test('without a master user it is refused, and the option that is missing is named', async () => {
    await expect(planned({}, environment({}))).rejects.toMatchObject({ code: 'restore.master-needed', kind: 'user' });
  });

  test('an older server is refused', async () => {
    lies = { ...manifest, serverVersion: '17.2', clientVersion: '17.2' };
    await expect(planned()).rejects.toMatchObject({ code: 'load.server-older' });
  });

  test('room is made for half as much again as the data, and of an unmeasured dump for ten times its archive', () => {
    expect(roomFor({ databaseBytes: 100 * 1024 ** 3, sizeBytes: 1 })).toBe(150);
    expect(roomFor({ databaseBytes: null, sizeBytes: 4 * 1024 ** 3 })).toBe(60);
    expect(roomFor({ databaseBytes: 1, sizeBytes: 1 })).toBe(20);
  });
});

describe('the plan of a dump over the live database', () => {
  const inPlace = { mode: 'in-place' };

  test('is refused where RDS takes no snapshot now, nothing runs, or the application is the master user', async () => {
    cloud.rds.force('shop', 'backing-up');
    await expect(planned(inPlace)).rejects.toMatchObject({ code: 'load.no-rescue', kind: 'user' });
    cloud.rds.force('shop', 'stopped');
    await expect(planned(inPlace)).rejects.toMatchObject({ code: 'load.not-running' });
    cloud.rds.force('shop', undefined);
    const port = String(cloud.rds.instance('shop')?.port);
    cloud.secrets.put(secret, JSON.stringify({ ...document, DB_PORT: port, DB_USERNAME: 'shop_admin' }));
    await expect(planned(inPlace)).rejects.toMatchObject({ code: 'load.as-master' });
  });

  test('has no order but to stop first, and is of dumps alone', async () => {
    await expect(async () => planned({ ...inPlace, order: 'restore-first' })).rejects.toMatchObject({
      code: 'load.in-place-stops-first',
    });
    await expect(async () => planned({ ...inPlace, from: 'latest' })).rejects.toMatchObject({
      code: 'load.mode-without-dump',
    });
  });
});

test('the instance may be gone: what nobody knows is asked for by its option, never left to RDS’s defaults', async () => {
  await client().send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'shop', SkipFinalSnapshot: true }));
  await vi.waitUntil(async () => (await rds(region).findInstance('shop')) === undefined, 60_000);
  await expect(planned()).rejects.toMatchObject({ kind: 'user', code: expect.stringMatching(/^restore\.s/) });
});
