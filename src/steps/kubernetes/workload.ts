import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { ObjectKind, ObjectRef } from '../../clients/kubernetes-resources.ts';
import type { ObjectView } from '../../clients/kubernetes-views.ts';
import { permanent } from '../../domain/errors.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { WorkloadRef } from '../../domain/settings.ts';
import { type Instant, instant } from '../../domain/time.ts';

export type Finds = Pick<Kubernetes, 'find'>;

/** What is scaled: how many pods are wanted, and how far they are. */
export interface Scale {
  /** What is wanted. */
  readonly replicas: number;
  readonly current: number;
  readonly updated: number;
  readonly available: number;
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
}

export interface Condition {
  readonly reason: string;
  /** When it took this status. */
  readonly since?: Instant;
}

/** @throws PitcrewError `kubernetes.not-found` */
export async function present(cluster: Finds, workload: WorkloadRef): Promise<ObjectView> {
  const found = await cluster.find(workload);
  if (found) return found;
  throw notFound(workload);
}

/** As a Role of RBAC, and `kubectl`, name them. */
export const resourceOf: Readonly<Record<ObjectKind, string>> = {
  deployment: 'deployments.apps',
  'stateful-set': 'statefulsets.apps',
  'replica-set': 'replicasets.apps',
  'controller-revision': 'controllerrevisions.apps',
  'cron-job': 'cronjobs.batch',
  job: 'jobs.batch',
  autoscaler: 'horizontalpodautoscalers.autoscaling',
  'scaled-object': 'scaledobjects.keda.sh',
  application: 'applications.argoproj.io',
  rollout: 'rollouts.argoproj.io',
  kustomization: 'kustomizations.kustomize.toolkit.fluxcd.io',
  'helm-release': 'helmreleases.helm.toolkit.fluxcd.io',
};

/** An object as an error names it. */
export const nameOf = ({ cluster, namespace, name, kind }: ObjectRef) => ({
  cluster,
  namespace,
  name,
  resource: resourceOf[kind],
});

export const notFound = (ref: ObjectRef) => permanent('kubernetes.not-found', nameOf(ref));

/** Of a Deployment or a StatefulSet. Absent numbers are what the API takes them for. */
export function scaleOf({ spec, status }: Pick<ObjectView, 'spec' | 'status'>): Scale {
  const ready = count(status.readyReplicas, 0);
  return {
    replicas: count(spec.replicas, 1),
    current: count(status.replicas, 0),
    updated: count(status.updatedReplicas, 0),
    available: count(status.availableReplicas, ready),
    observedGeneration: count(status.observedGeneration, 0),
    conditions: listed(status.conditions).map(({ reason, lastTransitionTime }) => ({
      reason: typeof reason === 'string' ? reason : '',
      ...(typeof lastTransitionTime === 'string' ? { since: instant(Date.parse(lastTransitionTime)) } : {}),
    })),
  };
}

/** Whether a CronJob starts no Jobs: Kubernetes documentation, "CronJob", schedule suspension. */
export const isSuspended = ({ spec }: ObjectView) => spec.suspend === true;

/** A Job has ended for good when it is Complete or Failed (Kubernetes API reference, "JobCondition"). */
export function hasEnded({ status }: ObjectView): boolean {
  return listed(status.conditions).some(
    ({ type, status: is }) => is === 'True' && (type === 'Complete' || type === 'Failed'),
  );
}

/** Of `spec.replicas`: who set it last, as the API server's field management has it. */
export function scaledBy({ managers }: ObjectView): string | undefined {
  const those = managers.filter(({ fields }) => objectAt(fields, 'f:spec')['f:replicas'] !== undefined);
  const last = those.sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1))[0];
  return last && (last.subresource ? `${last.manager} (${last.subresource})` : last.manager);
}

/** Objects of a list; none where it isn't one. */
export const listed = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((one): one is JsonObject => typeof one === 'object' && one !== null) : [];

/** An object inside of another; empty where there is none. */
export function objectAt(of: JsonObject, field: string): JsonObject {
  const value = of[field];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

export const textAt = (of: JsonObject, field: string): string => {
  const value = of[field];
  return typeof value === 'string' ? value : '';
};

export const count = (value: Json | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;
