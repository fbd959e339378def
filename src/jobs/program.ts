import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

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

const longestLine = 4096;

/** What a program writes, a line at a time, so that it never blocks. */
export function eachLine(stream: Readable | null, take: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) take(line);
  });
  stream?.once('end', () => rest && take(rest));
}

export interface Feeding {
  readonly signal: AbortSignal;
  /** Told of every chunk that was read. */
  readonly onChunk?: (chunk: Uint8Array) => void;
  /** Whether to read to the end though the program wants no more. */
  readonly whole: boolean;
}

/**
 * Gives a program on its standard input as much as it takes, and never more than that is held.
 * @throws whatever the bytes end with; what the signal was aborted with
 */
export async function feed(
  child: ChildProcess,
  bytes: AsyncIterable<Uint8Array>,
  { signal, onChunk, whole }: Feeding,
): Promise<void> {
  const { stdin } = child;
  let open = stdin !== null;
  const shut = new Promise<void>((resolve) => {
    const close = () => {
      open = false;
      resolve();
    };
    stdin?.once('error', close).once('close', close);
  });
  for await (const chunk of bytes) {
    signal.throwIfAborted();
    onChunk?.(chunk);
    if (open && stdin && !stdin.write(chunk)) await Promise.race([once(stdin, 'drain').catch(() => {}), shut]);
    if (!open && !whole) return;
  }
  stdin?.end();
}
