import type { ServiceState } from '../../domain/events.ts';
import type { InPlaceOutputs } from '../../domain/in-place.ts';
import type { LoadOutputs } from '../../domain/load.ts';
import type { OwnInstanceOutputs } from '../../domain/own-instance.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { type OperationState, stepState } from '../../domain/state.ts';

/** Which state a restore leaves the service in, told from its chain alone: an intent counts as done until it is undone. */
export function serviceAfter(state: OperationState): ServiceState {
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
