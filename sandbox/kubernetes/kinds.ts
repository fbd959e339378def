/** One resource of the API. A further one (Jobs, CronJobs, autoscalers) is a further line in `kinds`. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly categories?: readonly string[];
  readonly subresources?: readonly ('status' | 'scale' | 'log')[];
  /** Whether a change of `spec` counts up `metadata.generation`. */
  readonly counted?: boolean;
}

const core = { group: '', version: 'v1' } as const;
const apps = { group: 'apps', version: 'v1' } as const;

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
    subresources: ['status', 'log'],
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
} as const satisfies Record<string, Kind>;

export type Plural = keyof typeof kinds;

export const allKinds: readonly Kind[] = Object.values(kinds);

export const findKind = (group: string, version: string, plural: string): Kind | undefined =>
  allKinds.find((kind) => kind.group === group && kind.version === version && kind.plural === plural);

export const apiVersionOf = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  group ? `${group}/${version}` : version;
