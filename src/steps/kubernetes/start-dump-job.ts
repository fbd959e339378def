import type { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { S3 } from '../../clients/s3.ts';
import { type DumpOutputs, type DumpTask, dumpTask } from '../../domain/dump.ts';
import { done, type Step, type StepContext, undoBy } from '../../domain/step.ts';
import type { Credentials } from '../../verification/access.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';
import { ownJobBody, ownJobInput, untilEnded } from './own-job.ts';
import { jobName, loginVariables, removeOwn, startSuspended } from './suspended-job.ts';

export const dumpJobInput = ownJobInput.extend({
  verifyRole: roleSecretInput,
  /** All of the task but the operation, which the plan doesn't say twice. */
  task: dumpTask.omit({ operation: true }),
});
export type DumpJobInput = z.infer<typeof dumpJobInput>;

export interface DumpJobDependencies {
  readonly cluster: Pick<Kubernetes, 'find' | 'patch' | 'create' | 'remove' | 'createSecret' | 'pods'>;
  readonly access: { readonly credentials: Credentials };
  s3(region: string): Pick<S3, 'abortUnfinished'>;
}

export const dumpJobName = (kind: DumpTask['kind'], operation: string) => jobName(kind, operation);

export const dumpJobOf = (
  { cluster, namespace, task }: Pick<DumpJobInput, 'cluster' | 'namespace' | 'task'>,
  { operation }: Pick<StepContext, 'operation'>,
) => ({ cluster, namespace, kind: 'job', name: dumpJobName(task.kind, operation) }) as const;

/**
 * Starts pitcrew's own image as a Job beside the database: it outlives the worker, and whoever comes next picks it up.
 */
export function startDumpJob(id: 'start-dump-job' | 'start-adopt-job', parts: DumpJobDependencies): Step {
  const { cluster, access, s3 } = parts;
  return {
    id,
    fence: 'derived-name+tag',
    async run(context) {
      const input = inputOf(dumpJobInput, context.input);
      const ref = dumpJobOf(input, context);
      const started = await startSuspended(cluster, context, {
        ref,
        body: ownJobBody(ref.name, input, { ...input.task, operation: context.operation }),
        values: async () => loginVariables(input.task, await access.credentials(input.verifyRole)),
        taken: 'dump.job-taken',
      });
      return done<DumpOutputs['start-dump-job']>(started);
    },
    undo: undoBy(async (context) => {
      const input = inputOf(dumpJobInput, context.input);
      const ref = dumpJobOf(input, context);
      const mine = await removeOwn(cluster, ref, context.operation);
      await untilEnded(cluster, ref);
      // A pod that was killed could not give its upload up itself, and parts that nobody completes are paid for.
      const { kind, region, bucket, key } = input.task;
      const parts = kind === 'dump' ? await s3(region).abortUnfinished({ bucket, key }) : 0;
      return done({ removed: mine, uploadsAborted: parts });
    }),
  };
}
