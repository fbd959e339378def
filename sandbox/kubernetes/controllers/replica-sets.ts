import { deleteObject, isOwnedBy } from '../deletion.ts';
import { recordEvent } from '../events.ts';
import type { Pod, ReplicaSet } from '../objects.ts';
import { isAvailable, isReady } from '../pod-status.ts';
import { createObject, randomSuffix } from '../rest.ts';
import type { Store } from '../store.ts';

/**
 * Makes the number of a ReplicaSet's pods the wanted one. Pods that are being deleted no longer count, as on a real
 * cluster: its status says 0 while the last processes still run.
 */
export function reconcileReplicaSet(store: Store, replicaSet: ReplicaSet): void {
  const { namespace } = replicaSet.metadata;
  const pods = store.list('pods', namespace).filter((pod) => isOwnedBy(pod, replicaSet));
  const active = pods.filter(
    ({ metadata, status }) => !metadata.deletionTimestamp && status.phase !== 'Failed' && status.phase !== 'Succeeded',
  );
  const missing = replicaSet.spec.replicas - active.length;
  for (let made = 0; made < missing; made++) createPod(store, replicaSet);
  for (const pod of [...active].sort(dispensableFirst).slice(0, Math.max(0, -missing))) {
    deleteObject(store, 'pods', pod);
    say(store, replicaSet, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  }
  reportStatus(store, replicaSet, active);
}

/** The order in which pods are given up: not ready before ready, young before old. */
function dispensableFirst(a: Pod, b: Pod): number {
  if (isReady(a) !== isReady(b)) return isReady(a) ? 1 : -1;
  return a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1;
}

function createPod(store: Store, replicaSet: ReplicaSet): void {
  const { namespace, name, uid } = replicaSet.metadata;
  const { template } = replicaSet.spec;
  const pod = createObject(store, {
    plural: 'pods',
    namespace,
    dryRun: false,
    body: {
      metadata: {
        ...structuredClone(template.metadata ?? {}),
        name: `${name}-${randomSuffix()}`,
        generateName: `${name}-`,
        namespace,
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true, blockOwnerDeletion: true },
        ],
      },
      spec: structuredClone(template.spec),
    },
  });
  say(store, replicaSet, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
}

function reportStatus(store: Store, replicaSet: ReplicaSet, active: readonly Pod[]): void {
  const current = active.filter(({ metadata }) => store.find('pods', metadata.namespace, metadata.name) !== undefined);
  const ready = current.filter(isReady).length;
  const available = current.filter((pod) => isAvailable(pod, replicaSet.spec.minReadySeconds)).length;
  store.update('replicasets', replicaSet.metadata, (draft) => {
    draft.status = {
      replicas: current.length,
      ...(current.length > 0 ? { fullyLabeledReplicas: current.length } : {}),
      ...(ready > 0 ? { readyReplicas: ready } : {}),
      ...(available > 0 ? { availableReplicas: available } : {}),
      observedGeneration: draft.metadata.generation ?? 1,
    };
  });
}

function say(store: Store, about: ReplicaSet, reason: string, message: string): void {
  recordEvent(store, { about, type: 'Normal', reason, message, component: 'replicaset-controller' });
}
