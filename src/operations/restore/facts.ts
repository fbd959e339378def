import type { Rds } from '../../clients/rds.ts';
import { userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { FailurePolicy, RestoreOrder } from '../../domain/plan.ts';
import { baselineKey } from '../../domain/records.ts';
import type { Note, RestoreShown } from '../../domain/restore.ts';
import type { Environment } from '../../domain/settings.ts';
import { type CurrentGone, type CurrentInstance, currentOrGone, reachIn } from '../../planning/current-instance.ts';
import { expectedFrom } from '../../planning/estimate.ts';
import { type Dependents, handOverNotes } from '../../planning/hand-over.ts';
import { type LiveView, lossSince } from '../../planning/loss.ts';
import { rescueId, targetInstanceId } from '../../planning/names.ts';
import { roomForInstance } from '../../planning/quotas.ts';
import type { SourceSettings } from '../../planning/source-settings.ts';
import { type Survey, surveyApplication } from '../../steps/kubernetes/survey.ts';
import { databaseSessions } from '../../steps/postgres/sessions.ts';
import { baselineFrom, boundsOf } from '../../verification/baseline.ts';
import { dependentsOf } from '../../verification/dependents.ts';
import { liveDatabase } from '../../verification/live-database.ts';
import { type MomentFacts, momentFacts } from './around.ts';
import { loadNotes } from './from-dump/new-instance.ts';
import { type NewInstance, planNew, type Recovery, sourceOf } from './instance-plan.ts';
import { orderOf } from './orders.ts';
import { prestages } from './prestages.ts';
import type { Counted } from './proof.ts';
import type { RestoreClients } from './steps.ts';
import { versionNote } from './version-note.ts';

/** What tells one way of taking a database back from another: the rest of them is the same. */
export interface Asked {
  readonly operation: 'restore' | 'pitr';
  /** Without it, as the environment's config says. */
  readonly order?: RestoreOrder | undefined;
  readonly onFailure?: FailurePolicy | undefined;
  /** Finds what was asked for. @throws PitcrewError `restore.*`, `pitr.*` when it isn't there */
  recover(rds: Rds, current: CurrentInstance | CurrentGone, environment: Environment): Promise<Recovery>;
}

/** Everything that a restore's plan is made of: what was asked, and what the world says. */
export interface RestoreFacts extends NewInstance {
  readonly operation: string;
  readonly environment: Environment;
  readonly asked: Asked;
  readonly order: RestoreOrder;
  readonly onFailure: FailurePolicy;
  /** Its `instance` is null when it is gone: then there is nothing to compare with and nothing to go back to. */
  readonly current: CurrentInstance | CurrentGone;
  readonly recovery: Recovery;
  readonly targetId: string;
  readonly live: LiveView;
  readonly quotas: RestoreShown['quotas'];
  readonly application: Survey;
  readonly expected: RestoreShown['expected'];
  readonly handOver: readonly Note[];
  /** Why the running application does not fit the backup; null where it does, or nobody knows. */
  readonly version: Note | null;
  /** What was measured when the backup was made; null for a backup without it. */
  readonly baseline: BaselineFacts | null;
  /** Of a point-in-time recovery: what it is proven by. */
  readonly moment: MomentFacts | null;
}

export interface BaselineFacts extends Counted {
  readonly key: string;
}

/** Reads the world. What would stop the restore half-way is refused here, before the application is touched. */
export async function gatherFacts(clients: RestoreClients, request: PlanRequest, asked: Asked): Promise<RestoreFacts> {
  const environment = clients.environment(request.environment);
  const rds = clients.rds(environment.region);
  const current = await currentOrGone(reachIn(clients, environment.region), environment);
  if (current.secret.rotationPending) throw userError('restore.rotation-pending', { secret: environment.secret.id });
  const recovery = await asked.recover(rds, current, environment);
  refuseSharedEncrypted(recovery);
  const order = orderOf(asked.order, environment.restore.order, { runs: current.runs, point: recovery.point.at });
  const targetId = targetInstanceId(current.identity.id, request.operationId);
  const source = sourceOf(current, recovery);
  const known = { environment, current, recovery, targetId, source };
  const { instancePlan, load } = await planNew(clients, request, known);
  const size = instancePlan.request.AllocatedStorage ?? 0;
  const { verifyRole } = environment.database;
  return {
    operation: request.operationId,
    environment,
    asked,
    order,
    // There is no old database to return to, whatever was asked.
    onFailure: current.runs ? (asked.onFailure ?? environment.restore.onFailure) : 'stay-stopped',
    current,
    recovery,
    targetId,
    instancePlan,
    load,
    quotas: await roomForInstance(rds, size, prestages({ environment, recovery }) && (await stands(rds, targetId))),
    application: await survey(clients, request, { environment, current }),
    live: await lossSince(
      recovery.point.at,
      request.requestedAt,
      environment.checks.critical,
      current.runs ? () => liveDatabase(clients.access, addressOf(current), verifyRole) : null,
    ),
    expected: await expectedFrom(clients.past, environment.name, asked.operation, order),
    handOver: await handOver(clients, request, { ...known, instancePlan, load }),
    version: await versionNote(clients, environment, current, recovery),
    baseline: await baselineOf(clients, recovery, current.database, environment.checks.critical),
    moment: recovery.kind === 'point-in-time' ? await momentFacts({ ...clients, rds }, recovery, current) : null,
  };
}

/** Made while people decided: looked at once more after the approval, it is among what is used. */
const stands = async (rds: Rds, targetId: string) => (await rds.findInstance(targetId)) !== undefined;

/**
 * Only a snapshot that pitcrew made has one: nobody measured anything for the others. What was counted at another moment
 * than the one that is asked for says nothing of that one: rows come and go, and so do columns.
 */
async function baselineOf(
  { records }: Pick<RestoreClients, 'records'>,
  recovery: Recovery,
  database: string,
  critical: readonly string[],
): Promise<BaselineFacts | null> {
  if (recovery.kind !== 'snapshot') return null;
  const key = baselineKey(recovery.snapshot.arn);
  const baseline = baselineFrom(await records.read(key));
  if (baseline?.database !== database) return null;
  const unproven = critical.filter((table) => boundsOf(baseline, table).kind !== 'bounds');
  return { key, at: baseline.at, unproven };
}

const addressOf = ({ identity: { host, port }, database }: RestoreFacts['current']) => ({ host, port, database });

/** RDS restores another account's encrypted snapshot only from a copy under a key of one's own (RDS User Guide, "Sharing encrypted snapshots"). */
function refuseSharedEncrypted(recovery: Recovery): void {
  if (recovery.kind !== 'snapshot') return;
  const { id, arn, type, encrypted } = recovery.snapshot;
  if (encrypted && ['shared', 'public'].includes(type))
    throw userError('restore.snapshot-shared-encrypted', { snapshot: id, arn });
}

type Known = Pick<RestoreFacts, 'environment' | 'current' | 'recovery' | 'targetId'> & {
  readonly source: SourceSettings;
};

async function handOver(
  { rds, access }: RestoreClients,
  { operationId }: PlanRequest,
  facts: Known & NewInstance,
): Promise<readonly Note[]> {
  const { environment, current, recovery, targetId, source, instancePlan, load } = facts;
  const { keys } = environment.secret;
  const dependents: Dependents | null = current.runs
    ? await dependentsOf(access, addressOf(current), environment.database.verifyRole).catch(() => null)
    : null;
  const notes = await handOverNotes(rds(environment.region), {
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
  return recovery.kind === 'dump' && load ? [...notes, ...loadNotes(load, recovery, targetId)] : notes;
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
