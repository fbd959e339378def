import { type Condition, type ContainerStatus, type Pod, type PodSpec, timestamp } from './objects.ts';

/** What ended a pod for good, whatever its restart policy. */
export interface PodEnd {
  readonly reason?: string;
  readonly message?: string;
}

/** A pod's status from its containers' (Pod lifecycle): phase, and conditions that keep the time they last turned. */
export function podStatus(pod: Pod, containerStatuses: ContainerStatus[], end?: PodEnd): Pod['status'] {
  const ready = containerStatuses.every((container) => container.ready);
  const unready = containerStatuses.filter((container) => !container.ready).map(({ name }) => name);
  const phase = end ? endPhase(containerStatuses, end) : phaseOf(containerStatuses, pod.spec.restartPolicy);
  const why =
    unready.length > 0
      ? { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` }
      : {};
  const conditions = [
    { type: 'Initialized', status: 'True' as const },
    { type: 'Ready', status: ready ? ('True' as const) : ('False' as const), ...why },
    { type: 'ContainersReady', status: ready ? ('True' as const) : ('False' as const), ...why },
    { type: 'PodScheduled', status: 'True' as const },
  ].map((condition) => turned(pod.status.conditions, condition));
  return {
    phase,
    ...end,
    conditions,
    hostIP: '127.0.0.1',
    podIP: '127.0.0.1',
    podIPs: [{ ip: '127.0.0.1' }],
    startTime: pod.status.startTime ?? timestamp(),
    containerStatuses,
    qosClass: 'BestEffort',
  };
}

function turned(before: Condition[] | undefined, now: Omit<Condition, 'lastTransitionTime'>): Condition {
  const old = before?.find(({ type }) => type === now.type);
  return { ...now, lastTransitionTime: old?.status === now.status ? old.lastTransitionTime : timestamp() };
}

function phaseOf(statuses: readonly ContainerStatus[], policy: PodSpec['restartPolicy']): Pod['status']['phase'] {
  if (statuses.some(({ state, lastState }) => !state.running && !state.terminated && !lastState.terminated))
    return 'Pending';
  const allEnded = statuses.every(({ state }) => state.terminated);
  if (!allEnded || policy === 'Always' || policy === undefined) return 'Running';
  const failed = statuses.some(({ state }) => state.terminated?.exitCode !== 0);
  if (!failed) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

/** A pod that is deleted, or evicted, ends in one of the two last phases before it goes. */
function endPhase(statuses: readonly ContainerStatus[], { reason }: PodEnd): 'Succeeded' | 'Failed' {
  const good = statuses.every(({ state }) => state.terminated?.exitCode === 0);
  return good && !reason ? 'Succeeded' : 'Failed';
}

export const isReady = ({ status }: Pod): boolean =>
  (status.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');

/** Ready for at least so many seconds: what a Deployment counts as available. */
export function isAvailable(pod: Pod, minReadySeconds = 0): boolean {
  const ready = (pod.status.conditions ?? []).find(({ type }) => type === 'Ready');
  if (ready?.status !== 'True') return false;
  return minReadySeconds === 0 || Date.parse(ready.lastTransitionTime) + minReadySeconds * 1000 <= Date.now();
}
