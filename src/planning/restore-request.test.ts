import {
  CreateDBInstanceMessage$,
  RestoreDBInstanceFromDBSnapshotMessage$,
  RestoreDBInstanceToPointInTimeMessage$,
} from '@aws-sdk/client-rds';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settingReasons } from '../messages/aws-settings.ts';
import { createParameters } from './create-parameters.ts';
import { anyGiven, given, givenAt, givenNew, instance, snapshot } from './instances.fixture.ts';
import { pointInTimeParameters, restoreParameters, type SnapshotGiven } from './restore-parameters.ts';
import { planInstance, planInstanceAt, planNewInstance } from './restore-request.ts';
import { goneSource, liveSource, refuseUnknown } from './source-settings.ts';

/** Each of RDS's ways to a new instance: the names of the members in the SDK's own model of the request, and what pitcrew makes of it. */
const restores = [
  {
    name: 'RestoreDBInstanceFromDBSnapshot',
    modelled: RestoreDBInstanceFromDBSnapshotMessage$[4],
    table: restoreParameters,
    plan: (facts: SnapshotGiven) => planInstance(facts),
  },
  {
    name: 'RestoreDBInstanceToPointInTime',
    modelled: RestoreDBInstanceToPointInTimeMessage$[4],
    table: pointInTimeParameters,
    plan: (facts: SnapshotGiven) => planInstanceAt(givenAt(facts, { to: '2026-11-20T02:00:00.000Z' })),
  },
  {
    name: 'CreateDBInstance',
    modelled: CreateDBInstanceMessage$[4],
    table: createParameters,
    plan: (facts: SnapshotGiven) => planNewInstance(givenNew(facts)),
  },
] as const;

test.each(restores)('the table of $name decides on exactly the parameters that the SDK’s model has', (restore) => {
  expect(restore.modelled.length).toBeGreaterThan(40);
  expect(Object.keys(restore.table).toSorted()).toEqual([...restore.modelled].toSorted());
});

test.each(restores)(
  'every parameter of $name is shown, once, with a reason in both languages',
  ({ modelled, plan }) => {
    fc.assert(
      fc.property(anyGiven, (facts) => {
        const { shown } = plan(facts);
        const names = shown.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        for (const parameter of modelled) expect(names).toContain(parameter);
        for (const { because } of shown) {
          expect(settingReasons[because]?.('en', {})).toBeTruthy();
          expect(settingReasons[because]?.('zh-TW', {})).toBeTruthy();
        }
      }),
    );
  },
);

describe.each(restores)('what RDS would refuse is never asked of $name', ({ plan }) => {
  type Planned = ReturnType<typeof plan>;
  const always = (name: string, holds: (planned: Planned, facts: () => SnapshotGiven) => void) =>
    test(name, () => fc.assert(fc.property(anyGiven, (facts) => holds(plan(facts), () => facts))));

  always('no speed for gp3 below 400 GiB, nor for types that take none', ({ request }) => {
    const { StorageType: type = '', AllocatedStorage: size = 0, Iops, StorageThroughput } = request;
    if ((type === 'gp3' && size < 400) || ['gp2', 'standard'].includes(type))
      expect([Iops, StorageThroughput]).toEqual([undefined, undefined]);
    if (type.startsWith('io')) expect(StorageThroughput).toBeUndefined();
  });

  always('no availability zone beside MultiAZ', ({ request }) => {
    if (request.MultiAZ) expect(request.AvailabilityZone).toBeUndefined();
  });

  always('no tag of AWS’s own, at most 50, and pitcrew’s among them', ({ request: { Tags = [] } }) => {
    expect(Tags.filter(({ Key }) => Key?.startsWith('aws:'))).toEqual([]);
    expect(Tags.length).toBeLessThanOrEqual(50);
    expect(new Set(Tags.map(({ Key }) => Key)).size).toBe(Tags.length);
    expect(Tags).toContainEqual({ Key: 'pitcrew:operation', Value: 'op-0123456789ab' });
  });

  always('no parameter group of another family than the snapshot’s', ({ request }, facts) => {
    const { parameterFamily, backup: taken } = facts();
    const family = `postgres${taken.engineVersion.startsWith('9.6') ? '9.6' : taken.engineVersion.split('.')[0]}`;
    if (parameterFamily !== family) expect(request.DBParameterGroupName).toBeUndefined();
    else expect(request.DBParameterGroupName).toBeTruthy();
  });

  always('no storage smaller than the snapshot’s', ({ request }, facts) => {
    expect(request.AllocatedStorage).toBeGreaterThanOrEqual(facts().backup.sizeGiB);
  });

  always('no limit of growth that leaves none, no monitoring without a role', ({ request, afterwards }) => {
    const limit = 'MaxAllocatedStorage' in request ? request.MaxAllocatedStorage : afterwards.MaxAllocatedStorage;
    if (limit !== undefined) expect(limit).toBeGreaterThanOrEqual((request.AllocatedStorage ?? 0) * 1.1);
    if (afterwards.MonitoringInterval !== undefined) expect(afterwards.MonitoringRoleArn).toBeTruthy();
  });

  always('no empty list, no undefined, nothing that JSON would change', ({ request, afterwards, expected }) => {
    for (const part of [request, afterwards, expected]) expect(JSON.parse(JSON.stringify(part))).toEqual(part);
    expect(Object.values(request)).not.toContainEqual([]);
  });

  always('nothing is expected of the instance that it was not asked to be', ({ request, expected }) => {
    const asked = { ...request, StorageEncrypted: expected.StorageEncrypted, KmsKeyId: expected.KmsKeyId };
    expect(asked).toMatchObject(expected);
  });
});

