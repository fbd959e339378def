import type { PlanRequest } from '../../../domain/operation.ts';
import type { Plan } from '../../../domain/plan.ts';
import type { RestoreArguments } from '../args.ts';
import type { RestoreClients } from '../steps.ts';
import { planBeside } from './beside.ts';
import { planInPlace } from './in-place.ts';
import { planOwnInstance } from './own-instance.ts';

/** A restore from a dump, in the way that was asked for. @throws PitcrewError as each of them */
export async function planFromDump(
  clients: RestoreClients,
  request: PlanRequest,
  asked: RestoreArguments,
): Promise<Plan> {
  const { mode = 'own-instance' } = asked;
  switch (mode) {
    case 'own-instance':
      return planOwnInstance(clients, request, asked);
    case 'beside':
      return planBeside(clients, request, asked);
    case 'in-place':
      return planInPlace(clients, request, asked);
    default: {
      const never: never = mode;
      return never;
    }
  }
}
