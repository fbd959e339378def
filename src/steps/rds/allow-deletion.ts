import type { CleanupOutputs } from '../../domain/cleanup.ts';
import { permanent, retryable } from '../../domain/errors.ts';
import { done, type Step, type StepContext, text, undoBy } from '../../domain/step.ts';
import { leftInstance } from './left-instance.ts';
import type { RdsIn } from './rds-in.ts';

type Needed = RdsIn<'findInstance' | 'modifyInstance'>;

/** Input: `region`, `instance`, `resourceId`, `isProtected` as people saw it. Turned on again when there is no deletion. */
export function allowDeletion({ rds }: { rds: Needed }): Step {
  return {
    id: 'allow-deletion',
    fence: 'resource-id',
    undo: undoBy(async (context) => {
      await protect(rds, context, context.input.isProtected === true);
      return done({});
    }),
    async run(context) {
      const wasOn = context.input.isProtected === true;
      if (wasOn) await protect(rds, context, false);
      return done({ wasOn } satisfies CleanupOutputs['allow-deletion']);
    },
  };
}

/** @throws PitcrewError `cleanup.gone`, `cleanup.is-another`, `aws.busy` while RDS changes something else */
async function protect(rds: Needed, { input, signal }: StepContext, on: boolean): Promise<void> {
  const instance = text(input, 'instance');
  const here = rds(text(input, 'region'));
  const found = await leftInstance(here, { instance, resourceId: text(input, 'resourceId') });
  if (!found) throw permanent('cleanup.gone', { instance });
  if ((found.settings.DeletionProtection ?? false) === on) return;
  signal.throwIfAborted();
  const now = await here.modifyInstance({ DBInstanceIdentifier: instance, DeletionProtection: on });
  if ((now.settings.DeletionProtection ?? false) !== on) throw retryable('cleanup.protection-pending', { instance });
}
