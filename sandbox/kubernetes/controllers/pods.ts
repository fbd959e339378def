import type { KubeObject, Pod, PodTemplate } from '../objects.ts';
import { createObject } from '../rest.ts';
import type { Store } from '../store.ts';

/** Creates a pod from a workload's template, owned by the workload. Throws as the API does. */
export function createPod(
  store: Store,
  owner: KubeObject,
  template: PodTemplate,
  { name, labels = {}, finalizers, spec = {} }: PodDetails,
): Pod {
  const { namespace } = owner.metadata;
  return createObject(store, {
    plural: 'pods',
    namespace,
    dryRun: false,
    body: {
      metadata: {
        ...structuredClone(template.metadata ?? {}),
        name,
        namespace,
        labels: { ...template.metadata?.labels, ...labels },
        ownerReferences: [controllerReference(owner)],
        ...(finalizers ? { finalizers } : {}),
      },
      spec: { ...structuredClone(template.spec), ...spec },
    },
  }) as Pod;
}

interface PodDetails {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly finalizers?: string[];
  readonly spec?: object;
}

export const controllerReference = ({ apiVersion, kind, metadata: { name, uid } }: KubeObject) => ({
  ...{ apiVersion, kind, name, uid },
  controller: true,
  blockOwnerDeletion: true,
});

export const hasEnded = ({ status }: Pod): boolean => status.phase === 'Succeeded' || status.phase === 'Failed';
