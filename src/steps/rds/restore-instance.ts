import type { DatabaseInstance, PointInTimeRequest, Rds, RestoreRequest } from '../../clients/rds.ts';
import { PitcrewError, permanent } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, keptAsEvidence, object, type Step, text, undoneWhen } from '../../domain/step.ts';
import { deleteUnapproved } from './delete-unapproved.ts';
import { makeInstance } from './make-instance.ts';
import type { RdsIn } from './rds-in.ts';

type Making = 'findInstance' | 'restoreFromSnapshot' | 'restoreToPointInTime';
type Needed = Making | 'modifyInstance' | 'deleteInstance';

/**
 * Input: `region`, `request` (the whole request of either restore, which says itself which it is) and `operationTag`, the key of the tag that says whose an
 * instance is. Where it is made while people decide also `takeBack`: see `deleteUnapproved`.
 */
export function restoreInstance({ rds }: { rds: RdsIn<Needed> }): Step {
  return {
    id: 'restore-instance',
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    undoUnapproved: undoneWhen((context) => deleteUnapproved(rds, nameOf(object(context.input, 'request')), context)),
    async run({ input, operation, signal }) {
      const request = object(input, 'request');
      const here = rds(text(input, 'region'));
      const made = await makeInstance(here, {
        id: nameOf(request),
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

const nameOf = (request: JsonObject) =>
  text(request, isInTime(request) ? 'TargetDBInstanceIdentifier' : 'DBInstanceIdentifier');

const isInTime = (request: JsonObject) => 'TargetDBInstanceIdentifier' in request;

/** @throws PitcrewError `restore.snapshot-gone`, `pitr.source-gone`: what was approved is not there any more */
async function restored(here: Pick<Rds, Making>, request: JsonObject): Promise<DatabaseInstance | 'exists'> {
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
