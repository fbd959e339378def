import { bug, permanent, type RecordedError, recorded, userError } from '../domain/errors.ts';
import type { Draft } from '../domain/events.ts';
import type { JsonObject } from '../domain/json.ts';
import type { RunnableOperation } from '../domain/operation.ts';
import type { Plan } from '../domain/plan.ts';
import { maxClaimsWithoutOutcome } from '../domain/rules.ts';
import { type OperationState, stepState } from '../domain/state.ts';
import type { Because, Done, Step, StepContext, Undo, Wait } from '../domain/step.ts';
import { instant } from '../domain/time.ts';
import { holds } from '../ledger/locks.ts';
import { appendOperation } from '../ledger/operations.ts';
import { gateSeen, gateStillOpen } from './gate.ts';
import type { EngineDependencies, Pass, Run } from './pass.ts';

/** Tries of one step in one direction, the first included (8-protocol.md, "Engine"). */
export const maxTries = 8;

interface Turn {
  readonly step: string;
  readonly direction: 'do' | 'undo';
  readonly definition: RunnableOperation;
  readonly plan: Plan;
  readonly state: OperationState;
}

export type Advanced =
  | { readonly kind: 'done'; readonly state: OperationState }
  | { readonly kind: 'wait'; readonly state: OperationState; readonly seconds: number; readonly because: Because }
  | { readonly kind: 'failed'; readonly state: OperationState; readonly error: RecordedError }
  | { readonly kind: 'poison'; readonly state: OperationState }
  | { readonly kind: 'stop'; readonly pass: Pass };

/** One step, one direction: intent where one is needed, run, outcome. */
export async function advance(engine: EngineDependencies, run: Run, turn: Turn): Promise<Advanced> {
  const step = turn.definition.steps.get(turn.step);
  if (!step) throw bug('plan.unknown-step', { step: turn.step });
  const claimed = needsIntent(run, turn, step) ? await claim(engine, run, turn, step) : mine(turn.state);
  if (claimed.kind !== 'mine') return claimed;
  const owned = { ...turn, state: claimed.state };
  let result: Done | Wait;
  try {
    result = await perform(engine, step, owned, run);
  } catch (error) {
    if (run.signal.aborted) return { kind: 'stop', pass: { kind: 'wait', seconds: 0, waiting: [] } };
    engine.failed?.(run.operation, step.id, error);
    return failed(engine, run, owned, step, recorded(error));
  }
  if (result.kind === 'wait')
    return { kind: 'wait', state: owned.state, seconds: result.againSeconds, because: result.because };
  const data = { step: step.id, direction: turn.direction, output: result.output };
  return outcome(engine, run, owned, step, { type: 'done', actor: 'worker', data });
}

/** True when the chain says that this run is the one that may act. */
export function owns(run: Run, state: OperationState): boolean {
  return state.epoch > 0 && state.run === run.run;
}

/** What nobody let begin is taken back as what nobody approved. */
export function undoOf(step: Step | undefined, { startedAt }: OperationState): Undo | undefined {
  return (startedAt === undefined ? step?.undoUnapproved : undefined) ?? step?.undo;
}

/**
 * An intent is written before the first try, and by a run that takes over. Looking needs no claim, so a pass of another
 * worker over a polling step appends nothing; unless the queue saw more deaths than there were claims: then the owner
 * is gone, and a claim counts it, so that an operation which kills its workers is parked in the end.
 */
function needsIntent(run: Run, { state, step: id, direction }: Turn, step: Step): boolean {
  // Prestaged, and approved by now: the operation begins with the first intent after that, whatever was begun before.
  if (state.phase === 'approved') return true;
  const status = stepState(state, id)?.status;
  if (status !== (direction === 'do' ? 'intended' : 'undo-intended')) return true;
  const undo = undoOf(step, state);
  const onlyLooks = direction === 'do' ? step.polls === true : undo?.kind === 'run' && undo.polls === true;
  return !owns(run, state) && (!onlyLooks || run.stalls > state.epoch - 1);
}

type Claimed =
  | { readonly kind: 'mine'; readonly state: OperationState }
  | Extract<Advanced, { readonly kind: 'stop' | 'poison' }>;

const mine = (state: OperationState) => ({ kind: 'mine' as const, state });

