import { spawn } from 'node:child_process';
import { timed } from '../runner/interleave.ts';
import type { Bench } from '../runner/part.ts';

/**
 * Seconds that a line of a shell takes, as somebody types it. It is a group of its own, and ends when the bench is stopped.
 * @throws Error with the last lines of what it complained of
 */
export async function typedSeconds(
  line: string,
  env: Readonly<Record<string, string>>,
  bench: Pick<Bench, 'signal'>,
): Promise<number> {
  return (await timed(() => typed(line, env, bench))) / 1000;
}

export function typed(
  line: string,
  env: Readonly<Record<string, string>>,
  { signal }: Pick<Bench, 'signal'>,
): Promise<string> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', line], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LC_ALL: 'C', ...env },
      detached: true,
    });
    const stop = () => child.pid && process.kill(-child.pid, 'SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    let said = '';
    let complained = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complained = (complained + text).slice(-4000);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) reject(signal.reason);
      else if (code === 0) resolve(said);
      else reject(new Error(`${line}\nended with ${code}: ${complained.trim()}`));
    });
  });
}
