import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '../../domain/json.ts';
import type { Plan } from '../../domain/plan.ts';
import type { OperationState } from '../../domain/state.ts';
import type { History, PastOperation } from '../../planning/past-operation.ts';
import { contextOf } from '../../steps/kubernetes/step-context.fixture.ts';
import { reader, restoring, type SwappedShop, swappedShop } from '../../steps/postgres/swapped.fixture.ts';
import { type RollbackClients, rollback } from './operation.ts';

// The plan against a real server whose databases a restore has swapped, and its steps with what it decided for them.

let shop: SwappedShop;
let past: PastOperation[];
let world: { resourceId: string; status: string; database: string };
const arn = 'arn:aws:rds:eu-west-1:123456789012:db:shop';
const taking = 'op-ba9876543210';
const swappedAt = '2026-11-20T03:14:00.000Z';

beforeAll(async () => {
  shop = await swappedShop();
});
afterAll(() => shop?.server.close());
beforeEach(async () => {
  const swap = await shop.swap();
  world = { resourceId: 'db-SHOP', status: 'available', database: 'live' };
  past = [
    pastOf(
      restoring,
      [
        { step: 'measure-loss', status: 'done', output: { tables: [{ table: 'orders', after: 40, lost: 1 }] } },
        { step: 'swap-names', status: 'done', output: { ...swap, at: swappedAt } },
      ],
      { live: 'live', restored: 'live_new', kept: 'live_before' },
    ),
  ];
});

const pastOf = (id: string, steps: readonly object[], input: JsonObject, operation = 'restore'): PastOperation => ({
  state: {
    ...{ id, phase: 'closed', published: true, steps },
    request: { operation, environment: 'production' },
    closed: { outcome: 'succeeded', service: 'new-database', at: swappedAt },
  } as unknown as OperationState,
  plan: {
    bound: {
      decided: { source: { id: 'shop', arn, resourceId: 'db-SHOP', host: '127.0.0.1', port: shop.server.port } },
      steps: [
        { id: 'swap-names', after: [], input },
        { id: 'swap-back', after: [], input },
      ],
    },
  } as unknown as Plan,
});

function clients(): RollbackClients {
  const { port } = shop.server;
  const instance = () => ({
    ...{ id: 'shop', arn, engine: 'postgres', endpoint: { host: '127.0.0.1', port }, tags: {}, ...world },
    master: { user: 'shop_master' },
  });
  const history: History = {
    find: async (id) => past.find(({ state }) => state.id === id),
    closed: async () => past.map(({ state }) => state).toReversed(),
  };
  const document = () => ({ HOST: '127.0.0.1', PORT: port, NAME: world.database, USER: 'shop_app' });
  return {
    environment: () => ({
      ...{ name: 'production', region: 'eu-west-1' },
      secret: { id: 'shop/app', keys: { host: 'HOST', port: 'PORT', database: 'NAME', user: 'USER', password: 'P' } },
      database: { instance: 'shop', name: 'live', verifyRole: reader, masterRole: shop.place.masterRole },
      checks: { gateMinutes: 1, critical: ['orders'] },
      restore: { pollSeconds: 1, startWithinMinutes: 1 },
      workloads: [{ cluster: '', namespace: 'shop', kind: 'deployment', name: 'web' }],
    }),
    rds: () => ({ findInstance: async () => instance(), findInstanceByEndpoint: async () => instance() }),
    secrets: () => ({ current: async () => ({ arn: 'arn:secret', versionId: 'v1', document: document() }) }),
    access: shop.clients.access,
    history,
  } as unknown as RollbackClients;
}

const planned = (of: string) =>
  rollback
    .build(clients())
    .plan(
      { operationId: taking, environment: 'production', args: { of }, requestedAt: swappedAt } as never,
      new AbortController().signal,
    );

