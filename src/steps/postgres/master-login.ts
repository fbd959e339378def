import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, DatabaseAddress } from '../../clients/postgres.ts';
import type { DatabaseInstance, Rds } from '../../clients/rds.ts';
import { PitcrewError, permanent, retryable } from '../../domain/errors.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import { type DatabaseAccess, openAs } from '../../verification/access.ts';

/** Where the master user's login comes from, and the instance whose master it is. */
export interface MasterGiven {
  readonly access: DatabaseAccess;
  readonly rds: Pick<Rds, 'findInstance' | 'modifyInstance'>;
  readonly address: DatabaseAddress;
  readonly region: string;
  readonly instance: string;
  /** The tag that names the operation which made the instance. */
  readonly operationTag: string;
  readonly operation: string;
  /** `database.masterRole` of the config, if it names one. */
  readonly configured: RoleSecret | null;
  readonly signal: AbortSignal;
  /** How long RDS may take to set a password before the step is tried again; seconds. */
  readonly resetSeconds?: number;
}

export interface MasterSession {
  readonly database: Database;
  /** Its own password was of the snapshot's time, and RDS set it to what its secret says. */
  readonly reset: boolean;
}

const statementTimeoutSeconds = 15;
const resetSecondsByDefault = 90;
const lookAgainSeconds = 2;

/**
 * A session of the master user on the restored instance. RDS's own managed secret is kept in step with the password by RDS
 * itself; a password out of the config's secret may be younger than the snapshot, and then RDS is told to set it.
 * @returns undefined where neither is there
 * @throws PitcrewError `restore.master-refused`; `restore.master-resetting` while RDS still sets it
 */
export async function masterSession(given: MasterGiven): Promise<MasterSession | undefined> {
  const { configured, region, rds } = given;
  const instance = await rds.findInstance(given.instance);
  if (!instance) throw retryable('restore.instance-gone', { instance: given.instance });
  const { secretArn } = instance.master;
  const keys = { user: 'username', password: 'password' };
  const managed: RoleSecret | undefined = secretArn ? { region, secret: secretArn, keys } : undefined;
  const role = managed ?? configured;
  if (!role) return undefined;
  const database = await open(given, role);
  if (database) return { database, reset: false };
  // RDS refuses a password of ours where it manages one, and has its own way to bring it in step.
  if (managed) throw retryable('restore.master-resetting', { instance: given.instance, user: instance.master.user });
  return { database: await reset(given, instance, role), reset: true };
}

async function reset(given: MasterGiven, instance: DatabaseInstance, role: RoleSecret): Promise<Database> {
  const { access, rds, operation, operationTag, signal, resetSeconds = resetSecondsByDefault } = given;
  const { user, password } = await access.credentials(role);
  const refusal = { instance: instance.id, user, secret: role.secret };
  if (user !== instance.master.user)
    throw permanent('restore.master-refused', { ...refusal, master: instance.master.user });
  const owner = instance.tags[operationTag];
  if (owner !== operation) throw permanent('restore.name-taken', { instance: instance.id, owner: owner ?? null });
  signal.throwIfAborted();
  // Anything but `available`: RDS is at it already, and would refuse.
  if (instance.status === 'available')
    await rds.modifyInstance({ DBInstanceIdentifier: instance.id, MasterUserPassword: password.reveal() });
  for (const end = performance.now() + resetSeconds * 1000; performance.now() < end; ) {
    await sleep(lookAgainSeconds * 1000, undefined, { signal });
    const database = await open(given, role);
    if (database) return database;
  }
  throw retryable('restore.master-resetting', { instance: instance.id, user });
}

/** @returns undefined when the login is refused */
async function open({ access, address }: MasterGiven, role: RoleSecret): Promise<Database | undefined> {
  return openAs(access, address, role, statementTimeoutSeconds).catch(unlessRefused);
}

export function unlessRefused(error: unknown): undefined {
  if (error instanceof PitcrewError && error.code === 'database.login-refused') return undefined;
  throw error;
}
