import { ApiException, type V1Pod } from '@kubernetes/client-node';
import type { JsonObject } from '../domain/json.ts';
import type { Secret } from '../domain/secret.ts';
import { type Instant, instant } from '../domain/time.ts';
import { type Attempt, callOptions, deniedOr, read } from './kubernetes-calls.ts';
import { type Cluster, clusters } from './kubernetes-clusters.ts';
import { type Exec, type ExecRequest, execIn } from './kubernetes-exec.ts';
import { type ObjectKind, type ObjectRef, type Place, resourceName, resources } from './kubernetes-resources.ts';
import { type ObjectView, objectView, type PodView, podView } from './kubernetes-views.ts';

/** RFC 6902, as far as pitcrew uses it. */
export type PatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** What a Secret is made of: it belongs to a Job and goes with it. */
export interface NewSecret extends Place {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, Secret>>;
  readonly job: ObjectView;
}

/** In the words of a Role of RBAC: to `create` `jobs.batch`, to `get` `pods/log`; unnamed, of whatever name. */
export interface Right extends Place {
  readonly verb: Attempt['verb'];
  readonly resource: string;
  readonly name?: string;
}

/** The clusters' APIs. Every call throws `kubernetes.*`; a denial names the verb and the resource that a Role must give. */
export interface Kubernetes {
  /** Undefined when the object isn't there, or the cluster knows no such kind. */
  find(ref: ObjectRef): Promise<ObjectView | undefined>;
  /** All of a kind in a namespace; undefined when the cluster knows no such kind: its operator isn't installed. */
  list(kind: ObjectKind, place: Place): Promise<readonly ObjectView[] | undefined>;
  /**
   * Patches the object itself, not `/scale`, all or nothing.
   * @throws PitcrewError `kubernetes.patch-refused` when a `test` failed; nothing was changed then
   */
  patch(ref: ObjectRef, operations: readonly PatchOperation[]): Promise<ObjectView>;
  create(ref: ObjectRef, body: JsonObject): Promise<'created' | 'exists'>;
  /** With all that belongs to it. One that isn't there is removed. */
  remove(ref: ObjectRef): Promise<void>;
  createSecret(secret: NewSecret): Promise<'created' | 'exists'>;
  /** Every pod with these labels, Terminating ones included. */
  pods(place: Place, labelSelector: string): Promise<readonly PodView[]>;
  /** Empty where there is none (any more). */
  podLog(
    place: Place,
    pod: string,
    part: { readonly sinceSeconds: number; readonly tailLines: number },
  ): Promise<string>;
  /** Starts a program in a container that runs. @throws PitcrewError `kubernetes.*` when it was not started */
  exec(place: Place, asked: Omit<ExecRequest, 'namespace'>): Promise<Exec>;
  /** Whether the cluster would allow it, asked beforehand; undefined where it doesn't say. */
  may(right: Right): Promise<boolean | undefined>;
  mayPatch(ref: ObjectRef): Promise<boolean | undefined>;
}

const manager = 'pitcrew';
const pageSize = 250;

/** @param timeoutSeconds of each call */
export function kubernetes({ timeoutSeconds = 15 }: { readonly timeoutSeconds?: number } = {}): Kubernetes {
  const known = clusters();
  const attempt = (verb: Attempt['verb'], resource: string, place: Place, name: string): Attempt => ({
    verb,
    resource,
    cluster: place.cluster,
    context: known.named(place.cluster),
    namespace: place.namespace,
    name,
    timeoutSeconds,
  });
  const call = { known, attempt, timeoutSeconds };
  return { ...objectCalls(call), ...podCalls(call), ...jobCalls(call) };
}

interface Calls {
  readonly known: ReturnType<typeof clusters>;
  readonly timeoutSeconds: number;
  attempt(verb: Attempt['verb'], resource: string, place: Place, name: string): Attempt;
}

function objectCalls({ known, attempt, timeoutSeconds }: Calls): Pick<Kubernetes, 'find' | 'list' | 'patch'> {
  return {
    async find(ref) {
      const found = await read(attempt('get', resourceName(ref.kind), ref, ref.name), (options) =>
        withCredentials(known, ref, ({ objects }) =>
          objects.getNamespacedCustomObjectWithHttpInfo({ ...addressOf(ref), name: ref.name }, options),
        ),
      );
      return found && objectView(found.data, ref, clockOf(found.headers));
    },

    async list(kind, place) {
      const all: ObjectView[] = [];
      for (let next = '', first = true; first || next; first = false) {
        const page = { ...addressOf({ ...place, kind }), limit: pageSize, ...(next ? { _continue: next } : {}) };
        const found = await read(attempt('list', resourceName(kind), place, '*'), (options) =>
          withCredentials(known, place, ({ objects }) => objects.listNamespacedCustomObjectWithHttpInfo(page, options)),
        );
        if (!found) return undefined;
        const { items = [], metadata } = found.data as { items?: unknown[]; metadata?: { continue?: string } };
        all.push(...items.map((item) => objectView(item, { ...place, kind }, clockOf(found.headers))));
        next = metadata?.continue ?? '';
      }
      return all;
    },

    async patch(ref, operations) {
      const body = { ...addressOf(ref), name: ref.name, body: operations, fieldManager: manager };
      const options = callOptions(timeoutSeconds, 'application/json-patch+json');
      try {
        const { data, headers } = await withCredentials(known, ref, ({ objects }) =>
          objects.patchNamespacedCustomObjectWithHttpInfo(body, options),
        );
        return objectView(data, ref, clockOf(headers));
      } catch (error) {
        throw deniedOr(error, attempt('patch', resourceName(ref.kind), ref, ref.name));
      }
    },
  };
}

