import type { Database, DatabaseAddress } from '../../clients/postgres.ts';
import type { DatabaseInstance, Rds } from '../../clients/rds.ts';
import { permanent, retryable } from '../../domain/errors.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import { type DatabaseAccess, withDatabase } from '../../verification/access.ts';

export interface MasterOf {
  /** The instance whose master user is meant. */
  readonly instance: string;
  /** `database.masterRole` of the config, if it names one. */
  readonly masterRole: RoleSecret | null;
}

/**
 * The master user's login: RDS's own managed secret where RDS manages the password, else the one that the config names.
 * @throws PitcrewError `load.no-master` where neither is there; `restore.instance-gone`
 */
export async function masterRoleOf(
  rds: Pick<Rds, 'findInstance'>,
  region: string,
  { instance, masterRole }: MasterOf,
): Promise<RoleSecret> {
  const found = await rds.findInstance(instance);
  if (!found) throw retryable('restore.instance-gone', { instance });
  const login = masterLoginOf(found, region, masterRole);
  if (!login) throw permanent('load.no-master', { instance });
  return login;
}

/** As `masterRoleOf`, of an instance as RDS has just described it; null where there is none. */
export function masterLoginOf(
  { master: { secretArn } }: Pick<DatabaseInstance, 'master'>,
  region: string,
  configured: RoleSecret | null,
): RoleSecret | null {
  if (!secretArn) return configured;
  return { region, secret: secretArn, keys: { user: 'username', password: 'password' } };
}

/** Where commands about databases are given: the one that every server has, and that nobody renames. */
export const serverDatabase = 'postgres';

/** Works as the master user, connected to a database of which the work is not about. */
export function asMaster<T>(
  access: DatabaseAccess,
  { host, port }: Pick<DatabaseAddress, 'host' | 'port'>,
  role: RoleSecret,
  statementTimeoutSeconds: number,
  work: (server: Database) => Promise<T>,
): Promise<T> {
  return withDatabase(access, { host, port, database: serverDatabase }, role, statementTimeoutSeconds, work);
}
