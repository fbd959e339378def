import type { OperationDefinition } from '../operation-definition.ts';
import { cleanupArguments } from './args.ts';
import { planCleanup } from './plan.ts';
import { type CleanupClients, cleanupStepSet } from './steps.ts';

export type { CleanupClients } from './steps.ts';

/** `/backup cleanup <operation>`: the instance that an operation left beside is deleted, after a final snapshot. */
export const cleanup: OperationDefinition<CleanupClients> = {
  name: 'cleanup',
  approval: 'two-people',
  parseArgs: cleanupArguments,
  build: (clients) => ({
    name: 'cleanup',
    plan: (request) => planCleanup(clients, request),
    steps: cleanupStepSet(clients),
    // What is deleted is proven to serve nobody.
    service: () => 'unchanged',
  }),
};
