import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { ObjectView, PodView } from '../../clients/kubernetes-views.ts';
import { permanent, userError } from '../../domain/errors.ts';
import type { GuardRef, ReplicaCount, RestoreOutputs } from '../../domain/restore.ts';
import { workloadName } from '../../domain/settings.ts';
import { type Done, done, type Step, type StepContext, undoneWhen, type Wait, wait } from '../../domain/step.ts';
import { laterOf, secondsBetween } from '../../domain/time.ts';
import { inputOf, workloadInput } from '../step-input.ts';
import { guardsOf } from './guards.ts';
import { running } from './pods.ts';
import { crashLoops, rolloutOf } from './rollout.ts';
import { present, scaleOf } from './workload.ts';

/** The replica count to come back to, for a person who must undo by hand when everything else is lost. */
export const replicasAnnotation = 'pitcrew/replicas';

const countedInput = workloadInput.extend({ replicas: z.number().int().positive().exactOptional() });

export const recordApplicationInput = z.object({
  /** `replicas`: the config's count, for a workload that nothing else is known of. */
  workloads: z.array(countedInput).min(1),
  pollSeconds: z.number().positive(),
  /** How long the application may take to be back when the operation is taken back. */
  backWithinSeconds: z.number().positive(),
});
export type RecordApplicationInput = z.infer<typeof recordApplicationInput>;

type Cluster = Pick<Kubernetes, 'find' | 'list' | 'mayPatch' | 'pods'>;

/**
 * Notes how many replicas each workload comes back with, and what has to be paused for it to stay stopped. Its undo is
 * the last of a return: the application is back when every rollout is complete with the count noted here.
 */
export function recordApplication({ cluster }: { readonly cluster: Cluster }): Step {
  return {
    id: 'record-application',
    fence: 'read-only',
    async run({ input }) {
      const { workloads } = inputOf(recordApplicationInput, input);
      const counts: ReplicaCount[] = [];
      const guards = new Map<string, GuardRef>();
      for (const workload of workloads) {
        const seen = await present(cluster, workload);
        const { paused, minimum } = await guardsOf(cluster, seen);
        counts.push(countOf(workload, seen, minimum));
        // Two workloads may have one owner: it is paused once.
        for (const guard of paused) guards.set(Object.values(guard).join('/'), guard);
      }
      return done<RestoreOutputs['record-application']>({ workloads: counts, guards: [...guards.values()] });
    },
    undo: undoneWhen((context) => backUp(cluster, context), 'return'),
  };
}

type Recorded = RestoreOutputs['record-application'];

/** What earlier `record-application` noted. */
export function recorded(context: Pick<StepContext, 'output'>): Recorded {
  return context.output('record-application') as Recorded;
}

/** Of those, what is scaled: a CronJob isn't. */
export function recordedScales(context: Pick<StepContext, 'output'>): readonly ReplicaCount[] {
  return recorded(context).workloads.filter(({ kind }) => kind !== 'cron-job');
}

/**
 * A workload that stands at 0 was stopped by somebody, often the on-call in a hurry: then it comes back with what
 * pitcrew once wrote down, else with the least that its autoscaler keeps, else with the config's count.
 * @throws PitcrewError `restore.replicas-unknown`, because 0 replicas would mean "restored" while the service is down
 */
export function countOf(
  { replicas: configured, ...workload }: RecordApplicationInput['workloads'][number],
  seen: ObjectView,
  minimum = 0,
): ReplicaCount {
  if (workload.kind === 'cron-job') return { ...workload, replicas: 0, origin: 'spec' };
  const { replicas } = scaleOf(seen);
  if (replicas > 0) return { ...workload, replicas, origin: 'spec' };
  const noted = Number(seen.annotations[replicasAnnotation]);
  if (Number.isInteger(noted) && noted > 0) return { ...workload, replicas: noted, origin: 'annotation' };
  if (minimum > 0) return { ...workload, replicas: minimum, origin: 'autoscaler' };
  if (configured) return { ...workload, replicas: configured, origin: 'config' };
  throw userError('restore.replicas-unknown', { workload: workloadName(workload) });
}

async function backUp(cluster: Cluster, context: StepContext): Promise<Done | Wait> {
  const { pollSeconds, backWithinSeconds } = inputOf(recordApplicationInput, context.input);
  let [ready, wanted, at] = [0, 0, context.since];
  const missing: string[] = [];
  for (const { replicas, ...workload } of recordedScales(context)) {
    const seen = await present(cluster, workload);
    const scale = scaleOf(seen);
    const rollout = rolloutOf(seen, context.since);
    const looping = rollout === 'progressing' ? (await running(cluster, seen)).pods.filter(crashLoops) : [];
    if (rollout === 'deadline-exceeded') throw notBack(workloadName(workload), 'progress-deadline', []);
    if (looping.length > 0) throw notBack(workloadName(workload), 'crash-loop', looping);
    // An autoscaler may have gone beyond the count meanwhile; fewer than were there is not "back".
    wanted += Math.max(replicas, scale.replicas);
    at = laterOf(at, seen.readAt);
    if (rollout !== 'complete') missing.push(workloadName(workload));
    ready += rollout === 'complete' ? scale.replicas : Math.min(scale.available, scale.replicas);
  }
  if (ready >= wanted) return done({ replicas: ready });
  if (secondsBetween(context.since, at) > backWithinSeconds) throw notBack(missing.join(', '), 'rollout', []);
  return wait(pollSeconds, 'wait.rollout', { ready, wanted });
}

function notBack(workload: string, why: 'progress-deadline' | 'crash-loop' | 'rollout', pods: readonly PodView[]) {
  return permanent('restore.not-back', { workload, why, pods: pods.map(({ name }) => name).slice(0, 5) });
}
