import type { Demand } from './controllers/controllers.ts';
import { createExecFaults } from './exec/exec-faults.ts';
import { createForbidden } from './forbidden.ts';
import type { Kubelet } from './kubelet.ts';
import type { Attributes } from './path.ts';
import { ApiError } from './status.ts';
import type { Store } from './store.ts';

export interface RequestLine {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
}

export type Matching = (request: RequestLine) => boolean;

/** Faults on demand. Each `count` is used up by matching requests; nothing else is touched. */
export interface Faults {
  /** The next requests are refused with this HTTP status, before they have any effect. */
  refuse(fault: { code: 403 | 409 | 429 | 500 | 503; count: number; matching?: Matching }): void;
  /** The next requests take effect, and their connection is cut instead of an answer. */
  loseAnswers(fault: { count: number; matching?: Matching }): void;
  /** The next requests wait so long before they are handled. */
  delay(fault: { seconds: number; count: number; matching?: Matching }): void;
  /** Cuts the connection of every watch (and of every log that is being followed). */
  dropStreams(): void;
  /** Cuts the connections of the next exec sessions, each after so many bytes in either direction. The processes run on. */
  cutExecs(fault: { afterBytes: number; count: number; matching?: (exec: ExecLine) => boolean }): void;
  /** Cuts the connection of every exec session that is open now. The processes run on. */
  dropExecs(): void;
  /**
   * Takes a right away until the returned function is called: 403 with the API server's own words. The resource as a Role
   * writes it, with its group (`deployments.apps`, `pods/exec`); `*` is any verb.
   */
  forbid(right: { verb: string; resource: string; namespace?: string }): () => void;
  /**
   * Ends a pod as a node under pressure does: killed, no grace, and left as a `Failed` record with the reason `Evicted`.
   * Throws when there is no such pod.
   */
  evict(fault: { namespace: string; pod: string; resource?: 'memory' | 'ephemeral-storage' }): void;
  /** Forgets past changes: watches that resume from an older version get 410 Gone. */
  forgetChanges(): void;
  /** Whether there is work to be done: KEDA, and autoscalers that may scale to 0, bring their targets up from 0. */
  load(present: boolean): void;
  /** Whether every HorizontalPodAutoscaler brings its target up from 0, again and again. A real one with minReplicas ≥ 1 doesn't. */
  hpaFightsBack(does: boolean): void;
  /** As an autoscaler that fights back: the next time the Deployment stands at 0, its replicas are set up, once. */
  scaleBack(fault: { namespace: string; deployment: string; replicas: number; afterSeconds?: number }): void;
}

/** An exec as a fault sees it. */
export interface ExecLine {
  readonly pod: string;
  readonly argv: readonly string[];
}

interface Pending {
  readonly kind: 'refuse' | 'lose' | 'delay';
  readonly matching: Matching;
  readonly code?: number;
  readonly seconds?: number;
  count: number;
}

/** What the server asks for each request. */
export interface FaultPlan extends Faults {
  take(kind: Pending['kind'], request: RequestLine): { code?: number; seconds?: number } | undefined;
  /** Throws the API's 403 where the right was taken away. */
  checkRight(attributes: Attributes): void;
  /** An exec session that is open, with what cuts it. Returns what is called when it ended. */
  joinExec(cut: () => void): () => void;
  /** For one exec session: counts its bytes, and says when it is to be cut. */
  takeExecCut(exec: ExecLine): (bytes: number) => boolean;
}

export function createFaults(
  store: Store,
  { dropStreams, demand, evict }: { dropStreams: () => void; demand: Demand; evict: Kubelet['evict'] },
): FaultPlan {
  const pending: Pending[] = [];
  const always = () => true;
  return {
    take(kind, request) {
      const found = pending.find((fault) => fault.kind === kind && fault.count > 0 && fault.matching(request));
      if (found) found.count -= 1;
      return found;
    },
    refuse: ({ code, count, matching = always }) => void pending.push({ kind: 'refuse', code, count, matching }),
    loseAnswers: ({ count, matching = always }) => void pending.push({ kind: 'lose', count, matching }),
    delay: ({ seconds, count, matching = always }) => void pending.push({ kind: 'delay', seconds, count, matching }),
    dropStreams,
    ...createExecFaults(),
    ...createForbidden(),
    evict({ namespace, pod: name, resource = 'memory' }) {
      const message = `The node was low on resource: ${resource}. Threshold quantity: 100Mi, available: 48Mi. `;
      evict(store.get('pods', namespace, name), { reason: 'Evicted', message });
    },
    forgetChanges: () => store.compact(),
    load(present) {
      demand.load = present;
    },
    hpaFightsBack(does) {
      demand.hpaFightsBack = does;
    },
    scaleBack({ namespace, deployment: name, replicas, afterSeconds = 0 }) {
      const at0 = () => store.find('deployments', namespace, name)?.spec.replicas === 0;
      const unsubscribe = store.subscribe(({ plural, object: { metadata } }) => {
        if (plural !== 'deployments' || metadata.namespace !== namespace || metadata.name !== name || !at0()) return;
        unsubscribe();
        setTimeout(() => {
          store.update('deployments', { namespace, name }, ({ spec }) => {
            spec.replicas = replicas;
          });
        }, afterSeconds * 1000);
      });
    },
  };
}

/** The Status of a refusal made on purpose. */
export function refusal(code: number): ApiError {
  const [reason, message] = refusals[code] ?? ['InternalError', 'Internal error occurred: sandbox fault'];
  return new ApiError(code, reason, message, code === 429 ? { retryAfterSeconds: 1 } : {});
}

const refusals: Readonly<Record<number, readonly [string, string]>> = {
  403: ['Forbidden', 'forbidden: User "pitcrew" cannot do this (sandbox fault)'],
  409: ['Conflict', 'the object has been modified; please apply your changes to the latest version and try again'],
  429: ['TooManyRequests', 'too many requests, please try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
};
