import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { kinds, type Plural } from './kinds.ts';
import { type Deployment, type KubeObject, type Pod, type ReplicaSet, type Service, timestamp } from './objects.ts';
import { alreadyExists, gone, notFound } from './status.ts';

export interface Objects extends Record<Plural, KubeObject> {
  pods: Pod;
  deployments: Deployment;
  replicasets: ReplicaSet;
  services: Service;
}

export interface Change<P extends Plural = Plural> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly plural: P;
  readonly object: Objects[P];
  readonly previous?: Objects[P];
  readonly version: number;
}

/**
 * The cluster's memory: objects under one growing version, and the changes that watchers may still ask for. An object
 * that was handed out is never changed afterwards; a change makes a new one.
 */
export interface Store {
  version(): number;
  list<P extends Plural>(plural: P, namespace?: string): Objects[P][];
  find<P extends Plural>(plural: P, namespace: string | undefined, name: string): Objects[P] | undefined;
  /** As `find`; throws the API's 404 when there is none. */
  get<P extends Plural>(plural: P, namespace: string | undefined, name: string): Objects[P];
  /** Gives uid, version and creation time. Throws the API's 409 when the name is taken. */
  create<P extends Plural>(plural: P, object: Fresh<Objects[P]>): Objects[P];
  /** Changes a copy and stores it; where nothing changed, neither does the version. Undefined when the object is gone. */
  update<P extends Plural>(
    plural: P,
    key: { namespace?: string | undefined; name: string; uid?: string },
    change: (draft: Objects[P]) => void,
  ): Objects[P] | undefined;
  /** Removes it at once. */
  remove(plural: Plural, object: KubeObject): void;
  /** Told of every change, in order, one at a time. */
  subscribe(listener: (change: Change) => void): () => void;
  /** The changes after a version; throws 410 when they are no longer remembered. */
  since(plural: Plural, version: number): Change[];
  /** Forgets all changes so far, as a compaction of etcd does. */
  compact(): void;
}

export type Fresh<T extends KubeObject> = Omit<T, 'metadata'> & {
  metadata: Partial<T['metadata']> & { name: string };
};

const REMEMBERED_CHANGES = 2000;

export function createStore(): Store {
  let version = 1000;
  let compacted = version;
  const objects = new Map<Plural, Map<string, KubeObject>>();
  const history: Change[] = [];
  const listeners = new Set<(change: Change) => void>();
  const untold: Change[] = [];
  let telling = false;

  const shelf = <P extends Plural>(plural: P): Map<string, Objects[P]> => {
    const found = objects.get(plural) ?? new Map<string, KubeObject>();
    objects.set(plural, found);
    return found as Map<string, Objects[P]>;
  };
  const keyOf = (namespace: string | undefined, name: string) => `${namespace ?? ''}/${name}`;

  /** A listener may change the store in turn: what comes of it is told after the change at hand. */
  const tell = (change: Change) => {
    history.push(change);
    if (history.length > REMEMBERED_CHANGES) compacted = history.shift()?.version ?? compacted;
    untold.push(change);
    if (telling) return;
    telling = true;
    for (let next = untold.shift(); next; next = untold.shift()) for (const listener of listeners) listener(next);
    telling = false;
  };

  const store: Store = {
    version: () => version,
    list: (plural, namespace) =>
      [...shelf(plural).values()].filter((object) => !namespace || object.metadata.namespace === namespace),
    find: (plural, namespace, name) => shelf(plural).get(keyOf(namespace, name)),
    get(plural, namespace, name) {
      const object = store.find(plural, namespace, name);
      if (!object) throw notFound(kinds[plural], name);
      return object;
    },
    create<P extends Plural>(plural: P, fresh: Fresh<Objects[P]>) {
      const { namespace, name } = fresh.metadata;
      if (store.find(plural, namespace, name)) throw alreadyExists(kinds[plural], name);
      version += 1;
      const metadata = {
        ...fresh.metadata,
        uid: randomUUID(),
        resourceVersion: String(version),
        creationTimestamp: timestamp(),
        ...('counted' in kinds[plural] ? { generation: 1 } : {}),
      };
      const object = { ...fresh, metadata } as Objects[P];
      shelf(plural).set(keyOf(namespace, name), object);
      tell({ type: 'ADDED', plural, object, version });
      return object;
    },
    update(plural, { namespace, name, uid }, change) {
      const previous = store.find(plural, namespace, name);
      if (!previous || (uid && previous.metadata.uid !== uid)) return undefined;
      const object = structuredClone(previous);
      change(object);
      if (isDeepStrictEqual(object, previous)) return previous;
      version += 1;
      object.metadata.resourceVersion = String(version);
      if ('counted' in kinds[plural] && !isDeepStrictEqual(object.spec, previous.spec)) {
        object.metadata.generation = (previous.metadata.generation ?? 0) + 1;
      }
      shelf(plural).set(keyOf(namespace, name), object);
      tell({ type: 'MODIFIED', plural, object, previous, version });
      return object;
    },
    remove(plural, { metadata }) {
      const previous = store.find(plural, metadata.namespace, metadata.name);
      if (!previous || previous.metadata.uid !== metadata.uid) return;
      version += 1;
      shelf(plural).delete(keyOf(metadata.namespace, metadata.name));
      const object = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(version) } };
      tell({ type: 'DELETED', plural, object, previous, version });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    since(plural, from) {
      if (from < compacted) throw gone(`too old resource version: ${from} (${compacted})`);
      return history.filter((change) => change.plural === plural && change.version > from);
    },
    compact() {
      history.length = 0;
      compacted = version;
    },
  };
  return store;
}
