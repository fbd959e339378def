import type { Connect, DatabaseLogin } from '../clients/postgres.ts';
import type { FindPrograms } from '../clients/postgres-programs.ts';
import type { S3 } from '../clients/s3.ts';
import type { DumpTask } from '../domain/dump.ts';
import { userError } from '../domain/errors.ts';
import type { Environment, RoleSecret } from '../domain/settings.ts';
import { type CurrentInstance, currentInstance, type EnvironmentReach, reachIn } from './current-instance.ts';

/** What the plan of a dump, and of an adoption, looks at. */
export interface DumpReach extends EnvironmentReach {
  s3(region: string): S3;
  readonly access: { readonly connect: Connect; credentials(role: RoleSecret): Promise<DatabaseLogin> };
  /** The worker runs in the image that the Job runs in, so what is here is there. */
  readonly findPrograms: FindPrograms;
}

/** Where dumps lie. @throws PitcrewError `dump.not-configured` */
export function dumpsOf({ name, dumps }: Environment): NonNullable<Environment['dumps']> {
  if (!dumps) throw userError('dump.not-configured', { environment: name });
  return dumps;
}

/** Where dumps lie, and what makes them: all that a Job must be told. */
export interface DumpSettings {
  readonly bucket: string;
  readonly prefix: string;
  readonly image: string;
  readonly serviceAccount: string | null;
}

/** Of what only a Job does. @throws PitcrewError `dump.not-configured`, `dump.runner-exec`, `dump.no-image` */
export function dumpSettings(environment: Environment): DumpSettings {
  const { name } = environment;
  const { bucket, prefix, runner, image, serviceAccount = null } = dumpsOf(environment);
  if (runner === 'exec') throw userError('dump.runner-exec', { environment: name });
  if (image === undefined) throw userError('dump.no-image', { environment: name });
  return { bucket, prefix, image, serviceAccount };
}

/** In whose pods pg_dump is, where no Job may run. @throws PitcrewError `dump.not-configured`, `dump.no-tools` */
export function toolsOf(environment: Environment) {
  const { tools } = dumpsOf(environment);
  if (!tools) throw userError('dump.no-tools', { environment: environment.name });
  return tools;
}

export interface Measured {
  readonly current: CurrentInstance;
  readonly major: number;
  /** `pg_database_size`: what the files take, indexes among it. */
  readonly databaseBytes: number;
}

const sizeSeconds = 30;

/**
 * The database as it is now, and whether there is a client for it.
 * @throws PitcrewError `dump.client-missing`, `database.*`, and as `currentInstance`
 */
export async function measuredDatabase(reach: DumpReach, environment: Environment): Promise<Measured> {
  const { region, database: settings } = environment;
  const here = reachIn(reach, region);
  const current = await currentInstance(here, environment);
  const { host, port } = current.identity;
  const address = { host, port, database: current.database };
  const login = await reach.access.credentials(settings.verifyRole);
  const session = await reach.access.connect(address, login, { statementTimeoutSeconds: sizeSeconds });
  const size = session.query<{ major: number; bytes: number }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS major,
       pg_database_size(current_database())::float8 AS bytes`,
  );
  const { rows } = await size.finally(() => session.close());
  const { major = 0, bytes: databaseBytes = 0 } = rows[0] ?? {};
  if (!(await reach.findPrograms(major))) throw userError('dump.client-missing', { major });
  return { current, major, databaseBytes };
}

/** What the Job is told, but for the operation that it belongs to. */
export function taskOf(
  kind: DumpTask['kind'],
  environment: Environment,
  at: { readonly bucket: string; readonly key: string },
  { current: { identity, database }, major, databaseBytes }: Measured,
): Omit<DumpTask, 'operation'> {
  const { host, port, resourceId } = identity;
  return {
    ...{ kind, environment: environment.name, region: environment.region, ...at, host, port, database, resourceId },
    major,
    critical: [...environment.checks.critical],
    databaseBytes: kind === 'dump' ? databaseBytes : 0,
  };
}
