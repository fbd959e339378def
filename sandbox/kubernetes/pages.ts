import { randomUUID } from 'node:crypto';
import type { KubeObject } from './objects.ts';
import { badRequest, gone } from './status.ts';

const REMEMBERED_LISTS = 100;

interface Rest {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

export interface Page extends Rest {
  readonly metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

/**
 * Cuts lists into pages (API concepts, "Retrieving large results sets in chunks"): all pages show the cluster as it was at
 * the first. A list that is no longer remembered is 410, as after a compaction.
 */
export function createPages(): (query: URLSearchParams, list: () => Rest) => Page {
  const rests = new Map<string, Rest>();
  return (query, list) => {
    const token = query.get('continue');
    const known = token ? rests.get(token) : undefined;
    if (token && !known) {
      throw gone('The provided continue parameter is too old to display a consistent list result.');
    }
    const { items, resourceVersion } = known ?? list();
    const limit = Number(query.get('limit') ?? 0);
    if (!Number.isInteger(limit) || limit < 0) throw badRequest(`invalid limit: ${query.get('limit')}`);
    if (limit === 0 || items.length <= limit) return { items, resourceVersion, metadata: { resourceVersion } };
    const next = randomUUID();
    rests.set(next, { items: items.slice(limit), resourceVersion });
    for (const oldest of [...rests.keys()].slice(0, Math.max(0, rests.size - REMEMBERED_LISTS))) rests.delete(oldest);
    const metadata = { resourceVersion, continue: next, remainingItemCount: items.length - limit };
    return { items: items.slice(0, limit), resourceVersion, metadata };
  };
}
