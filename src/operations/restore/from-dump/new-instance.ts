import type { CreateRequest } from '../../../clients/rds.ts';
import type { DumpManifest } from '../../../domain/dump.ts';
import { userError } from '../../../domain/errors.ts';
import type { Note } from '../../../domain/restore.ts';
import type { Environment } from '../../../domain/settings.ts';
import type { CreateGiven } from '../../../planning/create-parameters.ts';
import type { CurrentGone, CurrentInstance } from '../../../planning/current-instance.ts';
import { type ResolvedDump, refuseNewer } from '../../../planning/dump-point.ts';
import { type NeededRoles, neededRoles } from '../../../planning/needed-roles.ts';
import { type InstancePlan, planNewInstance } from '../../../planning/restore-request.ts';
import { type BackupFacts, majorOf, type RestoreGiven } from '../../../planning/restore-rules.ts';
import type { SourceSettings } from '../../../planning/source-settings.ts';
import { rolesOf } from '../../../verification/database-roles.ts';
import { type StoredSetting, settingName } from '../../../verification/stored-settings.ts';
import type { RestoreClients } from '../steps.ts';

// What a dump on an instance of its own needs that a snapshot brings along: an instance of the right version and size, its
// master user, and roles.

/** What is decided for the load when people approve. */
export interface LoadFacts {
  readonly master: CreateGiven['master'];
  readonly needed: NeededRoles;
  /** Of the new instance's server. */
  readonly major: number;
}

type Current = CurrentInstance | CurrentGone;

/** @throws PitcrewError `restore.master-needed`, `load.server-older`, `dump.client-missing`, `secret.*` */
export async function loadFacts(
  { access, findPrograms }: Pick<RestoreClients, 'access' | 'findPrograms'>,
  environment: Environment,
  current: Current,
  source: SourceSettings,
  { manifest }: ResolvedDump,
): Promise<LoadFacts> {
  const { database, secret, region } = environment;
  const major = Number(majorOf(source.engineVersion));
  refuseNewer(manifest, major);
  if (!(await findPrograms(major))) throw userError('dump.client-missing', { major });
  const application = { region, secret: secret.id, keys: secret.keys };
  const logins = await Promise.all(
    [application, database.verifyRole, database.fenceRole].map(async (role) => (await access.credentials(role)).user),
  );
  const known = await knownRoles(access, environment, current);
  return {
    master: await masterOf(access, environment, current),
    needed: neededRoles(manifest.needs, known, logins),
    major,
  };
}

/** As the live database has them; where it doesn't answer, as pitcrew wrote them down last. Null: nobody knows. */
async function knownRoles(access: RestoreClients['access'], { database }: Environment, current: Current) {
  if (!current.instance) return current.gone.record?.roles ?? null;
  if (!current.runs) return null;
  const { host, port } = current.identity;
  return rolesOf(access, { host, port, database: current.database }, database.verifyRole).catch(() => null);
}

/** The config's, else RDS's own where it manages the old instance's: then it is asked to manage the new one's too. */
async function masterOf(
  access: RestoreClients['access'],
  { database }: Environment,
  { instance, identity }: Current,
): Promise<CreateGiven['master']> {
  if (database.masterRole)
    return { user: (await access.credentials(database.masterRole)).user, secret: database.masterRole.secret };
  if (instance?.settings.ManageMasterUserPassword) return { user: instance.master.user, secret: null };
  throw userError('restore.master-needed', { instance: identity.id });
}

const gibibyte = 1024 ** 3;
/** What RDS takes for gp3, the least of all its types. */
const smallestGiB = 20;
/** Beside the data: WAL of the load, indexes that are being built, and room to go on. */
const spare = 1.5;
/** Where nobody measured: pg_dump's compression seldom does better on rows, and indexes aren't in an archive. */
const unpacked = 10;

/** Room that a dump needs once it is loaded; GiB, rounded up. */
export function roomFor({ databaseBytes, sizeBytes }: Pick<DumpManifest, 'databaseBytes' | 'sizeBytes'>): number {
  const bytes = (databaseBytes ?? sizeBytes * unpacked) * spare;
  return Math.max(smallestGiB, Math.ceil(bytes / gibibyte));
}

/** Nothing but the room comes from the dump: version and encryption are the old instance's, and where nobody knows, encrypted. */
export const backupFacts = (source: SourceSettings, { manifest }: ResolvedDump): BackupFacts => ({
  sizeGiB: roomFor(manifest),
  engineVersion: source.engineVersion,
  encrypted: source.settings.StorageEncrypted ?? true,
  ...(source.settings.StorageEncrypted && source.settings.KmsKeyId ? { kmsKeyId: source.settings.KmsKeyId } : {}),
});

export const planForDump = (
  given: Omit<RestoreGiven, 'backup'>,
  dump: ResolvedDump,
  { master }: LoadFacts,
): InstancePlan<CreateRequest> => planNewInstance({ ...given, backup: backupFacts(given.source, dump), master });

/** What is set again where a dump is loaded: named, for what it is set to may be nobody's business. */
export const settingsSet = (settings: readonly StoredSetting[]): readonly Note[] =>
  settings.length === 0
    ? []
    : [{ code: 'hand-over.settings-set', params: { names: settings.map(settingName).join(', ') } }];

/** What a dump does not bring along and pitcrew can't make up for. */
export function loadNotes({ needed }: LoadFacts, { manifest }: ResolvedDump, targetId: string): readonly Note[] {
  const names = needed.roles.map(({ name }) => name);
  return [
    ...settingsSet([...(manifest.needs?.settings ?? []), ...needed.settings]),
    ...(manifest.needs?.roleSettings ? [] : [{ code: 'hand-over.role-settings', params: { target: targetId } }]),
    ...(manifest.needs ? [] : [{ code: 'hand-over.needs-unknown', params: {} }]),
    ...(names.length > 0
      ? [{ code: 'hand-over.roles-without-password', params: { names: names.join(', '), target: targetId } }]
      : []),
    ...(needed.lost.length > 0
      ? [{ code: 'hand-over.role-attributes-lost', params: { names: needed.lost.join(', '), target: targetId } }]
      : []),
  ];
}
