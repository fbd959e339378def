import type { ServiceState } from '../../domain/events.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { type OperationState, stepState } from '../../domain/state.ts';

/** Which state a restore leaves the service in, told from its chain alone: an intent counts as done until it is undone. */
export function serviceAfter(state: OperationState): ServiceState {
  const status = (step: keyof RestoreOutputs) => stepState(state, step)?.status;
  const isBack = (step: keyof RestoreOutputs) => status(step) === undefined || status(step) === 'undone';
  if (status('stop-application') === undefined) return isBack('restore-instance') ? 'unchanged' : 'beside-only';
  const switched = status('switch-secret') === 'done';
  if (switched && status('start-application') === 'done') return 'new-database';
  return isBack('stop-application') && !switched ? 'old-database' : 'stopped';
}
