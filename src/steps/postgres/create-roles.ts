import { z } from 'zod';
import type { Database, DatabaseLogin } from '../../clients/postgres.ts';
import { PitcrewError, permanent } from '../../domain/errors.ts';
import type { OwnInstanceOutputs } from '../../domain/own-instance.ts';
import type { InstanceIdentity } from '../../domain/restore.ts';
import { done, keptAsEvidence, type Step, type StepContext } from '../../domain/step.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import type { RdsIn } from '../rds/rds-in.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';
import { masterSession } from './master-login.ts';
import { createRole, createWithoutLogin, grantMembership, grantsOf, roleExists, serverVersion } from './own-roles.ts';
import { isPlainPassword, scramVerifier } from './scram-verifier.ts';

const name = z.string().min(1);

export const createRolesInput = z.object({
  region: name,
  instance: name,
  operationTag: name,
  application: roleSecretInput,
  verifyRole: roleSecretInput,
  fenceRole: roleSecretInput,
  masterRole: roleSecretInput.nullable(),
  /** Without a login, the groups before their members. */
  roles: z.array(z.object({ name, attributes: z.array(z.string()) })),
  memberships: z.array(z.object({ member: name, group: name })),
});
export type CreateRolesInput = z.infer<typeof createRolesInput>;

export interface CreateRolesGiven {
  readonly access: DatabaseAccess;
  readonly rds: RdsIn<'findInstance' | 'modifyInstance'>;
}

type Output = OwnInstanceOutputs['create-roles'];

/**
 * Makes the roles that a dump speaks of on the new instance, before anything is loaded: pg_dump carries none. Those whose
 * login stands in a secret get it; the others can't log in until somebody gives them a password. A role that is there
 * is left as it is: an attempt before this one made it, or it is the master user's.
 */
export function createRoles(given: CreateRolesGiven): Step {
  return {
    id: 'create-roles',
    fence: 'idempotent-sql',
    undo: keptAsEvidence,
    async run(context) {
      const input = inputOf(createRolesInput, context.input);
      const master = await masterOf(given, input, context);
      try {
        return done<Output>(await made(given, input, master, context.signal));
      } finally {
        await master.close();
      }
    },
  };
}

/** @throws PitcrewError `restore.master-needed`, and as `masterSession` */
async function masterOf(
  { access, rds }: CreateRolesGiven,
  { region, instance, operationTag, masterRole: configured }: CreateRolesInput,
  { operation, signal, output }: StepContext,
): Promise<Database> {
  const { host, port } = output('await-instance') as InstanceIdentity;
  const session = await masterSession({
    ...{ access, rds: rds(region), region, instance, operationTag, operation, configured, signal },
    address: { host, port, database: 'postgres' },
  });
  if (!session) throw permanent('restore.master-needed', { instance });
  return session.database;
}

async function made(
  { access }: CreateRolesGiven,
  input: CreateRolesInput,
  master: Database,
  signal: AbortSignal,
): Promise<Output> {
  for (const { name: role, attributes } of input.roles) {
    signal.throwIfAborted();
    if (!(await roleExists(master, role))) await createWithoutLogin(master, role, attributes);
  }
  const application = await access.credentials(input.application);
  const version = await serverVersion(master);
  const logins: DatabaseLogin[] = [];
  // The application's goes first: the role that bars is granted over it.
  for (const use of ['application', 'verifyRole', 'fenceRole'] as const) {
    const login = await access.credentials(input[use]);
    logins.push(login);
    signal.throwIfAborted();
    if (await roleExists(master, login.user)) continue;
    const grants = use === 'application' ? [] : grantsOf(use, login.user, application.user, version);
    await createRole(master, login.user, await verifierOf(login, input, use), grants);
  }
  return {
    logins: logins.map(({ user }) => user),
    without: input.roles.map((role) => role.name),
    left: await granted(master, input.memberships, signal),
  };
}

async function verifierOf(
  { user, password }: DatabaseLogin,
  input: CreateRolesInput,
  use: 'application' | 'verifyRole' | 'fenceRole',
): Promise<string> {
  if (isPlainPassword(password)) return scramVerifier(password);
  const { instance } = input;
  throw permanent('restore.login-refused', { user, secret: input[use].secret, instance, because: 'not-ascii' });
}

/** @returns memberships that the master user may not give, or of groups that are nowhere: told, for no dump fails to load without them */
async function granted(
  master: Database,
  memberships: CreateRolesInput['memberships'],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { member, group } of memberships) {
    signal.throwIfAborted();
    try {
      await grantMembership(master, group, member);
    } catch (error) {
      if (!(error instanceof PitcrewError) || !/^database\.(denied|query-failed)$/.test(error.code)) throw error;
      left.push(`${member} → ${group}`);
    }
  }
  return left;
}
