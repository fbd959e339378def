import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { ObjectView, PodView } from '../../clients/kubernetes-views.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { type Done, done, nothingToUndo, type Step, type StepContext, type Wait, wait } from '../../domain/step.ts';
import { secondsBetween } from '../../domain/time.ts';
import type { CheckResult } from '../../domain/verification.ts';
import { inputOf } from '../step-input.ts';
import { checkJobInput, jobOf } from './start-check-job.ts';
import { listed, textAt } from './workload.ts';

export const awaitCheckJobInput = checkJobInput.extend({ pollSeconds: z.number().positive() });
export type AwaitCheckJobInput = z.infer<typeof awaitCheckJobInput>;

type Cluster = Pick<Kubernetes, 'find' | 'pods' | 'podLog'>;

/** Waits for the team's own check. Its exit code is the result: what it printed is counted, and read by whoever may. */
export function awaitCheckJob({ cluster }: { readonly cluster: Cluster }): Step {
  return {
    id: 'await-check-job',
    fence: 'read-only',
    polls: true,
    run: (context) => look(cluster, context),
    undo: nothingToUndo,
  };
}

/** Beyond the Job's own deadline, in which the controller must have ended it; and how long an image may be awaited. */
const graceSeconds = 60;

async function look(cluster: Cluster, context: StepContext): Promise<Done | Wait> {
  const input = inputOf(awaitCheckJobInput, context.input);
  const ref = jobOf(input, context);
  const job = await cluster.find(ref);
  if (!job) return result(input, 'not-proven', 'verification.command-gone', { job: ref.name }, 0);
  const seconds = Math.max(0, secondsBetween(job.createdAt ?? job.readAt, job.readAt));
  const pods = await cluster.pods(ref, `job-name=${ref.name}`);
  const end = endOf(job);
  const params = { job: ref.name, namespace: ref.namespace };
  const reason = waitsFor(pods);
  const notRun = (why: string) =>
    result(input, 'not-proven', 'verification.command-not-run', { ...params, reason: why }, seconds);
  if (!end) {
    const hopeless = neverStarts.has(reason) && seconds > Math.min(graceSeconds, input.withinSeconds / 2);
    if (hopeless || seconds > input.withinSeconds + graceSeconds) return notRun(reason);
    return wait(input.pollSeconds, 'wait.check-job', { job: ref.name, reason });
  }
  const lines = await linesOf(cluster, input, pods);
  if (end.type === 'Complete')
    return result(input, 'pass', 'verification.command-passed', { ...params, lines }, seconds);
  // At the deadline the controller deletes what still runs: there is no exit code then.
  if (end.reason === 'DeadlineExceeded' && !reason)
    return result(
      input,
      'fail',
      'verification.command-too-long',
      { ...params, lines, seconds: input.withinSeconds },
      seconds,
    );
  // An evicted pod has no exit code of the command's own: a check that didn't run to its end has shown nothing (F38).
  const evicted = pods.map(({ endedBecause }) => endedBecause).find(Boolean);
  const exitCode = pods.map((pod) => pod.exitCode).find((code) => code !== undefined);
  if (exitCode === undefined || evicted) return notRun(evicted ?? (reason || end.reason));
  return result(input, 'fail', 'verification.command-failed', { ...params, exitCode, lines }, seconds);
}

/** What a container waits for in vain, as the kubelet has it: an image that isn't to be had. */
const neverStarts = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);

function result(
  { args, image }: AwaitCheckJobInput,
  outcome: CheckResult['outcome'],
  finding: string,
  params: CheckResult['params'],
  seconds: number,
): Done {
  const check = `command:${args.join(' ') || image}`.slice(0, 80);
  return done<RestoreOutputs['await-check-job'] & JsonObject>({
    result: { point: 'business-logic', check, outcome, finding, params, seconds } as never,
  });
}

function endOf({ status }: ObjectView): { readonly type: string; readonly reason: string } | undefined {
  const end = listed(status.conditions).find(
    ({ type, status: is }) => is === 'True' && (type === 'Complete' || type === 'Failed'),
  );
  return end && { type: textAt(end, 'type'), reason: textAt(end, 'reason') };
}

const waitsFor = (pods: readonly PodView[]) => pods.map(({ waitingReason }) => waitingReason).find(Boolean) ?? '';

const tailLines = 1000;

async function linesOf(cluster: Cluster, input: AwaitCheckJobInput, pods: readonly PodView[]): Promise<number> {
  let lines = 0;
  for (const { name } of pods) {
    const log = await cluster
      .podLog(input, name, { sinceSeconds: input.withinSeconds + graceSeconds, tailLines })
      .catch(() => '');
    lines += log.split('\n').filter(Boolean).length;
  }
  return lines;
}
