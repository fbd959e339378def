import { serviceAfterRestore } from '../../domain/service-after.ts';
import { isDumpName } from '../../planning/dump-point.ts';
import { resolveRecoveryPoint } from '../../planning/recovery-points.ts';
import { letGo } from '../let-go.ts';
import type { OperationDefinition } from '../operation-definition.ts';
import { restoreArguments } from './args.ts';
import { planFromDump } from './from-dump/plan.ts';
import { planRestore } from './plan.ts';
import { type RestoreClients, restoreStepSet } from './steps.ts';

export type { RestoreClients } from './steps.ts';

/** `/backup restore <env>`: the environment goes back to a snapshot, on a new instance beside the old one, or to a dump. */
export const restore: OperationDefinition<RestoreClients> = {
  name: 'restore',
  approval: 'two-people',
  parseArgs: restoreArguments,
  build: (clients) => ({
    name: 'restore',
    plan(request) {
      const asked = restoreArguments(request.args);
      const { from, order, onFailure } = asked;
      if (isDumpName(from)) return planFromDump(clients, request, asked);
      return planRestore(clients, request, {
        operation: 'restore',
        order,
        onFailure,
        recover: (rds, current, environment) =>
          resolveRecoveryPoint(rds, current.instance ?? current.gone, {
            from,
            askedAt: request.requestedAt,
            names: [environment.database.instance, current.identity.id],
          }),
      });
    },
    steps: restoreStepSet(clients),
    letGo: (...held) => letGo(clients, ...held),
    service: serviceAfterRestore,
  }),
};
