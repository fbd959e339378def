import type { ServiceState } from './events.ts';
import type { InPlaceOutputs } from './in-place.ts';
import type { LoadOutputs } from './load.ts';
import type { OwnInstanceOutputs } from './own-instance.ts';
import type { RestoreOutputs } from './restore.ts';
import type { RollbackOutputs, SwapBackOutputs } from './rollback.ts';
import { type OperationState, stepState } from './state.ts';

// Told from the chain alone, and in one place: what the engine writes at the end is what the card of a parked one says.

/** Which state a restore leaves the service in: an intent counts as done until it is undone. */
export function serviceAfterRestore(state: OperationState): ServiceState {
  type Id = keyof (RestoreOutputs & OwnInstanceOutputs & InPlaceOutputs & LoadOutputs);
  const status = (step: Id) => stepState(state, step)?.status;
  const isBack = (step: Id) => status(step) === undefined || status(step) === 'undone';
  // Nothing is stopped for a swap of names, and one that isn't done has changed nothing: it is one transaction.
  if (status('swap-names') === 'done') return 'new-database';
  const made = !isBack('restore-instance') || !isBack('create-instance') || !isBack('create-database');
  if (status('stop-application') === undefined) return made ? 'beside-only' : 'unchanged';
  // Over the live database there is no switch: what serves is new once the load has committed.
  const switched = status('switch-secret') === 'done' || status('prove-loaded') === 'done';
  if (switched && status('start-application') === 'done') return 'new-database';
  return isBack('stop-application') && !switched ? 'old-database' : 'stopped';
}

/**
 * Which state a rollback leaves the service in. The old database is the one that is gone back to, the new one that which
 * the operation that is taken back had made: as everywhere else in an incident.
 */
export function serviceAfterRollback(state: OperationState): ServiceState {
  const status = (step: keyof (RollbackOutputs & SwapBackOutputs)) => stepState(state, step)?.status;
  // As of a swap of names: nothing is stopped for it, and it is one transaction.
  if (status('swap-back') === 'done') return 'old-database';
  const stop = status('stop-application');
  if (stop === undefined) return 'unchanged';
  const switched = status('switch-back');
  if (switched === 'done') return status('start-application') === 'done' ? 'old-database' : 'stopped';
  return stop === 'undone' && (switched === undefined || switched === 'undone') ? 'new-database' : 'stopped';
}