test('F32: what a client can feel is asked for as the source has it, not left to RDS’s defaults', () => {
  const feel = {
    CACertificateIdentifier: 'rds-ca-rsa4096-g1',
    DBInstanceClass: 'db.r6g.large',
    DBParameterGroupName: 'prod-pg15',
    DBSubnetGroupName: 'prod',
    EnableIAMDatabaseAuthentication: true,
    Iops: 12_000,
    NetworkType: 'DUAL',
    PubliclyAccessible: false,
    StorageThroughput: 500,
    StorageType: 'gp3',
    VpcSecurityGroupIds: ['sg-a', 'sg-b'],
  };
  const { request, expected } = planInstance(
    given({ source: liveSource(instance({}, { ...feel, AllocatedStorage: 500 })) }),
  );
  expect(request).toMatchObject({ ...feel, AllocatedStorage: 500 });
  expect(expected).toMatchObject({ ...feel, AllocatedStorage: 500, StorageEncrypted: false });
});

test('the config’s profile goes before the source, and its subnets choose their own zone', () => {
  const profile = { instanceClass: 'db.r5.large', subnetGroup: 'other', securityGroups: ['sg-2', 'sg-1'] };
  const source = liveSource(instance({}, { AvailabilityZone: 'eu-west-1a' }));
  const { request } = planInstance(given({ source, profile }));
  expect(request).toMatchObject({ DBInstanceClass: 'db.r5.large', DBSubnetGroupName: 'other' });
  expect(request.VpcSecurityGroupIds).toEqual(['sg-1', 'sg-2']);
  expect(request.AvailabilityZone).toBeUndefined();
});

test('what a restore does not take is set afterwards and shown as such', () => {
  const later = {
    EnablePerformanceInsights: true,
    MaxAllocatedStorage: 1000,
    MonitoringInterval: 60,
    MonitoringRoleArn: 'arn:aws:iam::123456789012:role/monitoring',
    PerformanceInsightsRetentionPeriod: 7,
    PreferredMaintenanceWindow: 'sun:04:30-sun:05:00',
  };
  const { request, afterwards, shown } = planInstance(given({ source: liveSource(instance({}, later)) }));
  expect(afterwards).toEqual(later);
  expect(Object.keys(request).filter((name) => name in later)).toEqual([]);
  const modified = shown.filter(({ how }) => how === 'modified-afterwards').map(({ name }) => name);
  expect(modified.toSorted()).toEqual(Object.keys(later).toSorted());
});

test('what no restore carries over is listed', () => {
  const attached = {
    readReplicas: ['shop-replica'],
    roles: [{ arn: 'arn:aws:iam::1:role/s3', feature: 's3Import' }],
    activityStream: false,
  };
  const { shown } = planInstance(given({ source: liveSource(instance({ attached })) }));
  const left = shown.filter(({ because }) => because === 'setting.not-carried-over');
  expect(left.map(({ name, value }) => [name, value])).toEqual([
    ['ReadReplicas', 'shop-replica'],
    ['AssociatedRoles', 'arn:aws:iam::1:role/s3'],
  ]);
});

