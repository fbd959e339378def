import type { ObjectView } from '../../clients/kubernetes-views.ts';
import { PitcrewError } from '../../domain/errors.ts';
import type { Json } from '../../domain/json.ts';
import type { GuardRef } from '../../domain/restore.ts';
import type { StepContext } from '../../domain/step.ts';
import { annotation, type Change, type Cluster, changeUnderFence, fenceAnnotation, standing } from './fence.ts';

/** What stood before pitcrew paused an object, as JSON; `null` where nothing did. Gone once it is given back. */
export const wasAnnotation = 'pitcrew/was';

/**
 * What pauses each kind: Kubernetes documentation, "CronJob", schedule suspension; KEDA, "Pausing autoscaling"; Flux,
 * "Kustomization" and "HelmRelease", suspend. KEDA holds the replicas that `paused-replicas` names, paused or not: no
 * workload could be at 0 then.
 */
const pausedBy: Readonly<Record<GuardRef['kind'], readonly Change[]>> = {
  'cron-job': [{ at: ['spec', 'suspend'], value: true }],
  'scaled-object': [
    annotation('autoscaling.keda.sh/paused', 'true'),
    annotation('autoscaling.keda.sh/paused-replicas', undefined),
  ],
  kustomization: [{ at: ['spec', 'suspend'], value: true }],
  'helm-release': [{ at: ['spec', 'suspend'], value: true }],
};

const changesOf = ({ kind }: ObjectView): readonly Change[] =>
  Object.hasOwn(pausedBy, kind) ? pausedBy[kind as GuardRef['kind']] : [];

/** Pauses, and writes down what was. What an earlier operation wrote down, and never gave back, is the older truth. */
export function pausing(seen: ObjectView): readonly Change[] {
  const changes = changesOf(seen);
  const was = changes.map(({ at }) => standing(seen, at) ?? null);
  return [...changes, annotation(wasAnnotation, seen.annotations[wasAnnotation] ?? JSON.stringify(was))];
}

/** As it was before. Where nothing was written down it was never paused, and stays as it is. */
export function resuming(seen: ObjectView): readonly Change[] {
  const note = seen.annotations[wasAnnotation];
  if (note === undefined) return [];
  const was = parsed(note);
  const back = changesOf(seen).flatMap(({ at }, index) => {
    const value = was[index];
    return value === undefined ? [] : [{ at, value: value ?? undefined }];
  });
  return [...back, annotation(wasAnnotation, undefined)];
}

type Fenced = Pick<StepContext, 'operation' | 'epoch' | 'signal'>;

/** @returns whether it is paused; not when pitcrew may not, or it is gone: then it is only watched */
export async function pause(
  cluster: Cluster,
  guard: GuardRef,
  context: Fenced,
  takesOver: readonly string[],
): Promise<boolean> {
  return unlessDenied(cluster, guard, async () => {
    await changeUnderFence(cluster, guard, context, { fence: 'mine', changes: pausing, takesOver, mayBeGone: true });
  });
}

/** Gives it back as it was. The fence is closed even where the pause never arrived: a late one is refused then. */
export async function resume(
  cluster: Cluster,
  guard: GuardRef,
  context: Fenced,
  takesOver: readonly string[],
): Promise<void> {
  await unlessDenied(cluster, guard, async () => {
    await changeUnderFence(cluster, guard, context, { fence: 'closed', changes: resuming, takesOver, mayBeGone: true });
  });
}

/** A denial is no obstacle where pitcrew has changed nothing: what it may not pause now, no late patch of it can pause. */
async function unlessDenied(cluster: Cluster, guard: GuardRef, change: () => Promise<void>): Promise<boolean> {
  try {
    await change();
    return true;
  } catch (error) {
    if (!(error instanceof PitcrewError) || error.code !== 'kubernetes.denied') throw error;
    const seen = await cluster.find(guard).catch(() => undefined);
    if (seen?.annotations[wasAnnotation] !== undefined && seen.annotations[fenceAnnotation] !== undefined) throw error;
    return false;
  }
}

/** Nothing where somebody wrote it anew: what it was is not known then. */
function parsed(text: string): readonly Json[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
