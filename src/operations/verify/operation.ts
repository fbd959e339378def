import type { OperationDefinition } from '../operation-definition.ts';
import { verifyArguments } from './args.ts';
import { planVerify, type VerifyClients } from './plan.ts';
import { verifyStepSet } from './steps.ts';

export type { VerifyClients } from './plan.ts';

/** `/backup verify <env>`: the verification checklist against the database that serves, or a named one. */
export const verify: OperationDefinition<VerifyClients> = {
  name: 'verify',
  approval: 'none',
  parseArgs: verifyArguments,
  build: (clients) => ({
    name: 'verify',
    plan: (request) => planVerify(clients, request),
    steps: verifyStepSet(clients),
    // The service is never touched.
    service: () => 'unchanged',
  }),
};
