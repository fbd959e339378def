import type { BehindAlias } from '../clients/aws-address.ts';
import type { DatabaseInstance, Rds } from '../clients/rds.ts';
import type { CurrentSecret, SecretDocument, Secrets } from '../clients/secrets.ts';
import { retryable, userError } from '../domain/errors.ts';
import type { Records } from '../domain/records.ts';
import type { InstanceIdentity } from '../domain/restore.ts';
import type { Environment } from '../domain/settings.ts';
import { hostOf } from './database-address.ts';
import { type GoneInstance, goneInstance } from './gone-instance.ts';

/** What the secret says of the database that an environment runs on. */
export interface SecretSays {
  readonly secret: CurrentSecret;
  /** Name of the application's database. */
  readonly database: string;
  /** The application's database user. */
  readonly role: string;
  /** Where reads go, where the secret names a second address. */
  readonly readHost?: string;
}

/** The instance that an environment runs on now, and the secret that says so. */
export interface CurrentInstance extends SecretSays {
  readonly instance: DatabaseInstance;
  /** False where RDS itself says that no server runs: nobody is connected, and nobody can be. */
  readonly runs: boolean;
  readonly identity: InstanceIdentity;
}

/** The secret points to an instance that no longer is. */
export interface CurrentGone extends SecretSays {
  readonly instance: null;
  readonly runs: false;
  /** What is left of it: its name, its resource id, and the address that the secret still has. */
  readonly identity: InstanceIdentity;
  readonly gone: GoneInstance;
}

/** By what the current instance is found. */
export interface Reach {
  readonly rds: Pick<Rds, 'findInstance' | 'findInstanceByEndpoint' | 'listSnapshots' | 'listAutomatedBackups'>;
  readonly secrets: Pick<Secrets, 'current'>;
  readonly records: Records;
  readonly behindAlias: BehindAlias;
}

/** By what an environment is reached, in whichever region it is. */
export interface EnvironmentReach {
  environment(name: string): Environment;
  rds(region: string): Rds;
  secrets(region: string): Secrets;
  /** What was written down beside backups: the settings of instances that are gone. */
  readonly records: Records;
  /** Where a name leads, for hints. */
  readonly behindAlias: BehindAlias;
}

/** The same for what is in one region. */
export const reachIn = <Clients extends Omit<EnvironmentReach, 'environment'>>(clients: Clients, region: string) => ({
  ...clients,
  rds: clients.rds(region),
  secrets: clients.secrets(region),
});

/** PostgreSQL's own port: what a secret without one means. */
const defaultPort = 5432;

/**
 * Follows the secret to the instance. Whatever the config says of instances is history: after a cut-over the secret
 * points to another one. An address that is no instance's own (a proxy, a CNAME) is refused: what can't be traced can't
 * be replaced safely.
 * @throws PitcrewError `restore.source-gone`, and as `currentOrGone`
 */
export async function currentInstance(reach: Reach, environment: Environment): Promise<CurrentInstance> {
  const current = await currentOrGone(reach, environment);
  if (current.instance) return current;
  const { host, port, id } = current.identity;
  throw userError('restore.source-gone', { host, port, instance: id });
}

/**
 * As `currentInstance`, for what can be done without it.
 * @throws PitcrewError `restore.secret-incomplete`, `restore.host-…`, `restore.unsupported-engine`,
 *   `restore.source-going`, `restore.source-forgotten`, `secret.*`, `aws.*`
 */
