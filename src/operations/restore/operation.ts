import type { OperationDefinition } from '../operation-definition.ts';
import { restoreArguments } from './args.ts';
import { letGo } from './let-go.ts';
import { planRestore } from './plan.ts';
import { serviceAfter } from './service-after.ts';
import { type RestoreClients, restoreStepSet } from './steps.ts';

export type { RestoreClients } from './steps.ts';

/** `/backup restore <env>`: the environment goes back to a snapshot, on a new instance beside the old one. */
export const restore: OperationDefinition<RestoreClients> = {
  name: 'restore',
  approval: 'two-people',
  parseArgs: restoreArguments,
  build: (clients) => ({
    name: 'restore',
    plan: (request) => planRestore(clients, request),
    steps: restoreStepSet(clients),
    letGo: (...held) => letGo(clients, ...held),
    service: serviceAfter,
  }),
};
