import { z } from 'zod';
import type { DeploymentView, Kubernetes, PodView } from '../../clients/kubernetes.ts';
import { permanent, userError } from '../../domain/errors.ts';
import type { ReplicaCount, RestoreOutputs } from '../../domain/restore.ts';
import { workloadName } from '../../domain/settings.ts';
import { type Done, done, type Step, type StepContext, undoneWhen, type Wait, wait } from '../../domain/step.ts';
import { laterOf, secondsBetween } from '../../domain/time.ts';
import { inputOf, workloadInput } from '../step-input.ts';
import { present, replicasAnnotation } from './fence.ts';
import { crashLoops, rolloutOf } from './rollout.ts';

export const recordApplicationInput = z.object({
  /** `replicas`: the config's count, for a Deployment that nothing else is known of. */
  workloads: z.array(workloadInput.extend({ replicas: z.number().int().positive().optional() })).min(1),
  pollSeconds: z.number().positive(),
  /** How long the application may take to be back when the operation is taken back. */
  backWithinSeconds: z.number().positive(),
});
export type RecordApplicationInput = z.infer<typeof recordApplicationInput>;

type Cluster = Pick<Kubernetes, 'deployment' | 'patchDeployment' | 'podsOf'>;

/**
 * Notes how many replicas each workload comes back with. Its undo is the last of a return: the application is back when
 * every rollout is complete with the count noted here.
 */
export function recordApplication({ cluster }: { readonly cluster: Cluster }): Step {
  return {
    id: 'record-application',
    fence: 'read-only',
    async run({ input }) {
      const { workloads } = inputOf(recordApplicationInput, input);
      const counts: ReplicaCount[] = [];
      for (const workload of workloads) counts.push(countOf(workload, await present(cluster, workload)));
      return done<RestoreOutputs['record-application']>({ workloads: counts });
    },
    undo: undoneWhen((context) => backUp(cluster, context), 'return'),
  };
}

/** What earlier `record-application` noted. */
export function recordedWorkloads(context: Pick<StepContext, 'output'>): readonly ReplicaCount[] {
  return (context.output('record-application') as RestoreOutputs['record-application']).workloads;
}

/**
 * A Deployment that stands at 0 was stopped by somebody, often the on-call in a hurry: then it comes back with what
 * pitcrew once wrote down, else with the config's count.
 * @throws PitcrewError `restore.replicas-unknown`, because 0 replicas would mean "restored" while the service is down
 */
export function countOf(
  { replicas: configured, ...workload }: RecordApplicationInput['workloads'][number],
  { replicas, annotations }: DeploymentView,
): ReplicaCount {
  if (replicas > 0) return { ...workload, replicas, origin: 'spec' };
  const noted = Number(annotations[replicasAnnotation]);
  if (Number.isInteger(noted) && noted > 0) return { ...workload, replicas: noted, origin: 'annotation' };
  if (configured) return { ...workload, replicas: configured, origin: 'config' };
  throw userError('restore.replicas-unknown', { workload: workloadName(workload) });
}

async function backUp(cluster: Cluster, context: StepContext): Promise<Done | Wait> {
  const { pollSeconds, backWithinSeconds } = inputOf(recordApplicationInput, context.input);
  let [ready, wanted, at] = [0, 0, context.since];
  const missing: string[] = [];
  for (const { replicas, ...workload } of recordedWorkloads(context)) {
    const deployment = await present(cluster, workload);
    const rollout = rolloutOf(deployment, context.since);
    const looping = rollout === 'progressing' ? (await cluster.podsOf(workload)).filter(crashLoops) : [];
    if (rollout === 'deadline-exceeded') throw notBack(workloadName(workload), 'progress-deadline', []);
    if (looping.length > 0) throw notBack(workloadName(workload), 'crash-loop', looping);
    // An autoscaler may have gone beyond the count meanwhile; fewer than were there is not "back".
    wanted += Math.max(replicas, deployment.replicas);
    at = laterOf(at, deployment.readAt);
    if (rollout !== 'complete') missing.push(workloadName(workload));
    ready += rollout === 'complete' ? deployment.replicas : Math.min(deployment.available, deployment.replicas);
  }
  if (ready >= wanted) return done({ replicas: ready });
  if (secondsBetween(context.since, at) > backWithinSeconds) throw notBack(missing.join(', '), 'rollout', []);
  return wait(pollSeconds, 'wait.rollout', { ready, wanted });
}

function notBack(workload: string, why: 'progress-deadline' | 'crash-loop' | 'rollout', pods: readonly PodView[]) {
  return permanent('restore.not-back', { workload, why, pods: pods.map(({ name }) => name).slice(0, 5) });
}
