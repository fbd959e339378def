import type { ObjectKind } from '../../clients/kubernetes-resources.ts';
import type { ObjectView } from '../../clients/kubernetes-views.ts';
import { userError } from '../../domain/errors.ts';
import type { Note } from '../../domain/restore.ts';
import { gitOpsOf } from './git-ops.ts';
import { type Found, type Guards, lookFor, note, nothing, pausedOrWatched, workloadOf } from './guard.ts';
import { count, isSuspended, objectAt, textAt } from './workload.ts';

/**
 * Everything that scales, schedules or deploys this workload (3-facts.md, Kubernetes).
 * @throws PitcrewError `restore.rollout-not-supported` when Argo Rollouts owns it: it makes ReplicaSets of its own
 */
export async function guardsOf(cluster: Guards, workload: ObjectView): Promise<Found> {
  const found = await Promise.all([
    rollouts(cluster, workload),
    scaledObjects(cluster, workload),
    autoscalers(cluster, workload),
    gitOpsOf(cluster, workload),
  ]);
  const minimum = found.map((one) => one.minimum ?? 0).reduce((a, b) => Math.max(a, b), 0);
  return {
    paused: found.flatMap(({ paused }) => paused),
    notes: [...schedule(workload), ...found.flatMap(({ notes }) => notes)],
    ...(minimum > 0 ? { minimum } : {}),
  };
}

const kindOf: Readonly<Partial<Record<ObjectKind, string>>> = {
  deployment: 'Deployment',
  'stateful-set': 'StatefulSet',
};

/** Whether a `scaleTargetRef` (or a `workloadRef`) means this workload. Without a kind it means a Deployment (KEDA). */
function means(target: ReturnType<typeof objectAt>, workload: ObjectView): boolean {
  return textAt(target, 'name') === workload.name && (textAt(target, 'kind') || 'Deployment') === kindOf[workload.kind];
}

async function rollouts(cluster: Guards, workload: ObjectView): Promise<Found> {
  if (workload.kind !== 'deployment') return nothing;
  const owner = workload.owners.find(({ kind }) => kind === 'Rollout')?.name;
  const { objects, notKnown: unknown } = await lookFor(cluster, 'rollout', workload);
  const rollout = owner ?? objects.find(({ spec }) => means(objectAt(spec, 'workloadRef'), workload))?.name;
  if (rollout) throw userError('restore.rollout-not-supported', { workload: workloadOf(workload), rollout });
  return { paused: [], notes: unknown };
}

async function scaledObjects(cluster: Guards, workload: ObjectView): Promise<Found> {
  if (workload.kind === 'cron-job') return nothing;
  const { objects, notKnown: unknown } = await lookFor(cluster, 'scaled-object', workload);
  const own = objects.filter(({ spec }) => means(objectAt(spec, 'scaleTargetRef'), workload));
  const found = await Promise.all(
    own.map((one) =>
      pausedOrWatched(
        cluster,
        { ...one, kind: 'scaled-object' },
        { paused: 'guard.keda', watched: 'guard.keda-watched' },
        { workload: workloadOf(workload), name: one.name, namespace: one.namespace },
      ),
    ),
  );
  return {
    paused: found.flatMap(({ paused }) => paused),
    notes: [...unknown, ...found.flatMap(({ notes }) => notes)],
    minimum: Math.max(0, ...own.map(({ spec }) => count(spec.minReplicaCount, 0))),
  };
}

/** An autoscaler leaves a workload at 0 alone, unless its minimum is 0 (Kubernetes documentation, "Horizontal Pod Autoscaling"). */
async function autoscalers(cluster: Guards, workload: ObjectView): Promise<Found> {
  if (workload.kind === 'cron-job') return nothing;
  const { objects, notKnown: unknown } = await lookFor(cluster, 'autoscaler', workload);
  const own = objects.filter(
    ({ spec, owners }) =>
      means(objectAt(spec, 'scaleTargetRef'), workload) && !owners.some(({ kind }) => kind === 'ScaledObject'),
  );
  return {
    paused: [],
    notes: [
      ...unknown,
      ...own.map(({ name, namespace, spec }) => {
        const minimum = count(spec.minReplicas, 1);
        const code = minimum === 0 ? 'guard.autoscaler-from-zero' : 'guard.autoscaler';
        return note(code, { workload: workloadOf(workload), name, namespace, minimum });
      }),
    ],
    minimum: Math.max(0, ...own.map(({ spec }) => count(spec.minReplicas, 1))),
  };
}

function schedule(workload: ObjectView): readonly Note[] {
  if (workload.kind !== 'cron-job') return [];
  const code = isSuspended(workload) ? 'guard.schedule-suspended' : 'guard.schedule';
  return [note(code, { workload: workloadOf(workload), schedule: textAt(workload.spec, 'schedule') })];
}
