import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { setDefaults, validate } from './admission.ts';
import { type DeleteOptions, deleteObject, removeReleased } from './deletion.ts';
import { apiVersionOf, type Kind, kinds, type Plural } from './kinds.ts';
import type { KubeObject } from './objects.ts';
import { applyJsonPatch } from './patches/json-patch.ts';
import { applyMergePatch, applyStrategicMergePatch } from './patches/merge-patch.ts';
import { queryMatcher } from './selectors.ts';
import { ApiError, alreadyExists, badRequest, conflict, invalid } from './status.ts';
import type { Fresh, Store } from './store.ts';

/** What a request is about, read from its path. */
export interface Subject {
  readonly plural: Plural;
  readonly namespace: string | undefined;
  readonly name: string;
}

export function listObjects(
  store: Store,
  { plural, namespace, query }: { plural: Plural; namespace: string | undefined; query: URLSearchParams },
): { items: KubeObject[]; resourceVersion: string } {
  const items = store.list(plural, namespace).filter(queryMatcher(query));
  items.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return { items, resourceVersion: String(store.version()) };
}

const sortKey = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`;

/** Creates what a POST brings. Throws the API's 400, 404 (no such namespace), 409 and 422. */
export function createObject(
  store: Store,
  {
    plural,
    namespace,
    body,
    dryRun,
  }: { plural: Plural; namespace: string | undefined; body: unknown; dryRun: boolean },
): KubeObject {
  const kind: Kind = kinds[plural];
  const object = structuredClone(asObject(body, kind));
  const { metadata } = object;
  if (kind.namespaced) {
    if (metadata.namespace && metadata.namespace !== namespace) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    }
    store.get('namespaces', undefined, namespace ?? '');
    metadata.namespace = namespace ?? 'default';
  }
  if (!metadata.name && metadata.generateName) metadata.name = metadata.generateName + randomSuffix();
  if (!metadata.name) {
    throw new ApiError(
      422,
      'Invalid',
      `${kind.kind} "" is invalid: metadata.name: Required value: name or generateName is required`,
    );
  }
  delete metadata.deletionTimestamp;
  metadata.uid = randomUUID();
  if (kind.subresources?.includes('status')) delete object.status;
  setDefaults(kind, object);
  validate(kind, object);
  if (!dryRun) return store.create(plural, object as Fresh<KubeObject> as never);
  if (store.find(plural, namespace, metadata.name)) throw alreadyExists(kind, metadata.name);
  return object;
}

/** Five characters of the alphabet that generated names use, which spells no words. */
export function randomSuffix(): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length: 5 }, () => alphabet[Math.floor(Math.random() * alphabet.length)]).join('');
}

export interface Write {
  readonly part: 'object' | 'status';
  readonly dryRun: boolean;
}

/**
 * Stores a proposed whole object: the system's own metadata stays, a write of the object leaves its status alone and
 * the other way round. Throws 409 when it names another resourceVersion or uid than the stored one.
 */
export function replaceObject(store: Store, subject: Subject, proposed: unknown, { part, dryRun }: Write): KubeObject {
  const { plural, namespace, name } = subject;
  const kind: Kind = kinds[plural];
  const current: KubeObject = store.get(plural, namespace, name);
  const next = structuredClone(asObject(proposed, kind));
  checkPreconditions(subject, current, next);
  const object: KubeObject = part === 'status' ? { ...structuredClone(current), status: next.status } : next;
  if (part === 'object') {
    const { labels, annotations, ownerReferences, finalizers } = next.metadata;
    refuseNewFinalizers(subject, current, finalizers);
    const { labels: _l, annotations: _a, ownerReferences: _o, finalizers: _f, ...kept } = current.metadata;
    object.metadata = {
      ...kept,
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(ownerReferences ? { ownerReferences } : {}),
      ...(finalizers?.length ? { finalizers } : {}),
    };
    if (kind.subresources?.includes('status')) {
      if (current.status === undefined) delete object.status;
      else object.status = structuredClone(current.status);
    }
    setDefaults(kind, object);
  }
  validate(kind, object, current);
  if (dryRun) return object;
  const stored: KubeObject | undefined = store.update(plural, { namespace, name }, (draft) => {
    for (const field of Object.keys(draft)) delete (draft as unknown as Record<string, unknown>)[field];
    Object.assign(draft, object);
  });
  if (stored) removeReleased(store, plural, stored);
  return stored ?? current;
}

function refuseNewFinalizers({ plural, name }: Subject, { metadata }: KubeObject, wanted: string[] = []): void {
  if (!metadata.deletionTimestamp) return;
  const added = wanted.filter((finalizer) => !metadata.finalizers?.includes(finalizer));
  if (added.length === 0) return;
  const { kind, group } = kinds[plural];
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers: ${added}`;
  throw invalid(kind, group, name, 'metadata.finalizers', message);
}

