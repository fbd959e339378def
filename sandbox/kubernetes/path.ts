import { findKind, type Kind, kinds, type Plural } from './kinds.ts';
import { noSuchPath, qualified } from './status.ts';

/** What a path of the API is about. */
export interface ApiPath {
  readonly plural: Plural;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Reads `/apis/apps/v1/namespaces/production/deployments/shop/scale`. Throws the API's 404 for a path that is none. */
export function parsePath(pathname: string): ApiPath {
  const parts = pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const [group = '', version = ''] = parts[0] === 'api' ? ['', parts[1]] : parts.slice(1, 3);
  const rest = parts[0] === 'api' ? parts.slice(2) : parts[0] === 'apis' ? parts.slice(3) : [];
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2] ?? '');
  const [plural = '', name, subresource, ...more] = inNamespace ? rest.slice(2) : rest;
  const kind = findKind(group, version, plural);
  if (!kind || more.length > 0) throw noSuchPath();
  if (name && kind.namespaced && !inNamespace) throw noSuchPath();
  return { plural: kind.plural as Plural, namespace: inNamespace ? rest[1] : undefined, name, subresource };
}

/** A request as authorization sees it (documentation, "Determine the Request Verb"). */
export interface Attributes {
  readonly verb: string;
  /** As a Role writes it, with its group: `deployments.apps`, `pods`, `pods/exec`. */
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

/** Undefined for a path that is no resource: discovery, health. An exec over WebSocket is a GET, and so its verb is `get`. */
export function attributesOf(method: string, url: URL): Attributes | undefined {
  let path: ApiPath;
  try {
    path = parsePath(url.pathname);
  } catch {
    return undefined;
  }
  const { namespace, name, subresource } = path;
  const kind: Kind = kinds[path.plural];
  const watches = /^(true|1)$/.test(url.searchParams.get('watch') ?? '');
  const verb =
    verbs[method] ??
    (method === 'DELETE' ? (name ? 'delete' : 'deletecollection') : name ? 'get' : watches ? 'watch' : 'list');
  return { verb, resource: `${qualified(kind)}${subresource ? `/${subresource}` : ''}`, namespace, name };
}
