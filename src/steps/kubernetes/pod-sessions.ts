import type { PodView } from '../../clients/kubernetes-views.ts';
import { type Instant, secondsBetween } from '../../domain/time.ts';
import type { Session } from '../postgres/sessions.ts';

export type Connected =
  | { readonly kind: 'proven'; readonly sessions: number; readonly firstSessionAt: Instant | null }
  | { readonly kind: 'without-session'; readonly pods: readonly PodView[] }
  | { readonly kind: 'on-old'; readonly sessions: number }
  | { readonly kind: 'holding'; readonly leftSeconds: number };

export interface Seen {
  readonly onNew: readonly Session[];
  readonly onOld: readonly Session[];
}

export interface Window {
  readonly provenSeconds: number;
  /** The cluster's own clock when the pods were read. */
  readonly at: Instant;
}

/** A pool that recycles its connections shows no old one: such a pod has to be ready for so many windows instead. */
const windowsOfRecyclingPools = 2;

/**
 * Have these pods been on the new database, and off the old, for the whole window?
 *
 * A step that polls remembers nothing from one look to the next, and need not: the window is held by what the servers
 * remember. A session that began `provenSeconds` ago by the database's clock and is there now was there all along, so a
 * pod has proven itself when its oldest session is that old. Sessions are matched to pods by address; of pods that share
 * one (host network) there must be as many such sessions as pods. A pool that closes connections after a few seconds
 * would never get there: a pod that has been ready for twice the window by the cluster's clock, and has a session now,
 * counts too. On the old database there must be no session from any pod's address at any look; pods start after the
 * secret was switched, so what connects there is not a pod of these but something forgotten, which is fenced afterwards.
 */
export function judge(pods: readonly PodView[], { onNew, onOld }: Seen, { provenSeconds, at }: Window): Connected {
  const groups = [...Map.groupBy(pods, ({ ip = '' }) => ip)].map(([ip, members]) => ({
    members,
    sessions: onNew.filter(({ clientAddress }) => clientAddress === ip),
  }));
  const missing = groups.filter(({ members, sessions }) => sessions.length < members.length);
  if (missing.length > 0)
    return {
      kind: 'without-session',
      pods: missing.flatMap(({ members, sessions }) => members.slice(sessions.length)),
    };
  const addresses = new Set(pods.map(({ ip }) => ip));
  const stale = onOld.filter(({ clientAddress }) => addresses.has(clientAddress));
  if (stale.length > 0) return { kind: 'on-old', sessions: stale.length };
  const leftSeconds = Math.max(0, ...groups.map((group) => secondsLeft(group, provenSeconds, at)));
  if (leftSeconds > 0) return { kind: 'holding', leftSeconds };
  const used = groups.flatMap(({ sessions }) => sessions);
  const firstSessionAt = used.map(({ startedAt }) => startedAt).sort()[0] ?? null;
  return { kind: 'proven', sessions: used.length, firstSessionAt };
}

interface Group {
  readonly members: readonly PodView[];
  readonly sessions: readonly Session[];
}

function secondsLeft({ members, sessions }: Group, provenSeconds: number, at: Instant): number {
  const oldest = sessions.map(({ ageSeconds }) => ageSeconds).sort((a, b) => b - a);
  const bySessions = provenSeconds - (oldest[members.length - 1] ?? 0);
  const readyFor = members.map(({ readySince }) => (readySince ? secondsBetween(readySince, at) : 0));
  const byReadiness = windowsOfRecyclingPools * provenSeconds - Math.min(...readyFor);
  return Math.min(bySessions, byReadiness);
}
