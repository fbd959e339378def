import { permanent, retryable } from '../../domain/errors.ts';
import type { SnapshotOutputs } from '../../domain/snapshot.ts';
import { type Done, done, number, type Step, type StepContext, text, type Wait, wait } from '../../domain/step.ts';
import { lookingStep } from './looking-step.ts';
import type { RdsIn } from './rds-in.ts';

/** Input: `region`, `snapshot`, `pollSeconds`. */
export function awaitSnapshot({ rds }: { rds: RdsIn<'findSnapshot'> }): Step {
  return lookingStep('await-snapshot', (context) => look(rds, context));
}

async function look(rds: RdsIn<'findSnapshot'>, { input }: StepContext): Promise<Done | Wait> {
  const id = text(input, 'snapshot');
  const found = await rds(text(input, 'region')).findSnapshot(id);
  if (!found) throw retryable('snapshot.gone', { snapshot: id });
  const { status, percent, arn, at, sizeGiB } = found;
  if (status === 'available' && at)
    return done({ snapshotId: id, arn, at, sizeGiB } satisfies SnapshotOutputs['await-snapshot']);
  if (status !== 'available' && status !== 'creating') throw permanent('snapshot.failed', { snapshot: id, status });
  return wait(number(input, 'pollSeconds'), 'wait.rds-snapshot', { snapshot: id, status, percent });
}
