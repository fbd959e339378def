import type { DatabaseInstance, PointInTimeRequest, Rds, RestoreRequest } from '../../clients/rds.ts';
import { PitcrewError, permanent } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, keptAsEvidence, object, type Step, text } from '../../domain/step.ts';
import { makeInstance } from './make-instance.ts';
import type { RdsIn } from './rds-in.ts';

type Needed = 'findInstance' | 'restoreFromSnapshot' | 'restoreToPointInTime';

/**
 * Input: `region`, `request` (the whole request of either restore, which says itself which it is) and `operationTag`, the key of the tag that says whose an
 * instance is.
 */
export function restoreInstance({ rds }: { rds: RdsIn<Needed> }): Step {
  return {
    id: 'restore-instance',
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    async run({ input, operation, signal }) {
      const request = object(input, 'request');
      const here = rds(text(input, 'region'));
      const made = await makeInstance(here, {
        id: text(request, isInTime(request) ? 'TargetDBInstanceIdentifier' : 'DBInstanceIdentifier'),
        operation,
        operationTag: text(input, 'operationTag'),
        make() {
          signal.throwIfAborted();
          return restored(here, request);
        },
      });
      return done(made satisfies RestoreOutputs['restore-instance']);
    },
  };
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