function checkPreconditions({ plural, name }: Subject, current: KubeObject, next: KubeObject): void {
  const kind = kinds[plural];
  const { resourceVersion, uid } = next.metadata;
  if (next.metadata.name && next.metadata.name !== name) {
    throw badRequest(`the name of the object (${next.metadata.name}) does not match the name on the URL (${name})`);
  }
  if (uid && uid !== current.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`;
    throw conflict(kind, name, why);
  }
  if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) throw conflict(kind, name);
}

/**
 * Applies a PATCH of any of the three kinds to a document; all or nothing. Throws 415 for another content type, and for a
 * strategic merge patch of a custom resource: its lists have no merge keys that the server knew.
 */
export function patchDocument(document: unknown, contentType: string, patch: unknown, custom = false): unknown {
  const [type = ''] = contentType.split(';');
  const strategic = 'application/strategic-merge-patch+json';
  if (type === 'application/json-patch+json') return applyJsonPatch(document, patch);
  if (type === 'application/merge-patch+json') return applyMergePatch(document, patch);
  if (type === strategic && !custom) return applyStrategicMergePatch(document, patch);
  const accepted = ['application/json-patch+json', 'application/merge-patch+json', ...(custom ? [] : [strategic])];
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  throw new ApiError(415, 'UnsupportedMediaType', message);
}

export function removeObject(
  store: Store,
  { plural, namespace, name }: Subject,
  {
    preconditions,
    dryRun,
    ...options
  }: DeleteOptions & { preconditions?: Partial<Record<string, string>>; dryRun: boolean },
): unknown {
  const object: KubeObject = store.get(plural, namespace, name);
  const { metadata } = object;
  for (const field of ['uid', 'resourceVersion'] as const) {
    const wanted = preconditions?.[field];
    if (wanted && wanted !== metadata[field]) {
      throw conflict(
        kinds[plural],
        name,
        `Precondition failed: ${field} in precondition: ${wanted}, ${field} in object meta: ${metadata[field]}`,
      );
    }
  }
  // for old clients' sake a Job's pods stay unless the deletion says otherwise (batch/v1, jobStrategy)
  const propagationPolicy = options.propagationPolicy ?? (plural === 'jobs' ? 'Orphan' : 'Background');
  if (!dryRun) deleteObject(store, plural, object, { ...options, propagationPolicy });
  const left: KubeObject | undefined = store.find(plural, namespace, name);
  if (plural === 'pods' || left?.metadata.finalizers?.length) return left ?? object;
  const { group } = kinds[plural];
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(group ? { group } : {}), kind: plural, uid: metadata.uid },
  };
}

function asObject(body: unknown, kind: Kind): KubeObject {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('the object provided is unrecognized');
  const object = body as Partial<KubeObject>;
  const named = { apiVersion: object.apiVersion ?? apiVersionOf(kind), kind: object.kind ?? kind.kind };
  if (!isDeepStrictEqual(named, { apiVersion: apiVersionOf(kind), kind: kind.kind })) {
    throw badRequest(`${named.kind} in version "${named.apiVersion}" cannot be handled as a ${kind.kind}`);
  }
  return { ...object, metadata: object.metadata ?? {} } as KubeObject;
}
