import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../domain/plan.ts';
import type { RestoreDecided, RestoreShown } from '../../domain/restore.ts';
import { workloadName } from '../../domain/settings.ts';
import { accountAndRegion, instanceArn } from '../../planning/current-instance.ts';
import { shownReplicas } from '../../steps/kubernetes/survey.ts';
import { restoreCommands } from './commands.ts';
import { type Asked, gatherFacts, type RestoreFacts } from './facts.ts';
import { plannedSteps } from './planned-steps.ts';
import { type Counted, countedIn, notCompared, notCounted, verificationSet } from './proof.ts';
import type { RestoreClients } from './steps.ts';

/**
 * Only reads. `bound` is what people approve; the same world gives the same bytes.
 * @throws PitcrewError `restore.*` when it can't be done, told before anything was touched; `pitr.*`; `secret.*`, `aws.*`
 */
export async function planRestore(clients: RestoreClients, request: PlanRequest, asked: Asked): Promise<Plan> {
  const facts = await gatherFacts(clients, request, asked);
  const { environment, current, onFailure } = facts;
  const steps = plannedSteps(facts);
  return {
    bound: {
      operation: asked.operation,
      environment: environment.name,
      ...accountAndRegion(current.identity.arn),
      steps,
      resources: resources(facts),
      onFailure,
      decided: decided(facts),
    },
    shown: shown(facts, steps),
  };
}

/** Whatever this changes, so that nobody else changes it meanwhile. */
function resources({ environment, current: { identity, secret }, targetId }: RestoreFacts): readonly string[] {
  return [
    identity.arn,
    instanceArn(identity.arn, targetId),
    secret.arn,
    ...environment.workloads.map(workloadName),
  ].sort();
}

function decided({ environment, current, recovery, targetId, order, onFailure }: RestoreFacts): RestoreDecided {
  return {
    recoveryPoint: recovery.point,
    source: current.instance ? current.identity : null,
    targetId,
    ...(recovery.kind === 'dump' ? { mode: 'own-instance' as const } : {}),
    order,
    onFailure,
    workloads: environment.workloads.map(workloadName),
    verification: verificationSet(environment.checks),
  };
}

function shown(facts: RestoreFacts, steps: readonly PlannedStep[]): RestoreShown {
  const { live, expected, instancePlan, application, quotas, handOver, current } = facts;
  return {
    commands: restoreCommands(facts, steps),
    loss: live.loss,
    expected,
    settings: instancePlan.shown,
    replicas: shownReplicas(application),
    notProven: notProven(facts),
    unloggedTables: comeBackEmpty(facts),
    quotas: quotas.map(({ name, used, max }) => ({ name, used, max })),
    window: facts.recovery.kind === 'point-in-time' ? facts.recovery.window : null,
    baselineAt: counted(facts)?.at ?? null,
    ...(facts.moment?.before ? { boundsFrom: facts.moment.before.at } : {}),
    guards: application.guards,
    handOver,
    ...(facts.version ? { version: facts.version } : {}),
    wayBack: current.instance ? 'old-instance' : 'none',
  };
}

function notProven(facts: RestoreFacts): readonly string[] {
  return [
    ...notCounted(counted(facts)),
    ...notCompared(facts.live),
    ...(comeBackEmpty(facts).length > 0 ? ['not-proven.unlogged-tables'] : []),
  ];
}

const counted = ({ recovery, baseline, environment }: RestoreFacts): Counted | null =>
  recovery.kind === 'dump' ? countedIn(recovery, environment.checks.critical) : baseline;

/** A dump holds the rows of unlogged tables, which no snapshot does. */
const comeBackEmpty = ({ recovery, live }: RestoreFacts) => (recovery.kind === 'dump' ? [] : live.unloggedTables);
