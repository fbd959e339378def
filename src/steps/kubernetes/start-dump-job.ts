import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { S3 } from '../../clients/s3.ts';
import { type DumpOutputs, type DumpTask, dumpTask, taskVariable } from '../../domain/dump.ts';
import { retryable } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import { done, type Step, type StepContext, undoBy } from '../../domain/step.ts';
import type { Credentials } from '../../verification/access.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';
import { type JobRef, jobLabels, jobName, loginVariables, removeOwn, startSuspended } from './suspended-job.ts';

const words = z.string().min(1);

export const dumpJobInput = z.object({
  cluster: z.string(),
  namespace: words,
  image: words,
  /** Whose rights in AWS the Job has; null is the namespace's default. */
  serviceAccount: words.nullable(),
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

/** A finished Job, and the logs of its pods, are kept this long for whoever asks why; its Secret goes with it. */
const keptSeconds = 24 * 3600;
const longestSeconds = 24 * 3600;
/** Attempts after the first: pods get evicted, connections break. */
const restarts = 3;
/** What SIGTERM leaves it to give its upload up in. */
const graceSeconds = 10;

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
        body: jobBody(ref.name, input, context.operation),
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

/** A pod that still runs could begin an upload anew. */
export async function untilEnded(cluster: Pick<Kubernetes, 'pods'>, ref: JobRef): Promise<void> {
  for (let waited = 0; waited <= 2 * graceSeconds; waited++) {
    const pods = await cluster.pods(ref, `job-name=${ref.name}`);
    if (pods.every(({ ended }) => ended)) return;
    await sleep(1000);
  }
  throw retryable('dump.job-lingers', { job: ref.name });
}

function jobBody(name: string, { image, serviceAccount, task }: DumpJobInput, operation: string): JsonObject {
  const labels = jobLabels(operation);
  const whole: DumpTask = { ...task, operation };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels },
    spec: {
      suspend: true,
      backoffLimit: restarts,
      activeDeadlineSeconds: longestSeconds,
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: graceSeconds,
          // It calls AWS and the database, never the cluster.
          automountServiceAccountToken: false,
          ...(serviceAccount === null ? {} : { serviceAccountName: serviceAccount }),
          containers: [
            {
              name: task.kind,
              image,
              args: ['job'],
              env: [{ name: taskVariable, value: JSON.stringify(whole) }],
              envFrom: [{ secretRef: { name } }],
              resources: { requests: { cpu: '500m', memory: '256Mi' }, limits: { memory: '512Mi' } },
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true },
            },
          ],
        },
      },
    },
  };
}
