import type { Refuse } from './pod-admission.ts';
import type { HorizontalPodAutoscaler } from './workload-objects.ts';

export function autoscalerDefaults(autoscaler: HorizontalPodAutoscaler): void {
  const { spec } = autoscaler;
  spec.minReplicas ??= 1;
  spec.metrics ??= [
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
  ];
  autoscaler.status ??= {};
}

/** Scaling to 0 is for autoscalers that look at something else than the pods themselves (`HPAScaleToZero`). */
export function validateAutoscaler({ spec }: HorizontalPodAutoscaler, refuse: Refuse): void {
  const { scaleTargetRef, minReplicas = 1, maxReplicas, metrics = [] } = spec;
  if (!scaleTargetRef?.kind) throw refuse('spec.scaleTargetRef.kind', 'Required value');
  if (!scaleTargetRef.name) throw refuse('spec.scaleTargetRef.name', 'Required value');
  if (!Number.isInteger(maxReplicas) || maxReplicas < 1) {
    throw refuse('spec.maxReplicas', `Invalid value: ${maxReplicas}: must be greater than 0`);
  }
  if (minReplicas < 0)
    throw refuse('spec.minReplicas', `Invalid value: ${minReplicas}: must be greater than or equal to 0`);
  if (maxReplicas < minReplicas) {
    throw refuse('spec.maxReplicas', `Invalid value: ${maxReplicas}: must be greater than or equal to \`minReplicas\``);
  }
  const outside = metrics.some((metric) => ['Object', 'External'].includes((metric as { type?: string }).type ?? ''));
  if (minReplicas === 0 && !outside) {
    const message =
      'Forbidden: must specify at least one Object or External metric to support scaling to zero replicas';
    throw refuse('spec.metrics', message);
  }
}
