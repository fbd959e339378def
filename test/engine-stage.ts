import type { ApprovalPolicy, Draft } from '../src/domain/events.ts';
import type { RunnableOperation } from '../src/domain/operation.ts';
import type { Bound, Plan } from '../src/domain/plan.ts';
import type { OperationState } from '../src/domain/state.ts';
import type { Step } from '../src/domain/step.ts';
import type { EngineDependencies, Pass, Run } from '../src/engine/pass.ts';
import { runOperation } from '../src/engine/run-operation.ts';
import { Chains } from '../src/ledger/chain.ts';
import { OpenMarkers, OperationIndex } from '../src/ledger/markers.ts';
import { appendOperation, operationChain } from '../src/ledger/operations.ts';
import { Plans } from '../src/ledger/plans.ts';
import type { LedgerStore, MarkerStore } from '../src/ledger/store.ts';
import { requested, vote } from './drafts.ts';
import { MemoryStore } from './memory-store.ts';

export const op = 'op';
type Line = Step & { readonly after?: readonly string[]; readonly beforeApproval?: true };

export function planOf(steps: readonly Line[], over: Partial<Bound> = {}): Plan {
  const bound: Bound = {
    operation: 'restore',
    environment: 'prod',
    account: '1',
    region: 'r',
    steps: steps.map(({ id, after = [], beforeApproval }) => ({
      id,
      after,
      input: {},
      ...(beforeApproval ? { beforeApproval } : {}),
    })),
    resources: ['db'],
    onFailure: 'return',
    decided: {},
    ...over,
  };
  return { bound, shown: { commands: {} } };
}

export interface Stage {
  readonly store: MemoryStore;
  /** What planning finds and does now. */
  planning: () => Promise<Plan>;
  /** The steps that this release has; no steps: it doesn't know the operation. */
  release: readonly Step[] | undefined;
  workerClock: () => Date;
  /** Which state the operation says that the service is in. */
  service: RunnableOperation['service'];
  /** What giving the operation up lets go of. */
  letGo: () => Promise<void>;
  /** Errors that were logged. */
  readonly logged: string[];
  append(draft: (state: OperationState) => Draft): Promise<OperationState>;
  state(): Promise<OperationState>;
  /** One pass by a run of its own, unless it says which. */
  pass(run?: Partial<Run>, hands?: { store: LedgerStore; markers: MarkerStore }): Promise<Pass>;
  /** Passes until it is closed, parked or waits for more than its own retries. */
  drive(run?: Partial<Run>): Promise<Pass>;
  types(): string[];
}

/** An operation over a store in memory, asked for; its steps are whatever the test says. */
export async function stage(
  steps: readonly Line[],
  policy: Partial<ApprovalPolicy> = {},
  store = new MemoryStore(),
): Promise<Stage> {
  let runs = 0;
  const told: Stage = {
    store,
    planning: async () => planOf(steps),
    release: steps,
    workerClock: () => new Date(),
    service: ({ turnedBack }) => (turnedBack ? 'old-database' : 'new-database'),
    letGo: async () => undefined,
    logged: [],
    append: async (draft) => (await appendOperation(new Chains({ store }), op, draft)).state,
    state: () => new Chains({ store }).load(operationChain, op),
    pass(run = {}, hands = { store, markers: store.markers }) {
      const { signal } = new AbortController();
      return runOperation(engineOf(told, hands), { operation: op, run: `run${++runs}`, signal, stalls: 0, ...run });
    },
    async drive(run) {
      for (let passes = 0; passes < 60; passes++) {
        const end = await told.pass(run);
        if (end.kind !== 'wait' || end.seconds > 60) return end;
      }
      throw new Error('it goes in circles');
    },
    types: () =>
      [...store.objects.keys()]
        .filter((key) => key.startsWith(`ops/${op}/`))
        .sort()
        .map((key) => JSON.parse(new TextDecoder().decode(store.objects.get(key)?.bytes)))
        .map(({ type, data }) => [type, data.step, data.direction === 'undo' ? 'undo' : ''].filter(Boolean).join(' ')),
  };
  await store.markers.put(`open/${op}`, new Uint8Array());
  await told.append(() => requested(policy));
  return told;
}

/** Planned and approved by two people: the next pass begins. */
export async function approvedStage(...given: Parameters<typeof stage>): Promise<Stage> {
  const made = await stage(...given);
  await made.pass();
  for (const name of ['ann', 'ben']) await made.append(({ plan }) => ballot(name, plan?.digest));
  return made;
}

export const ballot = (name: string, digest = '') => {
  const cast = vote(name);
  return { ...cast, data: { ...cast.data, digest } } as Draft;
};

function engineOf(told: Stage, { store, markers }: { store: LedgerStore; markers: MarkerStore }): EngineDependencies {
  const definition = (steps: readonly Step[]): RunnableOperation => ({
    name: 'restore',
    plan: () => told.planning(),
    steps: new Map(steps.map((step) => [step.id, step])),
    letGo: () => told.letGo(),
    service: (state) => told.service(state),
  });
  return {
    chains: new Chains({ store, patience: () => ({ again: async () => true }) }),
    plans: new Plans(store),
    markers: new OpenMarkers(markers),
    index: new OperationIndex(markers),
    operation: () => told.release && definition(told.release),
    changed: () => undefined,
    failed: (_, step, error) => void told.logged.push(`${step}: ${String(error)}`),
    backoffSeconds: () => 0,
    now: () => told.workerClock(),
  };
}

/** Hands that die at a call: before it or after it took effect. Whatever they ask after that is never answered. */
export function mortal(store: MemoryStore, dieAt: number, when: 'before' | 'after') {
  let calls = 0;
  let die: () => void = () => undefined;
  const died = new Promise<'died'>((resolve) => {
    die = () => resolve('died');
  });
  const once = async <T>(work: () => Promise<T>): Promise<T> => {
    const now = ++calls;
    if (now > dieAt || (now === dieAt && when === 'before')) {
      die();
      return new Promise(() => undefined);
    }
    const answer = await work();
    if (now < dieAt) return answer;
    die();
    return new Promise(() => undefined);
  };
  const { markers } = store;
  return {
    died,
    once,
    store: {
      create: (key: string, bytes: Uint8Array) => once(() => store.create(key, bytes)),
      read: (key: string) => once(() => store.read(key)),
      list: (prefix: string) => once(() => store.list(prefix)),
    },
    markers: {
      put: (key: string, bytes: Uint8Array) => once(() => markers.put(key, bytes)),
      remove: (key: string) => once(() => markers.remove(key)),
      list: (prefix: string) => once(() => markers.list(prefix)),
    },
  };
}