function podCalls({ known, attempt }: Calls): Pick<Kubernetes, 'pods' | 'podLog' | 'exec'> {
  return {
    async exec(place, asked) {
      const tried = attempt('create', 'pods/exec', place, asked.pod);
      try {
        return await withCredentials(known, place, ({ config }) =>
          execIn(config, { ...asked, namespace: place.namespace }, tried),
        );
      } catch (error) {
        throw deniedOr(error, tried);
      }
    },

    async pods(place, labelSelector) {
      const pods: V1Pod[] = [];
      for (let next = '', first = true; first || next; first = false) {
        const page = {
          namespace: place.namespace,
          labelSelector,
          limit: pageSize,
          ...(next ? { _continue: next } : {}),
        };
        const list = await read(attempt('list', 'pods', place, '*'), (options) =>
          withCredentials(known, place, ({ core }) => core.listNamespacedPod(page, options)),
        );
        pods.push(...(list?.items ?? []));
        next = list?.metadata?._continue ?? '';
      }
      return pods.map(podView);
    },

    async podLog(place, pod, { sinceSeconds, tailLines }) {
      const part = { name: pod, namespace: place.namespace, sinceSeconds, tailLines };
      const log = await read(attempt('get', 'pods/log', place, pod), (options) =>
        withCredentials(known, place, ({ core }) => core.readNamespacedPodLog(part, options)),
      );
      return log ?? '';
    },
  };
}

type JobCalls = Pick<Kubernetes, 'create' | 'remove' | 'createSecret' | 'may' | 'mayPatch'>;

function jobCalls({ known, attempt, timeoutSeconds }: Calls): JobCalls {
  const created = async (tried: Attempt, place: Place, make: (cluster: Cluster) => Promise<unknown>) => {
    try {
      await withCredentials(known, place, make);
      return 'created';
    } catch (error) {
      if (error instanceof ApiException && reasonOf(error) === 'AlreadyExists') return 'exists';
      throw deniedOr(error, tried);
    }
  };
  const may: Kubernetes['may'] = async ({ verb, resource: named, name, ...place }) => {
    const { namespace } = place;
    const [resource = '', ...group] = named.split('.');
    const [plural = '', subresource] = resource.split('/');
    const resourceAttributes = {
      ...{ group: group.join('.'), resource: plural, namespace, verb },
      ...(subresource === undefined ? {} : { subresource }),
      ...(name === undefined ? {} : { name }),
    };
    const review = 'selfsubjectaccessreviews.authorization.k8s.io';
    const answer = await read(attempt('create', review, place, name ?? '*'), (options) =>
      withCredentials(known, place, ({ authorization }) =>
        authorization.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } }, options),
      ),
    );
    return answer?.status?.allowed;
  };
  return {
    create: (ref, body) =>
      created(attempt('create', resourceName(ref.kind), ref, ref.name), ref, ({ objects }) =>
        objects.createNamespacedCustomObject(
          { ...addressOf(ref), body, fieldManager: manager },
          callOptions(timeoutSeconds),
        ),
      ),

    async remove(ref) {
      const gone = { ...addressOf(ref), name: ref.name, propagationPolicy: 'Background' };
      await read(attempt('delete', resourceName(ref.kind), ref, ref.name), (options) =>
        withCredentials(known, ref, ({ objects }) => objects.deleteNamespacedCustomObject(gone, options)),
      );
    },

    createSecret: (secret) =>
      created(attempt('create', 'secrets', secret, secret.name), secret, ({ core }) =>
        core.createNamespacedSecret(
          { namespace: secret.namespace, body: secretBody(secret), fieldManager: manager },
          callOptions(timeoutSeconds),
        ),
      ),

    may,
    mayPatch: (ref) => may({ ...ref, verb: 'patch', resource: resourceName(ref.kind) }),
  };
}

/** A 401 had no effect, so the call is made again, once, with what the kubeconfig says now. */
async function withCredentials<T>(
  known: Calls['known'],
  { cluster }: Place,
  call: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  try {
    return await call(known.of(cluster));
  } catch (error) {
    if (!(error instanceof ApiException) || error.code !== 401) throw error;
    known.refresh();
    return call(known.of(cluster));
  }
}

const addressOf = ({ kind, namespace }: Omit<ObjectRef, 'name' | 'cluster'>) => ({ ...resources[kind], namespace });

function clockOf(headers: Readonly<Record<string, string>>): Instant {
  const said = Date.parse(headers.date ?? '');
  return instant(Number.isNaN(said) ? Date.now() : said);
}

/** `reason` of the API's Status (Kubernetes API conventions): a 409 is told apart by it. */
function reasonOf({ body }: ApiException<unknown>): string | undefined {
  try {
    return (typeof body === 'string' ? JSON.parse(body) : (body as { reason?: string })).reason;
  } catch {
    return undefined;
  }
}

/** As base64, because `stringData` is written and never read back the same. */
function secretBody({ name, labels, values, job }: NewSecret) {
  const { group, version } = resources.job;
  const encoded = Object.entries(values).map(([key, value]) => [key, Buffer.from(value.reveal()).toString('base64')]);
  return {
    metadata: {
      name,
      labels: { ...labels },
      ownerReferences: [
        { apiVersion: `${group}/${version}`, kind: 'Job', name: job.name, uid: job.uid, controller: true },
      ],
    },
    type: 'Opaque',
    immutable: true,
    data: Object.fromEntries(encoded) as Record<string, string>,
  };
}
