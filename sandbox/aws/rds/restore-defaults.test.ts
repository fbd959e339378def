import {
  CreateDBSnapshotCommand,
  type DBInstance,
  ModifyDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestRegion, type TestRegion } from './test-region.ts';

/** None of it is AWS's default, so whatever a restore takes over from here shows. */
const MonitoringRoleArn = 'arn:aws:iam::123456789012:role/monitoring';
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
  MonitoringRoleArn,
  MultiAZ: true,
  PreferredBackupWindow: '22:00-22:30',
  PreferredMaintenanceWindow: 'tue:10:00-tue:10:30',
  StorageEncrypted: true,
  StorageType: 'gp3',
  Tags: [{ Key: 'team', Value: 'shop' }],
  VpcSecurityGroupIds: ['sg-production'],
} as const;

let world: TestRegion;
let source: DBInstance;
beforeAll(async () => {
  world = await startTestRegion();
  const { EnableCloudwatchLogsExports, Tags, VpcSecurityGroupIds, ...rest } = unusual;
  source = await world.create('source', {
    ...rest,
    EnableCloudwatchLogsExports: [...EnableCloudwatchLogsExports],
    Tags: [...Tags],
    VpcSecurityGroupIds: [...VpcSecurityGroupIds],
  });
  const request = { DBInstanceIdentifier: 'source', DBSnapshotIdentifier: 'base' };
  const { DBSnapshot } = await world.client.send(new CreateDBSnapshotCommand(request));
  expect(DBSnapshot?.TagList).toEqual(unusual.Tags);
  await world.available('source');
});
afterAll(() => world.close());

const groups = (instance: DBInstance) => ({
  security: instance.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
  parameters: instance.DBParameterGroups?.map(({ DBParameterGroupName }) => DBParameterGroupName),
  subnets: instance.DBSubnetGroup?.DBSubnetGroupName,
});

test('settings that a restore leaves out become defaults; class, retention and backup window stay as they were', async () => {
  expect(groups(source)).toEqual({ security: ['sg-production'], parameters: ['prod-pg15'], subnets: 'prod' });
  const restored = await world.restore('plain', 'base');
  expect(groups(restored)).toEqual({
    security: ['sg-default'],
    parameters: ['default.postgres15'],
    subnets: 'default',
  });
  expect(restored).toMatchObject({
    AutoMinorVersionUpgrade: true,
    CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    CopyTagsToSnapshot: false,
    DeletionProtection: false,
    IAMDatabaseAuthenticationEnabled: false,
    MonitoringInterval: 0,
    MultiAZ: false,
    PerformanceInsightsEnabled: false,
    PreferredMaintenanceWindow: 'sun:04:30-sun:05:00',
    PubliclyAccessible: true,
  });
  expect(restored.EnabledCloudwatchLogsExports).toBeUndefined();
  expect(restored.MaxAllocatedStorage).toBeUndefined();
  const kept = [
    'AllocatedStorage',
    'BackupRetentionPeriod',
    'DBInstanceClass',
    'Iops',
    'KmsKeyId',
    'MasterUsername',
  ] as const;
  for (const name of [...kept, 'PreferredBackupWindow', 'StorageEncrypted', 'TagList'] as const) {
    expect(restored[name], name).toEqual(source[name]);
  }
  expect(restored.DbiResourceId).not.toBe(source.DbiResourceId);
  await world.remove('plain');
});

test('a point in time leaves out the same, and takes a growth limit besides', async () => {
  const target = { SourceDBInstanceIdentifier: 'source', UseLatestRestorableTime: true, MaxAllocatedStorage: 900 };
  const restored = await world.pointInTime('in-time', target);
  expect(groups(restored)).toEqual({
    security: ['sg-default'],
    parameters: ['default.postgres15'],
    subnets: 'default',
  });
  expect(restored).toMatchObject({
    AutoMinorVersionUpgrade: true,
    CopyTagsToSnapshot: false,
    DBInstanceClass: source.DBInstanceClass,
    BackupRetentionPeriod: 7,
    DeletionProtection: false,
    IAMDatabaseAuthenticationEnabled: false,
    Iops: source.Iops,
    KmsKeyId: source.KmsKeyId,
    MaxAllocatedStorage: 900,
    MonitoringInterval: 0,
    MultiAZ: false,
    PreferredBackupWindow: source.PreferredBackupWindow,
    PubliclyAccessible: true,
    TagList: source.TagList,
  });
  await world.remove('in-time');
});

test('settings that are given are taken, and tags that are given replace those of the source', async () => {
  const Tags = [{ Key: 'operation', Value: 'op-1' }];
  const asked = {
    AutoMinorVersionUpgrade: false,
    DBParameterGroupName: 'prod-pg15',
    DBSubnetGroupName: 'prod',
    EnableCloudwatchLogsExports: ['postgresql'],
    EnableIAMDatabaseAuthentication: true,
    MultiAZ: true,
    PubliclyAccessible: false,
    VpcSecurityGroupIds: ['sg-production'],
    BackupRetentionPeriod: 0,
    Tags,
  };
  const Port = source.Endpoint?.Port ?? 0;
  const restored = await world.restore('given', 'base', { ...asked, Port });
  expect(restored.Endpoint?.Port).not.toBe(Port); // one address for all: a port that is taken can't be had twice
  expect(groups(restored)).toEqual(groups(source));
  expect(restored).toMatchObject({
    AutoMinorVersionUpgrade: false,
    BackupRetentionPeriod: 0,
    EnabledCloudwatchLogsExports: ['postgresql'],
    IAMDatabaseAuthenticationEnabled: true,
    MultiAZ: true,
    PubliclyAccessible: false,
    TagList: Tags,
  });
  expect(await world.sql('given', 'SHOW work_mem')).toEqual([{ work_mem: '8MB' }]);
  await world.remove('given');
});

test('what a restore does not take is refused by it and accepted by ModifyDBInstance afterwards', async () => {
  const later = { MonitoringInterval: 60, MonitoringRoleArn, PreferredMaintenanceWindow: 'tue:10:00-tue:10:30' };
  const request = { DBInstanceIdentifier: 'later', DBSnapshotIdentifier: 'base', BackupRetentionPeriod: 0 };
  const wrong = new RestoreDBInstanceFromDBSnapshotCommand(request);
  wrong.middlewareStack.add(
    (next) => (args) => {
      const body = `${Object(args.request).body}&MonitoringInterval=60`;
      return next({ ...args, request: Object.assign(Object(args.request), { body }) });
    },
    { step: 'build', priority: 'high' },
  );
  await expect(world.client.send(wrong)).rejects.toThrow('does not take the parameter MonitoringInterval');
  await world.restore('later', 'base', { BackupRetentionPeriod: 0 });
  const settings = { ...later, EnablePerformanceInsights: true, MaxAllocatedStorage: 1000, ApplyImmediately: true };
  await world.client.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'later', ...settings }));
  let instance = await world.available('later');
  while (!instance.PerformanceInsightsEnabled) instance = await world.available('later');
  expect(instance).toMatchObject({ ...later, MaxAllocatedStorage: 1000, PerformanceInsightsEnabled: true });
  await world.remove('later');
});
