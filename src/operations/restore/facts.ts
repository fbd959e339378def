import { userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { FailurePolicy } from '../../domain/plan.ts';
import type { ReplicaCount, RestoreShown } from '../../domain/restore.ts';
import type { Environment } from '../../domain/settings.ts';
import { type CurrentInstance, currentInstance } from '../../planning/current-instance.ts';
import { expectedFrom } from '../../planning/estimate.ts';
import { type LiveView, lossSince } from '../../planning/loss.ts';
import { lineageOf, targetInstanceId } from '../../planning/names.ts';
import { roomForInstance } from '../../planning/quotas.ts';
import { type Resolved, resolveRecoveryPoint } from '../../planning/recovery-points.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import { type InstancePlan, planInstance } from '../../planning/restore-request.ts';
import { present } from '../../steps/kubernetes/fence.ts';
import { countOf } from '../../steps/kubernetes/record-application.ts';
import { liveDatabase } from '../../verification/live-database.ts';
import { type RestoreArguments, restoreArguments } from './args.ts';
import type { RestoreClients } from './steps.ts';

/** Everything that a restore's plan is made of: what was asked, and what the world says. */
export interface RestoreFacts {
  readonly operation: string;
  readonly environment: Environment;
  readonly args: RestoreArguments;
  readonly onFailure: FailurePolicy;
  readonly current: CurrentInstance;
  readonly recovery: Resolved;
  readonly targetId: string;
  readonly instancePlan: InstancePlan;
  readonly live: LiveView;
  readonly quotas: RestoreShown['quotas'];
  readonly replicas: readonly ReplicaCount[];
  readonly expected: RestoreShown['expected'];
}

/** Reads the world. What would stop the restore half-way is refused here, before the application is touched. */
export async function gatherFacts(clients: RestoreClients, request: PlanRequest): Promise<RestoreFacts> {
  const environment = clients.environment(request.environment);
  const args = restoreArguments(request.args);
  const rds = clients.rds(environment.region);
  const current = await currentInstance({ rds, secrets: clients.secrets(environment.region) }, environment);
  if (current.secret.rotationPending) throw userError('restore.rotation-pending', { secret: environment.secret.id });
  const recovery = await resolveRecoveryPoint(rds, current.instance, {
    from: args.from,
    askedAt: request.requestedAt,
    names: [environment.database.instance],
  });
  const targetId = targetInstanceId(current.instance.id, request.operationId);
  const instancePlan = await planned(clients, request, { environment, current, recovery, targetId });
  const size = instancePlan.request.AllocatedStorage ?? recovery.snapshot.sizeGiB;
  return {
    operation: request.operationId,
    environment,
    args,
    onFailure: args.onFailure ?? environment.restore.onFailure,
    current,
    recovery,
    targetId,
    instancePlan,
    quotas: await roomForInstance(rds, size),
    replicas: await replicasOf(clients, environment),
    live: await lossSince(recovery.point.at, request.requestedAt, environment.checks.critical, () =>
      liveDatabase(clients.access, addressOf(current), environment.database.verifyRole),
    ),
    expected: await expectedFrom(clients.past, environment.name, 'restore'),
  };
}

const addressOf = ({ identity: { host, port }, database }: CurrentInstance) => ({ host, port, database });

type Known = Pick<RestoreFacts, 'environment' | 'current' | 'recovery' | 'targetId'>;

async function planned(clients: RestoreClients, request: PlanRequest, known: Known): Promise<InstancePlan> {
  const { environment, current, recovery, targetId } = known;
  const { profile } = environment.restore;
  const { instance } = current;
  const name = profile.parameterGroup ?? instance.settings.DBParameterGroupName ?? '';
  const group = await clients.rds(environment.region).findParameterGroup(name);
  if (!group && profile.parameterGroup) throw userError('restore.parameter-group-gone', { group: name });
  return planInstance({
    source: instance,
    snapshot: recovery.snapshot,
    profile,
    targetId,
    tags: ownTags(request.operationId, environment.name, lineageOf(instance)),
    parameterFamily: group?.family ?? '',
  });
}

/** As the step that records them will: a workload whose count nothing says is refused now. */
async function replicasOf({ cluster }: RestoreClients, { workloads }: Environment): Promise<readonly ReplicaCount[]> {
  const counts: ReplicaCount[] = [];
  for (const workload of workloads) counts.push(countOf(workload, await present(cluster, workload)));
  return counts;
}
