import { expect, it } from 'vitest';
import type { Plan } from '../domain/plan.ts';
import { emptyOperation, type OperationState, type StepState } from '../domain/state.ts';
import { leftOf, type Swap, swapOf } from './left-database.ts';

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