export async function currentOrGone(reach: Reach, environment: Environment): Promise<CurrentInstance | CurrentGone> {
  const { id, keys } = environment.secret;
  const secret = await reach.secrets.current(id);
  const read = (option: 'host' | 'user') => filled(secret.document, { secret: id, key: keys[option], option });
  const host = read('host');
  const port = Number(present(secret.document, keys.port) ?? defaultPort);
  const readHost = keys.readHost === undefined ? undefined : present(secret.document, keys.readHost);
  const says: SecretSays = {
    secret,
    database: String(present(secret.document, keys.database) ?? environment.database.name),
    role: read('user'),
    ...(readHost === undefined ? {} : { readHost: String(readHost) }),
  };
  const instance = await reach.rds.findInstanceByEndpoint(host, port);
  if (instance) {
    refuseOtherEngines(instance);
    // Half of a restore could still lean on it, and the other half not: once it is gone there is a plan for that.
    if (instance.status === 'deleting') throw retryable('restore.source-going', { instance: instance.id });
    return {
      ...says,
      instance,
      runs: !withoutServer(instance.status),
      identity: { id: instance.id, arn: instance.arn, resourceId: instance.resourceId, host, port },
    };
  }
  await refuseUntraceable(reach, { host, port, region: environment.region });
  const gone = await goneInstance(reach, { host, port, configured: environment.database.instance });
  const arn = instanceArn(secret.arn, gone.id);
  return {
    ...says,
    instance: null,
    runs: false,
    gone,
    identity: { id: gone.id, arn, resourceId: gone.resourceId, host, port },
  };
}

/**
 * Statuses in which no PostgreSQL runs (RDS User Guide, "Viewing Amazon RDS DB instance status"). A full disk is none of
 * them: there one may still be connected.
 */
const withoutServer = (status: string) =>
  status.startsWith('incompatible-') ||
  status.startsWith('inaccessible-encryption-credentials') ||
  ['failed', 'insufficient-capacity', 'restore-error', 'stopped'].includes(status);

/** What the address says of itself, where it isn't an instance's. */
async function refuseUntraceable(
  { rds, behindAlias }: Reach,
  { host, port, region }: { readonly host: string; readonly port: number; readonly region: string },
): Promise<void> {
  const named = hostOf(host);
  switch (named.kind) {
    case 'cluster':
      throw userError('restore.unsupported-engine', { engine: 'cluster', instance: host });
    case 'proxy':
      throw userError('restore.host-is-proxy', { host, proxy: named.name });
    case 'instance': {
      if (named.region !== region)
        throw userError('restore.host-elsewhere', { host, region: named.region, expected: region });
      const found = await rds.findInstance(named.id);
      const address = found?.endpoint;
      if (!found) return;
      throw userError('restore.host-differs', {
        host: `${host}:${port}`,
        instance: found.id,
        address: address ? `${address.host}:${address.port}` : found.status,
      });
    }
    case 'other': {
      const target = await behindAlias(host);
      if (target === undefined) return;
      const behind = hostOf(target);
      throw userError('restore.host-is-alias', {
        host,
        target,
        instance: behind.kind === 'instance' ? behind.id : target,
      });
    }
    default: {
      const never: never = named;
      return never;
    }
  }
}

/** Only RDS for PostgreSQL, one instance by itself: everything else restores by other calls. */
function refuseOtherEngines({ id, engine, clusterId }: DatabaseInstance): void {
  if (engine === 'postgres' && !clusterId) return;
  throw userError('restore.unsupported-engine', {
    engine: clusterId && engine === 'postgres' ? 'cluster' : engine,
    instance: id,
  });
}

function present(document: SecretDocument, key: string): string | number | undefined {
  const value = Object.hasOwn(document, key) ? document[key] : undefined;
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? value : undefined;
}

/** @throws PitcrewError `restore.secret-incomplete` with the keys that are there: their names, never what they hold */
function filled(
  document: SecretDocument,
  { secret, key, option }: Readonly<Record<'secret' | 'key' | 'option', string>>,
) {
  const value = present(document, key);
  if (value !== undefined) return String(value);
  const known = Object.keys(document).sort().slice(0, 20);
  throw userError('restore.secret-incomplete', { secret, key, option: `secret.keys.${option}`, known });
}

/** Account and region out of an ARN: `arn:aws:rds:<region>:<account>:db:<id>`. */
export function accountAndRegion(arn: string): { readonly account: string; readonly region: string } {
  const [, , , region = '', account = ''] = arn.split(':');
  return { account, region };
}

/** The ARN that an instance of this account and region has, told by another resource of both. */
export function instanceArn(sibling: string, id: string): string {
  const [, partition = 'aws', , region = '', account = ''] = sibling.split(':');
  return `arn:${partition}:rds:${region}:${account}:db:${id}`;
}
