import type { ServerResponse } from 'node:http';
import { apiVersionOf, type Kind, kinds, type Plural } from './kinds.ts';
import type { KubeObject } from './objects.ts';
import { queryMatcher } from './selectors.ts';
import { ApiError } from './status.ts';
import type { Change, Store } from './store.ts';
import { toTable } from './tables.ts';

export interface WatchRequest {
  readonly plural: Plural;
  readonly namespace: string | undefined;
  readonly query: URLSearchParams;
  readonly asTable: boolean;
}

/**
 * Answers a watch (API concepts, "Efficient detection of changes"): what exists first unless a version is named, then
 * every change that the selectors let through, bookmarks where they are wanted, ERROR 410 where the version is too old.
 */
export function serveWatch(
  response: ServerResponse,
  { plural, namespace, query, asTable }: WatchRequest,
  { store, bookmarkSeconds }: { store: Store; bookmarkSeconds: number },
): void {
  const kind: Kind = kinds[plural];
  const selected = queryMatcher(query);
  const matches = (object: KubeObject) => (!namespace || object.metadata.namespace === namespace) && selected(object);
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  const send = (type: string, object: unknown) => {
    const shown = asTable && type !== 'ERROR' && type !== 'BOOKMARK' ? toTable(kind, [object as KubeObject]) : object;
    response.write(`${JSON.stringify({ type, object: shown })}\n`);
  };
  const bookmark = (annotations?: Record<string, string>) =>
    send('BOOKMARK', {
      kind: kind.kind,
      apiVersion: apiVersionOf(kind),
      metadata: {
        resourceVersion: String(store.version()),
        creationTimestamp: null,
        ...(annotations && { annotations }),
      },
    });
  const pass = (change: Change) => {
    if (change.plural !== plural) return;
    const before = change.previous !== undefined && matches(change.previous);
    const now = change.type !== 'DELETED' && matches(change.object);
    if (now) send(before ? 'MODIFIED' : 'ADDED', change.object);
    else if (before) send('DELETED', change.object);
  };

  const from = query.get('resourceVersion') ?? '';
  const initial = query.get('sendInitialEvents') === 'true';
  try {
    if (from === '' || from === '0' || initial) {
      for (const object of store.list(plural, namespace).filter(matches)) send('ADDED', object);
      if (initial) bookmark({ 'k8s.io/initial-events-end': 'true' });
    } else for (const change of store.since(plural, Number(from))) pass(change);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    send('ERROR', error.toStatus());
    response.end();
    return;
  }
  const unsubscribe = store.subscribe(pass);
  const timers = [setTimeout(() => response.end(), Number(query.get('timeoutSeconds') ?? 1800) * 1000)];
  if (query.get('allowWatchBookmarks') === 'true') timers.push(setInterval(bookmark, bookmarkSeconds * 1000));
  response.on('close', () => {
    unsubscribe();
    for (const timer of timers) clearTimeout(timer);
  });
}
