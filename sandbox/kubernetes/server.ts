import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { accessReviewPath, reviewAccess } from './access-review.ts';
import type { DeleteOptions } from './deletion.ts';
import { discovery } from './discovery.ts';
import { type FaultPlan, refusal } from './faults.ts';
import { apiVersionOf, type Kind, kinds } from './kinds.ts';
import type { Kubelet } from './kubelet.ts';
import type { KubeObject } from './objects.ts';
import type { createPages } from './pages.ts';
import { type ApiPath, attributesOf, parsePath } from './path.ts';
import { serveLogs } from './pod-logs.ts';
import { readProtobuf } from './protobuf/body.ts';
import { createObject, listObjects, patchDocument, removeObject, replaceObject, type Subject } from './rest.ts';
import { readScale, writeScale } from './scale.ts';
import { ApiError, badRequest, methodNotAllowed, noSuchPath, unauthorized } from './status.ts';
import type { Store } from './store.ts';
import { toTable } from './tables.ts';
import { serveWatch } from './watch.ts';

export interface ServerDeps {
  readonly store: Store;
  readonly kubelet: Kubelet;
  readonly faults: FaultPlan;
  readonly token: string;
  readonly bookmarkSeconds: number;
  readonly pages: ReturnType<typeof createPages>;
  /** API groups that are asked for in vain. */
  readonly absentGroups: ReadonlySet<string>;
}

interface Call {
  readonly method: string;
  readonly url: URL;
  readonly contentType: string;
  readonly asTable: boolean;
  readonly body: unknown;
}

/** The API server: one request in, one answer, watch or log stream out. */
export function createHandler(deps: ServerDeps): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    response.on('error', () => response.destroy());
    handle(request, response, deps).catch((error: unknown) => {
      const known =
        error instanceof ApiError ? error : new ApiError(500, 'InternalError', `Internal error occurred: ${error}`, {});
      if (response.headersSent) response.destroy();
      else answer(response, known.code, known.toStatus());
    });
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, deps: ServerDeps): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://sandbox');
  const line = { method: request.method ?? 'GET', path: url.pathname };
  if (/^\/(healthz|livez|readyz)/.test(line.path)) return void response.end('ok');
  const body = await readBody(request);
  await admit(request, url, deps);
  const asTable = /as=Table/.test(request.headers.accept ?? '');
  const call = { ...line, url, contentType: request.headers['content-type'] ?? '', asTable, body };
  const result = dispatch(call, response, deps);
  if (!result) return;
  if (deps.faults.take('lose', line)) request.socket.destroy();
  else answer(response, result.code, result.body);
}

/** Lets a request in, or throws the API's 401, 403, or a fault that was ordered. */
export async function admit(
  request: IncomingMessage,
  url: URL,
  { token, faults }: Pick<ServerDeps, 'token' | 'faults'>,
): Promise<void> {
  const line = { method: request.method ?? 'GET', path: url.pathname };
  if (!authorized(request.headers.authorization, token)) throw unauthorized();
  const wait = faults.take('delay', line);
  if (wait?.seconds) await new Promise((resolve) => setTimeout(resolve, 1000 * (wait.seconds ?? 0)));
  const refused = faults.take('refuse', line);
  if (refused?.code) throw refusal(refused.code);
  const attributes = attributesOf(line.method, url);
  if (attributes) faults.checkRight(attributes);
}

interface Answer {
  readonly code: number;
  readonly body: unknown;
}

