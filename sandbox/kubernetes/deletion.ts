import { kinds, type Plural } from './kinds.ts';
import { type KubeObject, type Pod, timestamp } from './objects.ts';
import type { Store } from './store.ts';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/**
 * Deletes as the API does: a pod is marked and goes when its processes have ended (at once with a grace period of 0),
 * everything else goes at once, and what it owned follows unless it is orphaned. What has finalizers is only marked: it
 * goes when the last of them is taken away (`removeReleased`).
 */
export function deleteObject(store: Store, plural: Plural, object: KubeObject, options: DeleteOptions = {}): void {
  const grace = plural === 'pods' ? podGrace(object as Pod, options.gracePeriodSeconds) : 0;
  if (grace > 0) return void markPod(store, object as Pod, grace);
  if (object.metadata.finalizers?.length) return void markHeld(store, plural, object);
  removeWithOwned(store, plural, object, options);
}

/** Takes away an object that was deleted and kept by its finalizers only, once there is none left. */
export function removeReleased(store: Store, plural: Plural, object: KubeObject): void {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  if (!deletionTimestamp || finalizers.length > 0 || deletionGracePeriodSeconds > 0) return;
  removeWithOwned(store, plural, object, {});
}

/** Takes one finalizer off, as the controller does that had set it. */
export function releaseFinalizer(store: Store, plural: Plural, object: KubeObject, finalizer: string): void {
  const updated: KubeObject | undefined = store.update(plural, object.metadata, ({ metadata }) => {
    const left = (metadata.finalizers ?? []).filter((each) => each !== finalizer);
    if (left.length > 0) metadata.finalizers = left;
    else delete metadata.finalizers;
  });
  if (updated) removeReleased(store, plural, updated);
}

function removeWithOwned(store: Store, plural: Plural, object: KubeObject, options: DeleteOptions): void {
  store.remove(plural, object);
  if (plural === 'namespaces') {
    for (const each of plurals) {
      if (!kinds[each].namespaced) continue;
      for (const inside of store.list(each, object.metadata.name)) deleteObject(store, each, inside);
    }
  }
  for (const each of plurals) {
    for (const owned of store.list(each).filter((candidate) => isOwnedBy(candidate, object))) {
      if (options.propagationPolicy === 'Orphan') orphan(store, each, owned, object);
      else deleteObject(store, each, owned);
    }
  }
}

const plurals = Object.keys(kinds) as Plural[];

export const isOwnedBy = (object: KubeObject, owner: KubeObject): boolean =>
  (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid);

function orphan(store: Store, plural: Plural, { metadata }: KubeObject, owner: KubeObject): void {
  store.update(plural, metadata, (draft) => {
    draft.metadata.ownerReferences = (draft.metadata.ownerReferences ?? []).filter(
      ({ uid }) => uid !== owner.metadata.uid,
    );
  });
}

const podGrace = ({ spec }: Pod, asked?: number) => Math.max(0, asked ?? spec.terminationGracePeriodSeconds ?? 30);

function markHeld(store: Store, plural: Plural, object: KubeObject): void {
  store.update(plural, object.metadata, ({ metadata }) => {
    metadata.deletionTimestamp ??= timestamp();
    metadata.deletionGracePeriodSeconds = 0;
  });
}

function markPod(store: Store, pod: Pod, grace: number): void {
  store.update('pods', pod.metadata, ({ metadata }) => {
    if ((metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY) <= grace) return;
    metadata.deletionTimestamp = timestamp(new Date(Date.now() + grace * 1000));
    metadata.deletionGracePeriodSeconds = grace;
  });
}
