import { isDeepStrictEqual } from 'node:util';
import { apiVersionOf, type Kind } from './kinds.ts';
import type { Container, Deployment, KubeObject, Pod, PodSpec, ReplicaSet, Service } from './objects.ts';
import { matchesSelector } from './selectors.ts';
import { badRequest, invalid } from './status.ts';

/** What the API server fills in where a request leaves it out, so that a second write of the same manifest changes nothing. */
export function setDefaults(kind: Kind, object: KubeObject): void {
  dropNulls(object); // typed clients send `creationTimestamp: null`; a real server stores no null
  object.apiVersion = apiVersionOf(kind);
  object.kind = kind.kind;
  if (kind.kind === 'Pod') {
    const pod = object as Pod;
    pod.spec = podDefaults(pod.spec);
    pod.status ??= { phase: 'Pending', qosClass: 'BestEffort' };
    pod.status.phase ??= 'Pending';
  }
  if (kind.kind === 'Deployment') deploymentDefaults(object as Deployment);
  if (kind.kind === 'ReplicaSet') {
    const replicaSet = object as ReplicaSet;
    replicaSet.spec.replicas ??= 1;
    replicaSet.spec.template.spec = podDefaults(replicaSet.spec.template.spec);
    replicaSet.status ??= { replicas: 0 };
  }
  if (kind.kind === 'Service') serviceDefaults(object as Service);
  if (kind.kind === 'Namespace') object.status ??= { phase: 'Active' };
}

function dropNulls(value: object): void {
  const fields = value as Record<string, unknown>;
  for (const [key, field] of Object.entries(fields)) {
    if (field === null) delete fields[key];
    else if (typeof field === 'object') dropNulls(field);
  }
}

function deploymentDefaults(deployment: Deployment): void {
  const { spec } = deployment;
  spec.replicas ??= 1;
  spec.strategy ??= { type: 'RollingUpdate' };
  spec.strategy.type ??= 'RollingUpdate';
  if (spec.strategy.type === 'RollingUpdate') {
    spec.strategy.rollingUpdate = { maxSurge: '25%', maxUnavailable: '25%', ...spec.strategy.rollingUpdate };
  }
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  if (spec.template?.spec) spec.template.spec = podDefaults(spec.template.spec);
  deployment.status ??= {};
}

function serviceDefaults({ spec }: Service): void {
  spec.type ??= 'ClusterIP';
  if (!spec.clusterIP || spec.clusterIP === 'None') spec.clusterIP = '127.0.0.1';
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP';
    port.targetPort ??= port.port;
  }
}

const podDefaults = (spec: PodSpec): PodSpec => ({
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

/** Throws the API's 400 or 422 for an object that the real server would refuse. */
export function validate(kind: Kind, object: KubeObject, previous?: KubeObject): void {
  const { name } = object.metadata;
  const refuse = (field: string, message: string) => invalid(kind.kind, kind.group, name, field, message);
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) || name.length > 253) {
    throw refuse('metadata.name', `Invalid value: "${name}": a lowercase RFC 1123 subdomain is required`);
  }
  for (const [key, value] of Object.entries({ ...object.metadata.annotations, ...object.metadata.labels })) {
    if (typeof value === 'string') continue;
    throw badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: "${key}" must be a string`,
    );
  }
  if (kind.kind === 'Pod') validateContainers((object as Pod).spec, 'spec', refuse);
  if (kind.kind !== 'Deployment' && kind.kind !== 'ReplicaSet') return;
  const { spec } = object as Deployment | ReplicaSet;
  if (!Number.isInteger(spec.replicas)) throw badRequest(`${kind.kind}.spec.replicas must be an integer`);
  if (spec.replicas < 0) {
    throw refuse('spec.replicas', `Invalid value: ${spec.replicas}: must be greater than or equal to 0`);
  }
  if (!spec.selector) throw refuse('spec.selector', 'Required value');
  if (!spec.template) throw refuse('spec.template', 'Required value');
  if (!matchesSelector(spec.selector, spec.template.metadata?.labels)) {
    throw refuse('spec.template.metadata.labels', '`selector` does not match template `labels`');
  }
  validateContainers(spec.template.spec, 'spec.template.spec', refuse);
  if (previous && !isDeepStrictEqual((previous as Deployment).spec.selector, spec.selector)) {
    throw refuse('spec.selector', 'Invalid value: field is immutable');
  }
}

function validateContainers(spec: PodSpec, path: string, refuse: (field: string, message: string) => Error): void {
  if (spec.containers.length === 0) throw refuse(`${path}.containers`, 'Required value');
  for (const [index, container] of spec.containers.entries()) {
    if (!container.name) throw refuse(`${path}.containers[${index}].name`, 'Required value');
    if (!container.image) throw refuse(`${path}.containers[${index}].image`, 'Required value');
  }
}
