import type { PlanRequest } from '../../../domain/operation.ts';
import type { Plan } from '../../../domain/plan.ts';
import { resolveDump } from '../../../planning/dump-point.ts';
import type { RestoreArguments } from '../args.ts';
import { planRestore } from '../plan.ts';
import type { RestoreClients } from '../steps.ts';

/** A restore as from a snapshot, on an instance that is made empty and loaded. @throws PitcrewError as `planRestore`, `load.*`, `dump.*` */
export const planOwnInstance = (
  clients: RestoreClients,
  request: PlanRequest,
  { from, order, onFailure }: Pick<RestoreArguments, 'from' | 'order' | 'onFailure'>,
): Promise<Plan> =>
  planRestore(clients, request, {
    operation: 'restore',
    order,
    onFailure,
    recover: (_rds, _current, environment) => resolveDump(clients, environment, from),
  });
