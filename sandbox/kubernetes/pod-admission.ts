import type { Container, PodSpec } from './objects.ts';

/** What the API server fills into every pod and pod template. */
export const podDefaults = (spec: PodSpec): PodSpec => ({
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
  ...spec,
  containers: (spec?.containers ?? []).map(containerDefaults),
});

const containerDefaults = (container: Container): Container => ({
  ...{
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: /:(?!latest$)[^/]+$/.test(container.image ?? '') ? 'IfNotPresent' : 'Always',
  },
  ...container,
  ...(container.ports ? { ports: container.ports.map((port) => ({ protocol: 'TCP', ...port })) } : {}),
  ...(container.readinessProbe
    ? {
        readinessProbe: {
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
          ...container.readinessProbe,
        },
      }
    : {}),
});

export type Refuse = (field: string, message: string) => Error;

export function validateContainers(spec: PodSpec, path: string, refuse: Refuse): void {
  if (spec.containers.length === 0) throw refuse(`${path}.containers`, 'Required value');
  for (const [index, container] of spec.containers.entries()) {
    if (!container.name) throw refuse(`${path}.containers[${index}].name`, 'Required value');
    if (!container.image) throw refuse(`${path}.containers[${index}].image`, 'Required value');
  }
}
