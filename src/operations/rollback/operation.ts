import { serviceAfterRollback } from '../../domain/service-after.ts';
import { letGo } from '../let-go.ts';
import type { OperationDefinition } from '../operation-definition.ts';
import { rollbackArguments } from './args.ts';
import { planRollback } from './plan.ts';
import { type RollbackClients, rollbackStepSet } from './steps.ts';

export type { RollbackClients } from './steps.ts';

/** `/backup rollback <operation>`: the application goes back to the database that it had before that operation. */
export const rollback: OperationDefinition<RollbackClients> = {
  name: 'rollback',
  approval: 'two-people',
  parseArgs: rollbackArguments,
  build: (clients) => ({
    name: 'rollback',
    plan: (request) => planRollback(clients, request),
    steps: rollbackStepSet(clients),
    letGo: (...held) => letGo(clients, ...held),
    service: serviceAfterRollback,
  }),
};
