import type { DatabaseInstance, Rds } from '../clients/rds.ts';
import type { CurrentSecret, SecretDocument, Secrets } from '../clients/secrets.ts';
import { userError } from '../domain/errors.ts';
import type { InstanceIdentity } from '../domain/restore.ts';
import type { Environment } from '../domain/settings.ts';

/** The instance that an environment runs on now, and the secret that says so. */
export interface CurrentInstance {
  readonly instance: DatabaseInstance;
  readonly identity: InstanceIdentity;
  readonly secret: CurrentSecret;
  /** Name of the application's database. */
  readonly database: string;
  /** The application's database user. */
  readonly role: string;
}

/** PostgreSQL's own port: what a secret without one means. */
const defaultPort = 5432;

/**
 * Follows the secret to the instance. Whatever the config says of instances is history: after a cut-over the secret
 * points to another one. An address that is no instance's own (a proxy, a CNAME) is refused: what can't be traced can't
 * be replaced safely.
 * @throws PitcrewError `restore.secret-incomplete`, `restore.host-not-instance`, `restore.source-gone`,
 *   `restore.unsupported-engine`, `secret.*`, `aws.*`
 */
export async function currentInstance(
  {
    rds,
    secrets,
  }: { readonly rds: Pick<Rds, 'findInstance' | 'findInstanceByEndpoint'>; readonly secrets: Pick<Secrets, 'current'> },
  { secret: { id, keys }, database }: Environment,
): Promise<CurrentInstance> {
  const secret = await secrets.current(id);
  const read = (key: string) => filled(secret.document, key, id);
  const host = read(keys.host);
  const port = Number(present(secret.document, keys.port) ?? defaultPort);
  const instance = await rds.findInstanceByEndpoint(host, port);
  if (!instance) throw await notFound(rds, { host, port, configured: database.instance });
  refuseOtherEngines(instance);
  return {
    instance,
    identity: { id: instance.id, arn: instance.arn, resourceId: instance.resourceId, host, port },
    secret,
    database: String(present(secret.document, keys.database) ?? database.name),
    role: read(keys.user),
  };
}

async function notFound(
  rds: Pick<Rds, 'findInstance'>,
  { host, port, configured }: { host: string; port: number; configured: string },
) {
  // The endpoints of Aurora and of Multi-AZ clusters say what they are.
  if (/\.(cluster(-ro|-custom)?)-[a-z0-9]+\./i.test(host))
    return userError('restore.unsupported-engine', { engine: 'cluster', instance: host });
  const stillThere = await rds.findInstance(configured);
  return stillThere
    ? userError('restore.host-not-instance', { host, port, instance: configured })
    : userError('restore.source-gone', { host, port, instance: configured });
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

function filled(document: SecretDocument, key: string, secret: string): string {
  const value = present(document, key);
  if (value === undefined) throw userError('restore.secret-incomplete', { secret, key });
  return String(value);
}

/** Account and region out of an ARN: `arn:aws:rds:<region>:<account>:db:<id>`. */
export function accountAndRegion(arn: string): { readonly account: string; readonly region: string } {
  const [, , , region = '', account = ''] = arn.split(':');
  return { account, region };
}
