import { z } from 'zod';
import type { DatabaseInstance } from '../../clients/rds.ts';
import { PitcrewError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, keptAsEvidence, type Step, type StepContext } from '../../domain/step.ts';
import { inputOf } from '../step-input.ts';
import type { RdsIn } from './rds-in.ts';

export const rescueSnapshotInput = z.object({
  region: z.string().min(1),
  /** The new snapshot's id; derived, so that a second run finds what the first one made. */
  snapshot: z.string().min(1),
  /** The instance that the restore replaces. */
  instance: z.string().min(1),
  tags: z.record(z.string(), z.string()),
  /** The key among them that says whose the snapshot is. */
  operationTag: z.string().min(1),
});
export type RescueSnapshotInput = z.infer<typeof rescueSnapshotInput>;

type Output = RestoreOutputs['rescue-snapshot'];
type Needed = 'findInstance' | 'findSnapshot' | 'createSnapshot' | 'quotas';

/** RDS takes a snapshot only of these; a full or failed instance can't give one, and is the rescue itself as it stands. */
const ready = ['available', 'storage-optimization'];

/**
 * Asks RDS for a snapshot of the old instance as it is once nothing writes any more. It isn't waited for, and whatever
 * keeps it from being taken is told, not raised: the untouched old instance is the rescue, this is a second one.
 */
export function rescueSnapshot({ rds }: { rds: RdsIn<Needed> }): Step {
  return {
    id: 'rescue-snapshot',
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    async run(context) {
      const input = inputOf(rescueSnapshotInput, context.input);
      try {
        return done(await take(rds(input.region), input, context));
      } catch (error) {
        if (!(error instanceof PitcrewError) || error.kind === 'bug') throw error;
        return done<Output>({ taken: false, snapshotId: input.snapshot, because: error.code, params: error.params });
      }
    },
  };
}

async function take(
  here: ReturnType<RdsIn<Needed>>,
  input: RescueSnapshotInput,
  context: StepContext,
): Promise<Output> {
  const { snapshot: id, instance, tags, operationTag } = input;
  const refused = (because: string, params: JsonObject): Output => ({ taken: false, snapshotId: id, because, params });
  const theirs = (owner: string | undefined) => refused('snapshot.name-taken', { snapshot: id, owner: owner ?? null });
  const before = await here.findSnapshot(id);
  if (before) {
    const owner = before.tags[operationTag];
    return owner === context.operation ? { taken: true, snapshotId: id } : theirs(owner);
  }
  const found: DatabaseInstance | undefined = await here.findInstance(instance);
  if (!found) return refused('restore.instance-gone', { instance });
  if (!ready.includes(found.status)) return refused('snapshot.instance-busy', { instance, status: found.status });
  const room = (await here.quotas()).find(({ name }) => name === 'ManualSnapshots');
  if (room && room.used >= room.max) return refused('snapshot.quota', { used: room.used, max: room.max });
  context.signal.throwIfAborted();
  const made = await here.createSnapshot({ id, instanceId: instance, tags });
  if (made !== 'exists') return { taken: true, snapshotId: id };
  // The first try's answer was lost, or somebody else has just taken the name.
  const now = await here.findSnapshot(id);
  const owner = now?.tags[operationTag];
  return owner === context.operation ? { taken: true, snapshotId: id } : theirs(owner);
}
