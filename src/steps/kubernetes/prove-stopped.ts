import { z } from 'zod';
import { type PitcrewError, permanent } from '../../domain/errors.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { type Done, done, nothingToUndo, type Step, type StepContext, type Wait, wait } from '../../domain/step.ts';
import { secondsBetween } from '../../domain/time.ts';
import type { Sessions, SessionsSeen } from '../postgres/sessions.ts';
import { inputOf } from '../step-input.ts';
import type { Looks } from './pods.ts';
import {
  type Left,
  lookAtSessions,
  lookAtWorkloads,
  podsNamed,
  sessionNamed,
  sessionsNamed,
  stoppedInput,
} from './stopped.ts';

export const proveStoppedInput = stoppedInput.extend({ withinSeconds: z.number().positive() });
export type ProveStoppedInput = z.infer<typeof proveStoppedInput>;

export interface StoppedDependencies {
  readonly cluster: Looks;
  readonly sessions: Sessions;
}

/**
 * Stopped is: no pod listed, Terminating ones included, no Job of a schedule that may make another, and nobody connected
 * to the database but pitcrew, RDS and those who only read. A database that doesn't answer proves nothing, so it is
 * waited for like the rest.
 */
export function proveStopped(dependencies: StoppedDependencies): Step {
  return {
    id: 'prove-stopped',
    fence: 'read-only',
    polls: true,
    run: (context) => look(dependencies, context),
    undo: nothingToUndo,
  };
}

async function look({ cluster, sessions }: StoppedDependencies, context: StepContext): Promise<Done | Wait> {
  const input = inputOf(proveStoppedInput, context.input);
  const left = await lookAtWorkloads(cluster, input.workloads);
  const busy = left.pods.length + left.jobs.length > 0;
  const seen = busy ? nobody : await lookAtSessions(sessions, input);
  const connected = seen === 'unknown' ? 0 : seen.application.length + seen.foreign.length;
  if (!busy && seen !== 'unknown' && connected === 0)
    return done<RestoreOutputs['prove-stopped']>({ pods: 0, sessions: 0, at: left.at });
  if (secondsBetween(context.since, left.at) > input.withinSeconds) throw notStopped(left, seen);
  if (left.pods.length > 0) return wait(input.pollSeconds, 'wait.pods-stopping', { pods: left.pods.length });
  if (busy) return wait(input.pollSeconds, 'wait.jobs-ending', { jobs: left.jobs.length });
  const [first] = seen === 'unknown' ? [] : [...seen.foreign, ...seen.application];
  // Who is there is said at once: somebody has to be found and asked to leave.
  return first
    ? wait(input.pollSeconds, 'wait.sessions', { sessions: connected, ...sessionNamed(first) })
    : wait(input.pollSeconds, 'wait.database-answers');
}

const nobody: SessionsSeen = { application: [], foreign: [] };

function notStopped(left: Left, seen: SessionsSeen | 'unknown'): PitcrewError {
  return permanent('restore.not-stopped', {
    ...podsNamed(left.pods),
    jobs: left.jobs.slice(0, 5),
    databaseAnswers: seen !== 'unknown',
    ...sessionsNamed(seen === 'unknown' ? nobody : seen),
  });
}