async function claim(engine: EngineDependencies, run: Run, turn: Turn, step: Step): Promise<Claimed> {
  const { chains } = engine;
  if (!owns(run, turn.state)) {
    if (turn.state.claimsWithoutOutcome >= maxClaimsWithoutOutcome) return { kind: 'poison', state: turn.state };
    if (!(await holds(chains, run.operation, turn.plan.bound.resources)))
      return { kind: 'stop', pass: { kind: 'fenced' } };
  }
  const data = {
    step: step.id,
    direction: turn.direction,
    ...(step.publishes && turn.direction === 'do' ? { publishes: true as const } : {}),
    ...(step.gate && turn.direction === 'do' ? { gate: step.gate } : {}),
  };
  const appended = await appendOperation(chains, run.operation, (state) => {
    // People may have approved another plan since this run looked: this one must not begin under their approval.
    if (state.plan?.digest !== turn.state.plan?.digest) return { refused: 'engine.other-plan' };
    // They decided meanwhile: what is only prestaged doesn't begin the operation, which is looked at once more first.
    if (turn.state.phase === 'planned' && state.phase !== 'planned') return { refused: 'approval.decided' };
    // Decided on what the chain says, but only ever one epoch past what this run has seen: whoever lost the race looks again.
    const epoch = owns(run, state) ? state.epoch : turn.state.epoch + 1;
    return { type: 'intent', data, actor: 'worker', run: run.run, epoch };
  });
  engine.changed(run.operation, []);
  if (appended.kind === 'appended') return mine(appended.state);
  // A cancel that came first is not a lost claim, nor is a time that was over: the next look at the chain turns back.
  if (lookAgain.has(appended.code)) return { kind: 'stop', pass: { kind: 'wait', seconds: 0, waiting: [] } };
  return { kind: 'stop', pass: { kind: 'fenced' } };
}

const lookAgain: ReadonlySet<string> = new Set([
  'approval.start-too-late',
  'approval.expired',
  'approval.decided',
  'engine.cancel-asked',
]);

function perform(engine: EngineDependencies, step: Step, turn: Turn, run: Run): Promise<Done | Wait> {
  const { plan, state, direction } = turn;
  const planned = plan.bound.steps.find(({ id }) => id === step.id);
  const seen = stepState(state, step.id);
  if (!planned || !seen) throw bug('plan.unknown-step', { step: step.id });
  const context: StepContext = {
    operation: run.operation,
    environment: plan.bound.environment,
    input: planned.input,
    epoch: state.epoch,
    since: seen.resumedAt ?? (direction === 'undo' ? seen.undoIntendedAt : undefined) ?? seen.intendedAt,
    signal: run.signal,
    output: (id) => outputOf(state, id),
    isDone: (id) => stepState(state, id)?.status === 'done',
    ...(seen.noted ? { noted: seen.noted } : {}),
    note: (data) => note(engine, run, turn, data),
    ...(step.gate ? { gate: gateSeen(state, step.id, instant(engine.now?.() ?? new Date())) } : {}),
  };
  if (direction === 'do') return step.run(context);
  const undo = undoOf(step, state);
  if (undo?.kind !== 'run') throw bug('step.no-undo', { step: step.id });
  return undo.run(context);
}

/** As the owner only: a run that would have to claim must not have come as far as an effect. */
async function note(engine: EngineDependencies, run: Run, { step, direction, state }: Turn, data: JsonObject) {
  const signed = { actor: 'worker', run: run.run, epoch: state.epoch };
  const draft: Draft = { type: 'noted', data: { step, direction, data }, ...signed };
  const appended = await appendOperation(engine.chains, run.operation, () => draft);
  engine.changed(run.operation, []);
  if (appended.kind === 'appended') return;
  throw appended.code === 'engine.cancel-asked' ? userError('operation.cancelled') : permanent('engine.fenced');
}

function outputOf(state: OperationState, id: string): JsonObject {
  const output = stepState(state, id)?.output;
  if (!output) throw bug('step.no-output', { step: id });
  return output;
}

async function failed(
  engine: EngineDependencies,
  run: Run,
  turn: Turn,
  step: Step,
  error: RecordedError,
): Promise<Advanced> {
  const attempt = (stepState(turn.state, step.id)?.failures ?? 0) + 1;
  const data = { step: step.id, direction: turn.direction, error, attempt };
  const noted = await outcome(engine, run, turn, step, { type: 'failed', actor: 'worker', data });
  if (noted.kind !== 'done') return noted;
  if (error.kind !== 'retryable' || attempt >= maxTries) return { kind: 'failed', state: noted.state, error };
  const seconds = (engine.backoffSeconds ?? backoffSeconds)(attempt);
  const because = { code: 'wait.retry', params: { error: error.code, attempt, of: maxTries } };
  return { kind: 'wait', state: noted.state, seconds, because };
}

/** Full jitter over 2, 4, 8 … 60 seconds. */
export function backoffSeconds(failures: number): number {
  return 1 + Math.random() * Math.min(60, 2 ** failures);
}

/** Appends an outcome as the owner; a run that only looked so far claims first. */
async function outcome(
  engine: EngineDependencies,
  run: Run,
  turn: Turn,
  step: Step,
  what: Extract<Draft, { type: 'done' | 'failed' }>,
): Promise<Advanced> {
  const claimed = owns(run, turn.state) ? mine(turn.state) : await claim(engine, run, turn, step);
  if (claimed.kind !== 'mine') return claimed;
  const signed = { ...what, run: run.run, epoch: claimed.state.epoch };
  const appended = await appendOperation(engine.chains, run.operation, () => signed);
  engine.changed(run.operation, []);
  if (appended.kind === 'appended') return { kind: 'done', state: appended.state };
  return { kind: 'stop', pass: gateStillOpen(appended.code, appended.state) ?? { kind: 'fenced' } };
}
