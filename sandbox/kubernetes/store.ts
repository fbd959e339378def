import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Application, FluxObject, ScaledObject } from './custom-objects.ts';
import { kinds, type Plural } from './kinds.ts';
import { type Deployment, type KubeObject, type Pod, type ReplicaSet, type Service, timestamp } from './objects.ts';
import { alreadyExists, gone, notFound } from './status.ts';
import type { CronJob, HorizontalPodAutoscaler, Job, StatefulSet } from './workload-objects.ts';

export interface Objects extends Record<Plural, KubeObject> {
  pods: Pod;
  deployments: Deployment;
  replicasets: ReplicaSet;
  services: Service;
  statefulsets: StatefulSet;
  jobs: Job;
  cronjobs: CronJob;
  horizontalpodautoscalers: HorizontalPodAutoscaler;
  scaledobjects: ScaledObject;
  applications: Application;
  kustomizations: FluxObject;
  helmreleases: FluxObject;
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
  update<P extends Plural>(plural: P, key: Key, change: (draft: Objects[P]) => void): Objects[P] | undefined;
  /** Removes it at once. */
  remove(plural: Plural, object: KubeObject): void;
  /** Told of every change, in order, one at a time. */
  subscribe(listener: (change: Change) => void): () => void;
  /** The changes after a version; throws 410 when they are no longer remembered. */
  since(plural: Plural, version: number): Change[];
  /** Forgets all changes so far, as a compaction of etcd does. */
  compact(): void;
}

interface Key {
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly uid?: string;
}

export type Fresh<T extends KubeObject> = Omit<T, 'metadata'> & {
  metadata: Partial<T['metadata']> & { name: string };
};

const REMEMBERED_CHANGES = 2000;

export const createStore = (): Store => new MemoryStore();

const keyOf = (namespace: string | undefined, name: string) => `${namespace ?? ''}/${name}`;

class MemoryStore implements Store {
  #version = 1000;
  #compacted = 1000;
  readonly #objects = new Map<Plural, Map<string, KubeObject>>();
  readonly #history: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #untold: Change[] = [];
  #telling = false;

  version(): number {
    return this.#version;
  }

  #shelf<P extends Plural>(plural: P): Map<string, Objects[P]> {
    const found = this.#objects.get(plural) ?? new Map<string, KubeObject>();
    this.#objects.set(plural, found);
    return found as Map<string, Objects[P]>;
  }

  /** A listener may change the store in turn: what comes of it is told after the change at hand. */
  #tell(change: Change): void {
    this.#history.push(change);
    if (this.#history.length > REMEMBERED_CHANGES) this.#compacted = this.#history.shift()?.version ?? this.#compacted;
    this.#untold.push(change);
    if (this.#telling) return;
    this.#telling = true;
    for (let next = this.#untold.shift(); next; next = this.#untold.shift()) {
      for (const listener of this.#listeners) listener(next);
    }
    this.#telling = false;
  }

  list<P extends Plural>(plural: P, namespace?: string): Objects[P][] {
    return [...this.#shelf(plural).values()].filter(({ metadata }) => !namespace || metadata.namespace === namespace);
  }

  find<P extends Plural>(plural: P, namespace: string | undefined, name: string): Objects[P] | undefined {
    return this.#shelf(plural).get(keyOf(namespace, name));
  }

  get<P extends Plural>(plural: P, namespace: string | undefined, name: string): Objects[P] {
    const object = this.find(plural, namespace, name);
    if (!object) throw notFound(kinds[plural], name);
    return object;
  }

  create<P extends Plural>(plural: P, fresh: Fresh<Objects[P]>): Objects[P] {
    const { namespace, name } = fresh.metadata;
    if (this.find(plural, namespace, name)) throw alreadyExists(kinds[plural], name);
    this.#version += 1;
    const metadata = {
      ...fresh.metadata,
      uid: fresh.metadata.uid ?? randomUUID(),
      resourceVersion: String(this.#version),
      creationTimestamp: timestamp(),
      ...('counted' in kinds[plural] ? { generation: 1 } : {}),
    };
    const object = { ...fresh, metadata } as Objects[P];
    this.#shelf(plural).set(keyOf(namespace, name), object);
    this.#tell({ type: 'ADDED', plural, object, version: this.#version });
    return object;
  }

  update<P extends Plural>(plural: P, key: Key, change: (draft: Objects[P]) => void): Objects[P] | undefined {
    const previous = this.find(plural, key.namespace, key.name);
    if (!previous || (key.uid && previous.metadata.uid !== key.uid)) return undefined;
    const object = structuredClone(previous);
    change(object);
    if (isDeepStrictEqual(object, previous)) return previous;
    this.#version += 1;
    object.metadata.resourceVersion = String(this.#version);
    if ('counted' in kinds[plural] && !isDeepStrictEqual(object.spec, previous.spec)) {
      object.metadata.generation = (previous.metadata.generation ?? 0) + 1;
    }
    this.#shelf(plural).set(keyOf(key.namespace, key.name), object);
    this.#tell({ type: 'MODIFIED', plural, object, previous, version: this.#version });
    return object;
  }

  remove(plural: Plural, { metadata }: KubeObject): void {
    const previous = this.find(plural, metadata.namespace, metadata.name);
    if (!previous || previous.metadata.uid !== metadata.uid) return;
    this.#version += 1;
    this.#shelf(plural).delete(keyOf(metadata.namespace, metadata.name));
    const object = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(this.#version) } };
    this.#tell({ type: 'DELETED', plural, object, previous, version: this.#version });
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  since(plural: Plural, from: number): Change[] {
    if (from < this.#compacted) throw gone(`too old resource version: ${from} (${this.#compacted})`);
    return this.#history.filter((change) => change.plural === plural && change.version > from);
  }

  compact(): void {
    this.#history.length = 0;
    this.#compacted = this.#version;
  }
}
