import type { DatabaseInstance, Rds } from '../../clients/rds.ts';
import type { CleanupShown } from '../../domain/cleanup.ts';
import { retryable, userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Environment } from '../../domain/settings.ts';
import { type Instant, secondsBetween } from '../../domain/time.ts';
import { type CurrentGone, type CurrentInstance, currentOrGone, reachIn } from '../../planning/current-instance.ts';
import { cutOversOf, type LeftBeside, leftBeside } from '../../planning/left-beside.ts';
import { tagKeys } from '../../planning/names.ts';
import { type PastOperation, switchOf } from '../../planning/past-operation.ts';
import { roomForSnapshot } from '../../planning/quotas.ts';
import { pointsTo } from '../../steps/rds/delete-instance.ts';
import { givesNoSnapshot } from '../../steps/rds/left-instance.ts';
import { keptBackups } from '../../steps/rds/list-kept.ts';
import { lookWhoIsOn } from '../../steps/rds/prove-unused.ts';
import { cleanupArguments } from './args.ts';
import type { CleanupClients } from './steps.ts';

/** Everything that a cleanup's plan is made of. */
export interface CleanupFacts {
  readonly operation: string;
  readonly environment: Environment;
  /** Every one of the config, by name. */
  readonly all: readonly Environment[];
  readonly current: CurrentInstance | CurrentGone;
  readonly left: LeftBeside;
  readonly instance: DatabaseInstance & Required<Pick<DatabaseInstance, 'endpoint'>>;
  readonly rescue: CleanupShown['rescue'];
  readonly backups: CleanupShown['backups'];
  /** Who is on it could be looked at. */
  readonly seen: boolean;
  /** Before `restore.keepDays` are over. */
  readonly early: boolean;
}

/** Reads the world. @throws PitcrewError `cleanup.*`, `cut-over.*` why it is not deleted, before anybody is asked */
export async function gatherFacts(
  clients: CleanupClients,
  request: PlanRequest,
  past: PastOperation,
): Promise<CleanupFacts> {
  const environment = clients.environment(request.environment);
  const { of, now } = cleanupArguments(request.args);
  const rds = clients.rds(environment.region);
  const current = await currentOrGone(reachIn(clients, environment.region), environment);
  const own = switchOf(past);
  const cutOvers = [...(await cutOversOf(clients.history, environment.name)), ...(own ? [own] : [])];
  const left = leftBeside(past, current.identity.resourceId, cutOvers);
  const instance = await standing(rds, left);
  const all = clients.environments().toSorted((a, b) => (a.name < b.name ? -1 : 1));
  await refuseServing(clients, all, instance);
  await refuseAttached(rds, instance);
  const early = isEarly(left.since, request.requestedAt, environment);
  if (early && !now) {
    const { keepDays } = environment.restore;
    throw userError('cleanup.too-soon', { operation: of, instance: left.id, since: left.since, keepDays });
  }
  await roomForSnapshot(rds);
  const { verifyRole, fenceRole } = environment.database;
  const address = { ...instance.endpoint, database: current.database };
  const who = { instance: left.id, mayBeUnseen: !left.served, verifyRole, fenceRole };
  return {
    operation: request.operationId,
    environment,
    all,
    current,
    left,
    instance,
    seen: await lookWhoIsOn(clients.access, address, who),
    rescue: left.rescue === null ? null : { snapshot: left.rescue, status: await statusOf(rds, left.rescue) },
    backups: keptBackups(await rds.listAutomatedBackups({ resourceId: instance.resourceId })),
    early,
  };
}

/** The operation after which is cleaned up. @throws PitcrewError `cut-over.unknown`, `cut-over.of-other` */
export async function pastOf(
  { history }: CleanupClients,
  operation: string,
  environment: string,
): Promise<PastOperation> {
  const past = await history.find(operation);
  const request = past?.state.request;
  if (!past || !request) throw userError('cut-over.unknown', { operation });
  if (request.environment === environment) return past;
  throw userError('cut-over.of-other', { operation, environment: request.environment });
}

/** @throws PitcrewError `cleanup.gone`, `cleanup.taken-back`, `cleanup.is-another`, `cleanup.no-snapshot`, `snapshot.instance-busy` */
async function standing(
  rds: Rds,
  { id, resourceId, operation, takenBack }: LeftBeside,
): Promise<CleanupFacts['instance']> {
  const instance = await rds.findInstance(id);
  if (!instance) throw userError(takenBack ? 'cleanup.taken-back' : 'cleanup.gone', { instance: id, operation });
  const { status, endpoint, tags } = instance;
  if (resourceId !== undefined && instance.resourceId !== resourceId)
    throw userError('cleanup.is-another', { instance: id, expected: resourceId, found: instance.resourceId });
  // Without a resource id only its tag says that the operation made it.
  if (resourceId === undefined && tags[tagKeys.operation] !== operation)
    throw userError('cleanup.not-its-own', { instance: id, operation, owner: tags[tagKeys.operation] ?? '' });
  if (givesNoSnapshot(status)) throw userError('cleanup.no-snapshot', { instance: id, status });
  if (!endpoint || !['available', 'storage-optimization'].includes(status))
    throw retryable('snapshot.instance-busy', { instance: id, status });
  return { ...instance, endpoint };
}

/** A secret that can't be read proves nothing, so it refuses. @throws PitcrewError `cleanup.live`, `secret.*`, `aws.*` */
async function refuseServing(
  { secrets }: CleanupClients,
  all: readonly Environment[],
  { id, endpoint }: CleanupFacts['instance'],
): Promise<void> {
  for (const { name, region, secret } of all) {
    const { document } = await secrets(region).current(secret.id);
    if (pointsTo(document, secret.keys, endpoint)) throw userError('cleanup.live', { instance: id, environment: name });
  }
}

/** @throws PitcrewError `cleanup.replicas`, `cleanup.proxies` */
async function refuseAttached(rds: Rds, { id, attached }: DatabaseInstance): Promise<void> {
  const { readReplicas } = attached;
  if (readReplicas.length > 0) throw userError('cleanup.replicas', { instance: id, replicas: [...readReplicas] });
  const proxies = await rds.proxiesOf(id);
  if (proxies.length > 0) throw userError('cleanup.proxies', { instance: id, proxies: [...proxies] });
}

export const isEarly = (since: Instant, askedAt: Instant, { restore }: Environment) =>
  secondsBetween(since, askedAt) < restore.keepDays * 24 * 3600;

const statusOf = async (rds: Rds, snapshot: string) => (await rds.findSnapshot(snapshot))?.status ?? 'gone';
