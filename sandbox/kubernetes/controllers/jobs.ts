import { deleteObject, isOwnedBy, releaseFinalizer } from '../deletion.ts';
import { recordEvent } from '../events.ts';
import type { Pod } from '../objects.ts';
import { randomSuffix } from '../rest.ts';
import type { Store } from '../store.ts';
import type { Job } from '../workload-objects.ts';
import { finishedAt, isTrue, reportJob, type Verdict } from './job-status.ts';
import { createPod, hasEnded } from './pods.ts';

/** Keeps a pod's end from being lost before it was counted ("Job tracking with finalizers"). */
const TRACKING = 'batch.kubernetes.io/job-tracking';

export interface JobPaces {
  /** After the first failed pod; doubles with each further one up to the bound (real: 10 and 600). */
  readonly jobBackOffSeconds: number;
  readonly maxJobBackOffSeconds: number;
}

interface Failures {
  count: number;
  lastAt: number;
}

/**
 * The Job controller. What surprises clients is kept: a failing Job is first `FailureTarget`, and `Failed` only when the
 * last of its pods has ended; a deleted pod counts as failed; the pods of a deleted Job stay unless the deletion says
 * otherwise.
 */
export function createJobController(store: Store, paces: JobPaces): (job: Job) => void {
  const failures = new Map<string, Failures>();
  const podsOf = (job: Job) => store.list('pods', job.metadata.namespace).filter((pod) => isOwnedBy(pod, job));

  return function reconcile(seen: Job): void {
    const finished = finishedAt(seen);
    if (finished !== undefined) {
      for (const pod of podsOf(seen)) releaseFinalizer(store, 'pods', pod, TRACKING);
      failures.delete(seen.metadata.uid);
      const ttl = seen.spec.ttlSecondsAfterFinished;
      if (ttl !== undefined && finished + 1000 * ttl <= Date.now()) deleteObject(store, 'jobs', seen);
      return;
    }
    count(store, seen, podsOf(seen), failures);
    const job = store.find('jobs', seen.metadata.namespace, seen.metadata.name);
    if (job?.metadata.uid !== seen.metadata.uid || job.metadata.deletionTimestamp) return;
    const verdict = judge(job, podsOf(job));
    const active = podsOf(job).filter(isActive);
    if (verdict || job.spec.suspend) for (const pod of active) remove(store, job, pod);
    else manage(store, job, active, waitsUntil(failures.get(job.metadata.uid), paces), podsOf(job));
    reportJob(store, job, podsOf(job), verdict);
  };
}

/** A pod that outlived its Job has nobody left who would count it: its finalizer goes, or it could never be deleted. */
export function releaseOrphans(store: Store): void {
  const jobs = new Set(store.list('jobs').map(({ metadata }) => metadata.uid));
  for (const pod of store.list('pods')) {
    const owned = (pod.metadata.ownerReferences ?? []).some(({ uid }) => jobs.has(uid));
    if (!owned && pod.metadata.finalizers?.includes(TRACKING)) releaseFinalizer(store, 'pods', pod, TRACKING);
  }
}

const isActive = (pod: Pod) => !hasEnded(pod) && !pod.metadata.deletionTimestamp;

/** Counts each pod that has ended exactly once: its finalizer says whether it was counted. */
function count(store: Store, job: Job, pods: readonly Pod[], failures: Map<string, Failures>): void {
  for (const pod of pods) {
    if (!pod.metadata.finalizers?.includes(TRACKING) || isActive(pod)) continue;
    const succeeded = pod.status.phase === 'Succeeded';
    const gaveWay = job.spec.suspend && !hasEnded(pod);
    const { uid } = job.metadata;
    store.update('jobs', job.metadata, ({ status }) => {
      if (succeeded) status.succeeded = (status.succeeded ?? 0) + 1;
      else if (!gaveWay) status.failed = (status.failed ?? 0) + 1;
    });
    if (succeeded) failures.delete(uid);
    else if (!gaveWay) failures.set(uid, { count: (failures.get(uid)?.count ?? 0) + 1, lastAt: Date.now() });
    releaseFinalizer(store, 'pods', pod, TRACKING);
  }
}

function waitsUntil(failed: Failures | undefined, { jobBackOffSeconds, maxJobBackOffSeconds }: JobPaces): number {
  if (!failed) return 0;
  return failed.lastAt + 1000 * Math.min(maxJobBackOffSeconds, jobBackOffSeconds * 2 ** (failed.count - 1));
}

function judge({ spec, status }: Job, pods: readonly Pod[]): Verdict | undefined {
  const failed = status.conditions?.find((condition) => isTrue(condition, 'FailureTarget'));
  if (failed) return { type: 'Failed', reason: failed.reason ?? '', message: failed.message ?? '' };
  const { succeeded = 0, startTime } = status;
  const { completions, backoffLimit = 6, activeDeadlineSeconds } = spec;
  const done = completions === undefined ? succeeded > 0 && !pods.some(isActive) : succeeded >= completions;
  if (done) {
    const message = 'Reached expected number of succeeded pods';
    return { type: 'Complete', reason: 'CompletionsReached', message };
  }
  const restarts = pods
    .filter(isActive)
    .flatMap((pod) => pod.status.containerStatuses ?? [])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
  const restartsEnd = spec.template.spec.restartPolicy === 'OnFailure' && restarts > 0 && restarts >= backoffLimit;
  if ((status.failed ?? 0) > backoffLimit || restartsEnd) {
    const message = 'Job has reached the specified backoff limit';
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message };
  }
  if (!spec.suspend && startTime && activeDeadlineSeconds !== undefined) {
    const message = 'Job was active longer than specified deadline';
    const over = Date.parse(startTime) + 1000 * activeDeadlineSeconds <= Date.now();
    if (over) return { type: 'Failed', reason: 'DeadlineExceeded', message };
  }
  return undefined;
}

function manage(store: Store, job: Job, active: readonly Pod[], notBefore: number, pods: readonly Pod[]): void {
  const { parallelism = 1, completions, podReplacementPolicy, template } = job.spec;
  const open = completions === undefined ? parallelism : completions - (job.status.succeeded ?? 0);
  const winding = completions === undefined && (job.status.succeeded ?? 0) > 0;
  const wanted = winding ? active.length : Math.min(parallelism, open);
  for (const pod of active.slice(wanted)) remove(store, job, pod);
  const going = podReplacementPolicy === 'Failed' ? pods.filter((pod) => !hasEnded(pod) && !isActive(pod)).length : 0;
  if (Date.now() < notBefore) return;
  for (let made = active.length + going; made < wanted; made++) {
    const name = `${job.metadata.name}-${randomSuffix()}`;
    createPod(store, job, template, { name, finalizers: [TRACKING] });
    say(store, job, 'SuccessfulCreate', `Created pod: ${name}`);
  }
}

function remove(store: Store, job: Job, pod: Pod): void {
  deleteObject(store, 'pods', pod);
  say(store, job, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
}

function say(store: Store, about: Job, reason: string, message: string): void {
  recordEvent(store, { about, type: 'Normal', reason, message, component: 'job-controller' });
}
