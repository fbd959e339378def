import { isDeepStrictEqual } from 'node:util';
import { autoscalerDefaults, validateAutoscaler } from './autoscaler-admission.ts';
import { cronJobDefaults, jobDefaults, validateCronJob, validateJob } from './batch-admission.ts';
import { apiVersionOf, type Kind } from './kinds.ts';
import type { Deployment, KubeObject, Pod, ReplicaSet, Service } from './objects.ts';
import { podDefaults, type Refuse, validateContainers } from './pod-admission.ts';
import { matchesSelector } from './selectors.ts';
import { badRequest, invalid } from './status.ts';
import type { CronJob, HorizontalPodAutoscaler, Job, StatefulSet } from './workload-objects.ts';

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
  if (kind.kind === 'StatefulSet') statefulSetDefaults(object as StatefulSet);
  if (kind.kind === 'Job') jobDefaults(object as Job);
  if (kind.kind === 'CronJob') cronJobDefaults(object as CronJob);
  if (kind.kind === 'HorizontalPodAutoscaler') autoscalerDefaults(object as HorizontalPodAutoscaler);
  if (kind.kind === 'Service') serviceDefaults(object as Service);
  if (kind.kind === 'Secret') secretDefaults(object);
  if (kind.kind === 'Namespace') object.status ??= { phase: 'Active' };
}

/** `stringData` is for writing only: what is stored and read is its base64 in `data`. */
function secretDefaults(object: KubeObject): void {
  const secret = object as KubeObject & { type?: string; data?: object; stringData?: Record<string, string> };
  const encoded = Object.entries(secret.stringData ?? {}).map(([key, value]) => [
    key,
    Buffer.from(value).toString('base64'),
  ]);
  if (encoded.length > 0) secret.data = { ...secret.data, ...Object.fromEntries(encoded) };
  delete secret.stringData;
  secret.type ??= 'Opaque';
}

function statefulSetDefaults(set: StatefulSet): void {
  const { spec } = set;
  spec.replicas ??= 1;
  spec.podManagementPolicy ??= 'OrderedReady';
  spec.updateStrategy = { type: 'RollingUpdate', ...spec.updateStrategy };
  if (spec.updateStrategy.type === 'RollingUpdate') spec.updateStrategy.rollingUpdate ??= { partition: 0 };
  spec.revisionHistoryLimit ??= 10;
  if (spec.template?.spec) spec.template.spec = podDefaults(spec.template.spec);
  set.status ??= { replicas: 0 };
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

/** Throws the API's 400 or 422 for an object that the real server would refuse. */
export function validate(kind: Kind, object: KubeObject, previous?: KubeObject): void {
  const { name } = object.metadata;
  const refuse: Refuse = (field, message) => invalid(kind.kind, kind.group, name, field, message);
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
  if (kind.kind === 'Job') validateJob(object as Job, previous as Job | undefined, refuse);
  if (kind.kind === 'CronJob') validateCronJob(object as CronJob, refuse);
  if (kind.kind === 'HorizontalPodAutoscaler') validateAutoscaler(object as HorizontalPodAutoscaler, refuse);
  if (replicated.includes(kind.kind)) validateReplicated(kind, object as Deployment, previous, refuse);
}

const replicated = ['Deployment', 'ReplicaSet', 'StatefulSet'];

function validateReplicated(kind: Kind, object: Deployment, previous: KubeObject | undefined, refuse: Refuse): void {
  const { spec } = object;
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
