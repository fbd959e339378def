import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  type V1Deployment,
  type V1Pod,
  type V1PodList,
} from '@kubernetes/client-node';
import { permanent } from '../domain/errors.ts';
import type { WorkloadRef } from '../domain/settings.ts';
import { type Instant, instant } from '../domain/time.ts';
import { type Attempt, callOptions, deniedOr, read } from './kubernetes-calls.ts';

export interface DeploymentView {
  /** What is wanted. */
  readonly replicas: number;
  readonly current: number;
  readonly ready: number;
  readonly updated: number;
  readonly available: number;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly resourceVersion: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** Whether the object has an annotation at all: JSON Patch can't add below what isn't there. */
  readonly annotated: boolean;
  readonly conditions: readonly ConditionView[];
  /** The API server's own clock when it answered: no worker's clock decides anything. */
  readonly readAt: Instant;
}

export interface ConditionView {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  /** When it took this status. */
  readonly since?: Instant;
}

export interface PodView {
  readonly name: string;
  /** Absent until it has one. */
  readonly ip?: string;
  readonly ready: boolean;
  readonly readySince?: Instant;
  readonly terminating: boolean;
  /** Its containers have ended for good (Succeeded, or Failed as evicted pods are): a record, nothing that runs. */
  readonly ended: boolean;
  readonly startedAt?: Instant;
  readonly restarts: number;
  /** Why a container waits: `CrashLoopBackOff`, `ImagePullBackOff`. */
  readonly waitingReason?: string;
}

/** RFC 6902, as far as pitcrew uses it. */
export type PatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

export interface Kubernetes {
  deployment(workload: WorkloadRef): Promise<DeploymentView | undefined>;
  /**
   * Patches the Deployment itself, not `/scale`, all or nothing.
   * @throws PitcrewError `kubernetes.patch-refused` when a `test` failed; nothing was changed then
   */
  patchDeployment(workload: WorkloadRef, operations: readonly PatchOperation[]): Promise<DeploymentView>;
  /** Every pod that the Deployment's selector finds, Terminating ones included. */
  podsOf(workload: WorkloadRef): Promise<readonly PodView[]>;
  logsOf(
    workload: WorkloadRef,
    pod: string,
    part: { readonly sinceSeconds: number; readonly tailLines: number },
  ): Promise<string>;
}

/**
 * Clusters by the contexts of the kubeconfig (`KUBECONFIG`, `~/.kube/config`, or the service account of the pod that
 * this runs in), which is read at the first call. `''` is the current context.
 */
export function kubernetes({ timeoutSeconds = 15 }: { readonly timeoutSeconds?: number } = {}): Kubernetes {
  const clusterOf = clusters();
  const attempt = (verb: Attempt['verb'], resource: string, { cluster, namespace, name }: WorkloadRef) => ({
    verb,
    resource,
    cluster,
    namespace,
    name,
    timeoutSeconds,
  });
  const rawDeployment = (workload: WorkloadRef) =>
    read(attempt('get', 'deployments.apps', workload), async (options) => {
      const { apps } = clusterOf(workload.cluster);
      const { namespace, name } = workload;
      const { data, headers } = await apps.readNamespacedDeploymentWithHttpInfo({ name, namespace }, options);
      return { data, readAt: clockOf(headers) };
    });

  return {
    async deployment(workload) {
      const found = await rawDeployment(workload);
      return found && deploymentView(found.data, found.readAt);
    },

    async patchDeployment(workload, operations) {
      const patching = attempt('patch', 'deployments.apps', workload);
      const { namespace, name } = workload;
      try {
        const { apps } = clusterOf(workload.cluster);
        const patch = { name, namespace, body: operations };
        const options = callOptions(timeoutSeconds, 'application/json-patch+json');
        const { data, headers } = await apps.patchNamespacedDeploymentWithHttpInfo(patch, options);
        return deploymentView(data, clockOf(headers));
      } catch (error) {
        throw deniedOr(error, patching);
      }
    },

    async podsOf(workload) {
      const labelSelector = selectorText((await rawDeployment(workload))?.data, workload);
      const pods: V1Pod[] = [];
      let next = '';
      do {
        const page = { namespace: workload.namespace, labelSelector, limit: 250, ...(next ? { _continue: next } : {}) };
        const list: V1PodList | undefined = await read(attempt('list', 'pods', workload), (options) =>
          clusterOf(workload.cluster).core.listNamespacedPod(page, options),
        );
        pods.push(...(list?.items ?? []));
        next = list?.metadata?._continue ?? '';
      } while (next);
      return pods.map(podView);
    },

    async logsOf(workload, pod, { sinceSeconds, tailLines }) {
      const { namespace } = workload;
      const log = await read(attempt('get', 'pods/log', workload), (options) =>
        clusterOf(workload.cluster).core.readNamespacedPodLog(
          { name: pod, namespace, sinceSeconds, tailLines },
          options,
        ),
      );
      return log ?? '';
    },
  };
}

