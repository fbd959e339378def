import { expect, it } from 'vitest';
import { approvedStage, op, type Stage } from '../../test/engine-stage.ts';
import { look } from '../../test/engine-steps.ts';
import type { MemoryStore } from '../../test/memory-store.ts';
import { type Step, wait } from '../domain/step.ts';
import { Chains } from '../ledger/chain.ts';
import { OpenMarkers, OperationIndex } from '../ledger/markers.ts';
import { operationChain } from '../ledger/operations.ts';
import { Plans } from '../ledger/plans.ts';
import type { EngineDependencies } from './pass.ts';
import { reconcile } from './reconcile.ts';
import { runOperation } from './run-operation.ts';

const polls: readonly Step[] = [look('await', { polls: true, run: async () => wait(15, 'wait.status', {}) })];

/** A worker: one process that keeps what it has read. */
function workerOn({ store, planning }: Stage): EngineDependencies {
  const definition = {
    ...{ name: 'restore', service: () => 'unchanged' as const, letGo: async () => undefined },
    plan: planning,
    steps: new Map(polls.map((step) => [step.id, step])),
  };
  return {
    chains: new Chains({ store }),
    plans: new Plans(store),
    markers: new OpenMarkers(store.markers),
    index: new OperationIndex(store.markers),
    operation: () => definition,
    changed: () => undefined,
  };
}

const callsOf = async ({ calls }: MemoryStore, during: () => Promise<unknown>) => {
  const before = calls.length;
  await during();
  return calls.slice(before).map(({ kind, key }) => `${kind} ${key}`);
};

it('a pass over an operation that waits reads one number of its chain, and so does the look after it', async () => {
  const one = await approvedStage(polls);
  const worker = workerOn(one);
  const pass = () => runOperation(worker, { operation: op, run: 'a', signal: new AbortController().signal, stalls: 0 });
  expect(await pass()).toMatchObject({ kind: 'wait', seconds: 15 });
  const next = `read ops/${op}/${String((await one.state()).n).padStart(8, '0')}`;
  expect(await callsOf(one.store, pass)).toEqual([next]);
  expect(await callsOf(one.store, () => worker.chains.load(operationChain, op))).toEqual([next]);
});

it('reconciling reads no chain of an operation that has a job, and puts a job where there is none', async () => {
  const one = await approvedStage(polls);
  const worker = workerOn(one);
  const jobs = new Set<string>();
  const queue = {
    has: async (operation: string) => jobs.has(operation),
    ensure: async (operation: string) => void jobs.add(operation),
  };
  expect(await reconcile(worker, queue)).toMatchObject({ ensured: 1 });
  expect([...jobs]).toEqual([op]);
  expect(await callsOf(one.store, () => reconcile(worker, queue))).toEqual(['list open/']);
});
