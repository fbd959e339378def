import type { DeploymentView, PodView } from '../../clients/kubernetes.ts';
import type { Instant } from '../../domain/time.ts';

/**
 * `complete`: every pod that is wanted runs the newest template and is available, and none of the old is left
 * (Kubernetes documentation, "Deployment status").
 */
export type Rollout = 'complete' | 'progressing' | 'deadline-exceeded';

/** @param since a deadline that was missed before it says nothing about this operation */
export function rolloutOf(deployment: DeploymentView, since: Instant): Rollout {
  const { replicas, current, updated, available, generation, observedGeneration, conditions } = deployment;
  // What the status says is about an older spec until the controller has seen this one.
  if (observedGeneration < generation) return 'progressing';
  if (current === replicas && updated === replicas && available === replicas) return 'complete';
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
