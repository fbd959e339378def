import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { PodView } from '../../clients/kubernetes-views.ts';
import { PitcrewError, permanent } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { InstanceIdentity, RestoreOutputs } from '../../domain/restore.ts';
import { workloadName } from '../../domain/settings.ts';
import { type Done, done, nothingToUndo, type Step, type StepContext, type Wait, wait } from '../../domain/step.ts';
import { type Instant, laterOf, secondsBetween } from '../../domain/time.ts';
import type { Session, Sessions, SessionsSeen } from '../postgres/sessions.ts';
import { addressInput, inputOf, roleSecretInput, workloadInput } from '../step-input.ts';
import { answersWell } from './answers.ts';
import { type PodOf, searchedLogs } from './pod-logs.ts';
import { type Connected, judge } from './pod-sessions.ts';
import { running } from './pods.ts';
import { recordedScales } from './record-application.ts';
import { crashLoops, rolloutOf } from './rollout.ts';
import { present, scaleOf } from './workload.ts';

export const proveOnNewInput = z.object({
  workloads: z.array(workloadInput).min(1),
  withinSeconds: z.number().positive(),
  provenSeconds: z.number().nonnegative(),
  pollSeconds: z.number().positive(),
  role: z.string().min(1),
  /** The database's name on the new instance, whose address comes from `await-instance`. */
  database: z.string().min(1),
  /** The old database; null when it is gone. */
  source: addressInput.nullable(),
  verifyRole: roleSecretInput,
  /** An address of the application that must answer with 2xx. */
  smokeUrl: z.string().min(1).exactOptional(),
});
export type ProveOnNewInput = z.infer<typeof proveOnNewInput>;

interface Dependencies {
  readonly cluster: Pick<Kubernetes, 'find' | 'list' | 'pods' | 'podLog'>;
  readonly sessions: Sessions;
}

/**
 * Every rollout is complete, every ready pod has held a session on the new instance, and none on the old, for
 * `provenSeconds`, and the address that the config names answers. Their log lines since the start are searched for errors:
 * how many and of what kind is told, because an application may log errors and serve all the same.
 */
export function proveOnNew(dependencies: Dependencies): Step {
  return {
    id: 'prove-on-new',
    fence: 'read-only',
    polls: true,
    run: (context) => look(dependencies, context),
    undo: nothingToUndo,
  };
}

async function look({ cluster, sessions }: Dependencies, context: StepContext): Promise<Done | Wait> {
  const input = inputOf(proveOnNewInput, context.input);
  const application = await observe(cluster, context);
  const late = secondsBetween(context.since, application.at) > input.withinSeconds;
  if (application.ready < application.wanted) {
    if (late)
      throw notUp(
        'rollout',
        application.running.map(({ pod }) => pod).filter(({ ready }) => !ready),
      );
    return wait(input.pollSeconds, 'wait.rollout', { ready: application.ready, wanted: application.wanted });
  }
  const seen = await bothSides(sessions, input, context);
  if (seen === 'unknown') {
    if (late) throw notUp('database', []);
    return wait(input.pollSeconds, 'wait.database-answers');
  }
  const pods = application.running.map(({ pod }) => pod);
  const verdict = judge(pods, seen, { provenSeconds: input.provenSeconds, at: application.at });
  if (verdict.kind !== 'proven') {
    if (late) throw notUp(verdict.kind, 'pods' in verdict ? verdict.pods : []);
    return waitFor(verdict, input, pods.length);
  }
  const answers = input.smokeUrl ? await answersWell(input.smokeUrl, context.signal) : undefined;
  if (answers && !answers.well) {
    if (late) throw notUp('smoke', [], { url: answers.url, status: answers.status });
    return wait(input.pollSeconds, 'wait.smoke', { url: answers.url, status: answers.status });
  }
  return done<RestoreOutputs['prove-on-new']>({
    pods: pods.length,
    sessions: verdict.sessions,
    firstSessionAt: verdict.firstSessionAt,
    log: await searchedLogs(cluster, application.running, context.since, application.at),
    smoke: answers?.status ?? null,
  });
}

function waitFor(verdict: Exclude<Connected, { kind: 'proven' }>, input: ProveOnNewInput, pods: number): Wait {
  switch (verdict.kind) {
    case 'without-session':
      return wait(input.pollSeconds, 'wait.sessions-on-new', { pods: verdict.pods.length, of: pods });
    case 'on-old':
      return wait(input.pollSeconds, 'wait.sessions-on-old', { sessions: verdict.sessions });
    case 'holding':
      return wait(Math.min(input.pollSeconds, Math.max(1, verdict.leftSeconds)), 'wait.proving', {
        seconds: Math.ceil(verdict.leftSeconds),
      });
    default: {
      const never: never = verdict;
      return never;
    }
  }
}

interface Application {
  /** The pods that are wanted, once all are ready; those that aren't ready too while some are missing. */
  readonly running: readonly PodOf[];
  readonly ready: number;
  readonly wanted: number;
  readonly at: Instant;
}

async function observe(cluster: Dependencies['cluster'], context: StepContext): Promise<Application> {
  const all: PodOf[] = [];
  let [ready, wanted, at] = [0, 0, ''];
  for (const { replicas, ...workload } of recordedScales(context)) {
    const seen = await present(cluster, workload);
    const own = (await running(cluster, seen)).pods
      .filter(({ terminating }) => !terminating)
      .map((pod) => ({ place: workload, pod }));
    const rollout = rolloutOf(seen, context.since);
    if (rollout === 'deadline-exceeded')
      throw notUp(
        'progress-deadline',
        own.map(({ pod }) => pod),
        { workload: workloadName(workload) },
      );
    const looping = own.filter(({ pod }) => crashLoops(pod));
    if (looping.length > 0)
      throw notUp(
        'crash-loop',
        looping.map(({ pod }) => pod),
        { workload: workloadName(workload), log: await searchedLogs(cluster, looping, context.since, seen.readAt) },
      );
    const up = own.filter(({ pod }) => pod.ready);
    // An autoscaler may have gone beyond the count meanwhile; fewer than were there is not "up".
    const expected = Math.max(replicas, scaleOf(seen).replicas);
    wanted += expected;
    ready += rollout === 'complete' ? up.length : Math.min(up.length, expected - 1);
    all.push(...own);
    at = laterOf(at, seen.readAt);
  }
  return { running: all, ready, wanted, at };
}

/** @returns `unknown` while one of the databases doesn't answer: that proves nothing */
async function bothSides(
  sessions: Sessions,
  { verifyRole, role, database, source }: ProveOnNewInput,
  context: StepContext,
): Promise<{ readonly onNew: readonly Session[]; readonly onOld: readonly Session[] } | 'unknown'> {
  const { host, port } = context.output('await-instance') as InstanceIdentity;
  const none: SessionsSeen = { application: [], foreign: [] };
  const who = { reader: verifyRole, application: role };
  try {
    const onNew = await sessions.on({ host, port, database }, who);
    const onOld = source ? await sessions.on(source, who) : none;
    return { onNew: onNew.application, onOld: onOld.application };
  } catch (error) {
    if (error instanceof PitcrewError && error.kind === 'retryable') return 'unknown';
    throw error;
  }
}

type Why = 'progress-deadline' | 'crash-loop' | 'rollout' | 'database' | 'smoke' | Exclude<Connected['kind'], 'proven'>;

function notUp(why: Why, pods: readonly PodView[], more: JsonObject = {}): PitcrewError {
  const names = pods.map(({ name }) => name).slice(0, 5);
  return permanent('restore.not-up', { why, pods: names, podCount: pods.length, ...more });
}
