import type { GuardRef } from '../domain/restore.ts';
import type { Workload } from '../domain/settings.ts';

// What a person would type for a step: shown on cards, never executed.

type Argv = readonly string[];

export interface Target {
  readonly host: string;
  readonly port: string;
  readonly role: string;
  readonly database: string;
}

export function psql({ host, port, role, database: name }: Target, sql: string): Argv {
  return ['psql', '-h', host, '-p', port, '-U', role, '-d', name, '-c', sql];
}

/** A workload as kubectl's commands take it. */
export const workloadArgument = ({ kind, name: own }: Workload) => `${kind.replace('-', '')}/${own}`;

export function kubectl(
  { cluster, namespace }: Pick<Workload, 'cluster' | 'namespace'>,
  ...words: readonly string[]
): Argv {
  return ['kubectl', ...(cluster ? ['--context', cluster] : []), ...words, '-n', namespace];
}

/** As their own tools' documentation has it, with nothing but kubectl. */
export const pauseCommand = (guard: GuardRef) =>
  guard.kind === 'scaled-object'
    ? kubectl(guard, 'annotate', resource(guard), 'autoscaling.keda.sh/paused=true')
    : kubectl(guard, 'patch', resource(guard), '--type=merge', '-p', JSON.stringify({ spec: { suspend: true } }));
export const resumeCommand = (guard: GuardRef) =>
  guard.kind === 'scaled-object'
    ? kubectl(guard, 'annotate', resource(guard), 'autoscaling.keda.sh/paused-')
    : kubectl(guard, 'patch', resource(guard), '--type=merge', '-p', JSON.stringify({ spec: { suspend: false } }));
const resource = ({ kind, name: own }: GuardRef) => `${kind.replace('-', '')}/${own}`;

/** Anybody who is connected is somebody to look at: not the application's role alone. */
export const everybody =
  'SELECT usename, application_name, client_addr, backend_start FROM pg_stat_activity WHERE datname = current_database()';

export const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
export const identifier = (text: string) =>
  /^[a-z_][a-z0-9_]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;

/** SQL that keeps a role out, and ends the sessions that it has. */
export const barring = (role: string): readonly string[] => [
  `ALTER ROLE ${identifier(role)} NOLOGIN`,
  `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${quoted(role)}`,
];
