import { z } from 'zod';
import type { CleanupOutputs } from '../../domain/cleanup.ts';
import { PitcrewError, permanent } from '../../domain/errors.ts';
import { type Done, done, type Step, type StepContext, type Wait, wait } from '../../domain/step.ts';
import { instant, secondsBetween } from '../../domain/time.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { connectedTo } from '../postgres/connected.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';
import { givesNoSnapshot, leftInstance } from './left-instance.ts';
import { lookingStep } from './looking-step.ts';
import type { RdsIn } from './rds-in.ts';

export const proveUnusedInput = z.object({
  region: z.string().min(1),
  instance: z.string().min(1),
  resourceId: z.string().min(1),
  pollSeconds: z.number().positive(),
  /** Of the application: where pitcrew's role may log in. */
  database: z.string().min(1),
  verifyRole: roleSecretInput,
  fenceRole: roleSecretInput,
  /** It never served: that nobody can log in to look is no reason to keep it. */
  mayBeUnseen: z.boolean(),
});
export type ProveUnusedInput = z.infer<typeof proveUnusedInput>;

interface Looks {
  readonly rds: RdsIn<'findInstance' | 'proxiesOf'>;
  readonly access: DatabaseAccess;
}

/** Nobody is on the instance and nothing hangs on it: looked at twice, a poll apart, for a client may be between two sessions. */
export function proveUnused(looks: Looks): Step {
  return lookingStep('prove-unused', (context) => look(looks, context));
}

/** @throws PitcrewError `cleanup.*` with who or what needs it */
async function look({ rds, access }: Looks, { input: given, since }: StepContext): Promise<Done | Wait> {
  const input = inputOf(proveUnusedInput, given);
  const { instance: id, pollSeconds } = input;
  const here = rds(input.region);
  const found = await leftInstance(here, input);
  if (!found) throw permanent('cleanup.gone', { instance: id });
  const { status, endpoint, attached } = found;
  if (givesNoSnapshot(status)) throw permanent('cleanup.no-snapshot', { instance: id, status });
  if (status !== 'available' || !endpoint) return wait(pollSeconds, 'wait.rds-status', { instance: id, status });
  if (attached.readReplicas.length > 0)
    throw permanent('cleanup.replicas', { instance: id, replicas: [...attached.readReplicas] });
  const proxies = await here.proxiesOf(id);
  if (proxies.length > 0) throw permanent('cleanup.proxies', { instance: id, proxies: [...proxies] });
  const seen = await lookWhoIsOn(access, { ...endpoint, database: input.database }, input);
  if (secondsBetween(since, instant(new Date())) < pollSeconds)
    return wait(pollSeconds, 'wait.unused', { instance: id });
  return done({ seen } satisfies CleanupOutputs['prove-unused']);
}

/** An error goes into the ledger, whose events are bounded. */
const mostNamed = 5;

/**
 * @returns false where nobody may log in to look, and the instance never served
 * @throws PitcrewError `cleanup.in-use` with who is on it; `database.*` where that can't be seen and has to be
 */
export async function lookWhoIsOn(
  access: DatabaseAccess,
  address: Parameters<typeof connectedTo>[1],
  { instance, mayBeUnseen, ...roles }: Pick<ProveUnusedInput, 'instance' | 'mayBeUnseen' | 'verifyRole' | 'fenceRole'>,
): Promise<boolean> {
  try {
    const who = await connectedTo(access, address, roles);
    if (who.length === 0) return true;
    throw permanent('cleanup.in-use', { instance, sessions: who.length, who: who.slice(0, mostNamed) });
  } catch (error) {
    if (mayBeUnseen && error instanceof PitcrewError && closedToUs.has(error.code)) return false;
    throw error;
  }
}

/** A restored instance has the roles and the passwords of its backup's time until they are brought in step. */
const closedToUs: ReadonlySet<string> = new Set([
  'database.login-refused',
  'database.unknown',
  'database.sessions-hidden',
]);
