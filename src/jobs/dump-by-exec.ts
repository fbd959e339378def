import type { Kubernetes } from '../clients/kubernetes.ts';
import type { Exec } from '../clients/kubernetes-exec.ts';
import type { Connect, DatabaseLogin } from '../clients/postgres.ts';
import type { FindPrograms } from '../clients/postgres-programs.ts';
import type { S3 } from '../clients/s3.ts';
import type { DumpReport, DumpTask } from '../domain/dump.ts';
import { PitcrewError, permanent } from '../domain/errors.ts';
import { carryOut } from './dump-job.ts';
import { progressOf } from './job.ts';
import type { Exit } from './program.ts';
import type { Dumping, StartDump } from './write-archive.ts';

export interface ExecParts {
  readonly cluster: Pick<Kubernetes, 'exec'>;
  readonly connect: Connect;
  /** The worker's own: it reads the archive back. */
  readonly findPrograms: FindPrograms;
  s3(region: string): S3;
}

/** The container with PostgreSQL's client programs. */
export interface ToolsPod {
  readonly cluster: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
}

export interface ExecDump {
  readonly task: DumpTask;
  readonly tools: ToolsPod;
  readonly login: DatabaseLogin;
  readonly say: (report: DumpReport) => void;
  readonly signal: AbortSignal;
}

/**
 * The dump of a cluster without Jobs: pg_dump runs in a pod that is there, and what it writes comes through this process to
 * S3, no faster than S3 takes it. Counts, reading back and manifest are as a Job has them.
 * @throws PitcrewError `dump.*`, `kubernetes.*`, `database.*`, `aws.*`; what the signal was aborted with
 */
export async function dumpByExec(parts: ExecParts, { task, tools, login, say, signal }: ExecDump): Promise<void> {
  const programs = await parts.findPrograms(task.major);
  if (!programs) throw permanent('dump.client-missing', { major: task.major });
  const version = await versionThere(parts, tools, task);
  const progress = progressOf('write', say);
  // An attempt before this one may have left its own behind: a closed connection ends nothing.
  await endRemote(parts, tools, task.operation);
  try {
    const start = startThere(parts, tools, task, login);
    const own = { s3: parts.s3(task.region), connect: parts.connect, login, start, complain: () => {}, signal };
    await carryOut(task, own, { ...programs, version }, progress);
  } finally {
    progress.end();
    // What can't be reached now is ended by the next attempt, or by what takes this one back.
    await endRemote(parts, tools, task.operation).catch(() => {});
  }
}

/** @throws PitcrewError `dump.exec-client` where the pod has another pg_dump than the server needs, or none */
async function versionThere(
  { cluster }: Pick<ExecParts, 'cluster'>,
  tools: ToolsPod,
  { major }: Pick<DumpTask, 'major'>,
): Promise<string> {
  const { code, out } = await ran(cluster, tools, ['pg_dump', '--version']);
  const version = /\(PostgreSQL\) (\d\S*)/.exec(out)?.[1] ?? '';
  if (code === 0 && version.split(/\D/)[0] === String(major)) return version;
  throw permanent('dump.exec-client', { pod: tools.pod, major, found: version || '?' });
}

/**
 * Whether a dump could be made in this pod: it has the pg_dump that the server needs, and all that ends one. It looks, and
 * leaves nothing behind.
 * @throws PitcrewError `dump.exec-client`, `dump.exec-shell`, `kubernetes.*`
 */
export async function proveTools(
  parts: Pick<ExecParts, 'cluster'>,
  tools: ToolsPod,
  server: { readonly major: number },
): Promise<void> {
  await versionThere(parts, tools, server);
  const { code } = await ran(parts.cluster, tools, ['sh', '-c', shellScript]);
  if (code !== 0) throw permanent('dump.exec-shell', { pod: tools.pod });
}

/** What the scripts below are made of. */
const shellScript = `tr '\\0' '\\n' < "/proc/$$/environ" | grep -q =`;

/** The name of the variable by which a pg_dump of pitcrew is told from every other process. */
const marker = 'PITCREW_DUMP';

/**
 * The password comes by standard input, so that it stands in nobody's list of processes. A service file of the pod's own
 * must not lead to another server.
 */
const startScript = `IFS= read -r PGPASSWORD; unset PGSERVICE PGSERVICEFILE PGPASSFILE PGHOSTADDR
export PGPASSWORD PGSSLMODE="\${PGSSLMODE:-require}" LC_ALL=C ${marker}="$1"; shift
exec pg_dump "$@"`;

/** Of a shell's own means: not every image has ps or pkill. */
const endScript = `for e in /proc/[0-9]*/environ; do
  if tr '\\0' '\\n' < "$e" 2>/dev/null | grep -qx "${marker}=$1"; then p=\${e#/proc/}; kill -KILL "\${p%/environ}" 2>/dev/null; fi
done; exit 0`;

function startThere({ cluster }: ExecParts, tools: ToolsPod, task: DumpTask, login: DatabaseLogin): StartDump {
  const { operation, host, port, database } = task;
  return async (args): Promise<Dumping> => {
    const to = [`--host=${host}`, `--port=${port}`, `--username=${login.user}`, `--dbname=${database}`];
    const exec = await cluster.exec(tools, {
      ...whereIn(tools),
      argv: ['sh', '-c', startScript, 'sh', operation, ...args, ...to],
      stdin: `${login.password.reveal()}\n`,
    });
    return { stdout: exec.stdout, stderr: exec.stderr, ended: endOf(exec), kill: () => exec.close() };
  };
}

/** What was broken off has no exit code; why is thrown by the stream. */
const endOf = ({ exitCode }: Exec): Promise<Exit> =>
  exitCode.then(
    (code) => ({ code, signal: null }),
    () => ({ code: null, signal: null }),
  );

const whereIn = ({ pod, container }: ToolsPod) => ({ pod, ...(container === undefined ? {} : { container }) });

/** Ends every pg_dump that this operation has in the pod. @throws PitcrewError `kubernetes.*` when the pod can't be reached */
export async function endRemote(
  { cluster }: Pick<ExecParts, 'cluster'>,
  tools: ToolsPod,
  operation: string,
): Promise<void> {
  await ran(cluster, tools, ['sh', '-c', endScript, 'sh', operation]);
}

const longestAnswer = 10_000;

/** A short command, to its end. */
async function ran(
  cluster: ExecParts['cluster'],
  tools: ToolsPod,
  argv: readonly string[],
): Promise<{ readonly code: number; readonly out: string }> {
  const exec = await cluster.exec(tools, { ...whereIn(tools), argv });
  let out = '';
  exec.stdout.on('data', (chunk: Buffer) => {
    out = (out + chunk.toString('utf8')).slice(0, longestAnswer);
  });
  exec.stderr.resume();
  try {
    return { code: await exec.exitCode, out };
  } catch (error) {
    // There is no such program: what the cluster says of it is not worth a retry.
    if (error instanceof PitcrewError && error.code === 'kubernetes.exec-failed') return { code: 127, out };
    throw error;
  } finally {
    exec.close();
  }
}
