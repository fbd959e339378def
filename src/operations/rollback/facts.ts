import type { DatabaseInstance } from '../../clients/rds.ts';
import { userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { FailurePolicy } from '../../domain/plan.ts';
import type { LossShown } from '../../domain/restore.ts';
import type { RollbackShown } from '../../domain/rollback.ts';
import type { Environment } from '../../domain/settings.ts';
import { type CurrentGone, type CurrentInstance, currentOrGone, reachIn } from '../../planning/current-instance.ts';
import { expectedFrom } from '../../planning/estimate.ts';
import { lossSince } from '../../planning/loss.ts';
import { type CutOver, cutOverOf, type PastOperation, switchedTo } from '../../planning/past-operation.ts';
import { type Survey, surveyApplication } from '../../steps/kubernetes/survey.ts';
import { databaseSessions } from '../../steps/postgres/sessions.ts';
import { liveDatabase } from '../../verification/live-database.ts';
import type { RollbackClients } from './steps.ts';

/** Everything that a rollback's plan is made of. */
export interface RollbackFacts {
  readonly environment: Environment;
  readonly onFailure: FailurePolicy;
  /** The database that is left. */
  readonly current: CurrentInstance | CurrentGone;
  readonly cutOver: CutOver;
  /** The database that is gone back to. */
  readonly target: NonNullable<CutOver['before']>;
  readonly left: LossShown;
  readonly application: Survey;
  readonly expected: RollbackShown['expected'];
}

/** Reads the world. @throws PitcrewError `cut-over.*`, `rollback.*` when there is no way back, before anything is touched */
export async function gatherFacts(
  clients: RollbackClients,
  request: PlanRequest,
  past: PastOperation,
): Promise<RollbackFacts> {
  const environment = clients.environment(request.environment);
  const rds = clients.rds(environment.region);
  const cutOver = cutOverOf(past);
  const { before, operation } = cutOver;
  if (!before) throw userError('rollback.no-way-back', { operation });
  const current = await currentOrGone(reachIn(clients, environment.region), environment);
  if (current.secret.rotationPending) throw userError('restore.rotation-pending', { secret: environment.secret.id });
  await refuseElsewhere(clients, environment.name, cutOver, current);
  const old = oldInstance(await rds.findInstance(before.id), before);
  const address = { host: current.identity.host, port: current.identity.port, database: current.database };
  const { verifyRole } = environment.database;
  const { workloads, database, checks } = environment;
  const since = cutOver.switchedAt ?? cutOver.stoppedAt ?? request.requestedAt;
  const open = current.runs ? () => liveDatabase(clients.access, address, verifyRole) : null;
  return {
    environment,
    // Where the database that served doesn't run any more, there is nothing to return to.
    onFailure: current.runs ? environment.restore.onFailure : 'stay-stopped',
    current,
    cutOver,
    target: { ...before, ...old.endpoint },
    left: (await lossSince(since, request.requestedAt, checks.critical, open)).loss,
    application: await surveyApplication(
      { cluster: clients.cluster, sessions: databaseSessions(clients.access) },
      {
        operation: request.operationId,
        workloads,
        database,
        role: current.role,
        source: current.runs ? address : null,
      },
    ),
    expected: await expectedFrom(clients.past, environment.name, 'rollback'),
  };
}

/** The secret must point to what that operation made: else another cut-over came after, and that one is what is taken back. */
async function refuseElsewhere(
  { history }: RollbackClients,
  environment: string,
  { operation, before, after }: CutOver,
  { identity }: RollbackFacts['current'],
): Promise<void> {
  if (identity.resourceId === after.resourceId) return;
  if (identity.resourceId === before?.resourceId)
    throw userError('rollback.already-back', { operation, instance: identity.id });
  const later = switchedTo(await history.closed(environment), identity.resourceId);
  throw userError('rollback.moved-on', {
    operation,
    expected: after.id,
    instance: identity.id,
    later: later ?? '',
  });
}

const usable = new Set(['available', 'storage-optimization', 'backing-up', 'configuring-enhanced-monitoring']);

function oldInstance(found: DatabaseInstance | undefined, { id, resourceId }: NonNullable<CutOver['before']>) {
  if (!found) throw userError('rollback.old-gone', { instance: id });
  if (found.resourceId !== resourceId)
    throw userError('rollback.old-is-another', { instance: id, expected: resourceId, found: found.resourceId });
  if (!usable.has(found.status)) throw userError('rollback.old-not-available', { instance: id, status: found.status });
  return found;
}
