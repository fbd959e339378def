import type { PostgresPrograms } from '../clients/postgres-programs.ts';
import type { ObjectHead } from '../clients/s3.ts';
import { type DumpManifest, type DumpTask, manifestKey } from '../domain/dump.ts';
import { permanent, retryable } from '../domain/errors.ts';
import { isOf, readManifest } from '../planning/dumps.ts';
import { adoptable } from './adopt-archive.ts';
import { needsOfArchive } from './archive-needs.ts';
import { attempt, type JobParts, type Progress } from './job.ts';
import { type Read, readArchive } from './read-archive.ts';
import { openSnapshotSession } from './snapshot-session.ts';
import { type StartDump, startHere, writeArchive } from './write-archive.ts';

/** Does the task and says what became of it; never throws. @returns whether it is done */
export function runDumpJob(task: DumpTask, parts: JobParts): Promise<boolean> {
  return attempt(task.major, 'write', parts, async (programs, progress) => {
    const start = startHere(programs.dump, parts.environment);
    await carryOut(task, { ...parts, start }, programs, progress);
    return [];
  });
}

/** What makes a dump, or takes one in: a Job's own, or a worker with pg_dump elsewhere. */
export type DumpParts = Pick<JobParts, 's3' | 'connect' | 'login' | 'complain' | 'signal'> & {
  readonly start: StartDump;
};

/** To the manifest, which is written last. @throws PitcrewError `dump.*`, `adopt.*`, `database.*`, `aws.*` */
export async function carryOut(
  task: DumpTask,
  parts: DumpParts,
  programs: PostgresPrograms,
  progress: Progress,
): Promise<void> {
  if (await isMade(task, parts)) return;
  const manifest = await (task.kind === 'dump' ? dump : adopt)(task, parts, programs, progress);
  parts.signal.throwIfAborted();
  const at = { bucket: task.bucket, key: manifestKey(task.key) };
  await parts.s3.put(at, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** An attempt before this one wrote the manifest and was killed before it could say so. */
async function isMade({ operation, bucket, key }: DumpTask, { s3 }: Pick<DumpParts, 's3'>): Promise<boolean> {
  const manifest = await readManifest(s3, { bucket, key });
  return manifest?.operation === operation && isOf(manifest, await s3.head({ bucket, key }));
}

type Work = (task: DumpTask, parts: DumpParts, programs: PostgresPrograms, progress: Progress) => Promise<DumpManifest>;

const dump: Work = async (task, parts, programs, progress) => {
  const { s3, connect, login, start, complain, signal } = parts;
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
      ...{ s3, start, task, complain, signal, counted },
      snapshot: session.snapshot,
      onBytes: progress.bytes,
      onTable: () => {
        progress.now.tables++;
      },
    });
    const head = await theObject(parts, task);
    progress.enters('read');
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
  progress.enters('read');
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

async function theObject({ s3 }: DumpParts, { bucket, key }: DumpTask): Promise<ObjectHead> {
  const head = await s3.head({ bucket, key });
  if (!head) throw permanent('dump.gone', { key, bucket });
  return head;
}

const readBack = (
  { s3, signal, complain }: DumpParts,
  programs: PostgresPrograms,
  head: ObjectHead,
  { bucket }: DumpTask,
  progress: Progress,
): Promise<Read> => readArchive({ s3, signal, complain, programs, bucket, head, onBytes: progress.bytes });

function manifestBase({ operation, environment, bucket, key, resourceId }: DumpTask, head: ObjectHead, read: Read) {
  const { versionId, sizeBytes } = head;
  return { v: 1, operation, environment, bucket, key, versionId, sizeBytes, sha256: read.sha256, resourceId } as const;
}
