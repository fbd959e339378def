import { age, ageColumn, type Column, column, lengthOf, nameColumn } from './columns.ts';
import type { Application, FluxObject, ScaledObject } from './custom-objects.ts';
import type { KubeObject } from './objects.ts';
import type { CronJob, HorizontalPodAutoscaler, Job, StatefulSet } from './workload-objects.ts';

type WithData = KubeObject & { data?: object; type?: string };

const conditionOf = (status: { conditions?: { type: string; status: string; message?: string }[] } | undefined) =>
  Object.fromEntries((status?.conditions ?? []).map((condition) => [condition.type, condition]));

function jobStatus({ metadata, status }: Job): string {
  const is = conditionOf(status);
  if (is.Complete?.status === 'True') return 'Complete';
  if (is.Failed?.status === 'True') return 'Failed';
  if (metadata.deletionTimestamp) return 'Terminating';
  if (is.Suspended?.status === 'True') return 'Suspended';
  if (is.FailureTarget?.status === 'True') return 'FailureTarget';
  return is.SuccessCriteriaMet?.status === 'True' ? 'SuccessCriteriaMet' : 'Running';
}

function jobDuration({ status: { startTime, completionTime } }: Job): string {
  if (!startTime) return '';
  return lengthOf((completionTime ? Date.parse(completionTime) : Date.now()) - Date.parse(startTime));
}

const count = (data: object | undefined) => Object.keys(data ?? {}).length;
const flag = (value: string | undefined) => value ?? 'Unknown';

const fluxColumns: readonly Column[] = [
  nameColumn,
  ageColumn,
  column<FluxObject>('Ready', ({ status }) => conditionOf(status).Ready?.status ?? ''),
  column<FluxObject>('Status', ({ status }) => conditionOf(status).Ready?.message ?? ''),
];

/** The columns of the workloads besides Deployments, of what scales them, and of what they read. */
export const workloadColumns: Readonly<Record<string, readonly Column[]>> = {
  StatefulSet: [
    nameColumn,
    column<StatefulSet>('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`),
    ageColumn,
  ],
  Job: [
    nameColumn,
    column<Job>('Status', jobStatus),
    column<Job>('Completions', ({ spec, status }) =>
      spec.completions === undefined
        ? `${status.succeeded ?? 0}/1 of ${spec.parallelism}`
        : `${status.succeeded ?? 0}/${spec.completions}`,
    ),
    column<Job>('Duration', jobDuration),
    ageColumn,
  ],
  CronJob: [
    nameColumn,
    column<CronJob>('Schedule', ({ spec }) => spec.schedule),
    column<CronJob>('Timezone', ({ spec }) => spec.timeZone ?? '<none>'),
    column<CronJob>('Suspend', ({ spec }) => (spec.suspend ? 'True' : 'False')),
    column<CronJob>('Active', ({ status }) => status.active?.length ?? 0),
    column<CronJob>('Last Schedule', ({ status }) =>
      status.lastScheduleTime ? age(status.lastScheduleTime) : '<none>',
    ),
    ageColumn,
  ],
  HorizontalPodAutoscaler: [
    nameColumn,
    column<HorizontalPodAutoscaler>(
      'Reference',
      ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
    ),
    column('Targets', () => '<unknown>'),
    column<HorizontalPodAutoscaler>('MinPods', ({ spec }) => spec.minReplicas ?? '<unset>'),
    column<HorizontalPodAutoscaler>('MaxPods', ({ spec }) => spec.maxReplicas),
    column<HorizontalPodAutoscaler>('Replicas', ({ status }) => status.currentReplicas ?? 0),
    ageColumn,
  ],
  ScaledObject: [
    nameColumn,
    column<ScaledObject>('ScaleTargetKind', ({ status }) => status?.scaleTargetKind ?? ''),
    column<ScaledObject>('ScaleTargetName', ({ spec }) => spec.scaleTargetRef.name),
    column<ScaledObject>('Min', ({ spec }) => spec.minReplicaCount ?? ''),
    column<ScaledObject>('Max', ({ spec }) => spec.maxReplicaCount ?? ''),
    column<ScaledObject>('Ready', ({ status }) => flag(conditionOf(status).Ready?.status)),
    column<ScaledObject>('Active', ({ status }) => flag(conditionOf(status).Active?.status)),
    column<ScaledObject>('Fallback', ({ status }) => flag(conditionOf(status).Fallback?.status)),
    column<ScaledObject>('Paused', ({ status }) => flag(conditionOf(status).Paused?.status)),
    column<ScaledObject>('Triggers', ({ spec }) => (spec.triggers ?? []).map(({ type }) => type).join(',')),
    ageColumn,
  ],
  Application: [
    nameColumn,
    column<Application>('Sync Status', ({ status }) => status?.sync?.status ?? ''),
    column<Application>('Health Status', ({ status }) => status?.health?.status ?? ''),
  ],
  Kustomization: fluxColumns,
  HelmRelease: fluxColumns,
  ServiceAccount: [nameColumn, column<WithData>('Secrets', () => 0), ageColumn],
  Secret: [
    nameColumn,
    column<WithData>('Type', ({ type }) => type ?? ''),
    column<WithData>('Data', ({ data }) => count(data)),
    ageColumn,
  ],
  ConfigMap: [nameColumn, column<WithData>('Data', ({ data }) => count(data)), ageColumn],
};
