import { userError } from '../../../domain/errors.ts';
import type { PlanRequest } from '../../../domain/operation.ts';
import type { FailurePolicy } from '../../../domain/plan.ts';
import type { RestoreShown } from '../../../domain/restore.ts';
import type { Environment } from '../../../domain/settings.ts';
import { type CurrentInstance, currentInstance, reachIn } from '../../../planning/current-instance.ts';
import { type ResolvedDump, refuseNewer, resolveDump } from '../../../planning/dump-point.ts';
import { expectedFrom } from '../../../planning/estimate.ts';
import { type LiveView, lossSince } from '../../../planning/loss.ts';
import { rescueId } from '../../../planning/names.ts';
import { roomForSnapshot } from '../../../planning/quotas.ts';
import { majorOf } from '../../../planning/restore-rules.ts';
import { type Survey, surveyApplication } from '../../../steps/kubernetes/survey.ts';
import { databaseSessions } from '../../../steps/postgres/sessions.ts';
import { liveDatabase } from '../../../verification/live-database.ts';
import type { RestoreArguments } from '../args.ts';
import type { RestoreClients } from '../steps.ts';
import { liveObjects, survivors } from './survivors.ts';

/** Everything that the plan of a load over the live database is made of. */
export interface InPlaceFacts {
  readonly operation: string;
  readonly environment: Environment;
  readonly onFailure: FailurePolicy;
  readonly current: CurrentInstance;
  readonly source: { readonly host: string; readonly port: number; readonly database: string };
  readonly dump: ResolvedDump;
  readonly major: number;
  /** Owns what is restored. */
  readonly owner: string;
  readonly masterUser: string;
  /** The rescue snapshot's id. */
  readonly rescue: string;
  /** What is in the live database and not in the dump. */
  readonly survivors: readonly string[];
  readonly quotas: RestoreShown['quotas'];
  readonly application: Survey;
  readonly live: LiveView;
  readonly expected: RestoreShown['expected'];
}

/** RDS takes a snapshot only of these (API reference, CreateDBSnapshot). */
const snapshotTaken = ['available', 'storage-optimization'];

/**
 * Reads the world. Where no rescue snapshot can be taken, nothing is loaded over anything.
 * @throws PitcrewError `load.no-rescue`, `load.as-master`, `load.not-running`, `restore.master-needed`, `snapshot.quota`,
 *   `dump.*`, `load.*`, and as `currentInstance`
 */
export async function inPlaceFacts(
  clients: RestoreClients,
  request: PlanRequest,
  { from, onFailure }: Pick<RestoreArguments, 'from' | 'onFailure'>,
): Promise<InPlaceFacts> {
  const environment = clients.environment(request.environment);
  const rds = clients.rds(environment.region);
  const current = await currentInstance(reachIn(clients, environment.region), environment);
  const masterUser = loadable(environment, current);
  const dump = await resolveDump(clients, environment, from);
  const major = Number(majorOf(current.instance.engineVersion));
  refuseNewer(dump.manifest, major);
  const programs = await clients.findPrograms(major);
  if (!programs) throw userError('dump.client-missing', { major });
  const { verifyRole } = environment.database;
  const source = { host: current.identity.host, port: current.identity.port, database: current.database };
  const entries = await clients.listArchive(environment.region, dump.point, programs.restore);
  const { workloads, database, checks } = environment;
  const sessions = databaseSessions(clients.access);
  return {
    operation: request.operationId,
    environment,
    onFailure: onFailure ?? environment.restore.onFailure,
    ...{ current, source, dump, major, masterUser },
    owner: dump.manifest.needs?.owner ?? current.role,
    rescue: rescueId(current.instance.id, request.operationId),
    survivors: survivors(await liveObjects(clients.access, source, verifyRole), entries),
    quotas: await roomForSnapshot(rds),
    application: await surveyApplication(
      { cluster: clients.cluster, sessions },
      { operation: request.operationId, workloads, database, role: current.role, source },
    ),
    live: await lossSince(dump.point.at, request.requestedAt, checks.critical, () =>
      liveDatabase(clients.access, source, verifyRole),
    ),
    expected: await expectedFrom(clients.past, environment.name, 'restore-in-place'),
  };
}

/** @returns the master user, who loads */
function loadable({ database }: Environment, { instance, runs, role }: CurrentInstance): string {
  const { id, status, master } = instance;
  if (!runs) throw userError('load.not-running', { instance: id, status });
  if (!snapshotTaken.includes(status)) throw userError('load.no-rescue', { instance: id, status });
  if (!database.masterRole && !master.secretArn) throw userError('restore.master-needed', { instance: id });
  // Whoever is barred can't load.
  if (role === master.user) throw userError('load.as-master', { user: role });
  return master.user;
}
