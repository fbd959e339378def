import { deleteObject, isOwnedBy } from '../deletion.ts';
import { recordEvent } from '../events.ts';
import type { Deployment, ReplicaSet } from '../objects.ts';
import { createObject } from '../rest.ts';
import type { Store } from '../store.ts';
import { reportProgress } from './deployment-status.ts';
import { rollingBounds } from './rolling-bounds.ts';
import { templateHash } from './template-hash.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const TEMPLATE_HASH = 'pod-template-hash';

/**
 * Moves a Deployment one step towards what is wanted: a ReplicaSet for its pod template, the others drained within
 * maxSurge and maxUnavailable (or first, with the strategy Recreate), and its status.
 */
export function reconcileDeployment(store: Store, deployment: Deployment): void {
  const { namespace } = deployment.metadata;
  const hash = templateHash(deployment.spec.template);
  const owned = () => store.list('replicasets', namespace).filter((replicaSet) => isOwnedBy(replicaSet, deployment));
  const isNew = ({ metadata }: ReplicaSet) => metadata.labels?.[TEMPLATE_HASH] === hash;
  if (!owned().some(isNew) && !deployment.spec.paused) createReplicaSet(store, deployment, hash, owned());
  adoptRevision(store, deployment, owned().find(isNew), owned());

  const next = owned().find(isNew);
  const old = owned().filter((replicaSet) => !isNew(replicaSet));
  if (deployment.spec.strategy.type === 'Recreate') recreate(store, deployment, next, old);
  else roll(store, deployment, next, old);
  cleanUp(store, deployment, old);
  reportProgress(store, deployment.metadata, { all: owned(), next: owned().find(isNew) });
}

function createReplicaSet(store: Store, deployment: Deployment, hash: string, existing: readonly ReplicaSet[]): void {
  const { metadata, spec } = deployment;
  const labels = { ...spec.template.metadata?.labels, [TEMPLATE_HASH]: hash };
  const { selector, minReadySeconds } = spec;
  createObject(store, {
    plural: 'replicasets',
    namespace: metadata.namespace,
    dryRun: false,
    body: {
      metadata: {
        name: `${metadata.name}-${hash}`,
        labels,
        annotations: { [REVISION]: String(lastRevision(existing) + 1) },
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: metadata.name,
            uid: metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        replicas: 0,
        ...(minReadySeconds ? { minReadySeconds } : {}),
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [TEMPLATE_HASH]: hash } },
        template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
      },
    },
  });
}

const revisionOf = ({ metadata }: ReplicaSet) => Number(metadata.annotations?.[REVISION] ?? 0);
const lastRevision = (all: readonly ReplicaSet[]) => Math.max(0, ...all.map(revisionOf));

/** The ReplicaSet in use carries the highest revision, one that a rollback brought back too. */
function adoptRevision(
  store: Store,
  deployment: Deployment,
  next: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
): void {
  if (!next) return;
  const others = lastRevision(all.filter(({ metadata }) => metadata.uid !== next.metadata.uid));
  const revision = String(Math.max(revisionOf(next), others + 1));
  store.update('replicasets', next.metadata, ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, [REVISION]: revision };
  });
  store.update('deployments', deployment.metadata, ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, [REVISION]: revision };
  });
}

function recreate(
  store: Store,
  deployment: Deployment,
  next: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): void {
  for (const replicaSet of old) scale(store, deployment, replicaSet, 0);
  const left = store
    .list('pods', deployment.metadata.namespace)
    .some((pod) => old.some((replicaSet) => isOwnedBy(pod, replicaSet)));
  if (next && !left) scale(store, deployment, next, deployment.spec.replicas);
}

/** Follows the rolling update of Kubernetes' own controller: up within the surge, down while enough are available. */
function roll(store: Store, deployment: Deployment, next: ReplicaSet | undefined, old: readonly ReplicaSet[]): void {
  const wanted = deployment.spec.replicas;
  const { surge, unavailable } = rollingBounds(deployment);
  const all = [...old, ...(next ? [next] : [])];
  const total = sum(all, ({ spec }) => spec.replicas);
  if (!next) return void (old[0] && scale(store, deployment, old[0], wanted));
  const room = Math.max(0, wanted + surge - total);
  const target = next.spec.replicas > wanted ? wanted : Math.min(wanted, next.spec.replicas + room);
  scale(store, deployment, next, target);

  const minAvailable = wanted - unavailable;
  const newAvailable = next.status.availableReplicas ?? 0;
  const afterScale = total - next.spec.replicas + target;
  let spare = afterScale - minAvailable - Math.max(0, target - newAvailable);
  let available = sum(all, ({ status }) => status.availableReplicas ?? 0) - minAvailable;
  for (const replicaSet of [...old].sort((a, b) => revisionOf(a) - revisionOf(b))) {
    const unhealthy = Math.max(0, replicaSet.spec.replicas - (replicaSet.status.availableReplicas ?? 0));
    const dropUnhealthy = Math.max(0, Math.min(spare, unhealthy));
    spare -= dropUnhealthy;
    const dropHealthy = Math.max(0, Math.min(available, spare, replicaSet.spec.replicas - dropUnhealthy));
    spare -= dropHealthy;
    available -= dropHealthy;
    scale(store, deployment, replicaSet, replicaSet.spec.replicas - dropUnhealthy - dropHealthy);
  }
}

const sum = (all: readonly ReplicaSet[], of: (replicaSet: ReplicaSet) => number) =>
  all.reduce((total, replicaSet) => total + of(replicaSet), 0);

function scale(store: Store, deployment: Deployment, replicaSet: ReplicaSet, replicas: number): void {
  const from = replicaSet.spec.replicas;
  if (from === replicas) return;
  store.update('replicasets', replicaSet.metadata, ({ spec }) => {
    spec.replicas = replicas;
  });
  const message = `Scaled ${replicas > from ? 'up' : 'down'} replica set ${replicaSet.metadata.name} from ${from} to ${replicas}`;
  recordEvent(store, {
    about: deployment,
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message,
    component: 'deployment-controller',
  });
}

function cleanUp(store: Store, { spec }: Deployment, old: readonly ReplicaSet[]): void {
  const idle = old.filter((replicaSet) => replicaSet.spec.replicas === 0 && replicaSet.status.replicas === 0);
  idle.sort((a, b) => revisionOf(b) - revisionOf(a));
  for (const replicaSet of idle.slice(spec.revisionHistoryLimit ?? 10)) deleteObject(store, 'replicasets', replicaSet);
}
