import { recordEvent } from '../events.ts';
import { type Condition, timestamp } from '../objects.ts';
import type { Store } from '../store.ts';
import type { HorizontalPodAutoscaler } from '../workload-objects.ts';
import type { Demand } from './controllers.ts';
import { createPacer, findTarget, type ScaleTarget } from './scale-target.ts';

/**
 * The autoscaler: without metrics, which no pod here has, it only holds its target between `minReplicas` and
 * `maxReplicas`. A target at 0 is left alone (`ScalingDisabled`), unless the autoscaler may scale to 0 itself and there
 * is load, or it was told to fight back.
 */
export function createAutoscaler(
  store: Store,
  { seconds, demand }: { readonly seconds: number; readonly demand: Demand },
): (autoscaler: HorizontalPodAutoscaler) => void {
  const due = createPacer();
  return (autoscaler) => {
    const { metadata, spec } = autoscaler;
    const target = findTarget(store, metadata.namespace, spec.scaleTargetRef);
    if (!due(metadata.uid, seconds)) return;
    if (!target) return report(store, autoscaler, undefined, unable);
    const { minReplicas = 1, maxReplicas } = spec;
    const fromZero = demand.hpaFightsBack || (minReplicas === 0 && demand.load);
    if (target.replicas === 0 && !fromZero) return report(store, autoscaler, target, disabled);
    const least = target.replicas === 0 ? Math.max(1, minReplicas) : minReplicas;
    const wanted = Math.min(maxReplicas, Math.max(least, target.replicas));
    if (wanted !== target.replicas) {
      target.set(wanted);
      const message = `New size: ${wanted}; reason: Current number of replicas ${target.replicas === 0 || wanted > target.replicas ? 'below Spec.MinReplicas' : 'above Spec.MaxReplicas'}`;
      const component = 'horizontal-pod-autoscaler';
      recordEvent(store, { about: autoscaler, type: 'Normal', reason: 'SuccessfulRescale', message, component });
    }
    report(store, autoscaler, { ...target, replicas: wanted }, active);
  };
}

type Said = Pick<Condition, 'status' | 'reason' | 'message'>;

const unable: Said = {
  status: 'False',
  reason: 'FailedGetScale',
  message: "the HPA controller was unable to get the target's current scale",
};
const disabled: Said = {
  status: 'False',
  reason: 'ScalingDisabled',
  message: 'scaling is disabled since the replica count of the target is zero',
};
const active: Said = {
  status: 'True',
  reason: 'ValidMetricFound',
  message: 'the HPA was able to successfully calculate a replica count',
};

function report(
  store: Store,
  { metadata }: HorizontalPodAutoscaler,
  target: ScaleTarget | undefined,
  said: Said,
): void {
  const type = said === unable ? 'AbleToScale' : 'ScalingActive';
  store.update('horizontalpodautoscalers', metadata, (draft) => {
    const before = draft.status.conditions?.find((condition) => condition.type === type);
    const turned = before?.status === said.status ? before.lastTransitionTime : timestamp();
    draft.status = {
      ...draft.status,
      currentReplicas: target?.current ?? 0,
      desiredReplicas: target?.replicas ?? 0,
      conditions: [{ type, ...said, lastTransitionTime: turned }],
    };
  });
}
