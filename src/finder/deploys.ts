import type { Kubernetes } from '../clients/kubernetes.ts';
import type { ObjectKind, Place } from '../clients/kubernetes-resources.ts';
import type { ObjectView } from '../clients/kubernetes-views.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import { type Candidate, type Clues, candidate, type Gap } from '../domain/last-good.ts';
import type { Workload } from '../domain/settings.ts';
import { type Instant, milliseconds } from '../domain/time.ts';

type Cluster = Pick<Kubernetes, 'list'>;

/**
 * What the cluster remembers of rollouts and Jobs: a Deployment's ReplicaSets and a StatefulSet's ControllerRevisions, one
 * for each template (Kubernetes documentation, "Deployments", `revisionHistoryLimit`), and the Jobs that are still there.
 * Their times are whole seconds, cut off: what they say happened no earlier.
 */
export async function deploysSince(cluster: Cluster, workloads: readonly Workload[], since: Instant): Promise<Clues> {
  const places = [...new Map(workloads.map((one) => [`${one.cluster}/${one.namespace}`, one] as const)).values()];
  const all = await Promise.all(
    places.map(({ cluster: name, namespace }) => {
      const here = workloads.filter((one) => one.cluster === name && one.namespace === namespace);
      return inPlace(cluster, { cluster: name, namespace }, here, since);
    }),
  );
  return { candidates: all.flatMap(({ candidates }) => candidates), gaps: all.flatMap(({ gaps }) => gaps) };
}

async function inPlace(cluster: Cluster, place: Place, workloads: readonly Workload[], since: Instant): Promise<Clues> {
  const gaps: Gap[] = [];
  const list = async (kind: ObjectKind) => {
    try {
      return (await cluster.list(kind, place)) ?? [];
    } catch (error) {
      if (!(error instanceof PitcrewError)) throw error;
      gaps.push({ code: 'find.cluster-unreadable', params: { namespace: place.namespace, what: kind } });
      return [];
    }
  };
  const [replicaSets, revisions, jobs] = await Promise.all([
    list('replica-set'),
    workloads.some(({ kind }) => kind === 'stateful-set') ? list('controller-revision') : [],
    list('job'),
  ]);
  const rollouts = workloads.flatMap((workload) => {
    const owner = { deployment: 'Deployment', 'stateful-set': 'StatefulSet', 'cron-job': '' }[workload.kind];
    const own = [...replicaSets, ...revisions].filter(({ owners }) =>
      owners.some(({ kind, name }) => kind === owner && name === workload.name),
    );
    gaps.push(...again(workload, own));
    return rolloutsOf(workload, own);
  });
  const found = [...rollouts, ...jobs.flatMap(jobRun)];
  return { candidates: found.filter(({ at }) => at >= since), gaps };
}

/** The revisions of one workload, each with what it replaced. */
function rolloutsOf({ name }: Workload, revisions: readonly ObjectView[]): readonly Candidate[] {
  const inOrder = revisions.filter(({ createdAt }) => createdAt).toSorted(byCreation);
  return inOrder.map((one, index) => {
    const before = inOrder[index - 1];
    return candidate('likely', milliseconds(one.createdAt ?? ''), {
      kind: 'deploy',
      workload: name,
      from: before ? imagesOf(before) : null,
      to: imagesOf(one),
      cause: one.annotations['kubernetes.io/change-cause'] ?? null,
    });
  });
}

const byCreation = (a: ObjectView, b: ObjectView) => ((a.createdAt ?? '') < (b.createdAt ?? '') ? -1 : 1);

const revisionOf = ({ annotations }: ObjectView) => Number(annotations['deployment.kubernetes.io/revision'] ?? 0);

/** A template that came back (`kubectl rollout undo`) runs under its old ReplicaSet: nothing says since when. */
function again({ name }: Workload, revisions: readonly ObjectView[]): readonly Gap[] {
  const inUse = revisions.toSorted((a, b) => revisionOf(b) - revisionOf(a))[0];
  const youngest = revisions.toSorted(byCreation).at(-1);
  const cameBack = inUse?.annotations['deployment.kubernetes.io/revision-history'] !== undefined;
  const older = inUse && youngest && (inUse.createdAt ?? '') < (youngest.createdAt ?? '');
  return cameBack || older ? [{ code: 'find.rolled-back', params: { workload: name } }] : [];
}

/** What ran beside the workloads; pitcrew's own Jobs only read. */
function jobRun({ name, labels, owners, status, createdAt }: ObjectView): readonly Candidate[] {
  if (labels['app.kubernetes.io/managed-by'] === 'pitcrew') return [];
  const began = typeof status.startTime === 'string' ? Date.parse(status.startTime) : Number.NaN;
  const ms = Number.isNaN(began) ? milliseconds(createdAt ?? '') : began;
  if (Number.isNaN(ms)) return [];
  const cronJob = owners.find(({ kind }) => kind === 'CronJob')?.name ?? null;
  return [candidate('likely', ms, { kind: 'job', job: name, cronJob })];
}

/** Of the pod template's containers, in their order. */
function imagesOf({ spec }: ObjectView): string {
  const template = (spec.template ?? {}) as { readonly spec?: { readonly containers?: readonly JsonObject[] } };
  return (template.spec?.containers ?? []).map(({ image }) => String(image ?? '')).join(', ');
}
