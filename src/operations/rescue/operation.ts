import { stepSet } from '../../domain/step.ts';
import { copyRows } from '../../steps/rescue/copy-rows.ts';
import { proveBeside } from '../../steps/rescue/prove-beside.ts';
import { verifyRows } from '../../steps/rescue/verify-rows.ts';
import type { OperationDefinition } from '../operation-definition.ts';
import { rescueArguments } from './args.ts';
import type { RescueClients } from './facts.ts';
import { planRescue } from './plan.ts';

export type { RescueClients } from './facts.ts';

/** `/backup rescue <operation>`: rows go back from the instance beside into the database that serves, which runs on. */
export const rescue: OperationDefinition<RescueClients> = {
  name: 'rescue',
  approval: 'two-people',
  parseArgs: rescueArguments,
  build: (clients) => ({
    name: 'rescue',
    plan: (request, signal) => planRescue(clients, request, signal),
    /** Read aloud: both instances are still the ones; copy in one transaction; look that everything is there once. */
    steps: stepSet([proveBeside(clients), copyRows(clients), verifyRows(clients.access)]),
    // The application stays where it is, and runs.
    service: () => 'unchanged',
  }),
};