test('a snapshot of another account is named by its ARN', () => {
  const shared = snapshot({ id: 'theirs', type: 'shared' });
  expect(planInstance(given({ snapshot: shared })).request.DBSnapshotIdentifier).toBe(shared.arn);
});

describe('a point in time', () => {
  const at = (over: Parameters<typeof givenAt>[1]) => planInstanceAt(givenAt(given(), over)).request;

  test('is named exactly one way, and so is the source', () => {
    expect(at({ to: 'latest' })).toMatchObject({ UseLatestRestorableTime: true });
    expect(at({ to: 'latest' })).not.toHaveProperty('RestoreTime');
    const exact = at({ to: '2026-11-20T02:00:00.000Z', from: { resourceId: 'db-GONE' } });
    expect(exact).toMatchObject({ RestoreTime: '2026-11-20T02:00:00.000Z', SourceDbiResourceId: 'db-GONE' });
    for (const other of [
      'UseLatestRestorableTime',
      'SourceDBInstanceIdentifier',
      'SourceDBInstanceAutomatedBackupsArn',
    ])
      expect(exact).not.toHaveProperty(other);
  });

  test('takes the limit of growth with the request, and nothing twice', () => {
    const source = liveSource(
      instance({}, { MaxAllocatedStorage: 1000, PreferredMaintenanceWindow: 'sun:04:30-sun:05:00' }),
    );
    const { request, afterwards } = planInstanceAt(givenAt(given({ source })));
    expect(request.MaxAllocatedStorage).toBe(1000);
    expect(afterwards).toEqual({ PreferredMaintenanceWindow: 'sun:04:30-sun:05:00' });
  });
});

describe('a new, empty instance', () => {
  const whole = {
    EnablePerformanceInsights: true,
    KmsKeyId: 'key',
    MaxAllocatedStorage: 1000,
    MonitoringInterval: 60,
    MonitoringRoleArn: 'arn:aws:iam::123456789012:role/monitoring',
    PerformanceInsightsRetentionPeriod: 7,
    PreferredMaintenanceWindow: 'sun:04:30-sun:05:00',
    StorageEncrypted: true,
  };

  test('is asked for whole: nothing is left to be set afterwards', () => {
    const plan = planNewInstance(givenNew(given({ source: liveSource(instance({}, whole)) })));
    expect(plan.request).toMatchObject({ ...whole, Engine: 'postgres', EngineVersion: '15.4' });
    expect(plan.afterwards).toEqual({});
  });

  test('the master’s password is shown as passed and is in neither the request nor the plan', () => {
    const { request, shown } = planNewInstance(givenNew(given()));
    expect(request).not.toHaveProperty('MasterUserPassword');
    expect(request).toMatchObject({ MasterUsername: 'shop_admin' });
    expect(request).not.toHaveProperty('ManageMasterUserPassword');
    expect(shown).toContainEqual({
      name: 'MasterUserPassword',
      how: 'passed',
      value: '***',
      because: 'setting.password-at-the-call',
    });
  });

  test('whose master RDS manages asks RDS to manage it again, under the same key', () => {
    const source = liveSource(instance({}, { ManageMasterUserPassword: true, MasterUserSecretKmsKeyId: 'key' }));
    const { request } = planNewInstance(givenNew(given({ source }), { user: 'shop_admin', secret: null }));
    expect(request).toMatchObject({
      MasterUsername: 'shop_admin',
      ManageMasterUserPassword: true,
      MasterUserSecretKmsKeyId: 'key',
    });
  });

  test('is encrypted where nobody can say any more whether the old one was', () => {
    const source = { ...goneSource({ backup: snapshot({ settings: {} }) }), unknown: { has: () => true } };
    const backup = { sizeGiB: 30, engineVersion: '15.4', encrypted: true };
    const { request, expected } = planNewInstance(givenNew(given({ source, backup: { ...snapshot(), ...backup } })));
    expect(request.StorageEncrypted).toBe(true);
    expect(expected.StorageEncrypted).toBe(true);
  });
});

