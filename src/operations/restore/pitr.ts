import { serviceAfterRestore } from '../../domain/service-after.ts';
import { resolveInstant } from '../../planning/point-in-time.ts';
import { letGo } from '../let-go.ts';
import type { OperationDefinition } from '../operation-definition.ts';
import { pitrArguments } from './pitr-args.ts';
import { planRestore } from './plan.ts';
import { type RestoreClients, restoreStepSet } from './steps.ts';

/** `/backup pitr <env> --to <time>`: a restore that goes back to a moment instead of a snapshot. The rest of it is the restore's. */
export const pitr: OperationDefinition<RestoreClients> = {
  name: 'pitr',
  approval: 'two-people',
  parseArgs: pitrArguments,
  build: (clients) => ({
    name: 'pitr',
    plan(request) {
      const { to, order, onFailure } = pitrArguments(request.args);
      return planRestore(clients, request, {
        operation: 'pitr',
        order,
        onFailure,
        recover: (rds, current) =>
          resolveInstant(rds, current.instance ?? current.gone, {
            to,
            askedAt: request.requestedAt,
            runs: current.runs,
          }),
      });
    },
    steps: restoreStepSet(clients),
    letGo: (...held) => letGo(clients, ...held),
    service: serviceAfterRestore,
  }),
};
