import type { Kubernetes, PatchOperation } from '../../clients/kubernetes.ts';
import type { ObjectRef } from '../../clients/kubernetes-resources.ts';
import type { ObjectView } from '../../clients/kubernetes-views.ts';
import { PitcrewError, permanent, retryable } from '../../domain/errors.ts';
import type { Json } from '../../domain/json.ts';
import type { StepContext } from '../../domain/step.ts';
import { nameOf, notFound } from './workload.ts';

/** `<operation>/<epoch>` while an operation owns the object, `<operation>/closed` afterwards (8-protocol.md). */
export const fenceAnnotation = 'pitcrew/fence';
/** Operations that have let the object go, the newest first: a worker of theirs that slept so long is too late. */
export const pastAnnotation = 'pitcrew/past';
const pastKept = 10;

export type Cluster = Pick<Kubernetes, 'find' | 'patch'>;

/** One field of an object and the value that it is to have; `undefined` takes it away. */
export interface Change {
  readonly at: readonly ['spec', string] | readonly ['metadata', 'annotations', string];
  readonly value: Json | undefined;
}

export interface Wanted {
  readonly fence: 'mine' | 'closed';
  /** What is to stand, decided on what was seen; what stands so already is left alone. */
  readonly changes: (seen: ObjectView) => readonly Change[];
  /** Operations whose fence may be taken over though it isn't closed: they ended without letting go, and the plan says so. */
  readonly takesOver?: readonly string[];
  /** Nothing to do where the object is gone. */
  readonly mayBeGone?: true;
}

export const annotation = (name: string, value: Json | undefined): Change => ({
  at: ['metadata', 'annotations', name],
  value,
});

const tries = 5;

/**
 * Changes an object under the fence: looks, checks that nobody newer stands there, and patches with a `test` of what
 * was seen. A worker that slept in between has its patch refused by the cluster, looks again, and finds itself fenced.
 * @returns the number of patches that were needed: 0 when all stood as wanted
 * @throws PitcrewError `kubernetes.fenced`, `kubernetes.fenced-by-other`, `kubernetes.conflict` when others keep changing it
 */
export async function changeUnderFence(
  cluster: Cluster,
  ref: ObjectRef,
  { operation, epoch, signal }: Pick<StepContext, 'operation' | 'epoch' | 'signal'>,
  wanted: Wanted,
): Promise<number> {
  for (let tried = 0; tried < tries; tried++) {
    const seen = await cluster.find(ref);
    if (!seen && wanted.mayBeGone) return 0;
    if (!seen) throw notFound(ref);
    mayChange(seen, { operation, epoch }, wanted);
    const changes = changesFor(seen, operation, `${operation}/${wanted.fence === 'mine' ? epoch : 'closed'}`, wanted);
    if (changes.length === 0) return 0;
    signal.throwIfAborted();
    try {
      await cluster.patch(ref, [unchangedSince(seen), ...changes]);
      return 1;
    } catch (error) {
      if (!(error instanceof PitcrewError) || error.code !== 'kubernetes.patch-refused') throw error;
    }
  }
  throw retryable('kubernetes.conflict', nameOf(ref));
}

/** Who owns an object, by its fence; undefined when nobody ever did, or the last one let it go. */
export function heldBy({ annotations }: ObjectView): string | undefined {
  const fence = fenceOf(annotations[fenceAnnotation]);
  return fence && fence.mark !== 'closed' ? fence.holder : undefined;
}

function fenceOf(fence: string | undefined): { readonly holder: string; readonly mark: string } | undefined {
  if (fence === undefined) return undefined;
  const at = fence.lastIndexOf('/');
  return { holder: fence.slice(0, at), mark: fence.slice(at + 1) };
}

const pastOf = ({ annotations }: ObjectView) => (annotations[pastAnnotation] ?? '').split(' ').filter(Boolean);

/** Only ever raised: a fence of this operation at a higher epoch, or closed, or of another that isn't closed, stands fast. */
function mayChange(
  seen: ObjectView,
  { operation, epoch }: Pick<StepContext, 'operation' | 'epoch'>,
  { fence: wanted, takesOver = [] }: Wanted,
): void {
  const workload = `${seen.cluster || 'current'}/${seen.namespace}/${seen.name}`;
  const fence = fenceOf(seen.annotations[fenceAnnotation]);
  if (!fence) return;
  const { holder, mark } = fence;
  if (holder !== operation) {
    if (pastOf(seen).includes(operation)) throw permanent('kubernetes.fenced', { workload, fence: holder });
    if (mark === 'closed' || takesOver.includes(holder)) return;
    throw permanent('kubernetes.fenced-by-other', { workload, holder });
  }
  const mine = mark === 'closed' ? wanted === 'closed' : Number(mark) <= epoch;
  if (!mine) throw permanent('kubernetes.fenced', { workload, fence: `${holder}/${mark}` });
}

/**
 * The `test` that makes it a compare-and-swap. A fence that stands is tested by its value, which a rollout's status updates
 * don't move. Where there is none the whole object's version is tested: JSON Patch (RFC 6902) can't test for absence.
 */
function unchangedSince({ annotations, resourceVersion }: ObjectView): PatchOperation {
  const fence = annotations[fenceAnnotation];
  return fence === undefined
    ? { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion }
    : { op: 'test', path: pathOf(['metadata', 'annotations', fenceAnnotation]), value: fence };
}

function changesFor(
  seen: ObjectView,
  operation: string,
  fence: string,
  { changes }: Wanted,
): readonly PatchOperation[] {
  const before = fenceOf(seen.annotations[fenceAnnotation]);
  const past = before && before.holder !== operation ? [before.holder, ...pastOf(seen)].slice(0, pastKept) : undefined;
  const wanted = [
    annotation(fenceAnnotation, fence),
    ...(past ? [annotation(pastAnnotation, past.join(' '))] : []),
    ...changes(seen),
  ].filter(({ at, value }) => JSON.stringify(standing(seen, at)) !== JSON.stringify(value));
  if (wanted.length === 0) return [];
  return [
    ...(seen.annotated ? [] : [{ op: 'add' as const, path: '/metadata/annotations', value: {} }]),
    ...wanted.map(
      ({ at, value }): PatchOperation =>
        // "add" of a member that is there replaces it (RFC 6902, 4.1).
        value === undefined ? { op: 'remove', path: pathOf(at) } : { op: 'add', path: pathOf(at), value },
    ),
  ];
}

/** What stands where a change would be. */
export function standing({ spec, annotations }: ObjectView, at: Change['at']): Json | undefined {
  return at[0] === 'spec' ? spec[at[1]] : annotations[at[2]];
}

/** A slash inside a key is written `~1` in a JSON Pointer (RFC 6901). */
const pathOf = (at: readonly string[]) =>
  `/${at.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
