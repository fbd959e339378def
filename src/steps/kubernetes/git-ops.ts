import type { ObjectRef } from '../../clients/kubernetes-resources.ts';
import type { ObjectView } from '../../clients/kubernetes-views.ts';
import { type Found, type Guards, isDenial, note, nothing, notKnown, pausedOrWatched, workloadOf } from './guard.ts';
import { objectAt } from './workload.ts';

/** Which GitOps controller owns a workload, and would put back what git says of its replicas. */
export async function gitOpsOf(cluster: Guards, workload: ObjectView): Promise<Found> {
  const found = await Promise.all([
    argoCd(cluster, workload),
    flux(cluster, workload, 'kustomization', 'kustomize.toolkit.fluxcd.io'),
    flux(cluster, workload, 'helm-release', 'helm.toolkit.fluxcd.io'),
  ]);
  return { paused: found.flatMap(({ paused }) => paused), notes: found.flatMap(({ notes }) => notes) };
}

/** Flux, "Kustomization" and "HelmRelease": every object that they apply carries who applied it. */
async function flux(
  cluster: Guards,
  workload: ObjectView,
  kind: 'kustomization' | 'helm-release',
  group: string,
): Promise<Found> {
  const name = workload.labels[`${group}/name`];
  const namespace = workload.labels[`${group}/namespace`] ?? workload.namespace;
  if (!name) return nothing;
  const params = { workload: workloadOf(workload), kind, name, namespace };
  const owner = await lookAt(cluster, { cluster: workload.cluster, namespace, kind, name });
  if (owner === 'not-known')
    return { paused: [], notes: [note('guard.flux-watched', params), notKnown('get', kind, namespace)] };
  if (!owner) return nothing;
  return pausedOrWatched(cluster, { ...owner, kind }, { paused: 'guard.flux', watched: 'guard.flux-watched' }, params);
}

/** Where Argo CD keeps its Applications unless it is told otherwise (Argo CD, "Applications in any namespace"). */
const argoNamespace = 'argocd';

/**
 * Argo CD, "Resource Tracking": by annotation `<application>:<group>/<kind>:<namespace>/<name>`, where the application may
 * stand as `<namespace>_<name>`; before its version 3 by a label that Helm charts carry too, which alone proves nothing.
 */
async function argoCd(cluster: Guards, workload: ObjectView): Promise<Found> {
  const [tracked = '', , object] = (workload.annotations['argocd.argoproj.io/tracking-id'] ?? '').split(':');
  const byAnnotation = object === `${workload.namespace}/${workload.name}` ? tracked : '';
  const owner = byAnnotation || (workload.labels['argocd.argoproj.io/instance'] ?? '');
  const name = owner || (workload.labels['app.kubernetes.io/instance'] ?? '');
  if (!name) return nothing;
  const at = name.indexOf('_');
  const ref = {
    cluster: workload.cluster,
    kind: 'application',
    namespace: at < 0 ? argoNamespace : name.slice(0, at),
    name: name.slice(at + 1),
  } as const;
  const application = await lookAt(cluster, ref);
  const params = { workload: workloadOf(workload), application: ref.name };
  if (application === 'not-known') {
    const owned = owner ? [note('guard.argo-cd-not-known', params)] : [];
    return { paused: [], notes: [...owned, notKnown('get', 'application', ref.namespace)] };
  }
  if (!application) return { paused: [], notes: owner ? [note('guard.argo-cd-not-known', params)] : [] };
  return { paused: [], notes: [note(healsItself(application) ? 'guard.argo-cd-self-heal' : 'guard.argo-cd', params)] };
}

/** Argo CD, "Automated Sync Policy": `enabled: false` switches the whole of it off. */
function healsItself({ spec }: ObjectView): boolean {
  const automated = objectAt(objectAt(spec, 'syncPolicy'), 'automated');
  return automated.selfHeal === true && automated.enabled !== false;
}

async function lookAt(cluster: Guards, ref: ObjectRef): Promise<ObjectView | undefined | 'not-known'> {
  try {
    return await cluster.find(ref);
  } catch (error) {
    if (isDenial(error)) return 'not-known';
    throw error;
  }
}
