import type { Rds } from '../../clients/rds.ts';
import { PitcrewError } from '../../domain/errors.ts';
import { type Done, done, number, object, type StepContext, text, type Wait, wait } from '../../domain/step.ts';
import { instant, secondsBetween } from '../../domain/time.ts';
import type { RdsIn } from './rds-in.ts';

type Needed = 'findInstance' | 'modifyInstance' | 'deleteInstance';

/** RDS refuses to delete while it makes the instance; and while it doesn't answer, what it makes is made all the same. */
const passing: ReadonlySet<string> = new Set(['aws.busy', 'aws.throttled', 'aws.unreachable']);

/**
 * Deletes the instance that was made while people decided, since nobody let the restore begin: without a snapshot and with
 * its automated backups, for nothing of it was ever used. Only what bears this operation's tag is its own.
 *
 * Done once RDS deletes it, and no call to make it that was sent before can still be taken: RDS takes none whose signature
 * is older than five minutes (Signature Version 4). Whoever looks may delete: that nobody uses it any more is decided.
 *
 * Input of `restore-instance`, with `takeBack`: `pollSeconds`, and for how long a call may come late, `landsWithinSeconds`.
 */
export async function deleteUnapproved(
  rds: RdsIn<Needed>,
  instance: string,
  context: StepContext,
): Promise<Done | Wait> {
  const { input, operation, since, signal } = context;
  const { pollSeconds, landsWithinSeconds } = takeBackOf(input);
  const here = rds(text(input, 'region'));
  try {
    const found = await here.findInstance(instance);
    const ours = found?.tags[text(input, 'operationTag')] === operation;
    if (found && !ours) return done({ instanceId: instance });
    if (found && found.status !== 'deleting') {
      signal.throwIfAborted();
      await remove(here, instance, found.settings.DeletionProtection === true);
      return wait(pollSeconds, 'wait.rds-status', { instance, status: 'deleting' });
    }
    const left = landsWithinSeconds - secondsBetween(since, instant(new Date()));
    if (left <= 0) return done({ instanceId: instance });
    return wait(Math.min(left, 10 * pollSeconds), 'wait.late-call', { instance });
  } catch (error) {
    if (!(error instanceof PitcrewError) || !passing.has(error.code)) throw error;
    return wait(pollSeconds, 'wait.deletable', { instance, error: error.code });
  }
}

async function remove(here: Pick<Rds, Needed>, instance: string, isProtected: boolean): Promise<void> {
  // It has its source's protection, which is to keep people from deleting what serves; this never served.
  if (isProtected) await here.modifyInstance({ DBInstanceIdentifier: instance, DeletionProtection: false });
  await here.deleteInstance(instance, { automatedBackups: 'deleted' });
}

function takeBackOf(input: StepContext['input']) {
  const takeBack = object(input, 'takeBack');
  return { pollSeconds: number(takeBack, 'pollSeconds'), landsWithinSeconds: number(takeBack, 'landsWithinSeconds') };
}
