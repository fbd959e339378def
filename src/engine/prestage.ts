import { bug } from '../domain/errors.ts';
import type { Plan } from '../domain/plan.ts';
import { type OperationState, stepState } from '../domain/state.ts';
import { advance, maxTries } from './advance.ts';
import type { EngineDependencies, Pass, Run, Waiting } from './pass.ts';

/**
 * One pass over the steps that are done while people decide. What fails here decides nothing: it is left, and tried anew
 * once they approved.
 * @returns when to look again; infinitely late where nothing is left to do before they decided
 */
export async function prestage(engine: EngineDependencies, run: Run, from: OperationState): Promise<Waits> {
  const plan = await engine.plans.get(from.plan?.digest ?? '');
  const definition = engine.operation(plan.bound.operation);
  if (!definition) throw bug('operation.unknown', { operation: plan.bound.operation });
  let state = from;
  for (;;) {
    let progressed = false;
    let seconds = Number.POSITIVE_INFINITY;
    const waiting: Waiting[] = [];
    for (const step of ready(state, plan)) {
      if (run.signal.aborted) return { kind: 'wait', seconds: 0, waiting: [] };
      const result = await advance(engine, run, { step, direction: 'do', definition, plan, state });
      // People decided meanwhile, or another worker has it: whoever looks next sees what is to be done.
      if (result.kind === 'stop') return { kind: 'wait', seconds: soon(result.pass), waiting: [] };
      if (result.kind === 'wait') {
        seconds = Math.min(seconds, result.seconds);
        waiting.push({ step, because: result.because });
      }
      progressed ||= result.kind === 'done';
      state = result.state;
      engine.changed(run.operation, waiting);
    }
    if (!progressed) return { kind: 'wait', seconds, waiting };
  }
}

type Waits = Extract<Pass, { readonly kind: 'wait' }>;

const soon = (pass: Pass) => (pass.kind === 'wait' ? pass.seconds : 1);

/** Steps of the plan that may be done now, whose forerunners are done, and that didn't fail for good. */
function ready({ plan: planned, ...state }: OperationState, plan: Plan): readonly string[] {
  const isDone = (id: string) => stepState(state, id)?.status === 'done';
  return plan.bound.steps
    .filter(({ id, after }) => planned?.prestage?.includes(id) && !isDone(id) && after.every(isDone))
    .filter(({ id }) => !isLeft(state, id))
    .map(({ id }) => id);
}

/** What was refused, or failed as often as is tried: people decide without it. */
function isLeft(state: OperationState, id: string): boolean {
  const { error, failures = 0 } = stepState(state, id) ?? {};
  return error !== undefined && (error.kind !== 'retryable' || failures >= maxTries);
}
