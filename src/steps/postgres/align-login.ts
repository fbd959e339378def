import { z } from 'zod';
import type { Database, DatabaseAddress, DatabaseLogin } from '../../clients/postgres.ts';
import { PitcrewError, permanent } from '../../domain/errors.ts';
import type { InstanceIdentity, RestoreOutputs } from '../../domain/restore.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import { done, keptAsEvidence, type Step, type StepContext } from '../../domain/step.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import type { RdsIn } from '../rds/rds-in.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';
import { masterSession, unlessRefused } from './master-login.ts';
import { createRole, grantsOf, type OwnRole, roleExists, serverVersion, setPassword } from './own-roles.ts';
import { isPlainPassword, scramVerifier } from './scram-verifier.ts';

export const alignLoginInput = z.object({
  region: z.string().min(1),
  instance: z.string().min(1),
  operationTag: z.string().min(1),
  database: z.string().min(1),
  application: roleSecretInput,
  verifyRole: roleSecretInput,
  fenceRole: roleSecretInput,
  masterRole: roleSecretInput.nullable(),
});
export type AlignLoginInput = z.infer<typeof alignLoginInput>;

export interface AlignLoginGiven {
  readonly access: DatabaseAccess;
  readonly rds: RdsIn<'findInstance' | 'modifyInstance'>;
  /** Seconds that RDS is given to set the master's password before the step is tried again. */
  readonly resetSeconds?: number;
}

/**
 * A restored instance has the passwords of the time of its snapshot, and only the roles that there were then (RDS User
 * Guide, "Restoring to a DB instance"). Tries the logins of the application and of pitcrew's own roles as their secrets
 * have them now, and brings in step what is refused, by way of the master user. What else may be wrong with the database
 * is the verification's to find.
 */
export function alignLogin(given: AlignLoginGiven): Step {
  return {
    id: 'align-login',
    fence: 'idempotent-sql',
    undo: keptAsEvidence,
    async run(context) {
      const input = inputOf(alignLoginInput, context.input);
      const { host, port } = context.output('await-instance') as InstanceIdentity;
      const work: Work = { ...given, input, address: { host, port, database: input.database } };
      const refused = await refusedLogins(work);
      const output = refused.length === 0 ? nothing : await bringInStep(work, refused, context);
      return done(output satisfies RestoreOutputs['align-login']);
    },
  };
}

type Use = 'application' | OwnRole;
interface Work extends AlignLoginGiven {
  readonly input: AlignLoginInput;
  readonly address: DatabaseAddress;
}
interface Refused extends DatabaseLogin {
  readonly use: Use;
  readonly role: RoleSecret;
}

const nothing: RestoreOutputs['align-login'] = { repaired: [], created: [], left: [], masterReset: false };
const connectSeconds = 15;

async function refusedLogins({ access, input, address }: Work): Promise<readonly Refused[]> {
  const refused: Refused[] = [];
  for (const use of ['application', 'verifyRole', 'fenceRole'] as const) {
    const login = await access.credentials(input[use]);
    if (!(await takes(access, address, login))) refused.push({ ...login, use, role: input[use] });
  }
  return refused;
}

/** Faults other than a refused login are no matter of passwords: those that pass are tried again, the rest is verified later. */
async function takes({ connect }: DatabaseAccess, address: DatabaseAddress, login: DatabaseLogin): Promise<boolean> {
  try {
    const database = await connect(address, login, { statementTimeoutSeconds: connectSeconds }).catch(unlessRefused);
    await database?.close();
    return database !== undefined;
  } catch (error) {
    if (error instanceof PitcrewError && error.kind !== 'retryable' && error.kind !== 'bug') return true;
    throw error;
  }
}

async function bringInStep(
  work: Work,
  refused: readonly Refused[],
  { operation, signal }: StepContext,
): Promise<RestoreOutputs['align-login']> {
  const { access, address, input, rds, resetSeconds } = work;
  const { region, instance, operationTag, masterRole: configured } = input;
  const master = await masterSession({
    access,
    rds: rds(region),
    address,
    region,
    instance,
    operationTag,
    operation,
    configured,
    signal,
    ...(resetSeconds === undefined ? {} : { resetSeconds }),
  });
  if (!master) return withoutMaster(work, refused);
  try {
    const created: string[] = [];
    for (const login of refused) {
      signal.throwIfAborted();
      if (await repair(work, master.database, login)) created.push(login.user);
    }
    const repaired = refused.map(({ user }) => user).filter((user) => !created.includes(user));
    return { repaired, created, left: [], masterReset: master.reset };
  } finally {
    await master.database.close();
  }
}

/** Nobody needs the role that bars until after the cut-over, and then on the old instance: it stops no restore. */
function withoutMaster(work: Work, refused: readonly Refused[]): RestoreOutputs['align-login'] {
  const needed = refused.find(({ use }) => use !== 'fenceRole');
  if (needed) throw refusal(work, needed, 'no-master');
  return { ...nothing, left: refused.map(({ user }) => user) };
}

/** @returns true when the role had to be made */
async function repair(work: Work, master: Database, login: Refused): Promise<boolean> {
  const { user, password, use } = login;
  if (!isPlainPassword(password)) throw refusal(work, login, 'not-ascii');
  const verifier = await scramVerifier(password);
  const exists = await roleExists(master, user);
  // What an application's role may do only the application's owner knows: pitcrew makes none.
  if (!exists && use === 'application') throw refusal(work, login, 'missing');
  try {
    if (exists || use === 'application') await setPassword(master, user, verifier);
    else
      await createRole(
        master,
        user,
        verifier,
        grantsOf(use, user, await applicationOf(work), await serverVersion(master)),
      );
  } catch (error) {
    if (error instanceof PitcrewError && error.code === 'database.denied')
      throw refusal(work, login, 'not-permitted', error);
    throw error;
  }
  if (!(await takes(work.access, work.address, login))) throw refusal(work, login, 'still-refused');
  return !exists;
}

const applicationOf = async ({ access, input }: Work) => (await access.credentials(input.application)).user;

type Because = 'no-master' | 'missing' | 'not-permitted' | 'still-refused' | 'not-ascii';
const refusal = ({ input, address }: Work, { user, role }: Refused, because: Because, cause?: unknown) =>
  permanent(
    'restore.login-refused',
    { user, secret: role.secret, instance: input.instance, host: address.host, because },
    cause,
  );
