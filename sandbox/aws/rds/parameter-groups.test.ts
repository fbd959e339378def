import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDBParameterGroupCommand,
  DeleteDBParameterGroupCommand,
  DescribeAccountAttributesCommand,
  DescribeDBInstancesCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBParametersCommand,
  DescribeEventsCommand,
  DescribeOptionGroupsCommand,
  ModifyDBParameterGroupCommand,
  type Parameter,
  RebootDBInstanceCommand,
  ResetDBParameterGroupCommand,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusal } from '../test-cloud.ts';
import { startTestRegion, type TestRegion } from './test-region.ts';

const DBParameterGroupName = 'shop-pg15';
const family = { DBParameterGroupFamily: 'postgres15', Description: 'Shop' };
let world: TestRegion;
beforeAll(async () => {
  world = await startTestRegion();
  await world.client.send(new CreateDBParameterGroupCommand({ DBParameterGroupName, ...family }));
  await world.create('shop', { DBParameterGroupName });
});
afterAll(() => world.close());

const change = (ParameterName: string, ParameterValue: string, ApplyMethod: Parameter['ApplyMethod'] = 'immediate') =>
  world.client.send(
    new ModifyDBParameterGroupCommand({
      DBParameterGroupName,
      Parameters: [{ ParameterName, ParameterValue, ApplyMethod }],
    }),
  );
const code = async (call: Promise<unknown>) => (await refusal(call)).code;
const show = async (name: string) => Object.values((await world.sql('shop', `SHOW ${name}`))[0] ?? {})[0];
const applyStatus = async () => {
  const { DBInstances } = await world.client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'shop' }));
  return DBInstances?.[0]?.DBParameterGroups?.[0]?.ParameterApplyStatus;
};
const reboot = async () => {
  await world.client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: 'shop' }));
  return world.available('shop');
};

test('a dynamic parameter is in force at once, on the way shown as applying, in sessions that are open as well', async () => {
  expect(await show('work_mem')).toBe('4MB');
  await change('work_mem', '16384');
  expect(await applyStatus()).toBe('applying');
  while ((await applyStatus()) !== 'in-sync') await sleep(20);
  expect(await show('work_mem')).toBe('16MB');
  const user = new DescribeDBParametersCommand({ DBParameterGroupName, Source: 'user' });
  const { Parameters } = await world.client.send(user);
  expect(Parameters).toMatchObject([{ ParameterName: 'work_mem', ParameterValue: '16384', ApplyType: 'dynamic' }]);
  const about = { SourceIdentifier: DBParameterGroupName, SourceType: 'db-parameter-group' } as const;
  const { Events } = await world.client.send(new DescribeEventsCommand(about));
  expect(Events?.map(({ Message }) => Message)).toEqual([
    'Updated parameter work_mem to 16384 with apply method immediate',
  ]);
});

test('a static parameter, and one that is not to be applied at once, waits for the reboot', async () => {
  await change('max_connections', '90', 'pending-reboot');
  await change('random_page_cost', '1.5', 'pending-reboot');
  expect(await applyStatus()).toBe('pending-reboot');
  await change('work_mem', '32768');
  while ((await applyStatus()) === 'applying') await sleep(20);
  expect(await applyStatus()).toBe('pending-reboot'); // what applied at once doesn't hide what waits
  expect([await show('max_connections'), await show('random_page_cost')]).toEqual(['100', '4']);
  await reboot();
  expect(await applyStatus()).toBe('in-sync');
  expect([await show('max_connections'), await show('random_page_cost')]).toEqual(['90', '1.5']);
});

test('a reset takes parameters back to their defaults', async () => {
  const Parameters = [{ ParameterName: 'random_page_cost', ApplyMethod: 'immediate' }] satisfies Parameter[];
  await world.client.send(new ResetDBParameterGroupCommand({ DBParameterGroupName, Parameters }));
  while ((await show('random_page_cost')) !== '4') await sleep(20);
  expect(await show('work_mem')).toBe('32MB');
  await world.client.send(new ResetDBParameterGroupCommand({ DBParameterGroupName, ResetAllParameters: true }));
  while ((await show('work_mem')) !== '4MB' || (await applyStatus()) === 'applying') await sleep(20);
  expect(await applyStatus()).toBe('pending-reboot'); // max_connections
  await reboot();
  expect(await show('max_connections')).toBe('100');
});

test('parameters that keep the server from starting end as incompatible-parameters; reset and rebooted, it comes back', async () => {
  await change('shared_buffers', '1073741823', 'pending-reboot');
  await world.client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: 'shop' }));
  while (world.rds.instance('shop')?.status !== 'incompatible-parameters') await sleep(20);
  await world.client.send(new ResetDBParameterGroupCommand({ DBParameterGroupName, ResetAllParameters: true }));
  await reboot();
  expect(await show('shared_buffers')).toBe('32MB');
});

test('what RDS refuses in a parameter group is refused', async () => {
  expect(await code(change('max_connections', '90', 'immediate'))).toBe('InvalidParameterCombination');
  expect(await code(change('work_mem', 'much'))).toBe('InvalidParameterValue');
  expect(await code(change('work_mem', '1'))).toBe('InvalidParameterValue');
  expect(await code(change('wal_compression', 'very'))).toBe('InvalidParameterValue');
  expect(await code(change('fsync', '1', 'pending-reboot'))).toBe('InvalidParameterValue');
  expect(await code(change('no_such_thing', '1'))).toBe('InvalidParameterValue');
  const reset = { DBParameterGroupName: 'default.postgres15', ResetAllParameters: true };
  expect(await code(world.client.send(new ResetDBParameterGroupCommand(reset)))).toBe('InvalidParameterValue');
  const create = (name: string, more: object = {}) =>
    world.client.send(new CreateDBParameterGroupCommand({ DBParameterGroupName: name, ...family, ...more }));
  expect(await code(create(DBParameterGroupName))).toBe('DBParameterGroupAlreadyExistsFault');
  expect(await code(create('other', { DBParameterGroupFamily: 'mysql8.0' }))).toBe('InvalidParameterValue');
  const drop = (name: string) => world.client.send(new DeleteDBParameterGroupCommand({ DBParameterGroupName: name }));
  expect(await code(drop(DBParameterGroupName))).toBe('InvalidDBParameterGroupStateFault');
  await create('short-lived');
  const { AccountQuotas } = await world.client.send(new DescribeAccountAttributesCommand({}));
  const used = AccountQuotas?.find(({ AccountQuotaName }) => AccountQuotaName === 'DBParameterGroups')?.Used ?? 0;
  world.rds.quotas = { parameterGroups: used };
  expect(await code(create('one-too-many'))).toBe('DBParameterGroupQuotaExceededFault');
  world.rds.quotas = { parameterGroups: 50 };
  await drop('short-lived');
  const find = new DescribeDBParameterGroupsCommand({ DBParameterGroupName: 'short-lived' });
  expect(await code(world.client.send(find))).toBe('DBParameterGroupNotFoundFault');
});

test('the option group of every instance can be described', async () => {
  const { DBInstances } = await world.client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'shop' }));
  const { OptionGroupName } = DBInstances?.[0]?.OptionGroupMemberships?.[0] ?? {};
  const { OptionGroupsList } = await world.client.send(new DescribeOptionGroupsCommand({ OptionGroupName }));
  expect(OptionGroupsList).toMatchObject([{ OptionGroupName, EngineName: 'postgres', Options: [] }]);
  const none = new DescribeOptionGroupsCommand({ OptionGroupName: 'none' });
  expect(await code(world.client.send(none))).toBe('OptionGroupNotFoundFault');
});
