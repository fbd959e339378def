import { deleteObject, isOwnedBy } from '../deletion.ts';
import { recordEvent } from '../events.ts';
import { timestamp } from '../objects.ts';
import { createObject } from '../rest.ts';
import { latestBetween } from '../schedule.ts';
import type { Store } from '../store.ts';
import type { CronJob, Job } from '../workload-objects.ts';
import { finishedAt, isTrue } from './job-status.ts';
import { controllerReference } from './pods.ts';

const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/**
 * Starts what is due. As on a real cluster, a CronJob that was suspended past its time, and has no
 * `startingDeadlineSeconds`, makes up for the last missed run as soon as it is no longer suspended.
 */
export function reconcileCronJob(store: Store, cronJob: CronJob, now = new Date()): void {
  tidy(store, cronJob);
  const { metadata, spec, status } = cronJob;
  if (spec.suspend || metadata.deletionTimestamp) return;
  const { startingDeadlineSeconds: deadline } = spec;
  const last = Date.parse(status.lastScheduleTime ?? metadata.creationTimestamp);
  const earliest = deadline === undefined ? last : Math.max(last, now.getTime() - 1000 * deadline);
  const due = latestBetween(spec, new Date(earliest), now);
  if (due) start(store, cronJob, due);
}

/**
 * Runs a CronJob as if its time had come, by its own rules: nothing while it is suspended, and `concurrencyPolicy` holds.
 * Returns the new Job's name, undefined when there is none.
 */
export function fireNow(store: Store, namespace: string, name: string): string | undefined {
  const cronJob = store.get('cronjobs', namespace, name);
  if (cronJob.spec.suspend) return undefined;
  let at = new Date();
  while (store.find('jobs', namespace, jobName(cronJob, at))) at = new Date(at.getTime() + 60_000);
  return start(store, cronJob, at);
}

/** The name carries the minute, so that two controllers, or one that was restarted, never start the same run twice. */
const jobName = ({ metadata }: CronJob, at: Date) => `${metadata.name}-${Math.floor(at.getTime() / 60_000)}`;

function start(store: Store, cronJob: CronJob, at: Date): string | undefined {
  const { metadata, spec } = cronJob;
  const name = jobName(cronJob, at);
  const active = jobsOf(store, cronJob).filter((job) => finishedAt(job) === undefined);
  if (spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
    say(
      store,
      cronJob,
      'JobAlreadyActive',
      'Not starting job because prior execution is running and concurrency policy is Forbid',
    );
    return undefined;
  }
  if (spec.concurrencyPolicy === 'Replace') {
    for (const job of active) {
      deleteObject(store, 'jobs', job);
      say(store, cronJob, 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
    }
  }
  if (store.find('jobs', metadata.namespace, name)) return undefined;
  const { jobTemplate } = spec;
  createObject(store, {
    plural: 'jobs',
    namespace: metadata.namespace,
    dryRun: false,
    body: {
      metadata: {
        name,
        ...(jobTemplate.metadata?.labels ? { labels: jobTemplate.metadata.labels } : {}),
        annotations: { ...jobTemplate.metadata?.annotations, [SCHEDULED]: timestamp(at) },
        ownerReferences: [controllerReference(cronJob)],
      },
      spec: structuredClone(jobTemplate.spec),
    },
  });
  say(store, cronJob, 'SuccessfulCreate', `Created job ${name}`);
  store.update('cronjobs', metadata, ({ status }) => {
    const before = Date.parse(status.lastScheduleTime ?? metadata.creationTimestamp);
    status.lastScheduleTime = timestamp(new Date(Math.max(before, Math.min(at.getTime(), Date.now()))));
  });
  return name;
}

const jobsOf = (store: Store, cronJob: CronJob) =>
  store.list('jobs', cronJob.metadata.namespace).filter((job) => isOwnedBy(job, cronJob));

/** Keeps `status.active` and the history within its limits. */
function tidy(store: Store, cronJob: CronJob): void {
  const jobs = jobsOf(store, cronJob);
  const active = jobs.filter((job) => finishedAt(job) === undefined);
  const succeeded = jobs.filter((job) => job.status.conditions?.some((condition) => isTrue(condition, 'Complete')));
  const failed = jobs.filter((job) => job.status.conditions?.some((condition) => isTrue(condition, 'Failed')));
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cronJob.spec;
  for (const job of [
    ...olderThan(succeeded, successfulJobsHistoryLimit),
    ...olderThan(failed, failedJobsHistoryLimit),
  ]) {
    deleteObject(store, 'jobs', job);
  }
  const lastSuccess = succeeded
    .map(({ status }) => status.completionTime ?? '')
    .sort()
    .at(-1);
  store.update('cronjobs', cronJob.metadata, ({ status }) => {
    if (active.length > 0) {
      status.active = active.map(({ apiVersion, kind, metadata: { name, namespace, uid } }) => ({
        ...{ apiVersion, kind, name, uid },
        ...(namespace ? { namespace } : {}),
      }));
    } else delete status.active;
    if (lastSuccess && lastSuccess > (status.lastSuccessfulTime ?? '')) status.lastSuccessfulTime = lastSuccess;
  });
}

const olderThan = (jobs: readonly Job[], limit: number) =>
  [...jobs].sort((a, b) => ((a.status.startTime ?? '') < (b.status.startTime ?? '') ? 1 : -1)).slice(limit);

function say(store: Store, about: CronJob, reason: string, message: string): void {
  recordEvent(store, { about, type: 'Normal', reason, message, component: 'cronjob-controller' });
}
