import { isDeepStrictEqual } from 'node:util';
import { podDefaults, type Refuse, validateContainers } from './pod-admission.ts';
import { faultOf } from './schedule.ts';
import type { CronJob, Job, JobSpec } from './workload-objects.ts';

const CONTROLLER_UID = 'batch.kubernetes.io/controller-uid';
const JOB_NAME = 'batch.kubernetes.io/job-name';

/** What the API server makes of a new Job: the selector and labels that tie its pods to it, and its limits. */
export function jobDefaults(job: Job): void {
  const { metadata, spec } = job;
  jobSpecDefaults(spec);
  if (!spec.selector && !spec.manualSelector) {
    const labels = { [CONTROLLER_UID]: metadata.uid, 'controller-uid': metadata.uid };
    const named = { [JOB_NAME]: metadata.name, 'job-name': metadata.name };
    spec.selector = { matchLabels: { [CONTROLLER_UID]: metadata.uid } };
    const { template } = spec;
    if (template) {
      template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, ...labels, ...named } };
    }
  }
  job.status ??= {};
}

function jobSpecDefaults(spec: JobSpec): void {
  if (spec.parallelism === undefined) spec.completions ??= 1; // parallelism alone makes it a work queue
  spec.parallelism ??= 1;
  spec.backoffLimit ??= 6;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= 'TerminatingOrFailed';
  if (spec.template?.spec) spec.template.spec = podDefaults(spec.template.spec);
}

export function validateJob({ spec }: Job, previous: Job | undefined, refuse: Refuse): void {
  validateJobSpec(spec, 'spec', refuse);
  if (!previous) return;
  if (!isDeepStrictEqual(previous.spec.template, spec.template)) {
    throw refuse('spec.template', 'Invalid value: field is immutable');
  }
  if (previous.spec.completions !== spec.completions) {
    throw refuse('spec.completions', 'Invalid value: field is immutable');
  }
}

function validateJobSpec(spec: JobSpec, path: string, refuse: Refuse): void {
  if (!spec.template?.spec) throw refuse(`${path}.template`, 'Required value');
  const { restartPolicy } = spec.template.spec;
  if (restartPolicy !== 'OnFailure' && restartPolicy !== 'Never') {
    const field = `${path}.template.spec.restartPolicy`;
    throw refuse(field, `Unsupported value: "${restartPolicy}": supported values: "OnFailure", "Never"`);
  }
  if (spec.completionMode !== 'NonIndexed') {
    throw refuse(`${path}.completionMode`, 'Unsupported value: the sandbox has no indexed Jobs');
  }
  for (const field of ['parallelism', 'completions', 'backoffLimit', 'ttlSecondsAfterFinished'] as const) {
    const value = spec[field];
    if (value === undefined || (Number.isInteger(value) && value >= 0)) continue;
    throw refuse(`${path}.${field}`, `Invalid value: ${value}: must be greater than or equal to 0`);
  }
  if (spec.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds <= 0) {
    throw refuse(
      `${path}.activeDeadlineSeconds`,
      `Invalid value: ${spec.activeDeadlineSeconds}: must be greater than 0`,
    );
  }
  validateContainers(spec.template.spec, `${path}.template.spec`, refuse);
}

export function cronJobDefaults(cronJob: CronJob): void {
  const { spec } = cronJob;
  spec.concurrencyPolicy ??= 'Allow';
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  if (spec.jobTemplate?.spec?.template?.spec) {
    spec.jobTemplate.spec.template.spec = podDefaults(spec.jobTemplate.spec.template.spec);
  }
  cronJob.status ??= {};
}

export function validateCronJob({ metadata, spec }: CronJob, refuse: Refuse): void {
  if (metadata.name.length > 52) throw refuse('metadata.name', 'Invalid value: must be no more than 52 characters');
  const fault = faultOf(spec.schedule ?? '', spec.timeZone);
  if (fault) throw refuse(fault.field, `Invalid value: ${JSON.stringify(fault.value)}: ${fault.message}`);
  if (!['Allow', 'Forbid', 'Replace'].includes(spec.concurrencyPolicy ?? '')) {
    const supported = 'supported values: "Allow", "Forbid", "Replace"';
    throw refuse('spec.concurrencyPolicy', `Unsupported value: "${spec.concurrencyPolicy}": ${supported}`);
  }
  if (!spec.jobTemplate?.spec) throw refuse('spec.jobTemplate.spec.template', 'Required value');
  validateJobSpec({ completionMode: 'NonIndexed', ...spec.jobTemplate.spec }, 'spec.jobTemplate.spec', refuse);
}
