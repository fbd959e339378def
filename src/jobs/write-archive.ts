import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { partSizes, type S3 } from '../clients/s3.ts';
import type { DumpTask } from '../domain/dump.ts';
import { permanent, retryable } from '../domain/errors.ts';
import { type Exit, eachLine, exitOf } from './program.ts';

/** pg_dump while it runs, here or elsewhere. What nobody reads of it is not written. */
export interface Dumping {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Never rejects: what breaks on the way is thrown by `stdout`. */
  readonly ended: Promise<Exit>;
  kill(): void;
}
export type StartDump = (args: readonly string[]) => Promise<Dumping>;

export interface Writing {
  readonly s3: Pick<S3, 'upload'>;
  readonly start: StartDump;
  readonly task: DumpTask;
  /** Of the session that exported it and that is still in its transaction. */
  readonly snapshot: string;
  /** What must be known before the upload may be completed; whatever it throws leaves no dump. */
  readonly counted: Promise<unknown>;
  readonly onBytes: (bytes: number) => void;
  readonly onTable: () => void;
  readonly signal: AbortSignal;
  readonly complain: (line: string) => void;
}

export interface Written {
  readonly sha256: string;
  readonly bytes: number;
}

/** How long pg_dump may wait for a table that somebody else has locked, before it gives up and is tried again. */
const lockWait = '60s';

/** zstd where pg_dump has it; else the fastest gzip: at the default of 6 the compression, not the network, is what takes long. */
export const compression = (major: number) => (major >= 16 ? '--compress=zstd' : '--compress=1');

/**
 * Dumps one snapshot and sends it to S3 while it is made: nothing is kept on a disk, and no more than a few parts in memory.
 * The end of the stream is not taken for its success: the upload is completed only after pg_dump has ended well.
 * @throws PitcrewError `dump.pg-dump-failed`, `dump.denied`, `aws.*`; what `counted` throws
 */
export async function writeArchive(writing: Writing): Promise<Written> {
  const { s3, task, snapshot, counted, signal } = writing;
  const { major, bucket, key, databaseBytes } = task;
  const args = [
    '--format=custom',
    '--no-password',
    '--verbose',
    `--snapshot=${snapshot}`,
    `--lock-wait-timeout=${lockWait}`,
    compression(major),
  ];
  signal.throwIfAborted();
  const dump = await writing.start(args);
  const { ended } = dump;
  const complaints = watch(dump, writing);
  const stop = () => dump.kill();
  signal.addEventListener('abort', stop, { once: true });
  const hash = createHash('sha256');
  let bytes = 0;
  async function* archive(): AsyncGenerator<Buffer> {
    for await (const chunk of dump.stdout as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      writing.onBytes(bytes);
      yield chunk;
    }
    const exit = await ended;
    if (exit.code !== 0) throw pgDumpFailed(exit, complaints.denied);
    await counted;
  }
  try {
    // The text of the database is at most as long as its files are, or little more: indexes are not in a dump.
    const sizes = partSizes(databaseBytes * 2);
    await s3.upload({ bucket, key }, Readable.from(archive(), { objectMode: false }), sizes, signal);
    return { sha256: hash.digest('hex'), bytes };
  } finally {
    signal.removeEventListener('abort', stop);
    dump.kill();
    await ended;
  }
}

/** In this very container. `environment` is what libpq reads: address, login, TLS. */
export function startHere(program: string, environment: Readonly<Record<string, string>>): StartDump {
  return async (args) => {
    const env = { ...environment, LC_ALL: 'C' };
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    const { stdout, stderr } = child;
    return { stdout, stderr, ended: exitOf(child), kill: () => void child.kill('SIGTERM') };
  };
}

/** Follows what `--verbose` tells: which tables are begun, and what went wrong. It names objects, no rows. */
function watch(dump: Dumping, { onTable, complain }: Pick<Writing, 'onTable' | 'complain'>): { denied?: string } {
  const seen: { denied?: string } = {};
  eachLine(dump.stderr, (line) => {
    if (/dumping contents of table /.test(line)) onTable();
    if (!/error|warning|detail|hint/i.test(line)) return;
    complain(line);
    // Only words tell which right it is that fails; they decide nothing but the sentence.
    const denied = /permission denied for (\w+(?: \w+)? [\w."]+)/.exec(line)?.[1];
    if (denied) seen.denied = denied;
  });
  return seen;
}

function pgDumpFailed({ code, signal }: Exit, denied: string | undefined) {
  if (denied !== undefined) return permanent('dump.denied', { on: denied });
  return retryable('dump.pg-dump-failed', { exit: code ?? signal ?? '?' });
}
