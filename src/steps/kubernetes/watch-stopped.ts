import { z } from 'zod';
import { permanent, retryable } from '../../domain/errors.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { type Done, done, nothingToUndo, type Step, type StepContext, type Wait, wait } from '../../domain/step.ts';
import { inputOf } from '../step-input.ts';
import type { StoppedDependencies } from './prove-stopped.ts';
import { type Left, lookAtSessions, lookAtWorkloads, podsNamed, sessionsNamed, stoppedInput } from './stopped.ts';

export const watchStoppedInput = stoppedInput.extend({
  /** The last step before the cut-over: once it is done there is one last look. */
  until: z.string().min(1),
});
export type WatchStoppedInput = z.infer<typeof watchStoppedInput>;

/**
 * Looks again and again whether the application stays stopped, until nothing but the cut-over is left to do. Whatever
 * came back may have written to the old database, or would write to both: there is no cut-over then.
 */
export function watchStopped(dependencies: StoppedDependencies): Step {
  return {
    id: 'watch-stopped',
    fence: 'read-only',
    polls: true,
    run: (context) => look(dependencies, context),
    undo: nothingToUndo,
  };
}

/** @throws PitcrewError `restore.scaled-up-again`, `restore.schedule-*`, `restore.pods-came-back`, `restore.sessions-came-back` */
async function look({ cluster, sessions }: StoppedDependencies, context: StepContext): Promise<Done | Wait> {
  const input = inputOf(watchStoppedInput, context.input);
  // Asked first: what is seen afterwards was seen when that step was done already.
  const last = context.isDone(input.until);
  const left = await lookAtWorkloads(cluster, input.workloads);
  const { at: stoppedAt } = context.output('prove-stopped') as RestoreOutputs['prove-stopped'];
  nothingIsBack(left, stoppedAt);
  const seen = await lookAtSessions(sessions, input);
  if (seen !== 'unknown' && seen.application.length + seen.foreign.length > 0)
    throw permanent('restore.sessions-came-back', sessionsNamed(seen));
  if (!last) return wait(input.pollSeconds, 'wait.stays-stopped');
  // Nothing is switched on a look that saw nothing: it is tried again, and in the end given up.
  if (seen === 'unknown') throw retryable('restore.stop-not-known', { ...input.source });
  return done<RestoreOutputs['watch-stopped']>({ until: left.at });
}

/** A Job that began and ended between two looks has left its record: both times are the cluster's own. */
function nothingIsBack({ pods, jobs, newestJobs }: Left, stoppedAt: string): void {
  const fired = newestJobs.find(({ at }) => at > stoppedAt);
  if (fired) throw permanent('restore.schedule-fired', { workload: fired.workload, at: fired.at });
  if (jobs.length > 0) throw permanent('restore.jobs-came-back', { jobs: jobs.slice(0, 5) });
  const [first] = pods;
  if (first) throw permanent('restore.pods-came-back', { workload: first.workload, ...podsNamed(pods) });
}
