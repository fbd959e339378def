import { z } from 'zod';
import type { Kubernetes, PodView } from '../../clients/kubernetes.ts';
import { PitcrewError, permanent } from '../../domain/errors.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { workloadName } from '../../domain/settings.ts';
import { type Done, done, nothingToUndo, type Step, type StepContext, type Wait, wait } from '../../domain/step.ts';
import { type Instant, laterOf, secondsBetween } from '../../domain/time.ts';
import type { Session, Sessions, SessionsSeen } from '../postgres/sessions.ts';
import { addressInput, inputOf, roleSecretInput, workloadInput } from '../step-input.ts';
import { present } from './fence.ts';

export const proveStoppedInput = z.object({
  workloads: z.array(workloadInput).min(1),
  withinSeconds: z.number().positive(),
  pollSeconds: z.number().positive(),
  /** The role that the application logs in as. */
  role: z.string().min(1),
  /** The database that the application wrote to; null when it is gone and nobody can be connected to it. */
  source: addressInput.nullable(),
  verifyRole: roleSecretInput,
});
export type ProveStoppedInput = z.infer<typeof proveStoppedInput>;

interface Dependencies {
  readonly cluster: Pick<Kubernetes, 'deployment' | 'patchDeployment' | 'podsOf'>;
  readonly sessions: Sessions;
}

/**
 * Stopped is: no pod listed, Terminating ones included, and nobody connected to the database but pitcrew and RDS. A
 * database that doesn't answer proves nothing, so it is waited for like the rest.
 */
export function proveStopped(dependencies: Dependencies): Step {
  return {
    id: 'prove-stopped',
    fence: 'read-only',
    polls: true,
    run: (context) => look(dependencies, context),
    undo: nothingToUndo,
  };
}

async function look({ cluster, sessions }: Dependencies, context: StepContext): Promise<Done | Wait> {
  const input = inputOf(proveStoppedInput, context.input);
  const { pods, at } = await runningPods(cluster, input);
  const seen = pods.length > 0 || !input.source ? nobody : await connected(sessions, input, input.source);
  const [application, foreign] = seen === 'unknown' ? [0, 0] : [seen.application.length, seen.foreign.length];
  if (pods.length + application + foreign === 0 && seen !== 'unknown')
    return done<RestoreOutputs['prove-stopped']>({ pods: 0, sessions: 0 });
  if (secondsBetween(context.since, at) > input.withinSeconds) throw notStopped(pods, seen);
  if (pods.length > 0) return wait(input.pollSeconds, 'wait.pods-stopping', { pods: pods.length });
  return seen === 'unknown'
    ? wait(input.pollSeconds, 'wait.database-answers')
    : wait(input.pollSeconds, 'wait.sessions', { sessions: application + foreign });
}

const nobody: SessionsSeen = { application: [], foreign: [] };

/** @throws PitcrewError `restore.scaled-up-again`: an autoscaler, GitOps or a person works against the stop */
async function runningPods(
  cluster: Dependencies['cluster'],
  { workloads }: ProveStoppedInput,
): Promise<{ readonly pods: readonly PodView[]; readonly at: Instant }> {
  const pods: PodView[] = [];
  let at = '';
  for (const workload of workloads) {
    const { replicas, readAt } = await present(cluster, workload);
    if (replicas > 0) throw permanent('restore.scaled-up-again', { workload: workloadName(workload), replicas });
    pods.push(...(await cluster.podsOf(workload)).filter(({ ended }) => !ended));
    at = laterOf(at, readAt);
  }
  return { pods, at };
}

async function connected(
  sessions: Sessions,
  { verifyRole, role }: ProveStoppedInput,
  source: NonNullable<ProveStoppedInput['source']>,
): Promise<SessionsSeen | 'unknown'> {
  try {
    return await sessions.on(source, verifyRole, role);
  } catch (error) {
    if (error instanceof PitcrewError && error.kind === 'retryable') return 'unknown';
    throw error;
  }
}

/** Names roles and counts only: who is connected is told, what they do isn't. */
function notStopped(pods: readonly PodView[], seen: SessionsSeen | 'unknown'): PitcrewError {
  const byRole = (found: readonly Session[]) => [...new Set(found.map(({ role }) => role))].sort().slice(0, 5);
  return permanent('restore.not-stopped', {
    pods: pods.map(({ name, terminating }) => (terminating ? `${name} (Terminating)` : name)).slice(0, 5),
    podCount: pods.length,
    databaseAnswers: seen !== 'unknown',
    sessions: seen === 'unknown' ? 0 : seen.application.length,
    foreign: seen === 'unknown' ? 0 : seen.foreign.length,
    foreignRoles: seen === 'unknown' ? [] : byRole(seen.foreign),
  });
}
