import type { ServiceState } from '../../domain/events.ts';
import type { RollbackOutputs } from '../../domain/rollback.ts';
import { type OperationState, stepState } from '../../domain/state.ts';

/**
 * Which state a rollback leaves the service in, told from its chain alone. The old database is the one that is gone
 * back to, the new one that which the operation that is taken back had made: as everywhere else in an incident.
 */
export function serviceAfter(state: OperationState): ServiceState {
  const status = (step: keyof RollbackOutputs) => stepState(state, step)?.status;
  const stop = status('stop-application');
  if (stop === undefined) return 'unchanged';
  const switched = status('switch-back');
  if (switched === 'done') return status('start-application') === 'done' ? 'old-database' : 'stopped';
  return stop === 'undone' && (switched === undefined || switched === 'undone') ? 'new-database' : 'stopped';
}
