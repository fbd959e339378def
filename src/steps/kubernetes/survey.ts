import type { ObjectView, PodView } from '../../clients/kubernetes-views.ts';
import type { DatabaseAddress } from '../../clients/postgres.ts';
import { PitcrewError, permanent } from '../../domain/errors.ts';
import type { GuardRef, Note, ReplicaCount, RestoreShown } from '../../domain/restore.ts';
import { type DatabaseSettings, type Workload, type WorkloadRef, workloadName } from '../../domain/settings.ts';
import type { Sessions } from '../postgres/sessions.ts';
import { heldBy } from './fence.ts';
import { type Guards, isDenial, note } from './guard.ts';
import { guardsOf } from './guards.ts';
import { type Looks, running } from './pods.ts';
import { countOf } from './record-application.ts';
import { sessionNamed } from './stopped.ts';
import { nameOf, present } from './workload.ts';

export interface SurveyOf {
  readonly operation: string;
  readonly workloads: readonly Workload[];
  readonly database: DatabaseSettings;
  /** The role that the application logs in as. */
  readonly role: string;
  /** The live database; null when its instance is gone. */
  readonly source: DatabaseAddress | null;
}

export interface Survey {
  readonly replicas: readonly ReplicaCount[];
  /** Codes `guard.*`, with what a person has to see to first. */
  readonly guards: readonly Note[];
  /** What is paused meanwhile. */
  readonly paused: readonly GuardRef[];
  /** Operations that hold a workload and are over, told by their fences. */
  readonly takesOver: readonly string[];
}

/** As cards tell it. A schedule runs no replicas of its own. */
export const shownReplicas = ({ replicas }: Survey): RestoreShown['replicas'] =>
  replicas.map((count) => ({
    workload: workloadName(count),
    replicas: count.kind === 'cron-job' ? null : count.replicas,
  }));

interface Dependencies {
  readonly cluster: Guards & Looks;
  readonly sessions: Sessions;
}

/**
 * All that a plan asks of the application: how it runs, what would start it again while it is stopped, and who else is
 * on its database. It only looks.
 * @throws PitcrewError `kubernetes.*`, `restore.*`: what would stop the restore half-way is refused now
 */
export async function surveyApplication({ cluster, sessions }: Dependencies, asked: SurveyOf): Promise<Survey> {
  const replicas: ReplicaCount[] = [];
  const guards: Note[] = [];
  const paused: GuardRef[] = [];
  const takesOver = new Set<string>();
  const pods: PodView[] = [];
  for (const workload of asked.workloads) {
    const seen = await presentOrRollout(cluster, workload);
    await mayBeStopped(cluster, workload);
    const found = await guardsOf(cluster, seen);
    const counted = countOf(workload, seen, found.minimum);
    const left = await running(cluster, seen);
    const holder = heldBy(seen);
    replicas.push(counted);
    pods.push(...left.pods);
    paused.push(...found.paused);
    guards.push(...stopped(counted), ...found.notes);
    if (left.jobs.length > 0)
      guards.push(note('guard.schedule-running', { workload: workloadName(workload), jobs: left.jobs.length }));
    for (const guard of [seen, ...(await Promise.all(found.paused.map((ref) => cluster.find(ref))))]) {
      const other = guard && heldBy(guard);
      if (other && other !== asked.operation) takesOver.add(other);
    }
    if (holder && holder !== asked.operation)
      guards.push(note('guard.left-stopped', { workload: workloadName(workload), holder }));
  }
  const notes = [...guards, ...(await strangers(sessions, asked, pods))];
  return { replicas, guards: inOrder(once(notes)), paused: once(paused), takesOver: [...takesOver].sort() };
}

/** Where the application stands at 0 already, its count comes from elsewhere: people see from where. */
const stoppedAlready: Readonly<Record<Exclude<ReplicaCount['origin'], 'spec'>, string>> = {
  annotation: 'guard.stopped-already-annotation',
  autoscaler: 'guard.stopped-already-autoscaler',
  config: 'guard.stopped-already-config',
};
const stopped = ({ origin, replicas, ...workload }: ReplicaCount): readonly Note[] =>
  origin === 'spec' ? [] : [note(stoppedAlready[origin], { workload: workloadName(workload), replicas })];

/** @throws PitcrewError `restore.rollout-not-supported` where an Argo Rollout bears the name; else as `present` */
async function presentOrRollout(cluster: Guards, workload: WorkloadRef): Promise<ObjectView> {
  try {
    return await present(cluster, workload);
  } catch (error) {
    const missing = error instanceof PitcrewError && error.code === 'kubernetes.not-found';
    if (!missing || workload.kind !== 'deployment') throw error;
    const rollout = await cluster.find({ ...workload, kind: 'rollout' }).catch(() => undefined);
    if (!rollout) throw error;
    throw permanent('restore.rollout-not-supported', { workload: workloadName(workload), rollout: rollout.name });
  }
}

/** @throws PitcrewError `kubernetes.denied` where the cluster says beforehand that it wouldn't let pitcrew stop it */
async function mayBeStopped(cluster: Guards, workload: WorkloadRef): Promise<void> {
  const may = await cluster.mayPatch(workload).catch((error: unknown) => {
    if (isDenial(error)) return undefined;
    throw error;
  });
  if (may === false)
    throw permanent('kubernetes.denied', { verb: 'patch', ...nameOf(workload), context: workload.cluster });
}

/** Sessions that would have to end: of others, and of the application's role from where none of its known pods is. */
async function strangers(
  sessions: Sessions,
  { source, role, database: { verifyRole, fenceRole, readers } }: SurveyOf,
  pods: readonly PodView[],
): Promise<readonly Note[]> {
  if (!source) return [];
  try {
    const who = { reader: verifyRole, application: role, fence: fenceRole, readers };
    const { application, foreign } = await sessions.on(source, who);
    const known = new Set(pods.map(({ ip }) => ip));
    const elsewhere = application.filter(({ clientAddress }) => !known.has(clientAddress));
    return [
      ...foreign.map((session) => note('guard.session', sessionNamed(session))),
      ...elsewhere.map((session) => note('guard.client-unknown', sessionNamed(session))),
    ];
  } catch (error) {
    // The plan says elsewhere that the live database doesn't answer; a role that may not look is said here.
    if (error instanceof PitcrewError && error.kind === 'retryable') return [note('guard.sessions-not-known', {})];
    throw error;
  }
}

/** Of workloads that share a namespace, what couldn't be looked at is said once. */
const once = <T>(all: readonly T[]): readonly T[] => [
  ...new Map(all.map((one) => [JSON.stringify(one), one])).values(),
];

/** What speaks against the cut-over unless somebody does something about it. A card shows the first few. */
const forPeople: readonly string[] = [
  'guard.argo-cd-self-heal',
  'guard.autoscaler-from-zero',
  'guard.session',
  'guard.client-unknown',
  'guard.flux-watched',
  'guard.keda-watched',
  'guard.argo-cd-not-known',
  'guard.left-stopped',
];
const rank = ({ code }: Note) => forPeople.indexOf(code) + 1 || forPeople.length + 1;
const inOrder = (notes: readonly Note[]) => notes.toSorted((a, b) => rank(a) - rank(b));
