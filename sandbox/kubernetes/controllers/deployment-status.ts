import { type Condition, type Deployment, type ObjectMeta, type ReplicaSet, timestamp } from '../objects.ts';
import type { Store } from '../store.ts';
import { rollingBounds } from './rolling-bounds.ts';

interface Sets {
  readonly all: readonly ReplicaSet[];
  readonly next: ReplicaSet | undefined;
}

/**
 * Writes a Deployment's status. Its rules of progress are those of Kubernetes' controller, one of which surprises: once
 * a rollout is complete (`NewReplicaSetAvailable`), scaling up starts no new deadline, so that pods which crash after a
 * mere scale-up never lead to `ProgressDeadlineExceeded`.
 */
export function reportProgress(store: Store, metadata: ObjectMeta, sets: Sets): void {
  store.update('deployments', metadata, (draft) => {
    const counts = countReplicas(sets);
    const conditions = [...(draft.status.conditions ?? [])];
    setCondition(conditions, availability(draft, counts));
    const progress = progressOf(draft, counts, sets.next, conditions);
    if (progress) setCondition(conditions, progress);
    draft.status = {
      observedGeneration: draft.metadata.generation ?? 1,
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
      conditions,
    };
  });
}

interface Counts {
  replicas: number;
  updatedReplicas: number;
  readyReplicas: number;
  availableReplicas: number;
  unavailableReplicas: number;
}

function countReplicas({ all, next }: Sets): Counts {
  const total = (of: (replicaSet: ReplicaSet) => number | undefined) =>
    all.reduce((sum, replicaSet) => sum + (of(replicaSet) ?? 0), 0);
  const available = total(({ status }) => status.availableReplicas);
  return {
    replicas: total(({ status }) => status.replicas),
    updatedReplicas: next?.status.replicas ?? 0,
    readyReplicas: total(({ status }) => status.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, total(({ spec }) => spec.replicas) - available),
  };
}

type Proposed = Omit<Condition, 'lastTransitionTime'>;

function availability(deployment: Deployment, { availableReplicas }: Counts): Proposed {
  const enough = availableReplicas >= deployment.spec.replicas - rollingBounds(deployment).unavailable;
  return enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function progressOf(
  { metadata, spec, status }: Deployment,
  counts: Counts,
  next: ReplicaSet | undefined,
  conditions: readonly Condition[],
): Proposed | undefined {
  const current = conditions.find(({ type }) => type === 'Progressing');
  const set = next ? `ReplicaSet "${next.metadata.name}"` : `Deployment "${metadata.name}"`;
  const progressing = (reason: string, message: string): Proposed => ({
    type: 'Progressing',
    status: 'True',
    reason,
    message,
  });
  if (!current) return progressing('NewReplicaSetCreated', `Created new replica set "${next?.metadata.name}"`);
  if (counts.replicas === counts.updatedReplicas && current.reason === 'NewReplicaSetAvailable') return undefined;
  const complete = [counts.replicas, counts.updatedReplicas, counts.availableReplicas].every(
    (n) => n === spec.replicas,
  );
  if (complete) return progressing('NewReplicaSetAvailable', `${set} has successfully progressed.`);
  const before = { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0, ...status };
  const moved =
    counts.updatedReplicas > before.updatedReplicas ||
    counts.replicas - counts.updatedReplicas < before.replicas - before.updatedReplicas ||
    counts.readyReplicas > before.readyReplicas ||
    counts.availableReplicas > before.availableReplicas;
  // a new template starts a new rollout, and with it a new deadline
  if (moved || current.reason === 'NewReplicaSetAvailable')
    return progressing('ReplicaSetUpdated', `${set} is progressing.`);
  const deadline =
    Date.parse(current.lastUpdateTime ?? current.lastTransitionTime) + 1000 * (spec.progressDeadlineSeconds ?? 600);
  if (Date.now() <= deadline || current.reason === 'ProgressDeadlineExceeded') return undefined;
  return {
    type: 'Progressing',
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message: `${set} has timed out progressing.`,
  };
}

/** Progress notes the time even when the reason stays; all other conditions only when something about them turns. */
function setCondition(conditions: Condition[], proposed: Proposed): void {
  const at = conditions.findIndex(({ type }) => type === proposed.type);
  const old = conditions[at];
  const same = old?.status === proposed.status && old.reason === proposed.reason;
  if (same && proposed.reason !== 'ReplicaSetUpdated') return;
  const now = timestamp();
  const lastTransitionTime = old?.status === proposed.status ? old.lastTransitionTime : now;
  conditions.splice(at < 0 ? conditions.length : at, 1, { ...proposed, lastUpdateTime: now, lastTransitionTime });
}
