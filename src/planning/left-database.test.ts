import { describe, expect, it } from 'vitest';
import type { Plan } from '../domain/plan.ts';
import { emptyOperation, type OperationState, type StepState } from '../domain/state.ts';
import { leftOf, refuseUnlessSwapped, type Swap, swapOf, swapsOf } from './left-database.ts';

const instance = { id: 'shop', arn: 'arn:shop', resourceId: 'db-SHOP', host: 'shop.example', port: 5432 };
const [at, closedAt] = ['2026-11-12T03:14:00.000Z', '2026-11-12T03:20:00.000Z'];
const output = { database: 'shop', oid: 20, kept: 'shop_before', keptOid: 10, at, outageMs: 80, endedSessions: 0 };
const operation = (status: StepState['status'] = 'done', more: Partial<OperationState> = {}) => ({
  state: {
    ...emptyOperation('op-0123456789ab'),
    phase: 'closed' as const,
    closed: { outcome: 'succeeded', service: 'new-database', at: closedAt } as NonNullable<OperationState['closed']>,
    steps: [{ step: 'swap-names', status, failures: 0, intendedAt: at, publishes: true, output }],
    ...more,
  } as unknown as OperationState,
  plan: {
    bound: {
      decided: { source: instance },
      steps: [{ id: 'swap-names', after: [], input: { live: 'shop', restored: 'shop_new', kept: 'shop_before' } }],
    },
  } as unknown as Plan,
});
const swap = swapOf(operation()) as Swap;
const code = (found: Parameters<typeof leftOf>[1]) => {
  try {
    return leftOf(swap, found).name;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

it('is told only of an operation that is over and did swap', () => {
  expect(swap).toMatchObject({ instance, newOid: 20, keptOid: 10, restored: 'shop_new', kept: 'shop_before' });
  expect(swapOf(operation('undone'))).toBeUndefined();
  expect(swapOf(operation('intended'))).toBeUndefined();
  expect(swapOf({ state: operation('done').state })).toBeUndefined();
  const { closed: _, ...open } = operation().state;
  expect(swapOf({ ...operation(), state: { ...open, phase: 'running' } as OperationState })).toBeUndefined();
});

it('after the swap the former database is left, since the swap', () => {
  const found = [
    { oid: 10, name: 'shop_before' },
    { oid: 20, name: 'shop' },
  ];
  expect(leftOf(swap, found)).toEqual({ name: 'shop_before', oid: 10, leftAs: 'replaced', since: at });
});

it('once the swap is taken back the restored database is left', () => {
  const found = [
    { oid: 10, name: 'shop' },
    { oid: 20, name: 'shop_new' },
  ];
  expect(leftOf(swap, found)).toEqual({ name: 'shop_new', oid: 20, leftAs: 'beside', since: closedAt });
});

it('after another swap each leaves its own: the former database is left, whatever serves now', () => {
  const found = [
    { oid: 10, name: 'shop_before' },
    { oid: 20, name: 'shop_before_another' },
  ];
  expect(leftOf(swap, found)).toMatchObject({ name: 'shop_before', oid: 10 });
});

it('one that is gone, and one that was renamed, is never taken for it', () => {
  expect(code([{ oid: 20, name: 'shop' }])).toBe('cleanup.database-gone');
  expect(code([])).toBe('cleanup.database-gone');
  expect(code([{ oid: 10, name: 'wanted' }])).toBe('cleanup.database-is-another');
  expect(code([{ oid: 10, name: 'shop' }])).toBe('cleanup.database-gone');
});

/** The rollback of it, as its own chain and plan have it. */
const backAt = '2026-11-14T08:00:00.000Z';
const rollback = {
  state: {
    ...operation().state,
    id: 'op-ba9876543210',
    steps: [
      {
        ...{ step: 'swap-back', status: 'done', failures: 0, intendedAt: backAt, publishes: true },
        output: { ...output, oid: 10, kept: 'shop_new', keptOid: 20, at: backAt },
      },
    ],
  } as unknown as OperationState,
  plan: {
    bound: {
      decided: { source: instance },
      steps: [{ id: 'swap-back', after: [], input: { live: 'shop', restored: 'shop_before', kept: 'shop_new' } }],
    },
  } as unknown as Plan,
};
const back = swapOf(rollback) as Swap;
const isBack = [
  { oid: 10, name: 'shop' },
  { oid: 20, name: 'shop_new' },
];

it('a rollback that swapped back is a swap of its own: what it left is the restored database', () => {
  expect(back).toMatchObject({ newOid: 10, keptOid: 20, restored: 'shop_before', kept: 'shop_new', at: backAt });
  expect(leftOf(back, isBack)).toEqual({ name: 'shop_new', oid: 20, leftAs: 'replaced', since: backAt });
});

it('the restored database is left since the rollback, not since the restore: it served in between', async () => {
  const history = {
    find: async (id: string) => [rollback, operation()].find(({ state }) => state.id === id),
    closed: async () => [rollback.state, operation().state],
  };
  const swaps = await swapsOf(history, 'production');
  expect(swaps.map((one) => one.operation)).toEqual(['op-ba9876543210', 'op-0123456789ab']);
  expect(leftOf(swap, isBack, swaps)).toMatchObject({ name: 'shop_new', since: backAt });
  const elsewhere = swaps.map((one) => ({ ...one, instance: { ...instance, resourceId: 'db-OTHER' } }));
  expect(leftOf(swap, isBack, elsewhere)).toMatchObject({ name: 'shop_new', since: closedAt });
});

describe('a swap can be taken back', () => {
  const swapped = [
    { oid: 10, name: 'shop_before' },
    { oid: 20, name: 'shop' },
  ];
  const refused = (of: Swap, found: typeof swapped, serving: number | undefined, swaps: readonly Swap[] = []) => {
    try {
      return refuseUnlessSwapped(of, found, serving, swaps);
    } catch (error) {
      return error as { code: string; params: Record<string, unknown> };
    }
  };

  it('while both databases are as it left them, and so can the rollback of it', () => {
    expect(refused(swap, swapped, 20)).toBeUndefined();
    expect(refused(back, isBack, 10)).toBeUndefined();
  });

  it.each([
    ['it was taken back already', isBack, 10, 'rollback.names-back'],
    ['the kept database was cleaned up', [{ oid: 20, name: 'shop' }], 20, 'rollback.kept-gone'],
    [
      'the kept database was renamed',
      [
        { oid: 10, name: 'wanted' },
        { oid: 20, name: 'shop' },
      ],
      20,
      'rollback.names-changed',
    ],
    ['another database has the live name', swapped, 30, 'rollback.swapped-on'],
    ['nothing has the live name', swapped, undefined, 'rollback.swapped-on'],
  ])('not once %s', (_, found, serving, expected) => {
    expect(refused(swap, found, serving)).toMatchObject({ code: expected });
  });

  it('not before a later one: that one is named', () => {
    const later = { ...swap, operation: 'op-111111111111', newOid: 30, keptOid: 20 };
    const other = { ...later, operation: 'op-222222222222', instance: { ...instance, resourceId: 'db-OTHER' } };
    expect(refused(swap, swapped, 30, [other, later])).toMatchObject({ params: { later: 'op-111111111111' } });
    expect(refused(swap, swapped, 30, [other])).toMatchObject({ params: { later: '' } });
  });
});
