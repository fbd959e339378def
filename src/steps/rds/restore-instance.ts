import type { DatabaseInstance, RestoreRequest } from '../../clients/rds.ts';
import { PitcrewError, permanent, retryable } from '../../domain/errors.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, keptAsEvidence, object, type Step, type StepContext, text } from '../../domain/step.ts';
import type { RdsIn } from './rds-in.ts';

/**
 * Input: `region`, `request` (the whole restore request) and `operationTag`, the key of the tag that says whose an
 * instance is. RDS takes no client token for a restore, so the derived name and the tag are the identity of the call.
 */
export function restoreInstance({ rds }: { rds: RdsIn<'findInstance' | 'restoreFromSnapshot'> }): Step {
  return {
    id: 'restore-instance',
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    async run(context) {
      const request = object(context.input, 'request');
      const id = text(request, 'DBInstanceIdentifier');
      const here = rds(text(context.input, 'region'));
      const before = await here.findInstance(id);
      if (before) return done(adopted(before, context));
      context.signal.throwIfAborted();
      const made = await here.restoreFromSnapshot(request as unknown as RestoreRequest).catch((error: unknown) => {
        throw snapshotGone(error)
          ? permanent('restore.snapshot-gone', { snapshot: snapshotOf(request) }, error)
          : error;
      });
      if (made !== 'exists') return done({ instanceId: made.id, adopted: false } satisfies Output);
      // The first try of this call was taken and its answer lost, or somebody else has just taken the name.
      const now = await here.findInstance(id);
      if (!now) throw retryable('restore.instance-gone', { instance: id });
      return done(adopted(now, context));
    },
  };
}

type Output = RestoreOutputs['restore-instance'];

/** @throws PitcrewError `restore.name-taken` when the instance is not this operation's */
function adopted({ id, tags }: DatabaseInstance, { operation, input }: StepContext): Output {
  const owner = tags[text(input, 'operationTag')];
  if (owner !== operation) throw permanent('restore.name-taken', { instance: id, owner: owner ?? null });
  return { instanceId: id, adopted: true };
}

const snapshotGone = (error: unknown) =>
  error instanceof PitcrewError && error.code === 'aws.not-found' && error.params.code === 'DBSnapshotNotFound';

const snapshotOf = (request: Readonly<Record<string, unknown>>) => String(request.DBSnapshotIdentifier ?? '');
