import { permanent, retryable } from '../../domain/errors.ts';
import type { SnapshotOutputs } from '../../domain/snapshot.ts';
import { done, nothingToUndo, type Step, text } from '../../domain/step.ts';
import type { RdsIn } from './rds-in.ts';

/**
 * The runbook's "Verify snapshot": that it is there, restorable, of the right instance, and encrypted as its source is.
 * Input: `region`, `snapshot`, `resourceId`, `encrypted`.
 */
export function checkSnapshot({ rds }: { rds: RdsIn<'findSnapshot'> }): Step {
  return {
    id: 'check-snapshot',
    fence: 'read-only',
    undo: nothingToUndo,
    async run({ input }) {
      const id = text(input, 'snapshot');
      const found = await rds(text(input, 'region')).findSnapshot(id);
      if (!found) throw retryable('snapshot.gone', { snapshot: id });
      const { status, encrypted, engineVersion, resourceId } = found;
      if (status !== 'available') throw permanent('snapshot.failed', { snapshot: id, status });
      if (resourceId !== text(input, 'resourceId')) throw permanent('snapshot.of-other-instance', { snapshot: id });
      if (encrypted !== (input.encrypted === true)) throw permanent('snapshot.encryption-differs', { snapshot: id });
      return done({ encrypted, engineVersion } satisfies SnapshotOutputs['check-snapshot']);
    },
  };
}
