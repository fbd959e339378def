import type { DatabaseSnapshot } from '../../clients/rds.ts';
import { permanent, retryable } from '../../domain/errors.ts';
import type { SnapshotOutputs } from '../../domain/snapshot.ts';
import { done, keptAsEvidence, object, type Step, type StepContext, text } from '../../domain/step.ts';
import type { RdsIn } from './rds-in.ts';

/** Input: `region`, `snapshot` (the new id), `instance`, `tags` and `operationTag`, the key among them that says whose it is. */
export function createSnapshot({ rds }: { rds: RdsIn<'findSnapshot' | 'createSnapshot'> }): Step {
  return {
    id: 'create-snapshot',
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    async run(context) {
      const { input } = context;
      const id = text(input, 'snapshot');
      const here = rds(text(input, 'region'));
      const before = await here.findSnapshot(id);
      if (before) return done(adopted(before, context));
      const tags = object(input, 'tags') as Readonly<Record<string, string>>;
      context.signal.throwIfAborted();
      const made = await here.createSnapshot({ id, instanceId: text(input, 'instance'), tags });
      if (made !== 'exists') return done({ snapshotId: made.id, adopted: false } satisfies Output);
      const now = await here.findSnapshot(id);
      if (!now) throw retryable('snapshot.gone', { snapshot: id });
      return done(adopted(now, context));
    },
  };
}

type Output = SnapshotOutputs['create-snapshot'];

/** @throws PitcrewError `snapshot.name-taken` when the snapshot is not this operation's */
function adopted({ id, tags }: DatabaseSnapshot, { operation, input }: StepContext): Output {
  const owner = tags[text(input, 'operationTag')];
  if (owner !== operation) throw permanent('snapshot.name-taken', { snapshot: id, owner: owner ?? null });
  return { snapshotId: id, adopted: true };
}
