import type { ObjectView, PodView } from '../../clients/kubernetes-views.ts';
import type { Instant } from '../../domain/time.ts';
import { scaleOf } from './workload.ts';

/**
 * `complete`: every pod that is wanted runs the newest template and is available, and none of the old is left
 * (Kubernetes documentation, "Deployment status"). A StatefulSet that is told to update its pods only when they are
 * deleted, or from some ordinal on, has old ones for good: of it, all must be available.
 */
export type Rollout = 'complete' | 'progressing' | 'deadline-exceeded';

/** @param since a deadline that was missed before it says nothing about this operation */
export function rolloutOf(
  workload: Pick<ObjectView, 'kind' | 'generation' | 'spec' | 'status'>,
  since: Instant,
): Rollout {
  const { replicas, current, updated, available, observedGeneration, conditions } = scaleOf(workload);
  // What the status says is about an older spec until the controller has seen this one.
  if (observedGeneration < workload.generation) return 'progressing';
  const isNewest = updated === replicas || workload.kind === 'stateful-set';
  if (current === replicas && isNewest && available === replicas) return 'complete';
  const missed = conditions.find(({ reason }) => reason === 'ProgressDeadlineExceeded');
  return missed && (missed.since ?? since) >= since ? 'deadline-exceeded' : 'progressing';
}

const crashLoopRestarts = 2;

/**
 * A container that was restarted twice and waits again. A rollout's own deadline doesn't see it: a Deployment that had
 * been rolled out before gets no new deadline when it is merely scaled up (Kubernetes' deployment controller).
 */
export function crashLoops({ waitingReason, restarts }: PodView): boolean {
  return waitingReason === 'CrashLoopBackOff' && restarts >= crashLoopRestarts;
}
