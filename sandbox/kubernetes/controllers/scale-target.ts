import type { Store } from '../store.ts';

const scalable: Readonly<Record<string, 'deployments' | 'statefulsets' | 'replicasets'>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  ReplicaSet: 'replicasets',
};

export interface TargetReference {
  readonly kind?: string;
  readonly name: string;
}

/** What an autoscaler acts on: anything with a `/scale`. */
export interface ScaleTarget {
  readonly replicas: number;
  readonly current: number;
  set(replicas: number): void;
}

export function findTarget(
  store: Store,
  namespace: string | undefined,
  { kind = 'Deployment', name }: TargetReference,
): ScaleTarget | undefined {
  const plural = scalable[kind];
  const found = plural && store.find(plural, namespace, name);
  if (!found) return undefined;
  return {
    replicas: found.spec.replicas,
    current: found.status.replicas ?? 0,
    set(replicas) {
      store.update(plural, found.metadata, ({ spec }) => {
        spec.replicas = replicas;
      });
    },
  };
}

/** Lets each object have its turn no more often than its own pace. */
export function createPacer(): (uid: string, seconds: number) => boolean {
  const last = new Map<string, number>();
  return (uid, seconds) => {
    const now = Date.now();
    if (now - (last.get(uid) ?? 0) < 1000 * seconds) return false;
    last.set(uid, now);
    return true;
  };
}
