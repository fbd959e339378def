import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../domain/plan.ts';
import type { RestoreDecided, RestoreShown } from '../../domain/restore.ts';
import { type CheckSettings, workloadName } from '../../domain/settings.ts';
import { accountAndRegion, instanceArn } from '../../planning/current-instance.ts';
import { qualifiedName } from '../../verification/names.ts';
import { restoreCommands } from './commands.ts';
import { type Asked, type BaselineFacts, gatherFacts, type RestoreFacts } from './facts.ts';
import { plannedSteps } from './planned-steps.ts';
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

/** What the verification will look at, as people approve it. */
export function verificationSet({ critical, relations, queries, rules, gateMinutes }: CheckSettings) {
  return {
    critical: [...critical],
    relations: relations.map(({ from, to }) => `${from} → ${to}`),
    queries: queries.map(({ name }) => name),
    rules: rules.map(({ name }) => name),
    gateMinutes,
  };
}

function shown(facts: RestoreFacts, steps: readonly PlannedStep[]): RestoreShown {
  const { live, expected, instancePlan, application, quotas, handOver, current } = facts;
  return {
    commands: restoreCommands(facts, steps),
    loss: live.loss,
    expected,
    settings: instancePlan.shown,
    replicas: application.replicas.map((count) => ({
      workload: workloadName(count),
      replicas: count.kind === 'cron-job' ? null : count.replicas,
    })),
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

/** What nobody measured when the snapshot was taken can't be proven, and a database that doesn't answer can't be compared with. */
function notProven(facts: RestoreFacts): readonly string[] {
  const { live } = facts;
  const baseline = counted(facts);
  return [
    ...(baseline ? [] : ['not-proven.row-counts']),
    ...(baseline && baseline.unproven.length > 0 ? ['not-proven.some-row-counts'] : []),
    ...(live.loss.live === 'answers' ? [] : ['not-proven.live-comparison']),
    ...(comeBackEmpty(facts).length > 0 ? ['not-proven.unlogged-tables'] : []),
  ];
}

/** When rows were counted for this very backup, and which critical tables weren't. */
function counted({ recovery, baseline, environment }: RestoreFacts): Pick<BaselineFacts, 'at' | 'unproven'> | null {
  if (recovery.kind !== 'dump') return baseline;
  const { counts } = recovery.manifest;
  const missing = (table: string) => !Object.hasOwn(counts ?? {}, qualifiedName(table));
  return counts && { at: recovery.point.at, unproven: environment.checks.critical.filter(missing) };
}

/** A dump holds the rows of unlogged tables, which no snapshot does. */
const comeBackEmpty = ({ recovery, live }: RestoreFacts) => (recovery.kind === 'dump' ? [] : live.unloggedTables);
