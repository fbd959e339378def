import { expect, it } from 'vitest';
import type { Plan } from '../domain/plan.ts';
import { emptyOperation, type OperationState, type StepState } from '../domain/state.ts';
import { closedOperation, cutOverOf, type History, replacedAt, switchedTo } from './past-operation.ts';

const instance = (id: string) => ({ id, arn: `arn:${id}`, resourceId: `db-${id}`, host: `${id}.example`, port: 5432 });
const [old, fresh] = [instance('OLD'), instance('NEW')];
const at = '2026-11-20T03:14:00.000Z';
const step = (id: string, output: object, status: StepState['status'] = 'done'): StepState => ({
  step: id,
  status,
  failures: 0,
  intendedAt: at,
  endedAt: at,
  output: output as NonNullable<StepState['output']>,
  publishes: false,
});

function operation(more: Partial<OperationState> = {}): OperationState {
  return {
    ...emptyOperation('op-0123456789ab'),
    phase: 'closed',
    request: { operation: 'restore', environment: 'production' } as NonNullable<OperationState['request']>,
    closed: { outcome: 'succeeded', service: 'new-database', at } as NonNullable<OperationState['closed']>,
    steps: [step('prove-stopped', { at }), step('await-instance', fresh), step('switch-secret', {})],
    ...more,
  };
}
const plan = (source: object | null, readHost?: string) =>
  ({
    bound: {
      decided: { source },
      steps: [{ id: 'switch-secret', after: [], input: { source: { host: 'h', ...(readHost ? { readHost } : {}) } } }],
    },
  }) as unknown as Plan;
const history = (state: OperationState | undefined, of: Plan = plan(old)): History => ({
  find: async () => (state ? { state, plan: of } : undefined),
  closed: async () => [],
});
const asked = (state: OperationState | undefined, of?: Plan) =>
  closedOperation(history(state, of), 'op-0123456789ab', 'production').then(cutOverOf);

it('says which database an operation left, which it went to, and since when', async () => {
  expect(await asked(operation(), plan(old, 'reads.example'))).toEqual({
    operation: 'op-0123456789ab',
    before: { ...old, readHost: 'reads.example' },
    after: fresh,
    switchedAt: at,
    stoppedAt: at,
  });
  expect((await asked(operation(), plan(null))).before).toBeNull();
});

it('an operation that was given up in the midst of its switch may have switched: the secret decides, not the chain', async () => {
  const steps = [step('await-instance', fresh), step('switch-secret', {}, 'intended')];
  const { after, switchedAt } = await asked(operation({ steps }));
  expect([after, switchedAt]).toEqual([fresh, undefined]);
});

it.each([
  ['one that nobody knows', undefined, 'cut-over.unknown'],
  ['another environment’s', operation({ request: { environment: 'staging' } as never }), 'cut-over.of-other'],
  ['one that is parked', { ...operation(), phase: 'parked', closed: undefined } as never, 'cut-over.parked'],
  ['one that runs', { ...operation(), phase: 'running', closed: undefined } as never, 'cut-over.running'],
  ['one that never switched', operation({ steps: [step('await-instance', fresh)] }), 'cut-over.never-switched'],
  [
    'one whose switch was taken back',
    operation({ steps: [step('await-instance', fresh), step('switch-secret', {}, 'undone')] }),
    'cut-over.never-switched',
  ],
])('refuses %s', async (_, state, code) => {
  await expect(asked(state)).rejects.toMatchObject({ code, kind: 'user' });
});

it('one that was given up in the midst of a swap of names is refused by name: nobody knows which database is which', async () => {
  const input = { instance: 'OLD', live: 'shop', restored: 'shop_restored_1', kept: 'shop_before_1' };
  const planned = { decided: { source: old }, steps: [{ id: 'swap-names', after: [], input }] };
  const swapped = { bound: planned } as unknown as Plan;
  const begun = (status: StepState['status']) =>
    asked(operation({ steps: [step('await-instance', old), step('swap-names', {}, status)] }), swapped);
  await expect(begun('intended')).rejects.toMatchObject({ code: 'rollback.swap-unknown', params: { ...input } });
  await expect(begun('undone')).rejects.toMatchObject({ code: 'cut-over.never-switched' });
});

it('names the newest operation that put the application on an instance, restores and rollbacks alike', () => {
  const back = operation({ steps: [step('prove-old', old), step('switch-back', {})] });
  const all = [
    { ...back, id: 'op-newer' },
    { ...operation(), id: 'op-older' },
  ];
  expect(switchedTo(all, old.resourceId)).toBe('op-newer');
  expect(switchedTo(all, fresh.resourceId)).toBe('op-older');
  expect(switchedTo(all, 'db-OTHER')).toBeUndefined();
});

it.each(['switch-secret', 'switch-back', 'swap-names', 'swap-back', 'load-in-place'])(
  'the application has other data since %s was done, and not where it was taken back or never ended',
  (id) => {
    const after = (status: StepState['status']) => replacedAt(operation({ steps: [step(id, {}, status)] }));
    expect(after('done')).toBe(at);
    expect(after('undone')).toBeUndefined();
    expect(after('intended')).toBeUndefined();
    expect(replacedAt(operation({ steps: [step('insert-rows', {})] }))).toBeUndefined();
  },
);
