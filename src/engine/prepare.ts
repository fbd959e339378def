import { PitcrewError, recorded, userError } from '../domain/errors.ts';
import type { Closing } from '../domain/events.ts';
import type { Plan } from '../domain/plan.ts';
import { isOnlyPrestaged } from '../domain/prestage.ts';
import type { OperationState } from '../domain/state.ts';
import { mayPrecedeApproval } from '../domain/step.ts';
import { instant, secondsBetween } from '../domain/time.ts';
import { acquire } from '../ledger/locks.ts';
import { appendOperation } from '../ledger/operations.ts';
import { signed } from './as-owner.ts';
import { type EngineDependencies, finishClosing, type Pass, type Run } from './pass.ts';
import { prestage } from './prestage.ts';

/** How long planning is tried while something that it reads doesn't answer. */
const planningPatienceSeconds = 180;

export type Ready = { readonly kind: 'ready'; readonly state: OperationState; readonly plan: Plan };

/** All that comes before the first intent: plan, locks, the wait for people, and the look whether it still holds. */
export async function prepare(engine: EngineDependencies, run: Run, state: OperationState): Promise<Pass | Ready> {
  if (state.cancelAskedBy && state.phase !== 'denied') return endUnstarted(engine, run, state, 'cancelled');
  switch (state.phase) {
    case 'requested':
      return plan(engine, run, state);
    case 'planned':
      return awaitPeople(engine, run, state);
    case 'denied':
      return endUnstarted(engine, run, state, 'denied');
    default:
      return recheck(engine, run, state);
  }
}

async function plan(engine: EngineDependencies, run: Run, state: OperationState): Promise<Pass> {
  const made = await tryPlanning(engine, run, state);
  return 'plan' in made ? propose(engine, run, state, made.plan) : made.pass;
}

/** Locks first, then the plan: what people approve is what nobody else may touch meanwhile. */
async function propose(engine: EngineDependencies, run: Run, state: OperationState, plan: Plan): Promise<Pass> {
  const locks = await acquire(engine.chains, run.operation, plan.bound.resources);
  if (locks.kind === 'busy')
    return endUnstarted(
      engine,
      run,
      state,
      'refused',
      new PitcrewError('operation.busy', 'user', { resource: locks.resource, holder: locks.holder }),
    );
  const digest = await engine.plans.put(plan);
  const prestaged = prestagedBy(engine, plan);
  await appendOperation(engine.chains, run.operation, (seen) =>
    // Another worker's plan came first: people may be voting on it, so this one must not void what they said.
    seen.plan?.digest === digest || seen.plan?.digest !== state.plan?.digest
      ? { refused: 'plan.known' }
      : { type: 'planned', data: { digest, steps: plan.bound.steps.length, ...prestaged }, actor: 'worker' },
  );
  engine.changed(run.operation, []);
  return { kind: 'wait', seconds: 0, waiting: [] };
}

/** What may be done while people decide: what the plan says, as far as its steps leave nothing behind. */
function prestagedBy(engine: EngineDependencies, { bound }: Plan): { prestage?: string[] } {
  const steps = engine.operation(bound.operation)?.steps;
  const early = bound.steps.flatMap(({ id, beforeApproval }) => {
    const step = steps?.get(id);
    return beforeApproval && step && mayPrecedeApproval(step) ? [id] : [];
  });
  return early.length > 0 ? { prestage: early } : {};
}

async function tryPlanning(
  engine: EngineDependencies,
  run: Run,
  state: OperationState,
): Promise<{ plan: Plan } | { pass: Pass }> {
  const { request } = state;
  const definition = engine.operation(request?.operation ?? '');
  if (!request || !definition)
    return {
      pass: await endUnstarted(
        engine,
        run,
        state,
        'refused',
        new PitcrewError('operation.unknown', 'user', { operation: request?.operation }),
      ),
    };
  try {
    const { at, ...asked } = request;
    return { plan: await definition.plan({ ...asked, operationId: state.id, requestedAt: at }, run.signal) };
  } catch (error) {
    if (run.signal.aborted) return { pass: { kind: 'wait', seconds: 0, waiting: [] } };
    const began = state.approvedAt ?? request.at;
    const patient = secondsBetween(began, instant(engine.now?.() ?? new Date())) < planningPatienceSeconds;
    if (error instanceof PitcrewError && error.kind === 'retryable' && patient) {
      const because = { code: 'wait.planning', params: { error: error.code } };
      return { pass: { kind: 'wait', seconds: 3, waiting: [{ step: 'plan', because }] } };
    }
    return { pass: await endUnstarted(engine, run, state, 'refused', error) };
  }
}

