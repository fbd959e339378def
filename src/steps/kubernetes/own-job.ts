import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import { type DumpTask, taskVariable } from '../../domain/dump.ts';
import { retryable } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { LoadTask } from '../../domain/load.ts';
import { type JobRef, jobLabels } from './suspended-job.ts';

const words = z.string().min(1);

/** Where a Job of pitcrew's own image runs, and as whom. */
export const ownJobInput = z.object({
  cluster: z.string(),
  namespace: words,
  image: words,
  /** Whose rights in AWS the Job has; null is the namespace's default. */
  serviceAccount: words.nullable(),
});
export type OwnJobInput = z.infer<typeof ownJobInput>;

/** A finished Job, and the logs of its pods, are kept this long for whoever asks why; its Secret goes with it. */
const keptSeconds = 24 * 3600;
const longestSeconds = 24 * 3600;
/** Attempts after the first: pods get evicted, connections break. */
const restarts = 3;
/** What SIGTERM leaves it to give its upload up in. */
const graceSeconds = 10;
/** The one folder that a Job may write to. */
const folder = '/tmp/load';

/** A pod that still runs could begin an upload, or a load, anew. @throws PitcrewError `dump.job-lingers` */
export async function untilEnded(cluster: Pick<Kubernetes, 'pods'>, ref: JobRef): Promise<void> {
  for (let waited = 0; waited <= 2 * graceSeconds; waited++) {
    const pods = await cluster.pods(ref, `job-name=${ref.name}`);
    if (pods.every(({ ended }) => ended)) return;
    await sleep(1000);
  }
  throw retryable('dump.job-lingers', { job: ref.name });
}

/** @param scratch how much disk it needs, as Kubernetes writes a size; where there is none, it can write nowhere */
export function ownJobBody(
  name: string,
  { image, serviceAccount }: Pick<OwnJobInput, 'image' | 'serviceAccount'>,
  task: DumpTask | LoadTask,
  scratch?: string,
): JsonObject {
  const labels = jobLabels(task.operation);
  const disk = scratch === undefined ? undefined : diskOf(scratch);
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
          ...disk?.pod,
          containers: [
            {
              name: task.kind,
              image,
              args: ['job'],
              env: [{ name: taskVariable, value: JSON.stringify(task) }, ...(disk?.env ?? [])],
              envFrom: [{ secretRef: { name } }],
              ...disk?.container,
              resources: { requests: { cpu: '500m', memory: '256Mi', ...disk?.requests }, limits: { memory: '512Mi' } },
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true },
            },
          ],
        },
      },
    },
  };
}

const diskOf = (size: string) => ({
  pod: { volumes: [{ name: 'scratch', emptyDir: { sizeLimit: size } }] },
  env: [{ name: 'TMPDIR', value: folder }],
  container: { volumeMounts: [{ name: 'scratch', mountPath: folder }] },
  // What the disk of the node must have free: the pod waits for a node that has.
  requests: { 'ephemeral-storage': size },
});
