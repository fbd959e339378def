import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { S3 } from '../../clients/s3.ts';
import { type DumpOutputs, manifestKey } from '../../domain/dump.ts';
import { type Done, done, nothingToUndo, type Step, type StepContext, type Wait } from '../../domain/step.ts';
import { inputOf } from '../step-input.ts';
import { watchJob } from './job-watch.ts';
import { dumpJobInput, dumpJobOf } from './start-dump-job.ts';

export const awaitDumpJobInput = dumpJobInput
  .pick({ cluster: true, namespace: true, task: true })
  .extend({ pollSeconds: z.number().positive() });

interface Dependencies {
  readonly cluster: Pick<Kubernetes, 'find' | 'pods' | 'podLog'>;
  s3(region: string): Pick<S3, 'head'>;
}

/** Waits for the Job, and says how far it is by what it prints. It looks and changes nothing: the Job goes on without it. */
export function awaitDumpJob(id: 'await-dump' | 'await-adopt', parts: Dependencies): Step {
  return { id, fence: 'read-only', polls: true, run: (context) => look(parts, context), undo: nothingToUndo };
}

async function look({ cluster, s3 }: Dependencies, context: StepContext): Promise<Done | Wait> {
  const { pollSeconds, ...input } = inputOf(awaitDumpJobInput, context.input);
  const { region, bucket, key } = input.task;
  const seen = await watchJob(cluster, {
    ref: dumpJobOf(input, context),
    pollSeconds,
    // Whatever became of the Job: the manifest is written last, so where it is, all is done.
    isDone: async () => (await s3(region).head({ bucket, key: manifestKey(key) })) !== undefined,
    gone: 'dump.job-gone',
    failed: 'dump.job-failed',
  });
  return seen.kind === 'wait' ? seen : done<DumpOutputs['await-dump']>({ attempts: seen.attempts });
}
