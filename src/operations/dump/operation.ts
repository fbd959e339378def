import type { OperationDefinition } from '../operation-definition.ts';
import { dumpArguments } from './args.ts';
import { planDump } from './plan.ts';
import { type DumpClients, dumpStepSet } from './steps.ts';

export type { DumpClients } from './steps.ts';

/** `/backup dump <env>`: pg_dump of the current database to S3, read back whole, with a manifest. */
export const dump: OperationDefinition<DumpClients> = {
  name: 'dump',
  approval: 'none',
  parseArgs: dumpArguments,
  build: (clients) => ({
    name: 'dump',
    plan: (request) => planDump(clients, request),
    steps: dumpStepSet(clients),
    // The service is never touched.
    service: () => 'unchanged',
  }),
};
