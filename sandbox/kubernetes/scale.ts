import { kinds } from './kinds.ts';
import type { Deployment, ReplicaSet } from './objects.ts';
import { replaceObject, type Subject, type Write } from './rest.ts';
import { badRequest } from './status.ts';
import type { Store } from './store.ts';
import type { StatefulSet } from './workload-objects.ts';

/** The `/scale` view of a workload (autoscaling/v1). As on a real server, a wanted count of 0 is left out of `spec`. */
export function readScale(store: Store, subject: Subject): unknown {
  const { metadata, spec, status } = workload(store, subject);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
      creationTimestamp: metadata.creationTimestamp,
    },
    spec: spec.replicas > 0 ? { replicas: spec.replicas } : {},
    status: {
      replicas: status.replicas ?? 0,
      selector: Object.entries(spec.selector.matchLabels ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
    },
  };
}

/** Sets the wanted count. Throws 409 when the proposed Scale names another version or uid than the workload's. */
export function writeScale(store: Store, subject: Subject, proposed: unknown, write: Omit<Write, 'part'>): unknown {
  const { metadata, spec } = proposed as { metadata?: Partial<Deployment['metadata']>; spec?: { replicas?: number } };
  const replicas = spec?.replicas ?? 0;
  if (!Number.isInteger(replicas)) throw badRequest('Scale.spec.replicas must be an integer');
  const current = workload(store, subject);
  replaceObject(
    store,
    subject,
    {
      ...current,
      metadata: {
        ...current.metadata,
        resourceVersion: metadata?.resourceVersion ?? current.metadata.resourceVersion,
        uid: metadata?.uid ?? current.metadata.uid,
      },
      spec: { ...current.spec, replicas },
    },
    { ...write, part: 'object' },
  );
  return readScale(store, subject);
}

function workload(store: Store, { plural, namespace, name }: Subject): Deployment | ReplicaSet | StatefulSet {
  if (plural === 'deployments') return store.get('deployments', namespace, name);
  if (plural === 'replicasets') return store.get('replicasets', namespace, name);
  if (plural === 'statefulsets') return store.get('statefulsets', namespace, name);
  throw badRequest(`${kinds[plural].kind} has no scale`);
}
