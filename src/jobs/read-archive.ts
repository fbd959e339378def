import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { PostgresPrograms } from '../clients/postgres-programs.ts';
import type { ObjectHead, S3 } from '../clients/s3.ts';
import { headBytes } from './archive-header.ts';

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
    const feed = feeder(restore);
    for await (const chunk of s3.read(bucket, head)) {
      signal.throwIfAborted();
      hash.update(chunk);
      if (bytes < headBytes) first.push(chunk);
      bytes += chunk.length;
      await feed(chunk);
      onBytes(bytes);
    }
    restore.stdin?.end();
    const { code } = await ended;
    signal.throwIfAborted();
    const outcome = code === 0 ? 'whole' : complaints.endOfFile ? 'ends-early' : 'unreadable';
    return { sha256: hash.digest('hex'), bytes, first: Buffer.concat(first).subarray(0, headBytes), outcome };
  } finally {
    signal.removeEventListener('abort', stop);
    restore.kill('SIGKILL');
  }
}

/** Gives it as much as it takes. What it doesn't want any more is read on without it: the hash is over all. */
function feeder(restore: ChildProcess): (chunk: Uint8Array) => Promise<void> {
  const { stdin } = restore;
  let open = stdin !== null;
  const shut = new Promise<void>((resolve) => {
    const close = () => {
      open = false;
      resolve();
    };
    stdin?.once('error', close).once('close', close);
  });
  return async (chunk) => {
    if (!open || !stdin || stdin.write(chunk)) return;
    await Promise.race([once(stdin, 'drain').catch(() => {}), shut]);
  };
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How a process ended; one that could not be started ended too. */
export function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

/** Reads what a program complains of, line by line, so that it never blocks. */
function linesOf(child: ChildProcess, complain: (line: string) => void): { endOfFile: boolean } {
  const seen = { endOfFile: false };
  eachLine(child, (line) => {
    complain(line);
    // A program says why in words alone; they only choose between two sentences of the same refusal.
    if (/end of file|unexpected end|could not read/i.test(line)) seen.endOfFile = true;
  });
  return seen;
}

const longestLine = 4096;

/** What a child writes to its standard error, a line at a time. */
export function eachLine({ stderr }: ChildProcess, take: (line: string) => void): void {
  let rest = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) take(line);
  });
  stderr?.once('end', () => rest && take(rest));
}
