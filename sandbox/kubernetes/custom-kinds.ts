import type { Kind } from './kinds.ts';

/**
 * What the extensions that fight over replica counts bring along: KEDA, Argo CD and Flux. Their groups can be taken away
 * (`withoutGroup`), as on a cluster where nobody installed them.
 */
export const customKinds = {
  scaledobjects: {
    group: 'keda.sh',
    version: 'v1alpha1',
    kind: 'ScaledObject',
    plural: 'scaledobjects',
    singular: 'scaledobject',
    shortNames: ['so'],
    namespaced: true,
    custom: true,
    subresources: ['status'],
    counted: true,
  },
  applications: {
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'Application',
    plural: 'applications',
    singular: 'application',
    shortNames: ['app', 'apps'],
    namespaced: true,
    custom: true,
    counted: true,
  },
  kustomizations: {
    group: 'kustomize.toolkit.fluxcd.io',
    version: 'v1',
    kind: 'Kustomization',
    plural: 'kustomizations',
    singular: 'kustomization',
    shortNames: ['ks'],
    namespaced: true,
    custom: true,
    subresources: ['status'],
    counted: true,
  },
  helmreleases: {
    group: 'helm.toolkit.fluxcd.io',
    version: 'v2',
    kind: 'HelmRelease',
    plural: 'helmreleases',
    singular: 'helmrelease',
    shortNames: ['hr'],
    namespaced: true,
    custom: true,
    subresources: ['status'],
    counted: true,
  },
} as const satisfies Record<string, Kind>;
