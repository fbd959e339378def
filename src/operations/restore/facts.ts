import { userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { FailurePolicy } from '../../domain/plan.ts';
import { baselineKey } from '../../domain/records.ts';
import type { Note, RestoreShown } from '../../domain/restore.ts';
import type { Environment } from '../../domain/settings.ts';
import type { Instant } from '../../domain/time.ts';
import { type CurrentGone, type CurrentInstance, currentOrGone } from '../../planning/current-instance.ts';
import { expectedFrom } from '../../planning/estimate.ts';
import { type Dependents, handOverNotes } from '../../planning/hand-over.ts';
import { type LiveView, lossSince } from '../../planning/loss.ts';
import { lineageOf, rescueId, targetInstanceId } from '../../planning/names.ts';
import { roomForInstance } from '../../planning/quotas.ts';
import { type Resolved, resolveRecoveryPoint } from '../../planning/recovery-points.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import { type InstancePlan, planInstance } from '../../planning/restore-request.ts';
import { goneSource, liveSource, refuseUnknown, type SourceSettings } from '../../planning/source-settings.ts';
import { type Survey, surveyApplication } from '../../steps/kubernetes/survey.ts';
import { databaseSessions } from '../../steps/postgres/sessions.ts';
import { baselineFrom, boundsOf } from '../../verification/baseline.ts';
import { dependentsOf } from '../../verification/dependents.ts';
import { liveDatabase } from '../../verification/live-database.ts';
import { type RestoreArguments, restoreArguments } from './args.ts';
import type { RestoreClients } from './steps.ts';

/** Everything that a restore's plan is made of: what was asked, and what the world says. */
export interface RestoreFacts {
  readonly operation: string;
  readonly environment: Environment;
  readonly args: RestoreArguments;
  readonly onFailure: FailurePolicy;
  /** Its `instance` is null when it is gone: then there is nothing to compare with and nothing to go back to. */
  readonly current: CurrentInstance | CurrentGone;
  readonly recovery: Resolved;
  readonly targetId: string;
  readonly instancePlan: InstancePlan;
  readonly live: LiveView;
  readonly quotas: RestoreShown['quotas'];
  readonly application: Survey;
  readonly expected: RestoreShown['expected'];
  readonly handOver: readonly Note[];
  /** What was measured when the backup was made; null for a backup without it. */
  readonly baseline: BaselineFacts | null;
}

export interface BaselineFacts {
  readonly key: string;
  readonly at: Instant;
  /** Critical tables whose count it can't prove. */
  readonly unproven: readonly string[];
}

/** Reads the world. What would stop the restore half-way is refused here, before the application is touched. */
export async function gatherFacts(clients: RestoreClients, request: PlanRequest): Promise<RestoreFacts> {
  const environment = clients.environment(request.environment);
  const args = restoreArguments(request.args);
  const rds = clients.rds(environment.region);
  const current = await currentOrGone({ ...clients, rds, secrets: clients.secrets(environment.region) }, environment);
  if (current.secret.rotationPending) throw userError('restore.rotation-pending', { secret: environment.secret.id });
  const recovery = await resolveRecoveryPoint(rds, current.instance ?? current.gone, {
    from: args.from,
    askedAt: request.requestedAt,
    names: [environment.database.instance, current.identity.id],
  });
  refuseSharedEncrypted(recovery);
  const targetId = targetInstanceId(current.identity.id, request.operationId);
  const source = sourceOf(current, recovery);
  const known = { environment, current, recovery, targetId, source };
  const instancePlan = await planned(clients, request, known);
  const size = instancePlan.request.AllocatedStorage ?? recovery.snapshot.sizeGiB;
  const { verifyRole } = environment.database;
  return {
    operation: request.operationId,
    environment,
    args,
    // There is no old database to return to, whatever was asked.
    onFailure: current.runs ? (args.onFailure ?? environment.restore.onFailure) : 'stay-stopped',
    current,
    recovery,
    targetId,
    instancePlan,
    quotas: await roomForInstance(rds, size),
    application: await survey(clients, request, { environment, current }),
    live: await lossSince(
      recovery.point.at,
      request.requestedAt,
      environment.checks.critical,
      current.runs ? () => liveDatabase(clients.access, addressOf(current), verifyRole) : null,
    ),
    expected: await expectedFrom(clients.past, environment.name, 'restore'),
    handOver: await handOver(clients, request, { ...known, instancePlan }),
    baseline: await baselineOf(clients, recovery, current.database, environment.checks.critical),
  };
}

/** Only a snapshot that pitcrew made has one: nobody measured anything for the others. */
async function baselineOf(
  { records }: Pick<RestoreClients, 'records'>,
  { snapshot }: Resolved,
  database: string,
  critical: readonly string[],
): Promise<BaselineFacts | null> {
  const key = baselineKey(snapshot.arn);
  const baseline = baselineFrom(await records.read(key));
  if (baseline?.database !== database) return null;
  const unproven = critical.filter((table) => boundsOf(baseline, table).kind !== 'bounds');
  return { key, at: baseline.at, unproven };
}

const addressOf = ({ identity: { host, port }, database }: RestoreFacts['current']) => ({ host, port, database });

const sourceOf = (current: RestoreFacts['current'], { snapshot }: Resolved): SourceSettings =>
  current.instance ? liveSource(current.instance) : goneSource({ ...current.gone, snapshot });

/** RDS restores another account's encrypted snapshot only from a copy under a key of one's own (RDS User Guide, "Sharing encrypted snapshots"). */
function refuseSharedEncrypted({ snapshot: { id, arn, type, encrypted } }: Resolved): void {
  if (encrypted && ['shared', 'public'].includes(type))
    throw userError('restore.snapshot-shared-encrypted', { snapshot: id, arn });
}

type Known = Pick<RestoreFacts, 'environment' | 'current' | 'recovery' | 'targetId'> & {
  readonly source: SourceSettings;
};

/** @throws PitcrewError `restore.settings-unknown`, `restore.parameter-group-gone`, `restore.subnet-group-gone` */
async function planned(clients: RestoreClients, request: PlanRequest, known: Known): Promise<InstancePlan> {
  const { environment, current, recovery, targetId, source } = known;
  const { profile } = environment.restore;
  const rds = clients.rds(environment.region);
  refuseUnknown(source, profile, current.identity.id);
  const name = profile.parameterGroup ?? source.settings.DBParameterGroupName ?? '';
  const group = await rds.findParameterGroup(name);
  if (!group) throw userError('restore.parameter-group-gone', { group: name });
  const instancePlan = planInstance({
    source,
    backup: recovery.snapshot,
    snapshot: recovery.snapshot,
    profile,
    targetId,
    tags: ownTags(request.operationId, environment.name, lineageOf(current.instance ?? current.gone)),
    parameterFamily: group.family,
  });
  const subnets = instancePlan.request.DBSubnetGroupName;
  if (subnets && !(await rds.findSubnetGroup(subnets)))
    throw userError('restore.subnet-group-gone', { group: subnets });
  return instancePlan;
}

async function handOver(
  { rds, access }: RestoreClients,
  { operationId }: PlanRequest,
  facts: Known & Pick<RestoreFacts, 'instancePlan'>,
): Promise<readonly Note[]> {
  const { environment, current, targetId, source, instancePlan } = facts;
  const { keys } = environment.secret;
  const dependents: Dependents | null = current.runs
    ? await dependentsOf(access, addressOf(current), environment.database.verifyRole).catch(() => null)
    : null;
  return handOverNotes(rds(environment.region), {
    sourceId: current.identity.id,
    targetId,
    stays: current.instance !== null,
    down: current.instance && !current.runs ? current.instance.status : undefined,
    role: current.role,
    source,
    settings: instancePlan.shown,
    pendingParameters:
      current.instance?.parameterStatus === 'pending-reboot'
        ? current.instance.settings.DBParameterGroupName
        : undefined,
    dependents,
    secret: current.secret.document,
    switchedKeys: [keys.host, ...(keys.readHost ? [keys.readHost] : [])],
    host: current.identity.host,
    rescue: current.instance && current.runs ? rescueId(current.instance.id, operationId) : undefined,
  });
}

/** As the steps will look: a workload whose count nothing says, or that pitcrew may not stop, is refused now. */
function survey(
  { cluster, access }: RestoreClients,
  { operationId }: PlanRequest,
  { environment, current }: Pick<RestoreFacts, 'environment' | 'current'>,
): Promise<Survey> {
  const { workloads, database } = environment;
  const source = current.runs ? addressOf(current) : null;
  const asked = { operation: operationId, workloads, database, role: current.role, source };
  return surveyApplication({ cluster, sessions: databaseSessions(access) }, asked);
}
