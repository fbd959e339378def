import type { DeploymentView, Kubernetes, PatchOperation } from '../../clients/kubernetes.ts';
import { PitcrewError, permanent, retryable } from '../../domain/errors.ts';
import { type WorkloadRef, workloadName } from '../../domain/settings.ts';
import type { StepContext } from '../../domain/step.ts';

/** `<operation>/<epoch>` while an operation owns the Deployment, `<operation>/closed` afterwards (8-protocol.md). */
export const fenceAnnotation = 'pitcrew/fence';
/** The replica count to come back to, for a person who must undo by hand when everything else is lost. */
export const replicasAnnotation = 'pitcrew/replicas';

export type Cluster = Pick<Kubernetes, 'deployment' | 'patchDeployment'>;
/** What an operation may want of a Deployment. A field that is absent stays as it is. */
export interface Wanted {
  readonly replicas?: number;
  /** The count to write down, or null to take it away. */
  readonly note?: number | null;
  readonly fence: 'mine' | 'closed';
}

const tries = 5;

/**
 * Changes a Deployment under the fence: looks, checks that nobody newer stands there, and patches with a `test` of what
 * was seen. A worker that slept in between has its patch refused by the cluster, looks again, and finds itself fenced.
 * @returns the number of patches that were needed: 0 when all stood as wanted
 * @throws PitcrewError `kubernetes.fenced`, `kubernetes.fenced-by-other`, `kubernetes.conflict` when others keep changing it
 */
export async function changeUnderFence(
  cluster: Cluster,
  workload: WorkloadRef,
  { operation, epoch, signal }: Pick<StepContext, 'operation' | 'epoch' | 'signal'>,
  wanted: Wanted,
): Promise<number> {
  for (let tried = 0; tried < tries; tried++) {
    const seen = await present(cluster, workload);
    mayChange(seen.annotations[fenceAnnotation], workload, operation, epoch, wanted.fence);
    const changes = changesFor(seen, `${operation}/${wanted.fence === 'mine' ? epoch : 'closed'}`, wanted);
    if (changes.length === 0) return 0;
    signal.throwIfAborted();
    try {
      await cluster.patchDeployment(workload, [unchangedSince(seen), ...changes]);
      return 1;
    } catch (error) {
      if (!(error instanceof PitcrewError) || error.code !== 'kubernetes.patch-refused') throw error;
    }
  }
  throw retryable('kubernetes.conflict', { ...workload, resource: 'deployments.apps' });
}

/** @throws PitcrewError `kubernetes.not-found` */
export async function present(cluster: Cluster, workload: WorkloadRef): Promise<DeploymentView> {
  const found = await cluster.deployment(workload);
  if (found) return found;
  throw permanent('kubernetes.not-found', { ...workload, resource: 'deployments.apps' });
}

/** Only ever raised: a fence of this operation at a higher epoch, or closed, or of another that isn't closed, stands fast. */
function mayChange(
  fence: string | undefined,
  workload: WorkloadRef,
  operation: string,
  epoch: number,
  wanted: Wanted['fence'],
): void {
  if (fence === undefined) return;
  const at = fence.lastIndexOf('/');
  const [holder, mark] = [fence.slice(0, at), fence.slice(at + 1)];
  if (holder !== operation) {
    if (mark === 'closed') return;
    throw permanent('kubernetes.fenced-by-other', { workload: workloadName(workload), holder });
  }
  const mine = mark === 'closed' ? wanted === 'closed' : Number(mark) <= epoch;
  if (!mine) throw permanent('kubernetes.fenced', { workload: workloadName(workload), fence });
}

/**
 * The `test` that makes it a compare-and-swap. A fence that stands is tested by its value, which a rollout's status updates
 * don't move. Where there is none the whole object's version is tested: JSON Patch (RFC 6902) can't test for absence.
 */
function unchangedSince({ annotations, resourceVersion }: DeploymentView): PatchOperation {
  const fence = annotations[fenceAnnotation];
  return fence === undefined
    ? { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion }
    : { op: 'test', path: pathOf(fenceAnnotation), value: fence };
}

function changesFor(seen: DeploymentView, fence: string, { replicas, note }: Wanted): readonly PatchOperation[] {
  const { annotations } = seen;
  const scaled = replicas !== undefined && seen.replicas !== replicas;
  const noted = typeof note === 'number' && annotations[replicasAnnotation] !== String(note);
  const dropped = note === null && annotations[replicasAnnotation] !== undefined;
  const raised = annotations[fenceAnnotation] !== fence;
  if (!scaled && !noted && !dropped && !raised) return [];
  return [
    ...(seen.annotated ? [] : [{ op: 'add' as const, path: '/metadata/annotations', value: {} }]),
    { op: 'add', path: pathOf(fenceAnnotation), value: fence },
    ...(noted ? [{ op: 'add' as const, path: pathOf(replicasAnnotation), value: String(note) }] : []),
    ...(dropped ? [{ op: 'remove' as const, path: pathOf(replicasAnnotation) }] : []),
    ...(scaled ? [{ op: 'replace' as const, path: '/spec/replicas', value: replicas }] : []),
  ];
}

/** A slash inside a key is written `~1` in a JSON Pointer (RFC 6901). */
const pathOf = (annotation: string) =>
  `/metadata/annotations/${annotation.replaceAll('~', '~0').replaceAll('/', '~1')}`;
