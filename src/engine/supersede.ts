import { permanent, recorded } from '../domain/errors.ts';
import type { OperationState } from '../domain/state.ts';
import { asOwner, signed } from './as-owner.ts';
import { type EngineDependencies, finishClosing, type Pass, type Run } from './pass.ts';

/** How soon it is tried again to let go of what doesn't answer. */
const againSeconds = 30;

/**
 * Closes a parked operation that people gave up, as failed, the service as it is. First everything that a worker of it
 * which slept could still change is closed to it, then the chain: its locks are free from that moment on, not before.
 */
export async function closeSuperseded(engine: EngineDependencies, run: Run, state: OperationState): Promise<Pass> {
  const name = state.request?.operation ?? '';
  try {
    const definition = engine.operation(name);
    if (!definition) throw permanent('operation.unknown', { operation: name });
    const plan = await engine.plans.get(state.plan?.digest ?? '');
    await definition.letGo?.(state, plan, run.signal);
    const error = { code: 'operation.superseded', kind: 'user', params: {} } as const;
    const data = { outcome: 'failed', service: definition.service(state), error } as const;
    const closed = await asOwner(engine, run, state, { type: 'closed', data, ...signed(run, state) });
    return closed.kind === 'on' ? finishClosing(engine, closed.state) : closed.pass;
  } catch (error) {
    if (run.signal.aborted) return { kind: 'wait', seconds: 0, waiting: [] };
    engine.failed?.(run.operation, 'let-go', error);
    const because = { code: 'wait.let-go', params: { error: recorded(error).code } };
    return { kind: 'wait', seconds: againSeconds, waiting: [{ step: 'let-go', because }] };
  }
}
