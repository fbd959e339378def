import { customKinds } from './custom-kinds.ts';

/** One resource of the API. A further one is a further line in `kinds`. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly categories?: readonly string[];
  readonly subresources?: readonly ('status' | 'scale' | 'log' | 'exec')[];
  /** Brought by a CustomResourceDefinition: no strategic merge patch, and what it holds is not looked into. */
  readonly custom?: boolean;
  /** Whether a change of `spec` counts up `metadata.generation`. */
  readonly counted?: boolean;
}

const core = { group: '', version: 'v1' } as const;
const apps = { group: 'apps', version: 'v1' } as const;
const batch = { group: 'batch', version: 'v1' } as const;

export const kinds = {
  namespaces: {
    ...core,
    kind: 'Namespace',
    plural: 'namespaces',
    singular: 'namespace',
    shortNames: ['ns'],
    namespaced: false,
  },
  pods: {
    ...core,
    kind: 'Pod',
    plural: 'pods',
    singular: 'pod',
    shortNames: ['po'],
    namespaced: true,
    categories: ['all'],
    subresources: ['status', 'log', 'exec'],
  },
  services: {
    ...core,
    kind: 'Service',
    plural: 'services',
    singular: 'service',
    shortNames: ['svc'],
    namespaced: true,
    categories: ['all'],
  },
  secrets: { ...core, kind: 'Secret', plural: 'secrets', singular: 'secret', shortNames: [], namespaced: true },
  configmaps: {
    ...core,
    kind: 'ConfigMap',
    plural: 'configmaps',
    singular: 'configmap',
    shortNames: ['cm'],
    namespaced: true,
  },
  serviceaccounts: {
    ...core,
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    singular: 'serviceaccount',
    shortNames: ['sa'],
    namespaced: true,
  },
  events: { ...core, kind: 'Event', plural: 'events', singular: 'event', shortNames: ['ev'], namespaced: true },
  deployments: {
    ...apps,
    kind: 'Deployment',
    plural: 'deployments',
    singular: 'deployment',
    shortNames: ['deploy'],
    namespaced: true,
    categories: ['all'],
    subresources: ['status', 'scale'],
    counted: true,
  },
  replicasets: {
    ...apps,
    kind: 'ReplicaSet',
    plural: 'replicasets',
    singular: 'replicaset',
    shortNames: ['rs'],
    namespaced: true,
    categories: ['all'],
    subresources: ['status', 'scale'],
    counted: true,
  },
  statefulsets: {
    ...apps,
    kind: 'StatefulSet',
    plural: 'statefulsets',
    singular: 'statefulset',
    shortNames: ['sts'],
    namespaced: true,
    categories: ['all'],
    subresources: ['status', 'scale'],
    counted: true,
  },
  jobs: {
    ...batch,
    kind: 'Job',
    plural: 'jobs',
    singular: 'job',
    shortNames: [],
    namespaced: true,
    categories: ['all'],
    subresources: ['status'],
    counted: true,
  },
  cronjobs: {
    ...batch,
    kind: 'CronJob',
    plural: 'cronjobs',
    singular: 'cronjob',
    shortNames: ['cj'],
    namespaced: true,
    categories: ['all'],
    subresources: ['status'],
    counted: true,
  },
  horizontalpodautoscalers: {
    group: 'autoscaling',
    version: 'v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    singular: 'horizontalpodautoscaler',
    shortNames: ['hpa'],
    namespaced: true,
    categories: ['all'],
    subresources: ['status'],
  },
  ...customKinds,
} as const satisfies Record<string, Kind>;

export type Plural = keyof typeof kinds;

export const allKinds: readonly Kind[] = Object.values(kinds);

export const findKind = (group: string, version: string, plural: string): Kind | undefined =>
  allKinds.find((kind) => kind.group === group && kind.version === version && kind.plural === plural);

export const apiVersionOf = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  group ? `${group}/${version}` : version;
