import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { ObjectKind, Place } from '../../clients/kubernetes-resources.ts';
import type { ObjectView } from '../../clients/kubernetes-views.ts';
import { PitcrewError } from '../../domain/errors.ts';
import type { GuardRef, Note } from '../../domain/restore.ts';
import { workloadName } from '../../domain/settings.ts';
import { resourceOf } from './workload.ts';

export type Guards = Pick<Kubernetes, 'find' | 'list' | 'mayPatch'>;

/** What could start a workload again while it is stopped. */
export interface Found {
  /** What pitcrew pauses meanwhile. */
  readonly paused: readonly GuardRef[];
  /** Codes `guard.*`: all that was found, and what couldn't be looked at. */
  readonly notes: readonly Note[];
  /** What an autoscaler keeps at least; absent without one. */
  readonly minimum?: number;
}

export const nothing: Found = { paused: [], notes: [] };
export const note = (code: string, params: Note['params']): Note => ({ code, params });

/** All of a kind; none where its operator isn't installed; a note where pitcrew may not look: that is not "none". */
export async function lookFor(
  cluster: Guards,
  kind: ObjectKind,
  place: Place,
): Promise<{ readonly objects: readonly ObjectView[]; readonly notKnown: readonly Note[] }> {
  try {
    return { objects: (await cluster.list(kind, place)) ?? [], notKnown: [] };
  } catch (error) {
    if (!isDenial(error)) throw error;
    return { objects: [], notKnown: [notKnown('list', kind, place.namespace)] };
  }
}

export const isDenial = (error: unknown) => error instanceof PitcrewError && error.code === 'kubernetes.denied';

export const notKnown = (verb: 'list' | 'get', kind: ObjectKind, namespace: string): Note =>
  note('guard.not-known', { verb, resource: resourceOf[kind], namespace });

/** Paused where pitcrew may; else watched. Where the cluster doesn't say beforehand, it is tried. */
export async function pausedOrWatched(
  cluster: Guards,
  guard: ObjectView & { readonly kind: GuardRef['kind'] },
  codes: { readonly paused: string; readonly watched: string },
  params: Note['params'],
): Promise<Found> {
  const ref = { cluster: guard.cluster, namespace: guard.namespace, kind: guard.kind, name: guard.name };
  const may = await cluster.mayPatch(ref).catch((error: unknown) => {
    if (isDenial(error)) return undefined;
    throw error;
  });
  if (may === false) return { paused: [], notes: [note(codes.watched, params)] };
  return { paused: [ref], notes: [note(codes.paused, params)] };
}

/** As the config's workload is named on cards. */
export function workloadOf({ cluster, namespace, kind, name }: ObjectView): string {
  if (kind === 'deployment' || kind === 'stateful-set' || kind === 'cron-job')
    return workloadName({ cluster, namespace, kind, name });
  return `${namespace}/${name}`;
}
