import { PitcrewError } from '../../src/domain/errors.ts';
import type { ApprovalPolicy, Draft, EventData } from '../../src/domain/events.ts';
import type { RunnableOperation } from '../../src/domain/operation.ts';
import type { Bound, Plan } from '../../src/domain/plan.ts';
import type { OperationState } from '../../src/domain/state.ts';
import type { Step } from '../../src/domain/step.ts';
import type { EngineDependencies } from '../../src/engine/pass.ts';
import { runOperation } from '../../src/engine/run-operation.ts';
import { Chains } from '../../src/ledger/chain.ts';
import { OpenMarkers, OperationIndex } from '../../src/ledger/markers.ts';
import { appendOperation } from '../../src/ledger/operations.ts';
import { Plans } from '../../src/ledger/plans.ts';
import { MemoryStore } from '../memory-store.ts';
import { chainProperties, truths } from './properties.ts';
import type { Simulation } from './simulation.ts';
import type { Ports, ProcessSpec } from './spec.ts';

export const start = Date.parse('2026-11-20T03:00:00.000Z');
export const minutes = (n: number) => start + n * 60_000;
export const human = (name: string) => ({ id: `T/${name}`, slackUser: name });

export const policy: ApprovalPolicy = {
  required: 2,
  requesterCounts: false,
  approverUsers: ['ann', 'ben', 'rita'],
  approverGroups: [],
  approveWithinMinutes: 30,
  startWithinMinutes: 30,
};

export function requested(over: Partial<ApprovalPolicy> = {}): Draft {
  return {
    type: 'requested',
    actor: 'rita',
    data: {
      operation: 'restore',
      environment: 'prod',
      args: {},
      requester: human('rita'),
      reason: 'orders are gone',
      channel: 'C1',
      language: 'en',
      policy: { ...policy, ...over },
    },
  };
}

export function vote(name: string, digest: string, decision: EventData<'vote'>['decision'] = 'approve'): Draft {
  return { type: 'vote', actor: name, data: { gate: 'start', digest, human: human(name), via: name, decision } };
}

export function planOf(steps: readonly Step[], over: Partial<Bound> = {}): Plan {
  const bound: Bound = {
    operation: 'restore',
    environment: 'prod',
    account: '1',
    region: 'r',
    steps: steps.map(({ id }, index) => ({ id, after: index === 0 ? [] : [steps[index - 1]?.id ?? ''], input: {} })),
    resources: ['db'],
    onFailure: 'return',
    decided: {},
    ...over,
  };
  return { bound, shown: { commands: {} } };
}

export function operationOf(steps: readonly Step[], plan: () => Plan): RunnableOperation {
  return {
    name: 'restore',
    plan: async () => plan(),
    steps: new Map(steps.map((step) => [step.id, step])),
    service: () => 'unchanged',
  };
}

type Engine = Pick<EngineDependencies, 'chains'> & { readonly now: () => Date };

export function engineOf(
  { chains, now }: Engine,
  store: ConstructorParameters<typeof Plans>[0],
  markers: ConstructorParameters<typeof OpenMarkers>[0],
  definition: RunnableOperation,
): EngineDependencies {
  return {
    chains,
    plans: new Plans(store),
    markers: new OpenMarkers(markers),
    index: new OperationIndex(markers),
    operation: () => definition,
    changed: () => undefined,
    backoffSeconds: () => 0,
    now,
  };
}

/** What lies in the store when a scenario begins: written by the real code over a store without faults. */
export async function prologue(
  operation: string,
  definition: RunnableOperation,
  approvers: readonly string[],
  over: Partial<ApprovalPolicy> = {},
): Promise<{ objects: MemoryStore['objects']; digest: string }> {
  const store = new MemoryStore({ now: () => new Date(start) });
  let count = 0;
  const chains = new Chains({ store, nonce: () => `p${++count}` });
  await appendOperation(chains, operation, () => requested(over));
  const engine = engineOf({ chains, now: () => new Date(start) }, store, store.markers, definition);
  await runOperation(engine, { operation, run: 'p', signal: new AbortController().signal, stalls: 0 });
  let digest = '';
  for (const name of approvers)
    await appendOperation(chains, operation, (state) => {
      digest = state.plan?.digest ?? '';
      return vote(name, digest);
    });
  const { state } = await appendOperation(chains, operation, () => ({ refused: 'only looking' }));
  return { objects: store.objects, digest: state.plan?.digest ?? '' };
}

/** Operations that are asked for and no more. */
export async function recordedRequests(operations: readonly string[]): Promise<MemoryStore['objects']> {
  const store = new MemoryStore({ now: () => new Date(start) });
  const chains = new Chains({ store, nonce: () => 'p' });
  for (const operation of operations) await appendOperation(chains, operation, () => requested());
  return store.objects;
}

/** Somebody who says one thing, whatever happens. */
export function author<O>(
  name: string,
  operation: string,
  decide: (state: OperationState) => ReturnType<Parameters<typeof appendOperation>[2]>,
): ProcessSpec<O> {
  return {
    name,
    body: async ({ chains }) => {
      await calm(appendOperation(chains, operation, decide));
    },
  };
}

/** A ledger that doesn't answer ends a pass; anything else would be a bug. */
export async function calm<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof PitcrewError && error.code.startsWith('ledger.') && error.kind === 'retryable')
      return undefined;
    throw error;
  }
}

/** A worker that drives an operation; each pass is a run of its own. A `patient` one is there when people let it go on. */
export function worker<O>(
  name: string,
  operation: string,
  definition: (ports: Ports<O>) => RunnableOperation,
  { passes = 4, sweeper = false, patient = false } = {},
): ProcessSpec<O> {
  return {
    name,
    ...(sweeper ? { sweeper: true as const } : {}),
    body: async (ports) => {
      const engine = engineOf(ports, ports.store, ports.markers, definition(ports));
      for (let pass = 0; pass < passes; pass++) {
        const { signal } = new AbortController();
        const run = { operation, run: ports.fresh(), signal, stalls: ports.crashes() };
        const end = await calm(runOperation(engine, run));
        if (end?.kind === 'closed' || (end?.kind === 'parked' && !patient)) return;
        const again = end === undefined || (end.kind === 'wait' && end.seconds === 0);
        if (!again && !sweeper) await ports.idle();
      }
    },
  };
}

/** The properties of every chain and of everything that was told, for one operation or more. */
export function promises<O>(simulation: Simulation<O>, operations: readonly string[]): readonly string[] {
  const histories = new Map(operations.map((id) => [`ops/${id}`, simulation.history(id)]));
  const chains = [...histories].flatMap(([id, history]) => chainProperties(history).map((one) => `${id}: ${one}`));
  return [...chains, ...truths(simulation.reports, histories)];
}

export function phaseOf<O>(simulation: Simulation<O>, operation: string) {
  return simulation.history(operation).state.phase;
}
