import type { ScaledObject } from '../custom-objects.ts';
import { deleteObject } from '../deletion.ts';
import { timestamp } from '../objects.ts';
import { createObject } from '../rest.ts';
import type { Store } from '../store.ts';
import type { Demand } from './controllers.ts';
import { controllerReference } from './pods.ts';
import { createPacer, findTarget } from './scale-target.ts';

const PAUSED = 'autoscaling.keda.sh/paused';
const PAUSED_REPLICAS = 'autoscaling.keda.sh/paused-replicas';

/**
 * KEDA (documentation, "Scaling Deployments"): a target below `minReplicaCount` is set to it, load or none; one at 0
 * whose `minReplicaCount` is 0 goes up when there is load, and down again after the cool-down without any. While it is
 * paused by an annotation, it sets the target to `paused-replicas` where that is given, and does nothing else.
 */
export function createScaledObjectController(
  store: Store,
  { seconds, demand }: { readonly seconds: number; readonly demand: Demand },
): (scaledObject: ScaledObject) => void {
  const due = createPacer();
  return (scaledObject) => {
    const { metadata, spec } = scaledObject;
    const paused = pauseOf(scaledObject);
    keepAutoscaler(store, scaledObject, paused !== undefined);
    report(store, scaledObject, paused, demand.load);
    if (!due(metadata.uid, seconds)) return;
    const target = findTarget(store, metadata.namespace, spec.scaleTargetRef);
    if (!target) return;
    if (paused) return void (paused.replicas !== undefined && target.set(paused.replicas));
    const { minReplicaCount: least = 0, cooldownPeriod = 300 } = spec;
    if (target.replicas === 0 && demand.load) target.set(Math.max(1, least));
    else if (target.replicas < least) target.set(least);
    const idleSince = Date.parse(scaledObject.status?.lastActiveTime ?? metadata.creationTimestamp);
    const cooled = Date.now() - idleSince > 1000 * cooldownPeriod;
    if (!demand.load && least === 0 && target.replicas > 0 && cooled) target.set(0);
  };
}

/** As KEDA reads it: anything but a false `paused` pauses, and `paused-replicas` does so by being there. */
function pauseOf({ metadata }: ScaledObject): { readonly replicas?: number } | undefined {
  const { [PAUSED_REPLICAS]: replicas, [PAUSED]: flag } = metadata.annotations ?? {};
  if (replicas !== undefined) return { replicas: Number(replicas) };
  if (flag === undefined || /^(f|false|0)$/i.test(flag)) return undefined;
  return {};
}

const autoscalerName = ({ metadata }: ScaledObject) => `keda-hpa-${metadata.name}`;

/** KEDA leaves scaling above 1 to an autoscaler that it makes, and takes away while it is paused. */
function keepAutoscaler(store: Store, scaledObject: ScaledObject, paused: boolean): void {
  const { metadata, spec } = scaledObject;
  const { namespace } = metadata;
  const name = autoscalerName(scaledObject);
  const found = store.find('horizontalpodautoscalers', namespace, name);
  if (paused) return void (found && deleteObject(store, 'horizontalpodautoscalers', found));
  if (found) return;
  const { scaleTargetRef, minReplicaCount, maxReplicaCount = 100 } = spec;
  createObject(store, {
    plural: 'horizontalpodautoscalers',
    namespace,
    dryRun: false,
    body: {
      metadata: {
        name,
        labels: { 'app.kubernetes.io/managed-by': 'keda-operator', 'scaledobject.keda.sh/name': metadata.name },
        ownerReferences: [controllerReference(scaledObject)],
      },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', ...scaleTargetRef },
        minReplicas: Math.max(1, minReplicaCount ?? 0),
        maxReplicas: maxReplicaCount,
      },
    },
  });
}

function report(
  store: Store,
  scaledObject: ScaledObject,
  paused: { readonly replicas?: number } | undefined,
  load: boolean,
): void {
  const { kind = 'Deployment', apiVersion = 'apps/v1' } = scaledObject.spec.scaleTargetRef;
  store.update('scaledobjects', scaledObject.metadata, (draft) => {
    const wasActive = draft.status?.conditions?.some(({ type, status }) => type === 'Active' && status === 'True');
    const flag = (type: string, on: boolean, reason: string) => ({ type, status: on ? 'True' : 'False', reason });
    const { pausedReplicaCount: _, ...before } = draft.status ?? {};
    draft.status = {
      ...before,
      scaleTargetKind: `${apiVersion}.${kind}`,
      ...(paused ? {} : { hpaName: autoscalerName(scaledObject) }),
      ...(load && !wasActive ? { lastActiveTime: timestamp() } : {}),
      ...(paused?.replicas === undefined ? {} : { pausedReplicaCount: paused.replicas }),
      conditions: [
        flag('Ready', true, 'ScaledObjectReady'),
        flag('Active', load && !paused, load && !paused ? 'ScalerActive' : 'ScalerNotActive'),
        flag('Fallback', false, 'NoFallbackFound'),
        flag('Paused', paused !== undefined, paused ? 'ScaledObjectPaused' : 'ScaledObjectUnpaused'),
      ],
    };
  });
}
