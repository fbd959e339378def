import type { DatabaseAddress } from '../../clients/postgres.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../domain/plan.ts';
import type { RescueDecided, RescueOutputs, RescueShown } from '../../domain/rescue.ts';
import { accountAndRegion } from '../../planning/current-instance.ts';
import type { ProveBesideInput } from '../../steps/rescue/prove-beside.ts';
import type { RescueInput } from '../../steps/rescue/rescued-table.ts';
import { applicationSecret, roleSecret } from '../../steps/step-input.ts';
import { rescueCommands } from './commands.ts';
import { addressOf, gatherFacts, type RescueClients, type RescueFacts } from './facts.ts';

type Step = PlannedStep & { readonly id: keyof RescueOutputs };

/** Only reads. @throws PitcrewError `rescue.*`, `cut-over.*`, `database.*`, and as `currentInstance` */
export async function planRescue(clients: RescueClients, request: PlanRequest, signal: AbortSignal): Promise<Plan> {
  const facts = await gatherFacts(clients, request, signal);
  const { environment, current, beside, of, where, tables } = facts;
  const decided: RescueDecided = {
    of,
    beside,
    live: current.identity,
    tables: tables.map(({ table }) => table),
    where,
  };
  return {
    bound: {
      operation: 'rescue',
      environment: environment.name,
      ...accountAndRegion(current.identity.arn),
      steps: plannedSteps(facts),
      // No restore, no rollback and no clean-up of either of them meanwhile.
      resources: [current.identity.arn, beside.arn].sort(),
      onFailure: 'return',
      decided,
    },
    shown: shown(facts),
  };
}

function plannedSteps({ environment, current, beside, tables }: RescueFacts): readonly Step[] {
  const { region, database, checks } = environment;
  const both: ProveBesideInput = {
    region,
    beside: { id: beside.id, resourceId: beside.resourceId },
    live: { id: current.identity.id, resourceId: current.identity.resourceId },
  };
  const rows: RescueInput = {
    beside: json(addressOf(beside, current)),
    live: json(addressOf(current.identity, current)),
    verifyRole: roleSecret(database.verifyRole),
    application: applicationSecret(environment),
    tables: [...tables],
    budgetSeconds: checks.gateMinutes * 60,
  };
  return [
    { id: 'prove-beside', after: [], input: both },
    { id: 'copy-rows', after: ['prove-beside'], input: rows },
    { id: 'verify-rows', after: ['copy-rows'], input: rows },
  ];
}

const json = ({ host, port, database }: DatabaseAddress) => ({ host, port, database });

function shown(facts: RescueFacts): RescueShown {
  const { counts, triggers, cautions } = facts;
  return { commands: rescueCommands(facts), tables: counts, triggers, cautions };
}
