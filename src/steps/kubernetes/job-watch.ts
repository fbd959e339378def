import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { ObjectView, PodView } from '../../clients/kubernetes-views.ts';
import type { DumpPhase, DumpReport } from '../../domain/dump.ts';
import { PitcrewError, permanent } from '../../domain/errors.ts';
import { type Wait, wait } from '../../domain/step.ts';
import { secondsBetween } from '../../domain/time.ts';
import type { JobRef } from './suspended-job.ts';
import { listed, textAt } from './workload.ts';

type Looking = Pick<Kubernetes, 'find' | 'pods' | 'podLog'>;

export interface Watched {
  readonly ref: JobRef;
  readonly pollSeconds: number;
  /** Whether what the Job is for is done, once it has ended or is gone. */
  isDone(end: { readonly complete: boolean } | undefined): Promise<boolean>;
  /** Codes of the errors when it is gone, and when it failed without a word. */
  readonly gone: string;
  readonly failed: string;
}

/** How long an image may be awaited before it counts as one that isn't to be had. */
const imageSeconds = 120;
const neverStarts = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);

/**
 * Looks at a Job of pitcrew's own image, and says how far it is by what it prints. It changes nothing: the Job goes on
 * without it. @returns how many pods it needed, and what it had to leave, once it is done
 * @throws PitcrewError what the Job itself said last, else `gone` or `failed`; `dump.job-not-run`
 */
export async function watchJob(
  cluster: Looking,
  { ref, pollSeconds, isDone, gone, failed }: Watched,
): Promise<Wait | { readonly kind: 'ended'; readonly attempts: number; readonly left: readonly string[] }> {
  const job = await cluster.find(ref);
  const pods = (await cluster.pods(ref, `job-name=${ref.name}`)).toSorted(byStart);
  const said = await Promise.all(pods.map(async ({ name }) => lastReport(await logOf(cluster, ref, name))));
  const end = job && endOf(job);
  if (job && !end) return goesOn(pollSeconds, job, pods, said);
  if (await isDone(end)) {
    const left = said.flatMap((one) => (one?.said === 'done' ? (one.left ?? []) : []));
    return { kind: 'ended', attempts: Math.max(1, pods.length), left };
  }
  if (!end) throw permanent(gone, { job: ref.name });
  const why = said.findLast((one) => one?.said === 'failed');
  if (why?.said === 'failed' && why.code !== 'dump.stopped') throw asPermanent(why);
  const reason = pods.map(({ endedBecause }) => endedBecause).findLast(Boolean) ?? end.reason;
  throw permanent(failed, { job: ref.name, reason });
}

type Report = DumpReport | undefined;

/** What is waited for, by what the Job is at. */
const waits: Readonly<Record<DumpPhase, string>> = {
  write: 'wait.dump-writes',
  read: 'wait.dump-reads',
  fetch: 'wait.load-fetches',
  load: 'wait.load-loads',
  analyze: 'wait.load-analyzes',
};

function goesOn(pollSeconds: number, job: ObjectView, pods: readonly PodView[], said: readonly Report[]): Wait {
  const final = said.find((one) => one?.said === 'failed' && one.final);
  // Another attempt would end the same way.
  if (final?.said === 'failed') throw asPermanent(final);
  const now = said.at(-1);
  const again = (code: string, params: Wait['because']['params'] = {}) => wait(pollSeconds, code, params);
  if (now?.said === 'failed') return again('wait.dump-again', { error: now.code });
  if (now?.said === 'progress') {
    const { phase, bytes, tables, ofTables } = now;
    return again(waits[phase], { bytes, tables, ofTables });
  }
  const reason = pods.map(({ waitingReason }) => waitingReason).find(Boolean) ?? '';
  const seconds = secondsBetween(job.createdAt ?? job.readAt, job.readAt);
  if (neverStarts.has(reason) && seconds > imageSeconds) throw permanent('dump.job-not-run', { job: job.name, reason });
  return again('wait.dump-starts', { job: job.name });
}

const asPermanent = ({ code, params }: DumpReport & { readonly said: 'failed' }) =>
  new PitcrewError(code, 'permanent', params);

const byStart = (a: PodView, b: PodView) => ((a.startedAt ?? '9') < (b.startedAt ?? '9') ? -1 : 1);

function endOf({ status }: ObjectView): { readonly complete: boolean; readonly reason: string } | undefined {
  const end = listed(status.conditions).find(
    (one) => one.status === 'True' && (one.type === 'Complete' || one.type === 'Failed'),
  );
  return end && { complete: end.type === 'Complete', reason: textAt(end, 'reason') || textAt(end, 'type') };
}

/** A log that can't be read hides how far it is, and stops nothing. */
const logOf = (cluster: Looking, ref: JobRef, pod: string) =>
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
    phase: z.enum(['write', 'read', 'fetch', 'load', 'analyze']),
    bytes: count,
    tables: count,
    ofTables: count,
  }),
  z.object({ said: z.literal('done'), left: z.array(z.string()).optional() }),
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
