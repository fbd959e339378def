import type { BesideOutputs } from '../../../domain/load.ts';
import type { PlanRequest } from '../../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../../domain/plan.ts';
import type { RestoreShown } from '../../../domain/restore.ts';
import type { RestoreArguments } from '../args.ts';
import { countedIn, notCompared, notCounted } from '../proof.ts';
import type { RestoreClients } from '../steps.ts';
import { besideCommands } from './beside-commands.ts';
import { type BesideFacts, besideFacts } from './beside-facts.ts';
import { besidePlan } from './beside-steps.ts';
import { planOnLive } from './on-live.ts';

/**
 * Into a new database on the instance that serves; when it is loaded and verified, the two change names. The application
 * isn't stopped: its connections are ended, and come back to the other database. Only reads.
 * @throws PitcrewError as `besideFacts`
 */
export async function planBeside(
  clients: RestoreClients,
  request: PlanRequest,
  asked: Pick<RestoreArguments, 'from'>,
): Promise<Plan> {
  const facts = await besideFacts(clients, request, asked);
  const steps = besidePlan(facts);
  // Until the swap the live database serves as before: there is nothing to stop, and nothing to return to.
  const how = { mode: 'beside', order: 'restore-first', onFailure: 'return' } as const;
  return planOnLive(facts, how, steps, shown(facts, steps));
}

function shown(facts: BesideFacts, steps: readonly PlannedStep[]): RestoreShown {
  const { live, expected, dump, names, disk, notes, environment } = facts;
  const counted = countedIn(dump, environment.checks.critical);
  const all = besideCommands(facts);
  return {
    commands: Object.fromEntries(steps.map(({ id }) => [id, all[id as keyof BesideOutputs]])),
    loss: live.loss,
    expected,
    settings: [],
    replicas: [],
    notProven: [...notCounted(counted), ...notCompared(live)],
    unloggedTables: [],
    quotas: [],
    window: null,
    baselineAt: counted?.at ?? null,
    guards: [],
    handOver: notes,
    wayBack: 'kept-database',
    kept: names.kept,
    disk,
  };
}
