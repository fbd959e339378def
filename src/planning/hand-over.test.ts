import { describe, expect, test } from 'vitest';
import { permanent } from '../domain/errors.ts';
import { describeFinding } from '../messages/index.ts';
import { type HandOverGiven, handOverNotes } from './hand-over.ts';
import { instance } from './instances.fixture.ts';
import { liveSource } from './source-settings.ts';

const nothing = { slots: [], subscriptions: [], foreignServers: [], cron: false };
const rds = (proxies: readonly string[] = [], subscriptions: readonly string[] = []) => ({
  proxiesOf: async () => proxies,
  eventSubscriptionsOf: async () => subscriptions,
});
const given = (over: Partial<HandOverGiven> = {}): HandOverGiven => ({
  sourceId: 'shop',
  targetId: 'shop-r01234567',
  stays: true,
  role: 'app',
  source: liveSource(instance()),
  settings: [],
  dependents: nothing,
  secret: { DB_HOST: 'shop.example' },
  switchedKeys: ['DB_HOST'],
  host: 'shop.example',
  ...over,
});
const attached = {
  readReplicas: ['reads-1', 'reads-2'],
  roles: [{ arn: 'arn:aws:iam::1:role/exports', feature: 's3Export' }],
  activityStream: true,
};
const everything = () =>
  handOverNotes(
    rds(['proxy'], ['pager']),
    given({
      source: liveSource(instance({ attached })),
      dependents: { slots: ['debezium'], subscriptions: ['from_erp'], foreignServers: ['warehouse'], cron: true },
      settings: [
        { name: 'MultiAZ', how: 'left-out', value: '', because: 'setting.nobody-knows' },
        {
          name: 'DBParameterGroupName',
          how: 'left-out',
          value: '',
          because: 'setting.parameter-group-of-other-family',
        },
      ],
      secret: { DB_HOST: 'shop.example', DATABASE_URL: 'postgres://app:pw-of-app@shop.example/shop', NOTE: 'none' },
      pendingParameters: 'prod-pg15',
      rescue: 'shop-pitcrew-rescue-01234567',
    }),
  );

describe('the hand-over', () => {
  test('names whatever stays behind', async () => {
    const notes = await everything();
    const named = Object.fromEntries(notes.map(({ code, params }) => [code.replace('hand-over.', ''), params]));
    expect(named).toMatchObject({
      'rescue-snapshot': { snapshot: 'shop-pitcrew-rescue-01234567' },
      terraform: { instance: 'shop', target: 'shop-r01234567' },
      'read-replicas': { names: 'reads-1, reads-2' },
      proxies: { names: 'proxy' },
      'iam-role': { role: 'arn:aws:iam::1:role/exports', feature: 's3Export' },
      'event-subscriptions': { names: 'pager' },
      'replication-slots': { names: 'debezium' },
      subscriptions: { names: 'from_erp' },
      'foreign-servers': { names: 'warehouse' },
      'settings-unknown': { names: 'MultiAZ' },
      'settings-of-other-version': { names: 'DBParameterGroupName' },
      'parameters-pending': { group: 'prod-pg15' },
      'secret-mentions-host': { names: 'DATABASE_URL' },
    });
    expect(Object.keys(named)).toEqual(expect.arrayContaining(['cron', 'alarms', 'activity-stream', 'downstream']));
    expect(JSON.stringify(notes)).not.toContain('pw-of-app');
  });

  test('is told in both languages, with the commands to run', async () => {
    const told = (locale: 'en' | 'zh-TW') => async () =>
      (await everything()).map(({ code, params }) => describeFinding(locale, code, params)).join('\n');
    const english = await told('en')();
    expect(english).toContain('terraform import ADDRESS shop-r01234567');
    expect(english).toContain('add-role-to-db-instance --db-instance-identifier shop-r01234567');
    expect(english).toContain('describe-alarms');
    expect(english).not.toMatch(/hand-over\.|\?[ .`]/);
    for (const line of (await told('zh-TW')()).split('\n')) expect(line).toMatch(/\p{Script=Han}/u);
  });

  test('says of what can’t be read that it can’t, and why; the plan stands all the same', async () => {
    const denied = () => Promise.reject(permanent('aws.denied', { action: 'rds:DescribeDBProxies' }));
    const notes = await handOverNotes(
      { proxiesOf: denied, eventSubscriptionsOf: async () => [] },
      given({ dependents: null }),
    );
    const codes = notes.map(({ code }) => code);
    expect(notes).toContainEqual({
      code: 'hand-over.proxies-unread',
      params: { action: 'rds:DescribeDBProxies', error: 'aws.denied' },
    });
    expect(codes).toContain('hand-over.database-unread');
    expect(codes).not.toContain('hand-over.proxies');
  });

  test('says little where there is little', async () => {
    const codes = (await handOverNotes(rds(), given())).map(({ code }) => code.replace('hand-over.', ''));
    expect(codes).toEqual(['old-instance-kept', 'terraform', 'alarms', 'downstream']);
  });
});
