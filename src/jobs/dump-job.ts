import type { Connect, DatabaseLogin } from '../clients/postgres.ts';
import type { FindPrograms, PostgresPrograms } from '../clients/postgres-programs.ts';
import type { ObjectHead, S3 } from '../clients/s3.ts';
import { type DumpManifest, type DumpReport, type DumpTask, manifestKey } from '../domain/dump.ts';
import { permanent, recorded, retryable } from '../domain/errors.ts';
import { isOf, readManifest } from '../planning/dumps.ts';
import { adoptable } from './adopt-archive.ts';
import { needsOfArchive } from './archive-needs.ts';
import { type Read, readArchive } from './read-archive.ts';
import { openSnapshotSession } from './snapshot-session.ts';
import { writeArchive } from './write-archive.ts';

/** What a Job works with. Only what it says leaves it: the worker that started it may be gone. */
export interface JobParts {
  readonly s3: S3;
  readonly connect: Connect;
  readonly login: DatabaseLogin;
  readonly findPrograms: FindPrograms;
  /** What libpq reads: address, login, TLS. */
  readonly environment: Readonly<Record<string, string>>;
  readonly say: (report: DumpReport) => void;
  /** For whoever reads the pod's log: object names, never rows. */
  readonly complain: (line: string) => void;
  readonly signal: AbortSignal;
}

/** How often it says how far it is. Milliseconds. */
const sayEveryMs = 2_000;

/** Does the task and says what became of it; never throws. @returns whether it is done */
export async function runDumpJob(task: DumpTask, parts: JobParts): Promise<boolean> {
  const progress = progressOf(parts.say);
  try {
    const programs = await parts.findPrograms(task.major);
    if (!programs) throw permanent('dump.client-missing', { major: task.major });
    const at = { bucket: task.bucket, key: task.key };
    if (!(await isMade(task, parts))) {
      const manifest = await (task.kind === 'dump' ? dump : adopt)(task, parts, programs, progress);
      parts.signal.throwIfAborted();
      await parts.s3.put({ ...at, key: manifestKey(task.key) }, `${JSON.stringify(manifest, null, 2)}\n`);
    }
    parts.say({ said: 'done' });
    return true;
  } catch (error) {
    const { code, kind, params } = recorded(error);
    const stopped = parts.signal.aborted;
    parts.say(
      stopped
        ? { said: 'failed', code: 'dump.stopped', final: false, params: {} }
        : { said: 'failed', code, final: kind !== 'retryable', params },
    );
    if (!stopped && code === 'unexpected') parts.complain(error instanceof Error ? (error.stack ?? '') : String(error));
    return false;
  } finally {
    progress.end();
  }
}

/** An attempt before this one wrote the manifest and was killed before it could say so. */
async function isMade({ operation, bucket, key }: DumpTask, { s3 }: JobParts): Promise<boolean> {
  const manifest = await readManifest(s3, { bucket, key });
  return manifest?.operation === operation && isOf(manifest, await s3.head({ bucket, key }));
}

type Progress = ReturnType<typeof progressOf>;

function progressOf(say: JobParts['say']) {
  const now = { phase: 'write' as 'write' | 'read', bytes: 0, tables: 0, ofTables: 0 };
  const tell = () => say({ said: 'progress', ...now });
  const timer = setInterval(tell, sayEveryMs);
  return {
    now,
    bytes(bytes: number) {
      now.bytes = bytes;
    },
    reads() {
      Object.assign(now, { phase: 'read', bytes: 0 });
      tell();
    },
    end: () => clearInterval(timer),
  };
}

type Work = (task: DumpTask, parts: JobParts, programs: PostgresPrograms, progress: Progress) => Promise<DumpManifest>;

const dump: Work = async (task, parts, programs, progress) => {
  const { s3, connect, login, environment, complain, signal } = parts;
  const at = { bucket: task.bucket, key: task.key };
  // An attempt before this one may have been killed in the middle: what it sent counts for nothing and costs money.
  await s3.abortUnfinished(at);
  await s3.proveWritable(at);
  const session = await openSnapshotSession(connect, task, login);
  try {
    progress.now.ofTables = session.tables;
    const counted = session.count(task.critical);
    // Awaited where the upload ends; until then nobody listens.
    counted.catch(() => {});
    const written = await writeArchive({
      ...{ s3, programs, task, environment, complain, signal, counted },
      snapshot: session.snapshot,
      onBytes: progress.bytes,
      onTable: () => {
        progress.now.tables++;
      },
    });
    const head = await theObject(parts, task);
    progress.reads();
    const read = await readBack(parts, programs, head, task, progress);
    if (read.outcome !== 'whole' || read.sha256 !== written.sha256 || read.bytes !== written.bytes)
      throw retryable('dump.differs', { key: task.key, outcome: read.outcome });
    return {
      ...manifestBase(task, head, read),
      database: task.database,
      serverVersion: session.serverVersion,
      clientVersion: programs.version,
      at: session.at,
      counts: await counted,
      adopted: false,
      needs: session.needs,
      databaseBytes: task.databaseBytes,
    };
  } finally {
    await session.close();
  }
};

const adopt: Work = async (task, parts, programs, progress) => {
  const head = await theObject(parts, task);
  if (head.sizeBytes === 0) throw permanent('adopt.empty', { key: task.key });
  progress.reads();
  const read = await readBack(parts, programs, head, task, progress);
  const header = adoptable(read, task);
  const source = { kind: 's3', s3: parts.s3, bucket: task.bucket, head } as const;
  const needs = await needsOfArchive(programs.restore, source, parts.signal);
  return {
    ...manifestBase(task, head, read),
    ...header,
    at: head.at,
    counts: null,
    adopted: true,
    needs,
    databaseBytes: null,
  };
};

async function theObject({ s3 }: JobParts, { bucket, key }: DumpTask): Promise<ObjectHead> {
  const head = await s3.head({ bucket, key });
  if (!head) throw permanent('dump.gone', { key, bucket });
  return head;
}

const readBack = (
  { s3, signal, complain }: JobParts,
  programs: PostgresPrograms,
  head: ObjectHead,
  { bucket }: DumpTask,
  progress: Progress,
): Promise<Read> => readArchive({ s3, signal, complain, programs, bucket, head, onBytes: progress.bytes });

function manifestBase({ operation, environment, bucket, key, resourceId }: DumpTask, head: ObjectHead, read: Read) {
  const { versionId, sizeBytes } = head;
  return { v: 1, operation, environment, bucket, key, versionId, sizeBytes, sha256: read.sha256, resourceId } as const;
}
