import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { account, region, startDatabaseCloud } from '../../clients/cloud.fixture.ts';
import { rds } from '../../clients/rds.ts';
import type { JsonObject } from '../../domain/json.ts';
import { baselineKey } from '../../domain/records.ts';
import type { OperationState } from '../../domain/state.ts';
import type { VerifyDecided } from '../../domain/verify.ts';
import { recordsInMemory } from '../../ledger/records.fixture.ts';
import type { PastOperation } from '../../planning/past-operation.ts';
import { baselineOf } from '../../verification/baseline.fixture.ts';
import { asked, clientsWith, document, environmentOf, role, secret } from '../restore/plan.fixture.ts';
import { verify } from './operation.ts';
import { planVerify, type VerifyClients } from './plan.ts';

let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
const made = 'op-00aa00aa00aa';
const snapshots: Record<string, string> = {};

async function instance(id: string, tags: Readonly<Record<string, string>> = {}) {
  await new RDSClient({ region }).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: id,
      Engine: 'postgres',
      DBInstanceClass: 'db.r5.xlarge',
      AllocatedStorage: 20,
      MasterUsername: 'shop_admin',
      MasterUserPassword: 'not-a-secret-1',
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  await vi.waitUntil(async () => (await rds(region).findInstance(id))?.status === 'available', 60_000);
  return (await rds(region).findInstance(id))?.resourceId ?? '';
}

/** `shop-new` was made from a snapshot of `shop`, which was kept; `other` is nobody's kin. */
beforeAll(async () => {
  cloud = await startDatabaseCloud();
  const old = await instance('shop');
  await instance('other');
  await instance('shop-new', {
    'pitcrew:lineage': old,
    'pitcrew:operation': made,
    'pitcrew:environment': 'production',
  });
  await instance('shop-staging', { 'pitcrew:lineage': old, 'pitcrew:environment': 'staging' });
  for (const [id, of] of [
    ['origin', 'shop'],
    ['later-of-the-old', 'shop'],
    ['of-the-new', 'shop-new'],
  ] as const) {
    await rds(region).createSnapshot({ id, instanceId: of, tags: {} });
    await vi.waitUntil(async () => (await rds(region).findSnapshot(id))?.status === 'available', 60_000);
    snapshots[id] = (await rds(region).findSnapshot(id))?.arn ?? '';
  }
  cloud.secrets.create(secret, JSON.stringify({ ...document, DB_PORT: String(cloud.rds.instance('shop-new')?.port) }));
  cloud.secrets.create(role.secret, '{"user":"verify","password":"pw-of-verify"}');
}, 120_000);
afterAll(() => cloud?.close());

const restored = {
  state: { id: made, steps: [{ step: 'hand-over', output: { keptInstance: 'shop' } }] } as unknown as OperationState,
  plan: { bound: { decided: { recoveryPoint: { kind: 'snapshot', arn: '' } } } },
};
const clientsOf = (over: Partial<VerifyClients> = {}): VerifyClients => ({
  ...clientsWith(),
  history: {
    find: async (id) => {
      const decided = { recoveryPoint: { kind: 'snapshot', arn: snapshots.origin } };
      const past = { ...restored, plan: { bound: { decided } } } as unknown as PastOperation;
      return id === made ? past : undefined;
    },
    closed: async () => [restored.state],
  },
  ...over,
});
const plan = (args: JsonObject = {}, over: Partial<VerifyClients> = {}) =>
  planVerify(clientsOf(over), asked({ operation: 'verify', args: verify.parseArgs(args) }));
const decidedOf = async (...given: Parameters<typeof plan>) =>
  (await plan(...given)).bound.decided as unknown as VerifyDecided;

/** Records with baselines of these snapshots. */
async function baselines(...ids: readonly string[]) {
  const records = recordsInMemory();
  for (const id of ids) {
    const baseline = { ...baselineOf('shop', {}), operation: id };
    await records.write(baselineKey(snapshots[id] ?? ''), baseline as unknown as JsonObject);
  }
  return { records };
}
const keyOf = async (args: JsonObject, ...ids: readonly string[]) =>
  (await plan(args, await baselines(...ids))).bound.steps[0]?.input.baselineKey;

describe('the plan of a verification', () => {
  test('is of the instance that serves, asks nobody, only reads, and keeps nobody else waiting', async () => {
    const { bound, shown } = await plan();
    expect(bound.decided).toMatchObject({ instance: { id: 'shop-new' }, serves: true, baselineAt: null, deep: false });
    expect(bound.steps.map(({ id }) => id)).toEqual(['check-database']);
    expect(bound.resources).toEqual([`arn:aws:rds:${region}:${account}:db:shop-new/verify`]);
    expect(shown.commands['check-database']?.flat()).toContain('SELECT count(*) FROM orders');
    expect(verify.approval).toBe('none');
    for (const { fence } of verify.build(clientsOf()).steps.values()) expect(fence).toBe('read-only');
    expect(JSON.stringify(bound)).not.toContain('pw-of');
  });

  test('takes the old instance that a restore kept, and says that the application doesn’t use it', async () => {
    expect(await decidedOf({ instance: 'SHOP' })).toMatchObject({ instance: { id: 'shop' }, serves: false });
    expect(await decidedOf({ instance: 'shop-new' })).toMatchObject({ serves: true });
  });

  test('refuses by name what is of another lineage, or of another environment', async () => {
    for (const named of ['other', 'shop-staging'])
      await expect(plan({ instance: named })).rejects.toMatchObject({
        code: 'verify.instance-of-other',
        params: { instance: named, environment: 'production', known: ['shop-new', 'shop'] },
      });
  });

  test('says which was probably meant where there is none of that name', async () => {
    await expect(plan({ instance: 'shop-nwe' })).rejects.toMatchObject({
      code: 'verify.instance-unknown',
      params: { closest: expect.arrayContaining(['shop-new']), known: ['shop-new', 'shop'] },
    });
    expect(() => verify.parseArgs({ instance: 'a b' })).toThrow('request.bad-argument');
  });

  test('compares with what was measured of the instance itself, else of the snapshot that it was made from', async () => {
    const { origin = '', 'of-the-new': own = '', 'later-of-the-old': later = '' } = snapshots;
    expect(await keyOf({}, 'origin', 'later-of-the-old', 'of-the-new')).toBe(baselineKey(own));
    // What the old instance was measured to have after that snapshot, this one never had.
    expect(await keyOf({}, 'origin', 'later-of-the-old')).toBe(baselineKey(origin));
    expect(await keyOf({ instance: 'shop' }, 'origin', 'later-of-the-old', 'of-the-new')).toBe(baselineKey(later));
    expect(await keyOf({})).toBeNull();
  });

  test('goes deep only where it is asked to and the config gives it time', async () => {
    const { bound } = await plan({ deep: true });
    expect(bound.steps.map(({ id }) => id)).toEqual(['check-database', 'check-deeply']);
    const none = environmentOf();
    const environment = () => ({ ...none, checks: { ...none.checks, deepMinutes: 0 } });
    await expect(plan({ deep: true }, { environment })).rejects.toMatchObject({ code: 'verify.no-deep-minutes' });
  });
});
