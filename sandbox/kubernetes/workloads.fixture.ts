import type {
  V1CronJob,
  V1EnvVar,
  V1Job,
  V1JobSpec,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import { webDeployment } from './fixture.ts';

const namespace = 'production';

export interface Task {
  readonly seconds?: number;
  readonly exitCode?: number;
  readonly restartPolicy?: 'Never' | 'OnFailure';
  readonly env?: V1EnvVar[];
  readonly spec?: Partial<V1JobSpec>;
}

const taskSpec = ({ seconds = 0, exitCode = 0, restartPolicy = 'Never', env = [], spec = {} }: Task): V1JobSpec => {
  const given = Object.entries({ SECONDS: seconds, EXIT_CODE: exitCode });
  const variables = [...given.map(([name, value]) => ({ name, value: String(value) })), ...env];
  const containers = [{ name: 'task', image: 'test/task:1', env: variables }];
  return { template: { spec: { restartPolicy, terminationGracePeriodSeconds: 2, containers } }, ...spec };
};

/** A Job whose process takes so long and ends with this exit code. */
export const taskJob = (name: string, task: Task = {}): V1Job => ({
  metadata: { name, namespace, labels: { app: name } },
  spec: taskSpec(task),
});

export const taskCronJob = (
  name: string,
  { schedule = '0 3 1 1 *', ...more }: Partial<V1CronJob['spec']> & { schedule?: string } = {},
  task: Task = {},
): V1CronJob => ({
  metadata: { name, namespace, labels: { app: name } },
  spec: { schedule, jobTemplate: { spec: taskSpec(task) }, ...more },
});

/** The web server of `webDeployment` as a StatefulSet. */
export function webStatefulSet(
  name: string,
  replicas: number,
  options: Parameters<typeof webDeployment>[2] = {},
): V1StatefulSet {
  const { metadata, spec } = webDeployment(name, replicas, options);
  if (!spec || !metadata) throw new Error('a Deployment has both');
  const { selector, template } = spec;
  return { metadata, spec: { replicas, selector, template, serviceName: name } };
}

export const autoscaler = (
  deployment: string,
  { minReplicas = 1, maxReplicas = 5 } = {},
): V2HorizontalPodAutoscaler => ({
  metadata: { name: deployment, namespace },
  spec: {
    ...{ minReplicas, maxReplicas },
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment },
    ...(minReplicas === 0
      ? {
          metrics: [
            { type: 'External', external: { metric: { name: 'queue' }, target: { type: 'Value', value: '1' } } },
          ],
        }
      : {}),
  },
});

/** KEDA's, for `createNamespacedCustomObject`. */
export const scaledObject = (deployment: string, spec: object = {}) => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: deployment, namespace, annotations: {} as Record<string, string> },
  spec: {
    scaleTargetRef: { name: deployment },
    minReplicaCount: 1,
    maxReplicaCount: 5,
    triggers: [{ type: 'cpu', metadata: { value: '60' } }],
    ...spec,
  },
});

export const argoApplication = (
  name: string,
  { selfHeal = true, ...spec }: { selfHeal?: boolean } & Record<string, unknown> = {},
) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace },
  spec: {
    project: 'default',
    source: { repoURL: 'https://git.example.com/shop', path: '.', targetRevision: 'HEAD' },
    destination: { server: 'https://kubernetes.default.svc', namespace },
    syncPolicy: { automated: { prune: false, selfHeal } },
    ...spec,
  },
});

export const fluxKustomization = (name: string, spec: object = {}) => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name, namespace },
  spec: { interval: '10m', prune: true, path: './shop', sourceRef: { kind: 'GitRepository', name: 'shop' }, ...spec },
});

export const fluxHelmRelease = (name: string, spec: object = {}) => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name, namespace },
  spec: { interval: '10m', driftDetection: { mode: 'enabled' }, chart: { spec: { chart: 'shop' } }, ...spec },
});
