import { age, ageColumn, type Column, column, nameColumn } from './columns.ts';
import type { Kind } from './kinds.ts';
import type { Deployment, KubeObject, Pod, ReplicaSet, Service } from './objects.ts';
import { workloadColumns } from './workload-tables.ts';

/** The server-side `Table` that `kubectl get` asks for, with the columns of the real server. */
export function toTable(kind: Kind, objects: readonly KubeObject[], metadata: object = {}): unknown {
  const columns = columnsByKind[kind.kind] ?? [nameColumn, ageColumn];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, wide }) => ({
      name,
      type: 'string',
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: wide ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object)),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}

function podStatus({ metadata, status }: Pod): string {
  if (metadata.deletionTimestamp) return 'Terminating';
  if (status.reason) return status.reason;
  for (const { state } of status.containerStatuses ?? []) {
    if (state.waiting?.reason) return state.waiting.reason;
    if (state.terminated) return state.terminated.reason;
  }
  return status.phase;
}

function restarts({ status }: Pod): string {
  const statuses = status.containerStatuses ?? [];
  const count = statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const last = statuses
    .map(({ lastState }) => lastState.terminated?.finishedAt ?? '')
    .sort()
    .at(-1);
  return count > 0 && last ? `${count} (${age(last)} ago)` : String(count);
}

const columnsByKind: Readonly<Record<string, readonly Column[]>> = {
  ...workloadColumns,
  Pod: [
    nameColumn,
    column<Pod>('Ready', ({ spec, status }) => {
      const ready = (status.containerStatuses ?? []).filter((container) => container.ready).length;
      return `${ready}/${spec.containers.length}`;
    }),
    column<Pod>('Status', podStatus),
    column<Pod>('Restarts', restarts),
    ageColumn,
    column<Pod>('IP', ({ status }) => status.podIP ?? '<none>', true),
    column<Pod>('Node', () => 'sandbox', true),
  ],
  Deployment: [
    nameColumn,
    column<Deployment>('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`),
    column<Deployment>('Up-to-date', ({ status }) => status.updatedReplicas ?? 0),
    column<Deployment>('Available', ({ status }) => status.availableReplicas ?? 0),
    ageColumn,
    column<Deployment>(
      'Containers',
      ({ spec }) => spec.template.spec.containers.map(({ name }) => name).join(','),
      true,
    ),
    column<Deployment>('Images', ({ spec }) => spec.template.spec.containers.map(({ image }) => image).join(','), true),
  ],
  ReplicaSet: [
    nameColumn,
    column<ReplicaSet>('Desired', ({ spec }) => spec.replicas),
    column<ReplicaSet>('Current', ({ status }) => status.replicas),
    column<ReplicaSet>('Ready', ({ status }) => status.readyReplicas ?? 0),
    ageColumn,
  ],
  Service: [
    nameColumn,
    column<Service>('Type', ({ spec }) => spec.type ?? 'ClusterIP'),
    column<Service>('Cluster-IP', ({ spec }) => spec.clusterIP ?? '<none>'),
    column<Service>('External-IP', () => '<none>'),
    column<Service>('Port(s)', ({ spec }) =>
      spec.ports
        .map(({ port, nodePort, protocol = 'TCP' }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`)
        .join(','),
    ),
    ageColumn,
    column<Service>(
      'Selector',
      ({ spec }) =>
        Object.entries(spec.selector ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(','),
      true,
    ),
  ],
  Namespace: [nameColumn, column('Status', () => 'Active'), ageColumn],
  Event: [
    column<EventObject>('Last Seen', (event) => age(event.lastTimestamp ?? event.metadata.creationTimestamp)),
    column<EventObject>('Type', ({ type }) => type ?? ''),
    column<EventObject>('Reason', ({ reason }) => reason ?? ''),
    column<EventObject>(
      'Object',
      ({ involvedObject }) => `${involvedObject?.kind?.toLowerCase() ?? ''}/${involvedObject?.name ?? ''}`,
    ),
    column<EventObject>('Message', ({ message }) => message ?? ''),
  ],
};

interface EventObject extends KubeObject {
  type?: string;
  reason?: string;
  message?: string;
  lastTimestamp?: string;
  involvedObject?: { kind?: string; name?: string };
}
