import { permanent, retryable } from '../../domain/errors.ts';
import type { InstanceIdentity } from '../../domain/restore.ts';
import { type Done, done, number, type Step, type StepContext, text, type Wait, wait } from '../../domain/step.ts';
import { lookingStep } from './looking-step.ts';
import type { RdsIn } from './rds-in.ts';

/** Ends from which RDS does not come back by itself (RDS User Guide, "Viewing Amazon RDS DB instance status"). */
export function isTerminal(status: string): boolean {
  return (
    status.startsWith('incompatible-') ||
    ['failed', 'inaccessible-encryption-credentials', 'restore-error', 'storage-full'].includes(status)
  );
}

/**
 * Input: `region`, `instance`, `pollSeconds`. Waits as long as RDS works: the first backup of a restored instance alone
 * may take hours, so it gives up after a day only; a person can cancel.
 */
export function awaitInstance({ rds }: { rds: RdsIn<'findInstance'> }): Step {
  return lookingStep('await-instance', (context) => look(rds, context));
}

async function look(rds: RdsIn<'findInstance'>, { input }: StepContext): Promise<Done | Wait> {
  const id = text(input, 'instance');
  const found = await rds(text(input, 'region')).findInstance(id);
  if (!found) throw retryable('restore.instance-gone', { instance: id });
  if (isTerminal(found.status)) throw permanent('restore.instance-failed', { instance: id, status: found.status });
  if (found.status !== 'available' || !found.endpoint)
    return wait(number(input, 'pollSeconds'), 'wait.rds-status', { instance: id, status: found.status });
  const { arn, resourceId, endpoint } = found;
  return done({ id, arn, resourceId, ...endpoint } satisfies InstanceIdentity);
}
