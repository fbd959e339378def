import { recordEvent } from '../events.ts';
import { type Pod, timestamp } from '../objects.ts';
import { isReady } from '../pod-status.ts';
import type { Store } from '../store.ts';
import type { Job, JobCondition } from '../workload-objects.ts';
import { hasEnded } from './pods.ts';

export interface Verdict {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

export const isTrue = ({ type, status }: JobCondition, wanted: JobCondition['type']): boolean =>
  type === wanted && status === 'True';

/** When the Job became Complete or Failed, undefined while it is neither. */
export function finishedAt({ status }: Job): number | undefined {
  const over = status.conditions?.find((condition) => isTrue(condition, 'Complete') || isTrue(condition, 'Failed'));
  return over ? Date.parse(over.lastTransitionTime) : undefined;
}

/** Writes a Job's status: what is under way, and the verdict, which is final once no pod of it runs any more. */
export function reportJob(store: Store, job: Job, pods: readonly Pod[], verdict: Verdict | undefined): void {
  const running = pods.filter((pod) => !hasEnded(pod));
  const active = running.filter(({ metadata }) => !metadata.deletionTimestamp);
  const final = verdict && running.length === 0 ? verdict : undefined;
  store.update('jobs', job.metadata, (draft) => {
    const { succeeded, failed, startTime, completionTime } = draft.status;
    const conditions = [...(draft.status.conditions ?? [])];
    if (verdict) set(conditions, verdict.type === 'Failed' ? 'FailureTarget' : 'SuccessCriteriaMet', 'True', verdict);
    if (final) set(conditions, final.type, 'True', final);
    reportSuspension(draft, conditions);
    const started = draft.spec.suspend ? undefined : (startTime ?? timestamp());
    draft.status = {
      ...(started ? { startTime: started } : {}),
      ...(final?.type === 'Complete' ? { completionTime: completionTime ?? timestamp() } : {}),
      ...(active.length > 0 ? { active: active.length } : {}),
      ready: active.filter(isReady).length,
      terminating: running.length - active.length,
      ...(succeeded ? { succeeded } : {}),
      ...(failed ? { failed } : {}),
      ...(conditions.length > 0 ? { conditions } : {}),
    };
  });
  if (!final) return;
  const happened =
    final.type === 'Complete'
      ? ({ type: 'Normal', reason: 'Completed', message: 'Job completed' } as const)
      : ({ type: 'Warning', reason: final.reason, message: final.message } as const);
  recordEvent(store, { about: job, ...happened, component: 'job-controller' });
}

function reportSuspension(draft: Job, conditions: JobCondition[]): void {
  const before = conditions.some((condition) => isTrue(condition, 'Suspended'));
  if (draft.spec.suspend) set(conditions, 'Suspended', 'True', { reason: 'JobSuspended', message: 'Job suspended' });
  else if (before) set(conditions, 'Suspended', 'False', { reason: 'JobResumed', message: 'Job resumed' });
}

function set(
  conditions: JobCondition[],
  type: JobCondition['type'],
  status: JobCondition['status'],
  { reason, message }: { readonly reason: string; readonly message: string },
): void {
  const at = conditions.findIndex((condition) => condition.type === type);
  if (conditions[at]?.status === status) return;
  const now = timestamp();
  const condition = { type, status, reason, message, lastProbeTime: now, lastTransitionTime: now };
  conditions.splice(at < 0 ? conditions.length : at, 1, condition);
}
