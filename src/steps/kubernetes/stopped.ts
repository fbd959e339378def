import { z } from 'zod';
import type { PodView } from '../../clients/kubernetes-views.ts';
import { PitcrewError, permanent } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { SessionNamed } from '../../domain/restore.ts';
import { type WorkloadRef, workloadName } from '../../domain/settings.ts';
import { type Instant, laterOf } from '../../domain/time.ts';
import type { Session, Sessions, SessionsSeen } from '../postgres/sessions.ts';
import { addressInput, roleSecretInput, workloadInput } from '../step-input.ts';
import { type Looks, running } from './pods.ts';
import { isSuspended, present, scaledBy, scaleOf } from './workload.ts';

/** Where to look for whatever writes. */
export const stoppedInput = z.object({
  workloads: z.array(workloadInput).min(1),
  pollSeconds: z.number().positive(),
  /** The role that the application logs in as. */
  role: z.string().min(1),
  /** The database that the application wrote to; null when it is gone and nobody can be connected to it. */
  source: addressInput.nullable(),
  verifyRole: roleSecretInput,
  fenceRole: roleSecretInput,
  /** Roles that only read and may stay connected. */
  readers: z.array(z.string()),
});
export type StoppedInput = z.infer<typeof stoppedInput>;

/** What of the workloads is left, though all of them are told to stop. */
export interface Left {
  readonly pods: readonly LeftPod[];
  /** Jobs that CronJobs began and that haven't ended. */
  readonly jobs: readonly string[];
  /** The newest Job of each schedule, and when it was made. */
  readonly newestJobs: readonly { readonly workload: string; readonly at: Instant }[];
  /** By the cluster's own clock. */
  readonly at: Instant;
}
export interface LeftPod {
  readonly workload: string;
  readonly namespace: string;
  readonly pod: PodView;
}

/** @throws PitcrewError `restore.scaled-up-again`, `restore.schedule-resumed`: something or somebody works against the stop */
export async function lookAtWorkloads(cluster: Looks, workloads: readonly WorkloadRef[]): Promise<Left> {
  const pods: LeftPod[] = [];
  const jobs: string[] = [];
  const newestJobs: { workload: string; at: Instant }[] = [];
  let at = '';
  for (const ref of workloads) {
    const seen = await present(cluster, ref);
    const workload = workloadName(ref);
    const by = scaledBy(seen) ?? '';
    if (ref.kind === 'cron-job' && !isSuspended(seen)) throw permanent('restore.schedule-resumed', { workload });
    if (ref.kind !== 'cron-job' && scaleOf(seen).replicas > 0)
      throw permanent('restore.scaled-up-again', { workload, replicas: scaleOf(seen).replicas, by });
    const left = await running(cluster, seen);
    pods.push(...left.pods.map((pod) => ({ workload, namespace: ref.namespace, pod })));
    jobs.push(...left.jobs);
    if (left.newestJobAt) newestJobs.push({ workload, at: left.newestJobAt });
    at = laterOf(at, seen.readAt);
  }
  return { pods, jobs, newestJobs, at };
}

const nobody: SessionsSeen = { application: [], foreign: [] };

/** @returns `unknown` where the database doesn't answer: that proves nothing */
export async function lookAtSessions(sessions: Sessions, input: StoppedInput): Promise<SessionsSeen | 'unknown'> {
  const { source, verifyRole, fenceRole, role, readers } = input;
  if (!source) return nobody;
  try {
    return await sessions.on(source, { reader: verifyRole, application: role, fence: fenceRole, readers });
  } catch (error) {
    if (error instanceof PitcrewError && error.kind === 'retryable') return 'unknown';
    throw error;
  }
}

/** An error goes into the ledger, whose events are bounded. */
const mostNamed = 5;

/** Pods as an error names them: what a person needs to decide whether one is dead. */
export function podsNamed(pods: readonly LeftPod[]): JsonObject {
  const stuck = pods.filter(({ pod }) => pod.terminating).slice(0, mostNamed);
  return {
    pods: pods.map(({ pod }) => (pod.terminating ? `${pod.name} (Terminating)` : pod.name)).slice(0, mostNamed),
    podCount: pods.length,
    stuck: stuck.map(({ namespace, pod }) => ({
      pod: pod.name,
      namespace,
      node: pod.node ?? '',
      since: pod.terminatingSince ?? '',
      finalizers: pod.finalizers,
    })),
  };
}

/** Who is connected: role, name of the program, address and since when. What they do isn't told. */
export function sessionsNamed({ application, foreign }: SessionsSeen): JsonObject {
  return {
    sessions: application.length,
    foreign: foreign.length,
    who: [...foreign, ...application].slice(0, mostNamed).map(sessionNamed),
  };
}

export const sessionNamed = ({ role, applicationName, clientAddress, startedAt }: Session): SessionNamed => ({
  role,
  application: applicationName,
  address: clientAddress ?? '',
  since: startedAt,
});
