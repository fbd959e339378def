/** Where the API serves a kind of object. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

/** The kinds that pitcrew reads or changes: of Kubernetes itself, and of what scales or deploys workloads in it. */
export const resources = {
  deployment: { group: 'apps', version: 'v1', plural: 'deployments' },
  'stateful-set': { group: 'apps', version: 'v1', plural: 'statefulsets' },
  /** One for each template that a Deployment had. */
  'replica-set': { group: 'apps', version: 'v1', plural: 'replicasets' },
  /** One for each template that a StatefulSet had. */
  'controller-revision': { group: 'apps', version: 'v1', plural: 'controllerrevisions' },
  'cron-job': { group: 'batch', version: 'v1', plural: 'cronjobs' },
  job: { group: 'batch', version: 'v1', plural: 'jobs' },
  autoscaler: { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers' },
  /** KEDA, "ScaledObject specification". */
  'scaled-object': { group: 'keda.sh', version: 'v1alpha1', plural: 'scaledobjects' },
  /** Argo CD, "Declarative Setup". */
  application: { group: 'argoproj.io', version: 'v1alpha1', plural: 'applications' },
  /** Argo Rollouts, "Rollout specification". */
  rollout: { group: 'argoproj.io', version: 'v1alpha1', plural: 'rollouts' },
  /** Flux, "Kustomization" and "HelmRelease". */
  kustomization: { group: 'kustomize.toolkit.fluxcd.io', version: 'v1', plural: 'kustomizations' },
  'helm-release': { group: 'helm.toolkit.fluxcd.io', version: 'v2', plural: 'helmreleases' },
} as const satisfies Record<string, Resource>;

export type ObjectKind = keyof typeof resources;

/** Which namespace of which cluster; `''` is the kubeconfig's current context. */
export interface Place {
  readonly cluster: string;
  readonly namespace: string;
}

/** One object. A workload of the config is one. */
export interface ObjectRef extends Place {
  readonly kind: ObjectKind;
  readonly name: string;
}

/** As a Role of RBAC, and `kubectl`, name it: `deployments.apps`. */
export const resourceName = (kind: ObjectKind) => `${resources[kind].plural}.${resources[kind].group}`;
