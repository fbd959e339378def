import type { CleanupOutputs } from '../../domain/cleanup.ts';
import { retryable } from '../../domain/errors.ts';
import { type Done, done, number, type Step, type StepContext, text, type Wait, wait } from '../../domain/step.ts';
import { lookingStep } from './looking-step.ts';
import type { RdsIn } from './rds-in.ts';

/** Input: `region`, `instance`, `resourceId`, `pollSeconds`. Whoever takes the name next is another instance. */
export function awaitDeleted({ rds }: { rds: RdsIn<'findInstance'> }): Step {
  return lookingStep('await-deleted', (context) => look(rds, context));
}

/** @throws PitcrewError `cleanup.not-deleted` when RDS stopped deleting it */
async function look(rds: RdsIn<'findInstance'>, { input }: StepContext): Promise<Done | Wait> {
  const id = text(input, 'instance');
  const found = await rds(text(input, 'region')).findInstance(id);
  if (!found || found.resourceId !== text(input, 'resourceId'))
    return done({ instanceId: id } satisfies CleanupOutputs['await-deleted']);
  const { status } = found;
  if (status === 'deleting') return wait(number(input, 'pollSeconds'), 'wait.rds-status', { instance: id, status });
  // RDS may take a moment to say that it began: tried again before a person is asked.
  throw retryable('cleanup.not-deleted', { instance: id, status });
}
