import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { Place } from '../../clients/kubernetes-resources.ts';
import type { PodView } from '../../clients/kubernetes-views.ts';
import { PitcrewError } from '../../domain/errors.ts';
import type { LogSeen } from '../../domain/restore.ts';
import { type Instant, secondsBetween } from '../../domain/time.ts';

export interface PodOf {
  readonly place: Place;
  readonly pod: PodView;
}

/**
 * What an error line is about, the first that fits. A line itself is never kept: it may hold anybody's data.
 * The codes are PostgreSQL's ("Appendix A. PostgreSQL Error Codes").
 */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/password authentication failed|no pg_hba|\b28(000|P01)\b/i, 'authentication'],
  [
    /ECONN(REFUSED|RESET)|ETIMEDOUT|ENOTFOUND|connection (refused|reset|terminated|timed out)|could not connect/i,
    'connection',
  ],
  [/certificate|\bTLS\b|\bSSL\b.*(error|fail)/i, 'tls'],
  [/permission denied|\b42501\b/i, 'permission'],
  [/(relation|column|table|function|schema) .*does not exist|\b42(P01|703|883)\b/i, 'schema'],
  [/out of memory|\bOOM/i, 'memory'],
  [/\b(panic|fatal|uncaught|unhandled|traceback|exception)\b/i, 'crash'],
  [/\berror\b/i, 'error'],
];

/** The kind of error that a line of a log tells; undefined when it tells none. */
export function errorKind(line: string): string | undefined {
  return kinds.find(([pattern]) => pattern.test(line))?.[1];
}

const tailLines = 1000;

/** Counts the errors in the pods' logs since an instant. @returns null where pitcrew may not read logs: that is not "none" */
export async function searchedLogs(
  cluster: Pick<Kubernetes, 'podLog'>,
  pods: readonly PodOf[],
  since: Instant,
  at: Instant,
): Promise<LogSeen | null> {
  const sinceSeconds = Math.max(1, Math.ceil(secondsBetween(since, at)));
  const erring: string[] = [];
  let [lines, errors, kind] = [0, 0, ''];
  try {
    for (const { place, pod } of pods) {
      const log = (await cluster.podLog(place, pod.name, { sinceSeconds, tailLines })).split('\n').filter(Boolean);
      const found = log.flatMap((line) => errorKind(line) ?? []);
      lines += log.length;
      errors += found.length;
      kind ||= found[0] ?? '';
      if (found.length > 0) erring.push(pod.name);
    }
  } catch (error) {
    // What was proven isn't taken back because a log can't be read.
    if (error instanceof PitcrewError) return null;
    throw error;
  }
  return { lines, errors, kind, pods: erring.slice(0, 5) };
}
