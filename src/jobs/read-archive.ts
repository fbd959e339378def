import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { PostgresPrograms } from '../clients/postgres-programs.ts';
import type { ObjectHead, S3 } from '../clients/s3.ts';
import { headBytes } from './archive-header.ts';
import { eachLine, exitOf, feed } from './program.ts';

export interface Reading {
  readonly s3: Pick<S3, 'read'>;
  readonly programs: PostgresPrograms;
  readonly bucket: string;
  readonly head: ObjectHead;
  /** Told after every chunk: bytes so far. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
  /** Where what pg_restore says goes: it names objects of the database, no rows. */
  readonly complain: (line: string) => void;
}

export interface Read {
  readonly sha256: string;
  readonly bytes: number;
  /** The first bytes, for whoever reads the archive's head. */
  readonly first: Uint8Array;
  /** Whether pg_restore read the archive to its end and found nothing wrong. */
  readonly outcome: 'whole' | 'ends-early' | 'unreadable';
}

/**
 * Reads an archive in S3 from its first byte to its last, through pg_restore: that decompresses every table and throws it
 * away. (`pg_restore --list` succeeds on an archive that ends in the middle of its data.)
 * @throws PitcrewError `aws.*`; what the signal was aborted with
 */
export async function readArchive(reading: Reading): Promise<Read> {
  const { s3, programs, bucket, head, onBytes, signal, complain } = reading;
  const restore = spawn(programs.restore, ['--format=custom', '--file=/dev/null'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { LC_ALL: 'C' },
  });
  const ended = exitOf(restore);
  const complaints = linesOf(restore, complain);
  const stop = () => restore.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const hash = createHash('sha256');
    const first: Uint8Array[] = [];
    let bytes = 0;
    const onChunk = (chunk: Uint8Array) => {
      hash.update(chunk);
      if (bytes < headBytes) first.push(chunk);
      bytes += chunk.length;
      onBytes(bytes);
    };
    // What it doesn't want any more is read on without it: the hash is over all.
    await feed(restore, s3.read(bucket, head), { signal, onChunk, whole: true });
    const { code } = await ended;
    signal.throwIfAborted();
    const outcome = code === 0 ? 'whole' : complaints.endOfFile ? 'ends-early' : 'unreadable';
    return { sha256: hash.digest('hex'), bytes, first: Buffer.concat(first).subarray(0, headBytes), outcome };
  } finally {
    signal.removeEventListener('abort', stop);
    restore.kill('SIGKILL');
  }
}

/** Reads what a program complains of, line by line, so that it never blocks. */
function linesOf(child: ChildProcess, complain: (line: string) => void): { endOfFile: boolean } {
  const seen = { endOfFile: false };
  eachLine(child.stderr, (line) => {
    complain(line);
    // A program says why in words alone; they only choose between two sentences of the same refusal.
    if (/end of file|unexpected end|could not read/i.test(line)) seen.endOfFile = true;
  });
  return seen;
}
