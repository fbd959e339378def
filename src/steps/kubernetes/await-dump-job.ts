import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { ObjectView, PodView } from '../../clients/kubernetes-views.ts';
import type { S3 } from '../../clients/s3.ts';
import { type DumpOutputs, type DumpReport, manifestKey } from '../../domain/dump.ts';
import { PitcrewError, permanent } from '../../domain/errors.ts';
import { type Done, done, nothingToUndo, type Step, type StepContext, type Wait, wait } from '../../domain/step.ts';
import { secondsBetween } from '../../domain/time.ts';
import { inputOf } from '../step-input.ts';
import { dumpJobInput, dumpJobOf } from './start-dump-job.ts';
import { listed, textAt } from './workload.ts';

export const awaitDumpJobInput = dumpJobInput
  .pick({ cluster: true, namespace: true, task: true })
  .extend({ pollSeconds: z.number().positive() });
type Input = z.infer<typeof awaitDumpJobInput>;

interface Dependencies {
  readonly cluster: Pick<Kubernetes, 'find' | 'pods' | 'podLog'>;
  s3(region: string): Pick<S3, 'head'>;
}

/** How long an image may be awaited before it counts as one that isn't to be had. */
const imageSeconds = 120;
const neverStarts = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);

/** Waits for the Job, and says how far it is by what it prints. It looks and changes nothing: the Job goes on without it. */
export function awaitDumpJob(id: 'await-dump' | 'await-adopt', parts: Dependencies): Step {
  return { id, fence: 'read-only', polls: true, run: (context) => look(parts, context), undo: nothingToUndo };
}

async function look({ cluster, s3 }: Dependencies, context: StepContext): Promise<Done | Wait> {
  const input = inputOf(awaitDumpJobInput, context.input);
  const ref = dumpJobOf(input, context);
  const job = await cluster.find(ref);
  const pods = (await cluster.pods(ref, `job-name=${ref.name}`)).toSorted(byStart);
  const said = await Promise.all(pods.map(async ({ name }) => lastReport(await logOf(cluster, ref, name))));
  const end = job && endOf(job);
  if (job && !end) return goesOn(input, job, pods, said);
  // Whatever became of the Job: the manifest is written last, so where it is, all is done.
  const { region, bucket, key } = input.task;
  if (await s3(region).head({ bucket, key: manifestKey(key) }))
    return done<DumpOutputs['await-dump']>({ attempts: Math.max(1, pods.length) });
  if (!end) throw permanent('dump.job-gone', { job: ref.name });
  const why = said.findLast((one) => one?.said === 'failed');
  if (why?.said === 'failed' && why.code !== 'dump.stopped') throw asPermanent(why);
  const reason = pods.map(({ endedBecause }) => endedBecause).findLast(Boolean) ?? end.reason;
  throw permanent('dump.job-failed', { job: ref.name, reason });
}

type Report = DumpReport | undefined;

function goesOn(input: Input, job: ObjectView, pods: readonly PodView[], said: readonly Report[]): Wait {
  const final = said.find((one) => one?.said === 'failed' && one.final);
  // Another attempt would end the same way.
  if (final?.said === 'failed') throw asPermanent(final);
  const now = said.at(-1);
  const again = (code: string, params: Wait['because']['params'] = {}) => wait(input.pollSeconds, code, params);
  if (now?.said === 'failed') return again('wait.dump-again', { error: now.code });
  if (now?.said === 'progress') {
    const { phase, bytes, tables, ofTables } = now;
    if (phase === 'read') return again('wait.dump-reads', { bytes });
    return again('wait.dump-writes', { bytes, tables, ofTables });
  }
  const reason = pods.map(({ waitingReason }) => waitingReason).find(Boolean) ?? '';
  const seconds = secondsBetween(job.createdAt ?? job.readAt, job.readAt);
  if (neverStarts.has(reason) && seconds > imageSeconds) throw permanent('dump.job-not-run', { job: job.name, reason });
  return again('wait.dump-starts', { job: job.name });
}

const asPermanent = ({ code, params }: DumpReport & { readonly said: 'failed' }) =>
  new PitcrewError(code, 'permanent', params);

const byStart = (a: PodView, b: PodView) => ((a.startedAt ?? '9') < (b.startedAt ?? '9') ? -1 : 1);

function endOf({ status }: ObjectView): { readonly reason: string } | undefined {
  const end = listed(status.conditions).find(
    (one) => one.status === 'True' && (one.type === 'Complete' || one.type === 'Failed'),
  );
  return end && { reason: textAt(end, 'reason') || textAt(end, 'type') };
}

/** A log that can't be read hides how far it is, and stops nothing. */
const logOf = (cluster: Dependencies['cluster'], ref: ReturnType<typeof dumpJobOf>, pod: string) =>
  cluster.podLog(ref, pod, { sinceSeconds: 24 * 3600, tailLines: 50 }).catch(() => '');

/** The last line that is the Job's own; whatever else a container prints is none of it. */
export function lastReport(log: string): Report {
  return log
    .split('\n')
    .map(reportIn)
    .findLast((one) => one !== undefined);
}

const count = z.number().nonnegative();
const report = z.discriminatedUnion('said', [
  z.object({
    said: z.literal('progress'),
    phase: z.enum(['write', 'read']),
    bytes: count,
    tables: count,
    ofTables: count,
  }),
  z.object({ said: z.literal('done') }),
  z.object({
    said: z.literal('failed'),
    code: z.string(),
    final: z.boolean(),
    params: z.record(z.string(), z.json()),
  }),
]);

function reportIn(line: string): Report {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed = report.safeParse(JSON.parse(line));
    return parsed.success ? (parsed.data as DumpReport) : undefined;
  } catch {
    return undefined;
  }
}