describe('F57: the settings of an instance that is gone', () => {
  const record = {
    v: 1,
    at: '2026-11-19T02:00:00.000Z',
    environment: 'production',
    instance: {
      id: 'shop-production',
      arn: 'arn',
      resourceId: 'db-GONE',
      engineVersion: '15.4',
      tags: { team: 'shop' },
    },
    settings: instance().settings,
    attached: { readReplicas: ['shop-replica'], roles: [], activityStream: false },
    parameters: null,
    roles: null,
  } as const;
  const of = snapshot({ settings: { StorageType: 'io1', Iops: 2000, EnableIAMDatabaseAuthentication: true } });
  const from = (source: ReturnType<typeof goneSource>, profile = {}) =>
    planInstance(given({ source, backup: of, snapshot: of, profile }));
  const originOf = (plan: ReturnType<typeof planInstance>, name: string) => {
    const { because, params, value } = plan.shown.find((one) => one.name === name) ?? {};
    return { because, ...(params ? { params } : {}), value };
  };

  test('come from the settings record, which says of when it is', () => {
    const plan = from(goneSource({ record, backup: of, snapshot: of.id }));
    expect(plan.request).toMatchObject({ DBInstanceClass: 'db.r5.xlarge', VpcSecurityGroupIds: ['sg-production'] });
    expect(originOf(plan, 'DBInstanceClass')).toEqual({
      because: 'setting.from-record',
      params: { at: record.at },
      value: 'db.r5.xlarge',
    });
    expect(plan.shown).toContainEqual(expect.objectContaining({ name: 'ReadReplicas', value: 'shop-replica' }));
    expect(() => refuseUnknown(goneSource({ record, backup: of, snapshot: of.id }), {}, 'shop')).not.toThrow();
  });

  test('else from the automated backup, else from the snapshot, each said', () => {
    const automated = {
      ...of,
      instanceId: 'shop',
      window: undefined,
      settings: { StorageType: 'io2', BackupTarget: 'region' },
    };
    const source = goneSource({ automated: automated as never, backup: of, snapshot: of.id });
    const plan = from(source, { instanceClass: 'db.r5.large' });
    expect(originOf(plan, 'StorageType')).toEqual({ because: 'setting.from-automated-backup', value: 'io2' });
    expect(originOf(plan, 'Iops')).toEqual({
      because: 'setting.from-snapshot',
      params: { snapshot: of.id },
      value: '2000',
    });
    expect(originOf(plan, 'DBInstanceClass')).toEqual({ because: 'setting.from-profile', value: 'db.r5.large' });
    expect(originOf(plan, 'MultiAZ')).toEqual({ because: 'setting.nobody-knows', value: '' });
    expect(originOf(plan, 'PreferredMaintenanceWindow')).toEqual({ because: 'setting.nobody-knows', value: '' });
  });

  test('that nobody knows and a client could feel are asked for by the option’s name, never defaulted', () => {
    const all = {
      instanceClass: 'db.r5.large',
      subnetGroup: 'prod',
      securityGroups: ['sg-production'],
      parameterGroup: 'prod-pg15',
      publiclyAccessible: false,
      caCertificate: 'rds-ca-rsa2048-g1',
      networkType: 'IPV4',
    } as const;
    const source = goneSource({ backup: of, snapshot: of.id });
    expect(() => refuseUnknown(source, {}, 'shop')).toThrow(
      expect.objectContaining({
        code: 'restore.settings-unknown',
        kind: 'user',
        params: { instance: 'shop', options: Object.keys(all) },
      }),
    );
    const { securityGroups: _, ...rest } = all;
    expect(() => refuseUnknown(source, rest, 'shop')).toThrow(
      expect.objectContaining({ params: { instance: 'shop', options: ['securityGroups'] } }),
    );
    expect(() => refuseUnknown(source, all, 'shop')).not.toThrow();
    const { request, expected } = from(source, all);
    expect(request).toMatchObject({ PubliclyAccessible: false, NetworkType: 'IPV4' });
    // Whatever a client could feel is then asked for and proven, none of it left to RDS.
    expect(Object.keys(expected)).toEqual(
      expect.arrayContaining(['PubliclyAccessible', 'NetworkType', 'CACertificateIdentifier', 'VpcSecurityGroupIds']),
    );
  });
});
