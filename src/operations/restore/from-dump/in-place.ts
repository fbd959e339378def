import type { InPlaceOutputs } from '../../../domain/in-place.ts';
import type { PlanRequest } from '../../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../../domain/plan.ts';
import type { RestoreShown } from '../../../domain/restore.ts';
import { shownReplicas } from '../../../steps/kubernetes/survey.ts';
import type { RestoreArguments } from '../args.ts';
import { countedIn, notCounted } from '../proof.ts';
import type { RestoreClients } from '../steps.ts';
import { inPlaceCommands } from './in-place-commands.ts';
import { type InPlaceFacts, inPlaceFacts } from './in-place-facts.ts';
import { inPlacePlan } from './in-place-steps.ts';
import { planOnLive } from './on-live.ts';

/**
 * The runbook's `pg_restore -c` into the live database, made safe: stopped, kept by a snapshot, barred, in one transaction.
 * Only reads. @throws PitcrewError as `inPlaceFacts`
 */
export async function planInPlace(
  clients: RestoreClients,
  request: PlanRequest,
  asked: Pick<RestoreArguments, 'from' | 'onFailure'>,
): Promise<Plan> {
  const facts = await inPlaceFacts(clients, request, asked);
  const steps = inPlacePlan(facts);
  const how = { mode: 'in-place', order: 'stop-first', onFailure: facts.onFailure } as const;
  return planOnLive(facts, how, steps, shown(facts, steps));
}

function shown(facts: InPlaceFacts, steps: readonly PlannedStep[]): RestoreShown {
  const { live, expected, application, quotas, rescue, dump, environment } = facts;
  const counted = countedIn(dump, environment.checks.critical);
  const all = inPlaceCommands(facts);
  return {
    commands: Object.fromEntries(steps.map(({ id }) => [id, all[id as keyof InPlaceOutputs]])),
    loss: live.loss,
    expected,
    settings: [],
    replicas: shownReplicas(application),
    notProven: notCounted(counted),
    unloggedTables: [],
    quotas: quotas.map(({ name, used, max }) => ({ name, used, max })),
    window: null,
    baselineAt: counted?.at ?? null,
    guards: application.guards,
    handOver: facts.survivors.map((thing) => ({ code: 'hand-over.survives', params: { thing } })),
    wayBack: 'rescue-snapshot',
    rescue,
  };
}
