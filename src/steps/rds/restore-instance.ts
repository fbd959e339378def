import type { DatabaseInstance, PointInTimeRequest, Rds, RestoreRequest } from '../../clients/rds.ts';
import { PitcrewError, permanent, retryable } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, keptAsEvidence, object, type Step, type StepContext, text } from '../../domain/step.ts';
import type { RdsIn } from './rds-in.ts';

type Needed = 'findInstance' | 'restoreFromSnapshot' | 'restoreToPointInTime';

/**
 * Input: `region`, `request` (the whole request of either restore, which says itself which it is) and `operationTag`, the key of the tag that says whose an
 * instance is. RDS takes no client token for a restore, so the derived name and the tag are the identity of the call.
 */
export function restoreInstance({ rds }: { rds: RdsIn<Needed> }): Step {
  return {
    id: 'restore-instance',
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    async run(context) {
      const request = object(context.input, 'request');
      const id = text(request, isInTime(request) ? 'TargetDBInstanceIdentifier' : 'DBInstanceIdentifier');
      const here = rds(text(context.input, 'region'));
      const before = await here.findInstance(id);
      if (before) return done(adopted(before, context));
      context.signal.throwIfAborted();
      const made = await restored(here, request);
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

const isInTime = (request: JsonObject) => 'TargetDBInstanceIdentifier' in request;

/** @throws PitcrewError `restore.snapshot-gone`, `pitr.source-gone`: what was approved is not there any more */
async function restored(here: Pick<Rds, Needed>, request: JsonObject): Promise<DatabaseInstance | 'exists'> {
  try {
    return isInTime(request)
      ? await here.restoreToPointInTime(request as unknown as PointInTimeRequest)
      : await here.restoreFromSnapshot(request as unknown as RestoreRequest);
  } catch (error) {
    if (snapshotGone(error)) throw permanent('restore.snapshot-gone', { snapshot: snapshotOf(request) }, error);
    if (sourceGone(error)) throw permanent('pitr.source-gone', { instance: sourceOf(request) }, error);
    throw error;
  }
}

const sourceGone = (error: unknown) =>
  error instanceof PitcrewError &&
  error.code === 'aws.not-found' &&
  /^DBInstance(AutomatedBackup)?NotFound/.test(String(error.params.code));

const sourceOf = (request: JsonObject) =>
  String(request.SourceDBInstanceIdentifier ?? request.SourceDbiResourceId ?? '');

const snapshotGone = (error: unknown) =>
  error instanceof PitcrewError && error.code === 'aws.not-found' && error.params.code === 'DBSnapshotNotFound';

const snapshotOf = (request: Readonly<Record<string, unknown>>) => String(request.DBSnapshotIdentifier ?? '');
