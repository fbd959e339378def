import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { Rds } from '../../clients/rds.ts';
import { type LoadOutputs, type LoadTask, loadTask } from '../../domain/load.ts';
import { type Done, done, nothingToUndo, type Step, type StepContext, undoBy, type Wait } from '../../domain/step.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { loadPlaceInput, placeOf } from '../postgres/create-database.ts';
import { masterRoleOf, serverDatabase } from '../postgres/master-of.ts';
import { inputOf } from '../step-input.ts';
import { watchJob } from './job-watch.ts';
import { ownJobBody, ownJobInput, untilEnded } from './own-job.ts';
import { type JobRef, jobName, loginVariables, removeOwn, startSuspended } from './suspended-job.ts';

export const loadJobInput = loadPlaceInput.extend(ownJobInput.shape).extend({
  /** All of the task but the operation, which the plan doesn't say twice, and the address, which it may not know yet. */
  task: loadTask.omit({ operation: true, host: true, port: true }),
});
export type LoadJobInput = z.infer<typeof loadJobInput>;

interface Dependencies {
  readonly cluster: Pick<Kubernetes, 'find' | 'patch' | 'create' | 'remove' | 'createSecret' | 'pods'>;
  readonly access: DatabaseAccess;
  rds(region: string): Pick<Rds, 'findInstance'>;
}

const mebibyte = 1024 * 1024;

export const loadJobName = (operation: string) => jobName('load', operation);

const refOf = (
  { cluster, namespace }: Pick<LoadJobInput, 'cluster' | 'namespace'>,
  { operation }: Pick<StepContext, 'operation'>,
): JobRef => ({ cluster, namespace, kind: 'job', name: loadJobName(operation) });

/**
 * Starts pitcrew's own image as a Job that loads the dump, as the master user: it outlives the worker, and whoever comes
 * next picks it up. Removed, it leaves what it loaded to the undo of `create-database`.
 */
export function startLoadJob({ cluster, access, rds }: Dependencies): Step {
  return {
    id: 'start-load-job',
    fence: 'derived-name+tag',
    async run(context) {
      const input = inputOf(loadJobInput, context.input);
      const place = placeOf(input, context);
      const task: LoadTask = { ...input.task, ...place, operation: context.operation };
      const ref = refOf(input, context);
      const login = async () => access.credentials(await masterRoleOf(rds(input.region), input.region, input));
      const started = await startSuspended(cluster, context, {
        ref,
        body: ownJobBody(ref.name, input, task, scratchOf(task)),
        values: async () => loginVariables({ ...place, database: serverDatabase }, await login()),
        taken: 'dump.job-taken',
      });
      return done<LoadOutputs['start-load-job']>(started);
    },
    undo: undoBy(async (context) => {
      const ref = refOf(inputOf(loadJobInput, context.input), context);
      const removed = await removeOwn(cluster, ref, context.operation);
      await untilEnded(cluster, ref);
      return done({ removed });
    }),
  };
}

/** Waits for the Job that loads. What it loaded counts once the Job says that it is complete. */
export function awaitLoad({ cluster }: { readonly cluster: Pick<Kubernetes, 'find' | 'pods' | 'podLog'> }): Step {
  return {
    id: 'await-load',
    fence: 'read-only',
    polls: true,
    async run(context): Promise<Done | Wait> {
      const { pollSeconds, ...input } = inputOf(awaitLoadInput, context.input);
      const seen = await watchJob(cluster, {
        ref: refOf(input, context),
        pollSeconds,
        isDone: async (end) => end?.complete === true,
        gone: 'load.job-gone',
        failed: 'load.job-failed',
      });
      return seen.kind === 'wait'
        ? seen
        : done<LoadOutputs['await-load']>({ attempts: seen.attempts, left: [...seen.left] });
    },
    undo: nothingToUndo,
  };
}

export const awaitLoadInput = loadJobInput
  .pick({ cluster: true, namespace: true })
  .extend({ pollSeconds: z.number().positive() });
export type AwaitLoadInput = z.infer<typeof awaitLoadInput>;

/** What the archive takes on a disk, where it is loaded from there, with room for the tools. */
const scratchOf = (task: LoadTask) =>
  task.via === 'file' ? `${Math.ceil((task.sizeBytes * 1.05) / mebibyte) + 64}Mi` : '64Mi';
