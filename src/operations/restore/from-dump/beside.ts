import type { BesideOutputs } from '../../../domain/load.ts';
import type { PlanRequest } from '../../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../../domain/plan.ts';
import type { RestoreDecided, RestoreShown } from '../../../domain/restore.ts';
import { workloadName } from '../../../domain/settings.ts';
import { accountAndRegion } from '../../../planning/current-instance.ts';
import { qualifiedName } from '../../../verification/names.ts';
import type { RestoreArguments } from '../args.ts';
import { verificationSet } from '../plan.ts';
import type { RestoreClients } from '../steps.ts';
import { besideCommands } from './beside-commands.ts';
import { type BesideFacts, besideFacts } from './beside-facts.ts';
import { besidePlan } from './beside-steps.ts';

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
  const { environment, current } = facts;
  const steps = besidePlan(facts);
  return {
    bound: {
      operation: 'restore',
      environment: environment.name,
      ...accountAndRegion(current.identity.arn),
      steps,
      resources: [current.identity.arn, current.secret.arn, ...environment.workloads.map(workloadName)].sort(),
      // Until the swap the live database serves as before: there is nothing to stop, and nothing to return to.
      onFailure: 'return',
      decided: decided(facts),
    },
    shown: shown(facts, steps),
  };
}

const decided = ({ environment, current, dump }: BesideFacts): RestoreDecided => ({
  recoveryPoint: dump.point,
  source: current.identity,
  targetId: current.identity.id,
  mode: 'beside',
  order: 'restore-first',
  onFailure: 'return',
  workloads: environment.workloads.map(workloadName),
  verification: verificationSet(environment.checks),
});

function shown(facts: BesideFacts, steps: readonly PlannedStep[]): RestoreShown {
  const { live, expected, dump, names, disk, notes } = facts;
  const all = besideCommands(facts);
  return {
    commands: Object.fromEntries(steps.map(({ id }) => [id, all[id as keyof BesideOutputs]])),
    loss: live.loss,
    expected,
    settings: [],
    replicas: [],
    notProven: notProven(facts),
    unloggedTables: [],
    quotas: [],
    window: null,
    baselineAt: dump.manifest.counts ? dump.point.at : null,
    guards: [],
    handOver: notes,
    wayBack: 'kept-database',
    kept: names.kept,
    disk,
  };
}

function notProven({ dump, environment, live }: BesideFacts): readonly string[] {
  const { counts } = dump.manifest;
  const missing = environment.checks.critical.filter((table) => !Object.hasOwn(counts ?? {}, qualifiedName(table)));
  return [
    ...(counts ? [] : ['not-proven.row-counts']),
    ...(counts && missing.length > 0 ? ['not-proven.some-row-counts'] : []),
    ...(live.loss.live === 'answers' ? [] : ['not-proven.live-comparison']),
  ];
}
