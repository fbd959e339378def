import { type PitcrewError, permanent, type RecordedError } from '../domain/errors.ts';
import type { RunnableOperation } from '../domain/operation.ts';
import type { Plan } from '../domain/plan.ts';
import { endedUnstarted } from '../domain/prestage.ts';
import type { OperationState } from '../domain/state.ts';
import { endedAtCutOver } from '../domain/step-gates.ts';
import { operationChain } from '../ledger/operations.ts';
import { advance, undoOf } from './advance.ts';
import { asOwner, type Round, signed } from './as-owner.ts';
import { type EngineDependencies, finishClosing, type Pass, type Run, type Waiting } from './pass.ts';
import { prepare } from './prepare.ts';
import { closeSuperseded } from './supersede.ts';

/**
 * One pass over an operation: plans it, waits for its people, runs what can run, forwards or back, until everything
 * waits or it is closed. State is read from the chain alone, so any worker may do the next pass.
 * @throws PitcrewError `ledger.*` when the ledger doesn't answer: nothing more is done without it
 */
export async function runOperation(engine: EngineDependencies, run: Run): Promise<Pass> {
  const state = await engine.chains.load(operationChain, run.operation);
  switch (state.phase) {
    case 'empty':
      return { kind: 'empty' };
    case 'requested':
    case 'planned':
    case 'denied':
    case 'approved': {
      const ready = await prepare(engine, run, state);
      return ready.kind === 'ready' ? execute(engine, run, ready.state, ready.plan) : ready;
    }
    case 'running':
    case 'undoing': {
      const plan = await engine.plans.get(state.plan?.digest ?? '');
      return execute(engine, run, state, plan);
    }
    case 'parked':
      return state.supersede?.decision === 'approved' ? closeSuperseded(engine, run, state) : { kind: 'parked' };
    case 'closed':
      return finishClosing(engine, state);
    default: {
      const never: never = state.phase;
      return never;
    }
  }
}

async function execute(engine: EngineDependencies, run: Run, from: OperationState, plan: Plan): Promise<Pass> {
  const definition = engine.operation(plan.bound.operation);
  const unknown = plan.bound.steps.find(({ id }) => !definition?.steps.has(id));
  if (!definition || unknown)
    return park(engine, run, from, permanent('plan.unknown-step', { step: unknown?.id ?? '' }));
  let state = from;
  for (;;) {
    if (run.signal.aborted) return { kind: 'wait', seconds: 0, waiting: [] };
    if (state.cancelAskedBy && !state.published && !state.turnedBack && state.epoch > 0) {
      const turned = await turnBack(engine, run, state, { code: 'operation.cancelled', kind: 'user', params: {} });
      if (turned.kind !== 'on') return turned.pass;
      state = turned.state;
    }
    const todo = state.turnedBack ? backwards(definition, state, plan) : forwards(state, plan);
    if (todo === 'ask') return park(engine, run, state, permanent('engine.published'));
    if (todo.length === 0) return close(engine, run, definition, state);
    const round = await goThrough(engine, run, definition, state, plan, todo);
    if (round.kind === 'stop') return round.pass;
    state = round.state;
  }
}

type Direction = 'do' | 'undo';
interface Todo {
  readonly step: string;
  readonly direction: Direction;
}

/** Steps that aren't done and whose forerunners are: they run side by side. */
function forwards(state: OperationState, plan: Plan): readonly Todo[] {
  const finished = new Set(state.steps.filter(({ status }) => status === 'done').map(({ step }) => step));
  return plan.bound.steps
    .filter(({ id, after }) => !finished.has(id) && after.every((one) => finished.has(one)))
    .map(({ id }) => ({ step: id, direction: 'do' as const }));
}

/**
 * Every step that has an intent, whether or not an outcome, from the last to the first, one at a time. Once the
 * publishing step was intended, somebody may have written to the new database: `ask`.
 */
function backwards(definition: RunnableOperation, state: OperationState, plan: Plan): readonly Todo[] | 'ask' {
  if (state.published) return 'ask';
  const policy = plan.bound.onFailure;
  const last = state.steps.findLast(({ step, status }) => {
    const undo = undoOf(definition.steps.get(step), state);
    return status !== 'undone' && undo?.kind === 'run' && (undo.under === 'always' || policy === 'return');
  });
  return last ? [{ step: last.step, direction: 'undo' }] : [];
}

async function goThrough(
  engine: EngineDependencies,
  run: Run,
  definition: RunnableOperation,
  from: OperationState,
  plan: Plan,
  todo: readonly Todo[],
): Promise<Round> {
  let state = from;
  let progressed = false;
  let seconds = Number.POSITIVE_INFINITY;
  const waiting: Waiting[] = [];
  for (const one of todo) {
    const result = await advance(engine, run, { ...one, definition, plan, state });
    switch (result.kind) {
      case 'done':
        progressed = true;
        break;
      case 'wait':
        seconds = Math.min(seconds, result.seconds);
        waiting.push({ step: one.step, because: result.because });
        break;
      case 'failed': {
        const turned =
          one.direction === 'do'
            ? await turnBack(engine, run, result.state, result.error, one.step)
            : { kind: 'stop' as const, pass: await park(engine, run, result.state, result.error) };
        return turned;
      }
      case 'poison':
        return { kind: 'stop', pass: await park(engine, run, result.state, permanent('engine.poison')) };
      case 'stop':
        return { kind: 'stop', pass: result.pass };
      default: {
        const never: never = result;
        return never;
      }
    }
    state = result.state;
    engine.changed(run.operation, waiting);
  }
  if (progressed) return { kind: 'on', state };
  return { kind: 'stop', pass: { kind: 'wait', seconds, waiting } };
}

function turnBack(
  engine: EngineDependencies,
  run: Run,
  state: OperationState,
  error: RecordedError,
  step = '',
): Promise<Round> {
  return asOwner(engine, run, state, { type: 'turned-back', data: { step, error }, ...signed(run, state) });
}

async function park(
  engine: EngineDependencies,
  run: Run,
  state: OperationState,
  error: PitcrewError | RecordedError,
): Promise<Pass> {
  const why = { code: error.code, kind: error.kind, params: error.params };
  const parked = await asOwner(engine, run, state, { type: 'parked', data: { error: why }, ...signed(run, state) });
  return parked.kind === 'on' ? { kind: 'parked' } : parked.pass;
}

async function close(
  engine: EngineDependencies,
  run: Run,
  definition: RunnableOperation,
  state: OperationState,
): Promise<Pass> {
  const error = state.turnedBack?.error;
  const kept = endedUnstarted(state) ?? endedAtCutOver(state);
  const ended = error?.code === 'operation.cancelled' ? 'cancelled' : (kept ?? 'failed');
  const outcome = error ? ended : 'succeeded';
  const data = { outcome, service: definition.service(state), ...(error ? { error } : {}) } as const;
  const closed = await asOwner(engine, run, state, { type: 'closed', data, ...signed(run, state) });
  return closed.kind === 'on' ? finishClosing(engine, closed.state) : closed.pass;
}
