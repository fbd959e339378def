import { RestoreDBInstanceFromDBSnapshotMessage$ } from '@aws-sdk/client-rds';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settingReasons } from '../messages/aws-settings.ts';
import { anyGiven, given, instance, snapshot } from './instances.fixture.ts';
import { restoreParameters } from './restore-parameters.ts';
import { planInstance } from './restore-request.ts';

/** Names of the members, in the SDK's own model of the request. */
const modelled = RestoreDBInstanceFromDBSnapshotMessage$[4];

test('the table decides on exactly the parameters that the SDK’s model of a restore has', () => {
  expect(modelled.length).toBeGreaterThan(40);
  expect(Object.keys(restoreParameters).toSorted()).toEqual([...modelled].toSorted());
});

test('every parameter is shown, once, with a reason in both languages', () => {
  fc.assert(
    fc.property(anyGiven, (facts) => {
      const { shown } = planInstance(facts);
      const names = shown.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const parameter of modelled) expect(names).toContain(parameter);
      for (const { because } of shown) {
        expect(settingReasons[because]?.('en', {})).toBeTruthy();
        expect(settingReasons[because]?.('zh-TW', {})).toBeTruthy();
      }
    }),
  );
});

describe('what RDS would refuse is never asked', () => {
  const always = (name: string, holds: (plan: ReturnType<typeof planInstance>, facts: typeof given) => void) =>
    test(name, () => fc.assert(fc.property(anyGiven, (facts) => holds(planInstance(facts), () => facts))));

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
    const { parameterFamily, snapshot: taken } = facts();
    const family = `postgres${taken.engineVersion.startsWith('9.6') ? '9.6' : taken.engineVersion.split('.')[0]}`;
    if (parameterFamily !== family) expect(request.DBParameterGroupName).toBeUndefined();
    else expect(request.DBParameterGroupName).toBeTruthy();
  });

  always('no storage smaller than the snapshot’s', ({ request }, facts) => {
    expect(request.AllocatedStorage).toBeGreaterThanOrEqual(facts().snapshot.sizeGiB);
  });

  always('no limit of growth that leaves none, no monitoring without a role', ({ request, afterwards }) => {
    if (afterwards.MaxAllocatedStorage !== undefined)
      expect(afterwards.MaxAllocatedStorage).toBeGreaterThanOrEqual((request.AllocatedStorage ?? 0) * 1.1);
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
  const { request, expected } = planInstance(given({ source: instance({}, { ...feel, AllocatedStorage: 500 }) }));
  expect(request).toMatchObject({ ...feel, AllocatedStorage: 500 });
  expect(expected).toMatchObject({ ...feel, AllocatedStorage: 500, StorageEncrypted: false });
});

test('the config’s profile goes before the source, and its subnets choose their own zone', () => {
  const profile = { instanceClass: 'db.r5.large', subnetGroup: 'other', securityGroups: ['sg-2', 'sg-1'] };
  const source = instance({}, { AvailabilityZone: 'eu-west-1a' });
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
  const { request, afterwards, shown } = planInstance(given({ source: instance({}, later) }));
  expect(afterwards).toEqual(later);
  expect(Object.keys(request).filter((name) => name in later)).toEqual([]);
  const modified = shown.filter(({ how }) => how === 'modified-afterwards').map(({ name }) => name);
  expect(modified.toSorted()).toEqual(Object.keys(later).toSorted());
});

test('what no restore carries over is listed', () => {
  const attached = { readReplicas: ['shop-replica'], roles: ['arn:aws:iam::1:role/s3'], activityStream: false };
  const { shown } = planInstance(given({ source: instance({ attached }) }));
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
