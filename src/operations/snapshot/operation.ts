import type { OperationDefinition } from '../operation-definition.ts';
import { snapshotArguments } from './args.ts';
import { planSnapshot } from './plan.ts';
import { type SnapshotClients, snapshotStepSet } from './steps.ts';

export type { SnapshotClients } from './steps.ts';

/** `/backup snapshot <env>`: a manual snapshot of the current instance, waited for and checked. */
export const snapshot: OperationDefinition<SnapshotClients> = {
  name: 'snapshot',
  approval: 'none',
  parseArgs: snapshotArguments,
  build: (clients) => ({
    name: 'snapshot',
    plan: (request) => planSnapshot(clients, request),
    steps: snapshotStepSet(clients),
    // The service is never touched.
    service: () => 'unchanged',
  }),
};
