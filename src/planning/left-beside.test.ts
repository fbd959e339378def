import { expect, it } from 'vitest';
import type { Plan } from '../domain/plan.ts';
import { emptyOperation, type OperationState, type StepState } from '../domain/state.ts';
import { leftBeside } from './left-beside.ts';
import { type PastOperation, switchOf } from './past-operation.ts';

const instance = (id: string) => ({ id, arn: `arn:${id}`, resourceId: `db-${id}`, host: `${id}.example`, port: 5432 });
const [old, fresh, third] = [instance('OLD'), instance('NEW'), instance('THIRD')];
const switchedAt = '2026-11-12T03:14:00.000Z';
const closedAt = '2026-11-12T03:20:00.000Z';
const step = (id: string, output: object, status: StepState['status'] = 'done', endedAt = switchedAt): StepState => ({
  step: id,
  status,
  failures: 0,
  intendedAt: switchedAt,
  endedAt,
  output: output as NonNullable<StepState['output']>,
  publishes: false,
});
const cutOver = [
  step('restore-instance', { instanceId: fresh.id }),
  step('await-instance', fresh),
  step('rescue-snapshot', { taken: true, snapshotId: 'old-pitcrew-rescue' }),
  step('switch-secret', {}),
];

function operation(more: Partial<OperationState> = {}, source: object | null = old, kind = 'restore'): PastOperation {
  const state: OperationState = {
    ...emptyOperation('op-0123456789ab'),
    phase: 'closed',
    request: { operation: kind, environment: 'production' } as NonNullable<OperationState['request']>,
    closed: { outcome: 'succeeded', service: 'new-database', at: closedAt } as NonNullable<OperationState['closed']>,
    steps: cutOver,
    ...more,
  };
  const plan = { bound: { decided: { source, targetId: fresh.id }, steps: [] } } as unknown as Plan;
  return { state, plan };
}
const left = (past: PastOperation, serving = fresh.resourceId, later: readonly PastOperation[] = []) =>
  leftBeside(
    past,
    serving,
    [past, ...later].flatMap((one) => switchOf(one) ?? []),
  );

it('of a restore that cut over it is the instance that was replaced, since the cut-over, with its rescue', () => {
  expect(left(operation())).toEqual({
    operation: 'op-0123456789ab',
    leftAs: 'replaced',
    id: old.id,
    resourceId: old.resourceId,
    takenBack: false,
    served: true,
    since: switchedAt,
    rescue: 'old-pitcrew-rescue',
  });
});

it('once the application is back on the old one it is the instance that was made, since it was taken away from it', () => {
  const backAt = '2026-11-20T09:00:00.000Z';
  const steps = [step('prove-old', old), step('switch-back', {}, 'done', backAt)];
  const back = operation({ id: 'op-ba9876543210', steps }, fresh, 'rollback');
  expect(left(operation(), old.resourceId, [back])).toMatchObject({
    leftAs: 'beside',
    id: fresh.id,
    resourceId: fresh.resourceId,
    served: true,
    since: backAt,
    rescue: null,
  });
});

it('of one that failed it is the instance that was made, known by its name alone where nobody saw it answer', () => {
  const steps = [step('restore-instance', {}, 'intended')];
  const closed = { outcome: 'failed', service: 'old-database', at: closedAt } as never;
  expect(left(operation({ steps, closed }), old.resourceId)).toEqual({
    operation: 'op-0123456789ab',
    leftAs: 'beside',
    id: fresh.id,
    takenBack: false,
    served: false,
    since: closedAt,
    rescue: null,
  });
});

it.each(['denied', 'expired', 'cancelled', 'refused'])(
  'of one that nobody let begin (%s) it is what a late call made under its name, never the very instance that was deleted',
  (outcome) => {
    const closed = { outcome, service: 'unchanged', at: closedAt } as never;
    const undone = step('restore-instance', { instanceId: fresh.id }, 'undone');
    for (const steps of [[undone], [undone, step('await-instance', fresh)]])
      expect(left(operation({ steps, closed }), old.resourceId)).toEqual({
        operation: 'op-0123456789ab',
        leftAs: 'beside',
        id: fresh.id,
        takenBack: true,
        served: false,
        since: closedAt,
        rescue: null,
      });
  },
);

it('after another restore has come since, each leaves the one that it replaced', () => {
  expect(left(operation(), third.resourceId).id).toBe(old.id);
});

it('never is it what serves, and never something of an operation that is not over or made nothing', () => {
  const refused = (past: PastOperation, serving?: string) => {
    try {
      left(past, serving);
    } catch (error) {
      return (error as { code: string }).code;
    }
    return undefined;
  };
  const { closed: _, ...open } = operation().state;
  expect(refused({ ...operation(), state: { ...open, phase: 'running' } })).toBe('cleanup.not-over');
  expect(refused({ ...operation(), state: { ...open, phase: 'parked' } })).toBe('cleanup.parked');
  expect(refused(operation({ steps: [] }), old.resourceId)).toBe('cleanup.nothing-left');
  expect(refused(operation({}, null))).toBe('cleanup.nothing-left');
  expect(refused(operation({ steps: [] }, null, 'snapshot'))).toBe('cleanup.nothing-left');
  const undone = [...cutOver.slice(0, 3), step('switch-secret', {}, 'undone')];
  // A failed restore that was somehow pointed to: the secret decides.
  expect(refused(operation({ steps: undone }), fresh.resourceId)).toBe('cleanup.live');
  const steps = [step('prove-old', old), step('switch-back', {})];
  expect(refused(operation({ steps }, fresh, 'rollback'), fresh.resourceId)).toBe('cleanup.live');
});
