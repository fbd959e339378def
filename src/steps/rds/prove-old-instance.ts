import { permanent } from '../../domain/errors.ts';
import type { RollbackOutputs } from '../../domain/rollback.ts';
import { type Done, done, number, type Step, type StepContext, text, type Wait, wait } from '../../domain/step.ts';
import { isTerminal } from './await-instance.ts';
import { lookingStep } from './looking-step.ts';
import type { RdsIn } from './rds-in.ts';

/**
 * Input: `region`, `instance`, `resourceId`, `pollSeconds` and `readHost` where there is one. The instance that is gone
 * back to answers, and is still the one that the application was on: a name can be given to another instance, a
 * resource id can't (RDS User Guide, "Renaming a DB instance").
 */
export function proveOldInstance({ rds }: { rds: RdsIn<'findInstance'> }): Step {
  return lookingStep('prove-old', (context) => look(rds, context));
}

/** @throws PitcrewError `rollback.old-gone`, `rollback.old-is-another`, `rollback.old-not-available` */
async function look(rds: RdsIn<'findInstance'>, { input }: StepContext): Promise<Done | Wait> {
  const id = text(input, 'instance');
  const expected = text(input, 'resourceId');
  const found = await rds(text(input, 'region')).findInstance(id);
  if (!found) throw permanent('rollback.old-gone', { instance: id });
  const { arn, resourceId, endpoint, status } = found;
  if (resourceId !== expected)
    throw permanent('rollback.old-is-another', { instance: id, expected, found: resourceId });
  if (isTerminal(status) || status === 'deleting' || status === 'stopped')
    throw permanent('rollback.old-not-available', { instance: id, status });
  if (status !== 'available' || !endpoint)
    return wait(number(input, 'pollSeconds'), 'wait.rds-status', { instance: id, status });
  const readHost = input.readHost === undefined ? {} : { readHost: text(input, 'readHost') };
  return done({ id, arn, resourceId, ...endpoint, ...readHost } satisfies RollbackOutputs['prove-old']);
}
