import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApiException,
  type ConfigurationOptions,
  Observable,
  type ObservableMiddleware,
} from '@kubernetes/client-node';
import { bug, PitcrewError, permanent, retryable } from '../domain/errors.ts';

/** A call as an error names it: verb and resource are the words that a Role of RBAC is written in. */
export interface Attempt {
  readonly verb: 'get' | 'list' | 'patch' | 'create' | 'delete';
  readonly resource: string;
  readonly cluster: string;
  /** The context that `cluster` means. */
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
  readonly timeoutSeconds: number;
}

const readTries = 3;

/** A look that may be repeated: tried again after a moment where the server didn't answer; undefined when it isn't there. */
export async function read<T>(
  attempt: Attempt,
  call: (options: ConfigurationOptions) => Promise<T>,
): Promise<T | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await call(callOptions(attempt.timeoutSeconds));
    } catch (error) {
      if (error instanceof ApiException && error.code === 404) return undefined;
      const why = deniedOr(error, attempt);
      if (why.kind !== 'retryable' || tries === readTries) throw why;
      await sleep(300 * tries);
    }
  }
}

/** The client has no timeout of its own, and picks the first content type of a patch that it knows: both are set here. */
export function callOptions(timeoutSeconds: number, contentType?: string): ConfigurationOptions<ObservableMiddleware> {
  const middleware: ObservableMiddleware = {
    pre(request) {
      request.setSignal(AbortSignal.timeout(timeoutSeconds * 1000));
      if (contentType) request.setHeaderParam('Content-Type', contentType);
      return new Observable(Promise.resolve(request));
    },
    post: (response) => new Observable(Promise.resolve(response)),
  };
  return { middleware: [middleware], middlewareMergeStrategy: 'append' };
}

const certificate = /^(CERT_|ERR_TLS|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH)/;

/** By the status code of the API (Kubernetes API conventions, "HTTP Status codes"), never by its words. */
export function deniedOr(error: unknown, { timeoutSeconds, ...about }: Attempt): PitcrewError {
  if (error instanceof PitcrewError) return error;
  if (!(error instanceof ApiException)) {
    const { code } = (error as { cause?: { code?: string } }).cause ?? {};
    if (code && certificate.test(code)) return permanent('kubernetes.tls', about, error);
    return retryable('kubernetes.unreachable', about, error);
  }
  const { code: status } = error;
  if (status === 401) return permanent('kubernetes.unauthorized', about, error);
  if (status === 403) return permanent('kubernetes.denied', about, error);
  if (status === 404) return permanent('kubernetes.not-found', about, error);
  if (status === 409) return retryable('kubernetes.conflict', about, error);
  if (status === 422)
    return permanent(hasCauses(error.body) ? 'kubernetes.invalid' : 'kubernetes.patch-refused', about, error);
  if (status === 408 || status === 429 || status >= 500)
    return retryable('kubernetes.unavailable', { ...about, status }, error);
  return bug('kubernetes.unexpected', { ...about, status }, error);
}

/** A patch that can't be applied has no causes in its Status; an object that admission holds to be invalid names its fields. */
function hasCauses(body: unknown): boolean {
  const parsed: unknown = typeof body === 'string' ? tryParse(body) : body;
  const causes = (parsed as { details?: { causes?: unknown[] } } | undefined)?.details?.causes;
  return Array.isArray(causes) && causes.length > 0;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