async function awaitPeople(engine: EngineDependencies, run: Run, state: OperationState): Promise<Pass> {
  // The worker's clock only says when to look again: whether it expired is the store's to say, once `closed` is written.
  const expiresAt = state.plan?.expiresAt ?? '';
  const left = Math.min(
    secondsBetween(instant(engine.now?.() ?? new Date()), expiresAt),
    secondsBetween(state.head?.at ?? expiresAt, expiresAt),
  );
  if (left < 0) return endUnstarted(engine, run, state, 'expired');
  if (!state.plan?.prestage) return { kind: 'wait', seconds: left + 1, waiting: [] };
  const { seconds, waiting } = await prestage(engine, run, state);
  return { kind: 'wait', seconds: Math.min(seconds, left + 1), waiting };
}

/** Approved: what was decided must still be what would be decided now. What merely moved (replicas, ages) goes on. */
async function recheck(engine: EngineDependencies, run: Run, state: OperationState): Promise<Pass | Ready> {
  // By the store's clock: an intent that came too late is void, and has left its time in the chain.
  const late = state.startBy !== undefined && state.head !== undefined && state.head.at > state.startBy;
  if (late) return endUnstarted(engine, run, state, 'expired');
  const made = await tryPlanning(engine, run, state);
  if (!('plan' in made)) return made.pass;
  const approved = await engine.plans.get(state.plan?.digest ?? '');
  if (JSON.stringify(approved.bound) === JSON.stringify(made.plan.bound))
    return { kind: 'ready', state, plan: approved };
  // What stands was made for the plan that people saw. It is taken back, and whoever needs it asks anew.
  if (isOnlyPrestaged(state)) return endUnstarted(engine, run, state, 'refused', userError('prestage.plan-changed'));
  return propose(engine, run, state, made.plan);
}

type Unstarted = Extract<Closing, 'denied' | 'expired' | 'cancelled' | 'refused'>;

async function endUnstarted(
  engine: EngineDependencies,
  run: Run,
  state: OperationState,
  outcome: Unstarted,
  why?: unknown,
): Promise<Pass> {
  if (why !== undefined) engine.failed?.(run.operation, 'plan', why);
  return isOnlyPrestaged(state)
    ? turnBackUnstarted(engine, run, state, why ?? userError(reasonOf(state, outcome)))
    : closeUnstarted(engine, run, outcome, why);
}

function reasonOf({ phase }: OperationState, outcome: Unstarted): string {
  if (outcome === 'expired') return phase === 'approved' ? 'approval.start-too-late' : 'approval.expired';
  return outcome === 'cancelled' ? 'operation.cancelled' : `approval.${outcome}`;
}

/** What was done while people decided is taken back before it is closed. */
async function turnBackUnstarted(
  engine: EngineDependencies,
  run: Run,
  state: OperationState,
  why: unknown,
): Promise<Pass> {
  const appended = await appendOperation(engine.chains, run.operation, () => ({
    type: 'turned-back',
    data: { step: '', error: recorded(why) },
    ...signed(run, state),
  }));
  engine.changed(run.operation, []);
  if (appended.kind === 'appended') return { kind: 'wait', seconds: 0, waiting: [] };
  // Void: by the store's clock it isn't over yet. Another worker, or somebody's word, came first: look again.
  return { kind: 'wait', seconds: 1 + secondsToExpiry(appended.state), waiting: [] };
}

async function closeUnstarted(engine: EngineDependencies, run: Run, outcome: Unstarted, why?: unknown): Promise<Pass> {
  const error = why === undefined ? undefined : recorded(why);
  const appended = await appendOperation(engine.chains, run.operation, () => ({
    type: 'closed',
    data: { outcome, service: 'unchanged', ...(error ? { error } : {}) },
    actor: 'worker',
  }));
  // Void: by the store's clock it isn't over yet. Somebody else's word came first: look again.
  if (appended.kind !== 'appended' && appended.state.phase !== 'closed')
    return { kind: 'wait', seconds: 1 + secondsToExpiry(appended.state), waiting: [] };
  return finishClosing(engine, appended.state);
}

/** By the store's clock, as of the last event; 0 when that is behind, or nothing is waited for. */
function secondsToExpiry({ phase, plan, head }: OperationState): number {
  return phase === 'planned' && plan && head ? Math.max(0, secondsBetween(head.at, plan.expiresAt)) : 0;
}
