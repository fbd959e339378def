import type { CreateRequest, PointInTimeRequest, Rds, RestoreRequest } from '../../clients/rds.ts';
import { userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { FailurePolicy, RestoreOrder } from '../../domain/plan.ts';
import { baselineKey } from '../../domain/records.ts';
import type { Note, RestoreShown } from '../../domain/restore.ts';
import type { Environment } from '../../domain/settings.ts';
import type { Instant } from '../../domain/time.ts';
import { type CurrentGone, type CurrentInstance, currentOrGone } from '../../planning/current-instance.ts';
import type { ResolvedDump } from '../../planning/dump-point.ts';
import { expectedFrom } from '../../planning/estimate.ts';
import { type Dependents, handOverNotes } from '../../planning/hand-over.ts';
import { type LiveView, lossSince } from '../../planning/loss.ts';
import { lineageOf, rescueId, targetInstanceId } from '../../planning/names.ts';
import { type ResolvedInstant, sourceOfRestore } from '../../planning/point-in-time.ts';
import { roomForInstance } from '../../planning/quotas.ts';
import type { ResolvedSnapshot } from '../../planning/recovery-points.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import { type InstancePlan, planInstance, planInstanceAt } from '../../planning/restore-request.ts';
import type { RestoreGiven } from '../../planning/restore-rules.ts';
import {
  goneSource,
  liveSource,
  refuseUnknown,
  type SourceSettings,
  type Witnesses,
} from '../../planning/source-settings.ts';
import { type Survey, surveyApplication } from '../../steps/kubernetes/survey.ts';
import { databaseSessions } from '../../steps/postgres/sessions.ts';
import { baselineFrom, boundsOf } from '../../verification/baseline.ts';
import { dependentsOf } from '../../verification/dependents.ts';
import { liveDatabase } from '../../verification/live-database.ts';
import { type LoadFacts, loadFacts, loadNotes, planForDump } from './from-dump/new-instance.ts';
import { orderOf } from './orders.ts';
import type { RestoreClients } from './steps.ts';

/** Where the database goes back to, as it was found. */
export type Recovery = FromBackup | ResolvedDump;
type FromBackup = ResolvedSnapshot | ResolvedInstant;

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
export interface RestoreFacts {
  readonly operation: string;
  readonly environment: Environment;
  readonly asked: Asked;
  readonly order: RestoreOrder;
  readonly onFailure: FailurePolicy;
  /** Its `instance` is null when it is gone: then there is nothing to compare with and nothing to go back to. */
  readonly current: CurrentInstance | CurrentGone;
  readonly recovery: Recovery;
  readonly targetId: string;
  readonly instancePlan: InstancePlan<RestoreRequest | PointInTimeRequest | CreateRequest>;
  /** Of a dump alone. */
  readonly load: LoadFacts | null;
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
export async function gatherFacts(clients: RestoreClients, request: PlanRequest, asked: Asked): Promise<RestoreFacts> {
  const environment = clients.environment(request.environment);
  const rds = clients.rds(environment.region);
  const current = await currentOrGone({ ...clients, rds, secrets: clients.secrets(environment.region) }, environment);
  if (current.secret.rotationPending) throw userError('restore.rotation-pending', { secret: environment.secret.id });
  const recovery = await asked.recover(rds, current, environment);
  refuseSharedEncrypted(recovery);
  const order = orderOf(asked.order, environment.restore.order, { runs: current.runs, point: recovery.point.at });
  const targetId = targetInstanceId(current.identity.id, request.operationId);
  const source = sourceOf(current, recovery);
  const known = { environment, current, recovery, targetId, source };
  const { instancePlan, load } = await planned(clients, request, known);
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
    quotas: await roomForInstance(rds, size),
    application: await survey(clients, request, { environment, current }),
    live: await lossSince(
      recovery.point.at,
      request.requestedAt,
      environment.checks.critical,
      current.runs ? () => liveDatabase(clients.access, addressOf(current), verifyRole) : null,
    ),
    expected: await expectedFrom(clients.past, environment.name, asked.operation, order),
    handOver: await handOver(clients, request, { ...known, instancePlan, load }),
    baseline: await baselineOf(clients, recovery, current.database, environment.checks.critical),
  };
}

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

function sourceOf(current: RestoreFacts['current'], recovery: Recovery): SourceSettings {
  if (current.instance) return liveSource(current.instance);
  return goneSource({ ...current.gone, ...witnessOf(recovery) });
}

/** What a dump tells of the instance that it was made of: the version of its server. */
function witnessOf(recovery: Recovery): Pick<Witnesses, 'backup' | 'snapshot' | 'silent'> {
  if (recovery.kind === 'snapshot') return { backup: recovery.snapshot, snapshot: recovery.snapshot.id };
  if (recovery.kind === 'point-in-time') return { backup: recovery.backup };
  return { backup: { engineVersion: recovery.point.serverVersion, tags: {}, settings: {} }, silent: true };
}

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

/** @throws PitcrewError `restore.settings-unknown`, `restore.parameter-group-gone`, `restore.subnet-group-gone` */
async function planned(
  clients: RestoreClients,
  request: PlanRequest,
  known: Known,
): Promise<Pick<RestoreFacts, 'instancePlan' | 'load'>> {
  const { environment, current, recovery, targetId, source } = known;
  const { profile } = environment.restore;
  const rds = clients.rds(environment.region);
  refuseUnknown(source, profile, current.identity.id);
  const name = profile.parameterGroup ?? source.settings.DBParameterGroupName ?? '';
  const group = await rds.findParameterGroup(name);
  if (!group) throw userError('restore.parameter-group-gone', { group: name });
  const given = {
    source,
    profile,
    targetId,
    tags: ownTags(request.operationId, environment.name, lineageOf(current.instance ?? current.gone)),
    parameterFamily: group.family,
  };
  const planIt = async () => {
    if (recovery.kind !== 'dump') return { instancePlan: requestFor(recovery, given), load: null };
    const load = await loadFacts(clients, environment, current, source, recovery);
    return { instancePlan: planForDump(given, recovery, load), load };
  };
  const made = await planIt();
  const subnets = made.instancePlan.request.DBSubnetGroupName;
  if (subnets && !(await rds.findSubnetGroup(subnets)))
    throw userError('restore.subnet-group-gone', { group: subnets });
  return made;
}

function requestFor(recovery: FromBackup, given: Omit<RestoreGiven, 'backup'>): RestoreFacts['instancePlan'] {
  if (recovery.kind === 'snapshot')
    return planInstance({ ...given, backup: recovery.snapshot, snapshot: recovery.snapshot });
  const { point, backup } = recovery;
  return planInstanceAt({ ...given, backup, from: sourceOfRestore(point), to: point.at ?? 'latest' });
}

async function handOver(
  { rds, access }: RestoreClients,
  { operationId }: PlanRequest,
  facts: Known & Pick<RestoreFacts, 'instancePlan' | 'load'>,
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
