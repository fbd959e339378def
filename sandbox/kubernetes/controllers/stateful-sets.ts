import { deleteObject, isOwnedBy } from '../deletion.ts';
import { recordEvent } from '../events.ts';
import type { Pod } from '../objects.ts';
import { isAvailable, isReady } from '../pod-status.ts';
import type { Store } from '../store.ts';
import type { StatefulSet } from '../workload-objects.ts';
import { createPod, hasEnded } from './pods.ts';
import { templateHash } from './template-hash.ts';

const REVISION = 'controller-revision-hash';

/**
 * Moves a StatefulSet one step towards what is wanted (StatefulSet, "Deployment and Scaling Guarantees"): pods of stable
 * names, made from the first to the last, each when those before it are ready, taken away from the last to the first,
 * each when the one after it is gone.
 */
export function reconcileStatefulSet(store: Store, set: StatefulSet): void {
  const revision = `${set.metadata.name}-${templateHash(set.spec.template)}`;
  step(store, set, revision);
  reportStatus(store, set, revision);
}

const ordinalOf = ({ metadata }: Pod) => Number(metadata.name.slice(metadata.name.lastIndexOf('-') + 1));

const ownedPods = (store: Store, set: StatefulSet) =>
  store.list('pods', set.metadata.namespace).filter((pod) => isOwnedBy(pod, set));

function step(store: Store, set: StatefulSet, revision: string): void {
  const { replicas, podManagementPolicy, minReadySeconds = 0 } = set.spec;
  const inOrder = podManagementPolicy !== 'Parallel';
  const pods = new Map(ownedPods(store, set).map((pod) => [ordinalOf(pod), pod]));
  const healthy = (pod: Pod | undefined) =>
    pod !== undefined && !pod.metadata.deletionTimestamp && isAvailable(pod, minReadySeconds);
  for (let ordinal = 0; ordinal < replicas; ordinal++) {
    const pod = pods.get(ordinal);
    if (!pod) create(store, set, ordinal, revision);
    else if (hasEnded(pod) && !pod.metadata.deletionTimestamp) remove(store, set, pod);
    if (inOrder && !healthy(pod)) return;
  }
  const surplus = [...pods.keys()].filter((ordinal) => ordinal >= replicas).sort((a, b) => b - a);
  for (const ordinal of surplus) {
    const pod = pods.get(ordinal);
    if (pod && !pod.metadata.deletionTimestamp) remove(store, set, pod);
    if (inOrder) return;
  }
  if (set.spec.updateStrategy?.type === 'OnDelete') return;
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let ordinal = replicas - 1; ordinal >= partition; ordinal--) {
    const pod = pods.get(ordinal);
    const stale = pod && pod.metadata.labels?.[REVISION] !== revision;
    if (stale && !pod.metadata.deletionTimestamp) remove(store, set, pod);
    if (stale || !healthy(pod)) return;
  }
}

function create(store: Store, set: StatefulSet, ordinal: number, revision: string): void {
  const name = `${set.metadata.name}-${ordinal}`;
  const labels = {
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
    [REVISION]: revision,
  };
  const { serviceName } = set.spec;
  const spec = { hostname: name, ...(serviceName ? { subdomain: serviceName } : {}) };
  createPod(store, set, set.spec.template, { name, labels, spec });
  say(store, set, 'SuccessfulCreate', `create Pod ${name} in StatefulSet ${set.metadata.name} successful`);
}

function remove(store: Store, set: StatefulSet, pod: Pod): void {
  deleteObject(store, 'pods', pod);
  const { name } = set.metadata;
  say(store, set, 'SuccessfulDelete', `delete Pod ${pod.metadata.name} in StatefulSet ${name} successful`);
}

/** As on a real cluster, and unlike a Deployment's, the count of replicas includes pods that are going. */
function reportStatus(store: Store, set: StatefulSet, revision: string): void {
  const pods = ownedPods(store, set);
  const staying = pods.filter(({ metadata }) => !metadata.deletionTimestamp);
  const updated = staying.filter(({ metadata }) => metadata.labels?.[REVISION] === revision).length;
  const ready = pods.filter(isReady).length;
  const { replicas, minReadySeconds } = set.spec;
  const available = pods.filter((pod) => isAvailable(pod, minReadySeconds)).length;
  store.update('statefulsets', set.metadata, (draft) => {
    const complete = updated === replicas && ready === replicas && pods.length === replicas;
    const current = complete ? revision : (draft.status.currentRevision ?? revision);
    const atCurrent = staying.filter(({ metadata }) => metadata.labels?.[REVISION] === current).length;
    const counts = { readyReplicas: ready, currentReplicas: atCurrent, updatedReplicas: updated };
    draft.status = {
      observedGeneration: draft.metadata.generation ?? 1,
      replicas: pods.length,
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
      availableReplicas: available,
      currentRevision: current,
      updateRevision: revision,
      collisionCount: 0,
    };
  });
}

function say(store: Store, about: StatefulSet, reason: string, message: string): void {
  recordEvent(store, { about, type: 'Normal', reason, message, component: 'statefulset-controller' });
}
