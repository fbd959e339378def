import { type StepSet, stepSet } from '../../domain/step.ts';
import { awaitDumpJob } from '../../steps/kubernetes/await-dump-job.ts';
import { startDumpJob } from '../../steps/kubernetes/start-dump-job.ts';
import { checkDump } from '../../steps/s3/check-dump.ts';
import type { OperationDefinition } from '../operation-definition.ts';
import { adoptArguments } from './args.ts';
import { type AdoptClients, planAdopt } from './plan.ts';

export type { AdoptClients } from './plan.ts';

/** `/backup adopt <s3 key>`: takes in a dump that somebody else made: read whole, then a manifest beside it. */
export const adopt: OperationDefinition<AdoptClients> = {
  name: 'adopt',
  approval: 'none',
  parseArgs: adoptArguments,
  build: (clients) => ({
    name: 'adopt',
    plan: (request) => planAdopt(clients, request),
    steps: adoptStepSet(clients),
    service: () => 'unchanged',
  }),
};

function adoptStepSet(clients: AdoptClients): StepSet {
  return stepSet([
    startDumpJob('start-adopt-job', clients),
    awaitDumpJob('await-adopt', clients),
    checkDump('check-adopt', clients),
  ]);
}
