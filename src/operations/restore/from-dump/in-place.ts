import type { InPlaceOutputs } from '../../../domain/in-place.ts';
import type { PlanRequest } from '../../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../../domain/plan.ts';
import type { RestoreDecided, RestoreShown } from '../../../domain/restore.ts';
import { workloadName } from '../../../domain/settings.ts';
import { accountAndRegion } from '../../../planning/current-instance.ts';
import { qualifiedName } from '../../../verification/names.ts';
import type { RestoreArguments } from '../args.ts';
import { verificationSet } from '../plan.ts';
import type { RestoreClients } from '../steps.ts';
import { inPlaceCommands } from './in-place-commands.ts';
import { type InPlaceFacts, inPlaceFacts } from './in-place-facts.ts';
import { inPlacePlan } from './in-place-steps.ts';

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
  const { environment, current, onFailure } = facts;
  const steps = inPlacePlan(facts);
  return {
    bound: {
      operation: 'restore',
      environment: environment.name,
      ...accountAndRegion(current.identity.arn),
      steps,
      resources: [current.identity.arn, current.secret.arn, ...environment.workloads.map(workloadName)].sort(),
      onFailure,
      decided: decided(facts),
    },
    shown: shown(facts, steps),
  };
}

const decided = ({ environment, current, dump, onFailure }: InPlaceFacts): RestoreDecided => ({
  recoveryPoint: dump.point,
  source: current.identity,
  targetId: current.identity.id,
  mode: 'in-place',
  order: 'stop-first',
  onFailure,
  workloads: environment.workloads.map(workloadName),
  verification: verificationSet(environment.checks),
});

function shown(facts: InPlaceFacts, steps: readonly PlannedStep[]): RestoreShown {
  const { live, expected, application, quotas, rescue, dump } = facts;
  const all = inPlaceCommands(facts);
  return {
    commands: Object.fromEntries(steps.map(({ id }) => [id, all[id as keyof InPlaceOutputs]])),
    loss: live.loss,
    expected,
    settings: [],
    replicas: application.replicas.map((count) => ({
      workload: workloadName(count),
      replicas: count.kind === 'cron-job' ? null : count.replicas,
    })),
    notProven: notProven(facts),
    unloggedTables: [],
    quotas: quotas.map(({ name, used, max }) => ({ name, used, max })),
    window: null,
    baselineAt: dump.manifest.counts ? dump.point.at : null,
    guards: application.guards,
    handOver: facts.survivors.map((thing) => ({ code: 'hand-over.survives', params: { thing } })),
    wayBack: 'rescue-snapshot',
    rescue,
  };
}

function notProven({ dump, environment }: InPlaceFacts): readonly string[] {
  const { counts } = dump.manifest;
  if (!counts) return ['not-proven.row-counts'];
  const missing = environment.checks.critical.filter((table) => !Object.hasOwn(counts, qualifiedName(table)));
  return missing.length > 0 ? ['not-proven.some-row-counts'] : [];
}
