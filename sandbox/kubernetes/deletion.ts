import { kinds, type Plural } from './kinds.ts';
import { type KubeObject, type Pod, timestamp } from './objects.ts';
import type { Store } from './store.ts';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/**
 * Deletes as the API does: a pod is marked and goes when its processes have ended (at once with a grace period of 0),
 * everything else goes at once, and what it owned follows unless it is orphaned.
 */
export function deleteObject(store: Store, plural: Plural, object: KubeObject, options: DeleteOptions = {}): void {
  if (plural === 'pods') return void deletePod(store, object as Pod, options.gracePeriodSeconds);
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

function deletePod(store: Store, pod: Pod, asked?: number): void {
  const grace = Math.max(0, asked ?? pod.spec.terminationGracePeriodSeconds ?? 30);
  if (grace === 0) return void store.remove('pods', pod);
  store.update('pods', pod.metadata, ({ metadata }) => {
    if ((metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY) <= grace) return;
    metadata.deletionTimestamp = timestamp(new Date(Date.now() + grace * 1000));
    metadata.deletionGracePeriodSeconds = grace;
  });
}
