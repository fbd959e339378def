import type { V1Pod } from '@kubernetes/client-node';
import type { JsonObject } from '../domain/json.ts';
import { type Instant, instant } from '../domain/time.ts';
import type { ObjectRef } from './kubernetes-resources.ts';

/** An object of the cluster, of whatever kind: its metadata read, its `spec` and `status` as they stand. */
export interface ObjectView extends ObjectRef {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly createdAt?: Instant;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Whether the object has an annotation at all: JSON Patch can't add below what isn't there. */
  readonly annotated: boolean;
  readonly owners: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
  /** Who changed what last, where the server says so (Kubernetes documentation, "Server-Side Apply", field management). */
  readonly managers: readonly FieldManager[];
  readonly spec: JsonObject;
  readonly status: JsonObject;
  /** The API server's own clock when it answered: no worker's clock decides anything. */
  readonly readAt: Instant;
}

export interface FieldManager {
  readonly manager: string;
  /** `scale`, where it was changed through that. */
  readonly subresource?: string;
  readonly at?: Instant;
  /** `fieldsV1` as the server keeps it: `{ 'f:spec': { 'f:replicas': {} } }`. */
  readonly fields: JsonObject;
}

export interface PodView {
  readonly name: string;
  /** Absent until it has one. */
  readonly ip?: string;
  readonly node?: string;
  /** The Job that made it. */
  readonly job?: string;
  readonly ready: boolean;
  readonly readySince?: Instant;
  readonly terminating: boolean;
  /** When its deletion was asked for. */
  readonly terminatingSince?: Instant;
  readonly finalizers: readonly string[];
  /** Its containers have ended for good (Succeeded, or Failed as evicted pods are): a record, nothing that runs. */
  readonly ended: boolean;
  /** Why the pod itself ended: `Evicted`, `DeadlineExceeded`. */
  readonly endedBecause?: string;
  /** Of the container that ended last; absent while none has. */
  readonly exitCode?: number;
  readonly startedAt?: Instant;
  readonly restarts: number;
  /** Why a container waits: `CrashLoopBackOff`, `ImagePullBackOff`. */
  readonly waitingReason?: string;
}

/** What the API sends, as far as it is read here. */
interface Sent {
  readonly metadata?: {
    readonly uid?: string;
    readonly name?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { kind?: string; name?: string; uid?: string }[];
    readonly managedFields?: readonly {
      manager?: string;
      subresource?: string;
      time?: string;
      fieldsV1?: JsonObject;
    }[];
  };
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  /** Of a ControllerRevision: what it keeps, `{ spec }`. */
  readonly data?: { readonly spec?: JsonObject };
}

export function objectView(sent: unknown, ref: Omit<ObjectRef, 'name'>, readAt: Instant): ObjectView {
  const { metadata = {}, data, spec = data?.spec ?? {}, status = {} } = sent as Sent;
  return {
    cluster: ref.cluster,
    namespace: ref.namespace,
    kind: ref.kind,
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    generation: metadata.generation ?? 0,
    ...(metadata.creationTimestamp ? { createdAt: instant(Date.parse(metadata.creationTimestamp)) } : {}),
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    annotated: metadata.annotations !== undefined,
    owners: (metadata.ownerReferences ?? []).map(({ kind = '', name = '', uid = '' }) => ({ kind, name, uid })),
    managers: (metadata.managedFields ?? []).map(({ manager = '', subresource, time, fieldsV1 = {} }) => ({
      manager,
      ...(subresource ? { subresource } : {}),
      ...(time ? { at: instant(Date.parse(time)) } : {}),
      fields: fieldsV1,
    })),
    spec,
    status,
    readAt,
  };
}

export function podView({ metadata, spec, status }: V1Pod): PodView {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const containers = status?.containerStatuses ?? [];
  const waiting = containers.find(({ state }) => state?.waiting?.reason)?.state?.waiting?.reason;
  const exitCode = containers.map(({ state }) => state?.terminated?.exitCode).find((code) => code !== undefined);
  const deletion = metadata?.deletionTimestamp;
  const job = metadata?.labels?.['batch.kubernetes.io/job-name'] ?? metadata?.labels?.['job-name'];
  return {
    name: metadata?.name ?? '',
    ...(status?.podIP ? { ip: status.podIP } : {}),
    ...(spec?.nodeName ? { node: spec.nodeName } : {}),
    ...(job ? { job } : {}),
    ready: ready?.status === 'True' && deletion === undefined,
    ...(ready?.lastTransitionTime ? { readySince: instant(ready.lastTransitionTime) } : {}),
    terminating: deletion !== undefined,
    // The timestamp is when the grace period ends (Kubernetes API reference, "ObjectMeta").
    ...(deletion ? { terminatingSince: instant(+deletion - (metadata?.deletionGracePeriodSeconds ?? 0) * 1000) } : {}),
    finalizers: metadata?.finalizers ?? [],
    ended: status?.phase === 'Succeeded' || status?.phase === 'Failed',
    ...(status?.reason ? { endedBecause: status.reason } : {}),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(status?.startTime ? { startedAt: instant(status.startTime) } : {}),
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
    ...(waiting ? { waitingReason: waiting } : {}),
  };
}