interface Cluster {
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
}

function clusters(): (context: string) => Cluster {
  const known = new Map<string, Cluster>();
  let config: KubeConfig | undefined;
  return (context) => {
    const present = known.get(context);
    if (present) return present;
    if (!config) {
      config = new KubeConfig();
      config.loadFromDefault();
    }
    const own = new KubeConfig();
    const { clusters, users, contexts, currentContext } = config;
    own.loadFromOptions({ clusters, users, contexts, currentContext: context || currentContext });
    if (!own.getCurrentCluster()) throw permanent('kubernetes.no-context', { cluster: context || currentContext });
    const made = { apps: own.makeApiClient(AppsV1Api), core: own.makeApiClient(CoreV1Api) };
    known.set(context, made);
    return made;
  };
}

function clockOf(headers: Readonly<Record<string, string>>): Instant {
  const said = Date.parse(headers.date ?? '');
  return instant(Number.isNaN(said) ? Date.now() : said);
}

function deploymentView({ metadata, spec, status }: V1Deployment, readAt: Instant): DeploymentView {
  return {
    replicas: spec?.replicas ?? 1, // the API's own default
    current: status?.replicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
    generation: metadata?.generation ?? 0,
    observedGeneration: status?.observedGeneration ?? 0,
    resourceVersion: metadata?.resourceVersion ?? '',
    annotations: metadata?.annotations ?? {},
    annotated: metadata?.annotations !== undefined,
    conditions: (status?.conditions ?? []).map(({ type, status: is, reason = '', lastTransitionTime: since }) => ({
      type,
      status: is,
      reason,
      ...(since ? { since: instant(since) } : {}),
    })),
    readAt,
  };
}

function podView({ metadata, status }: V1Pod): PodView {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const containers = status?.containerStatuses ?? [];
  const waiting = containers.find(({ state }) => state?.waiting?.reason)?.state?.waiting?.reason;
  const terminating = metadata?.deletionTimestamp !== undefined;
  return {
    name: metadata?.name ?? '',
    ...(status?.podIP ? { ip: status.podIP } : {}),
    ready: ready?.status === 'True' && !terminating,
    ...(ready?.lastTransitionTime ? { readySince: instant(ready.lastTransitionTime) } : {}),
    terminating,
    ended: status?.phase === 'Succeeded' || status?.phase === 'Failed',
    ...(status?.startTime ? { startedAt: instant(status.startTime) } : {}),
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
    ...(waiting ? { waitingReason: waiting } : {}),
  };
}

const operators: Readonly<Record<string, string>> = { In: 'in', NotIn: 'notin' };

/** A Deployment's selector in the API's query syntax (Kubernetes documentation, "Labels and Selectors"). */
function selectorText(deployment: V1Deployment | undefined, workload: WorkloadRef): string {
  const { cluster, namespace, name } = workload;
  if (!deployment) throw permanent('kubernetes.not-found', { cluster, namespace, name, resource: 'deployments.apps' });
  const { matchLabels = {}, matchExpressions = [] } = deployment.spec?.selector ?? {};
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const sets = matchExpressions.map(({ key, operator, values = [] }) =>
    operator === 'Exists' ? key : operator === 'DoesNotExist' ? `!${key}` : `${key} ${operators[operator]} (${values})`,
  );
  return [...equal, ...sets].join(',');
}