/** Every step with what was decided for it, in the plan's order. */
async function carriedOut(plan: Plan) {
  const { steps } = rollback.build(clients());
  const outputs: Record<string, JsonObject> = {};
  for (const { id, input } of plan.bound.steps) {
    const given = contextOf({ operation: taking, input, outputs });
    // By itself, as a pool does once its connections were ended.
    const session = id === 'prove-swapped-back' ? await shop.server.session('shop_app', 'live') : undefined;
    const result = await steps.get(id)?.run(given);
    await session?.end();
    if (result?.kind !== 'done') throw new Error(`${id} is not done`);
    outputs[id] = result.output;
  }
  return outputs;
}

it('the same world gives the same plan: which database comes back, which is left, and the lock that a cleanup of it takes', async () => {
  const plan = await planned(restoring);
  const { live_before: former, live } = (await shop.databases()) as Record<string, { oid: number }>;
  expect(plan.bound.decided).toMatchObject({
    of: restoring,
    databases: {
      live: 'live',
      back: { name: 'live_before', oid: former?.oid, mark: null },
      leaves: { name: 'live_new', oid: live?.oid },
    },
  });
  expect(plan.bound.resources).toEqual(
    [`${arn}/database/${former?.oid}`, arn, 'arn:secret', 'current/shop/web'].toSorted(),
  );
  expect((await planned(restoring)).bound).toEqual(plan.bound);
});

it('carried out with what it decided, the former database serves, and what was written since is told and kept', async () => {
  const plan = await planned(restoring);
  await shop.server.sql(
    'live',
    `INSERT INTO orders (note) VALUES ('since'), ('since')`,
    'DELETE FROM orders WHERE id = 1',
  );
  const before = (await shop.databases()) as Record<string, { oid: number }>;
  const outputs = await carriedOut(plan);
  expect(outputs['measure-written']).toMatchObject({
    tables: [{ table: 'orders', rows: 41, lost: 2, returned: 1, changed: 1 }],
    notMeasured: [],
  });
  expect(await shop.databases()).toEqual({
    live: { oid: before.live_before?.oid, open: true },
    live_new: { oid: before.live?.oid, open: false },
  });
});

it('a rollback of the rollback is the same swap once more, and then the restore’s database serves again', async () => {
  const before = await shop.databases();
  const outputs = await carriedOut(await planned(restoring));
  const input = { live: 'live', restored: 'live_before', kept: 'live_new' };
  const steps = ['measure-written', 'swap-back'].map((step) => ({ step, status: 'done', output: outputs[step] }));
  past.push(pastOf(taking, steps, input, 'rollback'));
  await expect(planned(restoring)).rejects.toMatchObject({ code: 'rollback.names-back', kind: 'user' });
  await carriedOut(await planned(taking));
  expect(await shop.databases()).toEqual(before);
});

const refusals: readonly (readonly [string, string, () => Promise<unknown> | unknown])[] = [
  [
    'the application is on another instance',
    'rollback.moved-on',
    () => Object.assign(world, { resourceId: 'db-OTHER' }),
  ],
  ['no server runs there', 'rollback.not-running', () => Object.assign(world, { status: 'stopped' })],
  ['the secret names another database', 'rollback.other-database', () => Object.assign(world, { database: 'other' })],
  ['the kept database was dropped', 'rollback.kept-gone', () => asAdmin('DROP DATABASE live_before')],
  ['it was renamed', 'rollback.names-changed', () => asAdmin('ALTER DATABASE live_before RENAME TO live_other')],
  ['another has the live name', 'rollback.swapped-on', () => asAdmin('ALTER DATABASE live RENAME TO live_other')],
  ['the former name is taken', 'load.name-taken', () => asAdmin('CREATE DATABASE live_new')],
];
const asAdmin = (sql: string) => shop.server.sql('postgres', sql);

it.each(refusals)('is refused before anybody is asked when %s', async (_, code, happens) => {
  await happens();
  await expect(planned(restoring)).rejects.toMatchObject({ code, kind: 'user' });
});