/** Undefined where the answer is a stream that is already under way. */
function dispatch(call: Call, response: ServerResponse, deps: ServerDeps): Answer | undefined {
  const { method, url } = call;
  const known = method === 'GET' ? discovery(url.pathname, deps.absentGroups) : undefined;
  if (known) return { code: 200, body: known };
  if (method === 'POST' && url.pathname === accessReviewPath) {
    return { code: 201, body: reviewAccess(call.body, deps.faults) };
  }
  const path = parsePath(url.pathname);
  if (deps.absentGroups.has(kinds[path.plural].group)) throw noSuchPath();
  if (!path.name) return collection(call, path, response, deps);
  const { store, kubelet } = deps;
  const subject: Subject = { plural: path.plural, namespace: path.namespace, name: path.name };
  const write = { dryRun: url.searchParams.get('dryRun') === 'All' };
  if (path.subresource === 'log' && path.plural === 'pods' && method === 'GET') {
    serveLogs(response, kubelet, store.get('pods', path.namespace, path.name), url.searchParams);
    return undefined;
  }
  if (path.subresource === 'scale') {
    if (method === 'GET') return { code: 200, body: readScale(store, subject) };
    return {
      code: 200,
      body: writeScale(
        store,
        subject,
        proposed(call, () => readScale(store, subject)),
        write,
      ),
    };
  }
  if (path.subresource && path.subresource !== 'status') throw noSuchPath();
  const current = (): KubeObject => store.get(path.plural, path.namespace, subject.name);
  const kind: Kind = kinds[path.plural];
  if (method === 'GET') return { code: 200, body: call.asTable ? toTable(kind, [current()]) : current() };
  if (method === 'DELETE')
    return { code: 200, body: removeObject(store, subject, { ...deleteOptions(call), ...write }) };
  const part = path.subresource === 'status' ? 'status' : 'object';
  return { code: 200, body: replaceObject(store, subject, proposed(call, current, kind.custom), { part, ...write }) };
}

function collection(
  call: Call,
  { plural, namespace }: ApiPath,
  response: ServerResponse,
  deps: ServerDeps,
): Answer | undefined {
  const { store, bookmarkSeconds } = deps;
  const { method, url, asTable, body } = call;
  const query = url.searchParams;
  const kind: Kind = kinds[plural];
  const dryRun = query.get('dryRun') === 'All';
  if (method === 'POST') return { code: 201, body: createObject(store, { plural, namespace, body, dryRun }) };
  if (method === 'GET' && /^(true|1)$/.test(query.get('watch') ?? '')) {
    serveWatch(response, { plural, namespace, query, asTable }, { store, bookmarkSeconds });
    return undefined;
  }
  if (method !== 'GET' && method !== 'DELETE') throw methodNotAllowed();
  const whole = () => listObjects(store, { plural, namespace, query });
  const { items, metadata } = deps.pages(method === 'GET' ? query : new URLSearchParams(), whole);
  if (method === 'DELETE') {
    for (const { metadata } of items) {
      removeObject(
        store,
        { plural, namespace: metadata.namespace, name: metadata.name },
        { ...deleteOptions(call), dryRun },
      );
    }
  }
  if (asTable) return { code: 200, body: toTable(kind, items, metadata) };
  return {
    code: 200,
    body: { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata, items },
  };
}

/** The whole object that a PUT brings or a PATCH makes of the current one. */
function proposed({ method, contentType, body }: Call, current: () => unknown, custom = false): unknown {
  if (method === 'PUT') return body;
  if (method !== 'PATCH') throw methodNotAllowed();
  return patchDocument(current(), contentType, body, custom);
}

function deleteOptions({ url, body }: Call): DeleteOptions & { preconditions?: Record<string, string> } {
  const options = (typeof body === 'object' && body !== null ? body : {}) as DeleteOptions & {
    preconditions?: Record<string, string>;
  };
  const grace = url.searchParams.get('gracePeriodSeconds');
  const policy = url.searchParams.get('propagationPolicy') as DeleteOptions['propagationPolicy'];
  return {
    ...options,
    ...(grace ? { gracePeriodSeconds: Number(grace) } : {}),
    ...(policy ? { propagationPolicy: policy } : {}),
  };
}

function authorized(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (bytes.length === 0) return undefined;
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/vnd.kubernetes.protobuf')) return readProtobuf(bytes);
  if (/cbor|yaml/.test(type)) {
    throw new ApiError(415, 'UnsupportedMediaType', 'the sandbox reads JSON only: use `kubectl apply -f` instead');
  }
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw badRequest('the object provided is unrecognized (must be of type JSON)');
  }
}

function answer(response: ServerResponse, code: number, body: unknown): void {
  const retry = code === 429 ? { 'retry-after': '1' } : {};
  response.writeHead(code, { 'content-type': 'application/json', 'cache-control': 'no-cache, private', ...retry });
  response.end(JSON.stringify(body));
}
