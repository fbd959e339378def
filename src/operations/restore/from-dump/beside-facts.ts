import { userError } from '../../../domain/errors.ts';
import type { DiskShown } from '../../../domain/load.ts';
import type { PlanRequest } from '../../../domain/operation.ts';
import type { Note, RestoreShown } from '../../../domain/restore.ts';
import type { Environment } from '../../../domain/settings.ts';
import { type CurrentInstance, currentInstance, reachIn } from '../../../planning/current-instance.ts';
import { type ResolvedDump, refuseNewer, resolveDump } from '../../../planning/dump-point.ts';
import { expectedFrom } from '../../../planning/estimate.ts';
import { type LiveView, lossSince } from '../../../planning/loss.ts';
import { besideNames, lineageOf } from '../../../planning/names.ts';
import { majorOf } from '../../../planning/restore-rules.ts';
import { asMaster, masterRoleOf, serverDatabase } from '../../../steps/postgres/master-of.ts';
import { liveDatabase } from '../../../verification/live-database.ts';
import { findDatabase } from '../../../verification/new-database.ts';
import { type ServerRoom, serverRoom } from '../../../verification/server-room.ts';
import type { RestoreArguments } from '../args.ts';
import type { RestoreClients } from '../steps.ts';
import { settingsSet } from './new-instance.ts';

/** Everything that the plan of a load beside the live database is made of. */
export interface BesideFacts {
  readonly operation: string;
  readonly environment: Environment;
  readonly current: CurrentInstance;
  readonly source: { readonly host: string; readonly port: number; readonly database: string };
  readonly dump: ResolvedDump;
  readonly major: number;
  /** Owns what is restored. */
  readonly owner: string;
  readonly names: ReturnType<typeof besideNames>;
  readonly disk: DiskShown;
  /** What people have to know of it: codes `hand-over.*`. */
  readonly notes: readonly Note[];
  readonly live: LiveView;
  readonly expected: RestoreShown['expected'];
}

const statementTimeoutSeconds = 30;

/**
 * Reads the world. Whatever would stop the load or the swap half-way is refused here (F40, F43, F59).
 * @throws PitcrewError `load.*`, `dump.*`, `restore.*`, `database.*`, and as `currentInstance`
 */
export async function besideFacts(
  clients: RestoreClients,
  request: PlanRequest,
  { from }: Pick<RestoreArguments, 'from'>,
): Promise<BesideFacts> {
  const environment = clients.environment(request.environment);
  const rds = clients.rds(environment.region);
  const current = await currentInstance(reachIn(clients, environment.region), environment);
  const { instance, runs, identity, database: live } = current;
  if (!runs) throw userError('load.not-running', { instance: instance.id, status: instance.status });
  if (live === serverDatabase) throw userError('load.live-is-postgres', { database: live });
  const dump = await resolveDump(clients, environment, from);
  const major = Number(majorOf(instance.engineVersion));
  refuseNewer(dump.manifest, major);
  if (!(await clients.findPrograms(major))) throw userError('dump.client-missing', { major });
  const source = { host: identity.host, port: identity.port, database: live };
  const names = besideNames(live, request.operationId);
  const { checks, database, region } = environment;
  const needs = dump.manifest.needs;
  const role = await masterRoleOf(rds, region, { instance: instance.id, masterRole: database.masterRole ?? null });
  const room = await asMaster(clients.access, source, role, statementTimeoutSeconds, async (server) => {
    for (const name of Object.values(names))
      if (await findDatabase(server, name)) throw userError('load.name-taken', { database: name, mark: '' });
    return serverRoom(server, { live, roles: needs?.roles ?? [], extensions: needs?.extensions ?? [] });
  });
  const owner = ownerOf(dump, room);
  refuseIncapable(room, owner, dump);
  return {
    operation: request.operationId,
    ...{ environment, current, source, dump, major, owner, names },
    disk: roomFor(dump, room, { id: instance.id, allocatedGiB: instance.settings.AllocatedStorage ?? 0 }),
    notes: notesOf(dump, room, owner, lineageOf(instance)),
    live: await lossSince(dump.point.at, request.requestedAt, checks.critical, () =>
      liveDatabase(clients.access, source, database.verifyRole),
    ),
    expected: await expectedFrom(clients.past, environment.name, 'restore-beside'),
  };
}

/** Who owns the live database owns what is restored, unless the dump's things were another's alone. */
function ownerOf({ manifest }: ResolvedDump, { owner }: ServerRoom): string {
  const owners = Object.entries(manifest.needs?.owners ?? {}).toSorted(([, a], [, b]) => b - a);
  const [most] = owners;
  return most === undefined || owners.some(([name]) => name === owner) ? owner : most[0];
}

/** F43. @throws PitcrewError `load.roles-missing`, `load.extensions-missing`, `load.not-member`, `load.no-createdb` */
function refuseIncapable(room: ServerRoom, owner: string, { point: { key } }: ResolvedDump): void {
  const { missingRoles, extensions, memberOf, masterUser, createsDatabases } = room;
  if (missingRoles.length > 0) throw userError('load.roles-missing', { key, roles: missingRoles });
  const unavailable = extensions.filter(({ would }) => would === null).map(({ name }) => name);
  if (unavailable.length > 0) throw userError('load.extensions-missing', { key, extensions: unavailable });
  if (!createsDatabases) throw userError('load.no-createdb', { user: masterUser });
  for (const role of [owner, room.owner])
    if (!memberOf.includes(role)) throw userError('load.not-member', { user: masterUser, role });
}

const gibibyte = 1024 ** 3;
/** Beside the data: indexes that are being sorted, and the load's own log. */
const spare = 1.3;
/** Where nobody measured: pg_dump's compression seldom does better on rows, and indexes aren't in an archive. */
const unpacked = 10;
/** Of the disk, what must stay free however large it is: a full disk stops production itself. */
const leftFree = 0.1;

/**
 * F59. RDS tells the size of the disk, and the server what lies on it; what is free is the difference, for CloudWatch's
 * FreeStorageSpace isn't asked. @throws PitcrewError `load.disk`
 */
function roomFor(
  { manifest, point }: ResolvedDump,
  { usedBytes: used }: ServerRoom,
  { id, allocatedGiB }: { readonly id: string; readonly allocatedGiB: number },
): DiskShown {
  const allocated = allocatedGiB * gibibyte;
  const needed = Math.ceil((manifest.databaseBytes ?? point.sizeBytes * unpacked) * spare);
  const free = Math.floor(allocated * (1 - leftFree) - used);
  if (needed > free) throw userError('load.disk', { instance: id, allocated, used, needed, free: Math.max(0, free) });
  return { allocated, used, needed };
}

function notesOf(
  { manifest, point }: ResolvedDump,
  { extensions }: ServerRoom,
  owner: string,
  lineage: readonly string[],
): readonly Note[] {
  const others = Object.keys(manifest.needs?.owners ?? {}).filter((name) => name !== owner);
  return [
    ...settingsSet(manifest.needs?.settings ?? []),
    ...(manifest.needs ? [] : [{ code: 'hand-over.dump-needs-unknown', params: { key: point.key } }]),
    ...(lineage.includes(point.resourceId) ? [] : [{ code: 'hand-over.dump-of-another', params: { key: point.key } }]),
    ...others.map((name) => ({ code: 'hand-over.owner-changes', params: { from: name, to: owner } })),
    ...extensions.flatMap(({ name, version, would }) =>
      version === null || version === would
        ? []
        : [{ code: 'hand-over.extension-version', params: { name, had: version, has: would ?? '' } }],
    ),
    { code: 'hand-over.same-disk', params: {} },
  ];
}
