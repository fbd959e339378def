import type { World } from './cluster.fixture.ts';
import { namespace } from './cluster.fixture.ts';

type Body = Record<string, unknown>;

/** What stands around workloads on the clusters of others: made as their own tools would. */
export function guardsIn({ custom, autoscaling, batch, apps }: World) {
  const create = (group: string, version: string, plural: string, body: Body, place = namespace) =>
    custom.createNamespacedCustomObject({ group, version, namespace: place, plural, body });
  return {
    autoscaler: (name: string, deployment: string, minReplicas: number) =>
      autoscaling.createNamespacedHorizontalPodAutoscaler({
        namespace,
        body: {
          metadata: { name },
          spec: {
            scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment },
            minReplicas,
            maxReplicas: 5,
            metrics: [
              {
                type: 'External',
                external: { metric: { name: 'orders' }, target: { type: 'Value', value: '10' } },
              },
            ],
          },
        },
      }),
    scaledObject: (name: string, deployment: string, annotations: Record<string, string> = {}, minReplicaCount = 1) =>
      create('keda.sh', 'v1alpha1', 'scaledobjects', {
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'ScaledObject',
        metadata: { name, annotations },
        spec: {
          scaleTargetRef: { name: deployment },
          minReplicaCount,
          triggers: [{ type: 'cron', metadata: {} }],
        },
      }),
    kustomization: (name: string, spec: Body = {}) =>
      create('kustomize.toolkit.fluxcd.io', 'v1', 'kustomizations', {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name },
        spec: { interval: '10m', path: './', prune: true, sourceRef: { kind: 'GitRepository', name: 'shop' }, ...spec },
      }),
    application: (name: string, automated: Body | undefined, place = namespace) =>
      create(
        'argoproj.io',
        'v1alpha1',
        'applications',
        {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Application',
          metadata: { name },
          spec: { project: 'default', ...(automated ? { syncPolicy: { automated } } : {}) },
        },
        place,
      ),
    cronJob: (name: string, { suspend, seconds = 0 }: { suspend?: boolean; seconds?: number } = {}) =>
      batch.createNamespacedCronJob({
        namespace,
        body: {
          metadata: { name },
          spec: {
            schedule: '0 3 1 1 *',
            ...(suspend === undefined ? {} : { suspend }),
            jobTemplate: {
              spec: {
                backoffLimit: 0,
                template: {
                  spec: {
                    restartPolicy: 'Never',
                    containers: [{ name, image: 'test/task:1', env: [{ name: 'SECONDS', value: String(seconds) }] }],
                  },
                },
              },
            },
          },
        },
      }),
    statefulSet: (name: string, replicas: number) =>
      apps.createNamespacedStatefulSet({
        namespace,
        body: {
          metadata: { name },
          spec: {
            replicas,
            serviceName: name,
            selector: { matchLabels: { app: name } },
            template: {
              metadata: { labels: { app: name } },
              spec: { containers: [{ name, image: 'test/web:1' }] },
            },
          },
        },
      }),
  };
}
