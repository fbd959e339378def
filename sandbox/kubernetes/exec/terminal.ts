import { type ChildProcess, execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

let available: boolean | undefined;

/** Whether util-linux' `script` is there, which makes the pseudo-terminal that node itself can't. */
export function hasTerminals(): boolean {
  available ??= spawnSync('script', ['--version']).stdout?.toString().includes('util-linux') ?? false;
  return available;
}

/** The argv that runs this one on a pseudo-terminal and ends with its exit code. */
export const onTerminal = (argv: readonly string[]): string[] => [
  ...['script', '--quiet', '--flush', '--return', '--echo', 'always'],
  ...['--command', `exec ${argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')}`, '/dev/null'],
];

/**
 * Sets the size of the terminal that `script` made for its child; the kernel tells what runs there (SIGWINCH). False while
 * there is no such child.
 */
export function resizeTerminal({ pid }: ChildProcess, { width, height }: { width: number; height: number }): boolean {
  const terminal = pid ? terminalBelow(pid) : undefined;
  if (!terminal) return false;
  execFile('stty', ['-F', terminal, 'cols', String(width), 'rows', String(height)], () => {});
  return true;
}

function terminalBelow(pid: number): string | undefined {
  for (const child of childrenOf(pid)) {
    try {
      const target = readlinkSync(`/proc/${child}/fd/0`);
      if (target.startsWith('/dev/pts/')) return target;
    } catch {
      // it ended meanwhile
    }
  }
  return undefined;
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}
