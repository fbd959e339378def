import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, type Household } from './household.ts';

export interface Pitcrew {
  readonly pid: number;
  readonly healthUrl: string;
  readonly child: ChildProcess;
  /** SIGTERM, and SIGKILL for what is left after 15 s. */
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Flags of Node that the image starts pitcrew with. */
export const imageFlags: readonly string[] = ['--max-semi-space-size=4', '--heap-growing-percent=50'];

/** Variables of Node that the image starts pitcrew with: what one start has compiled, the next ones don't. */
export const imageEnvironment: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../.sandbox/compiled', import.meta.url)),
};

/** Starts pitcrew as anybody would, with nothing but environment variables, and waits until it is ready. */
export async function startPitcrew(
  household: Household,
  env: Readonly<Record<string, string>>,
  role: 'start' | 'bot' | 'worker' = 'start',
  more: Readonly<Record<string, string>> = {},
): Promise<Pitcrew> {
  const port = await freePort();
  const name = `pitcrew-${role}-${port}`;
  const child = household.spawn(name, process.execPath, [...imageFlags, main, role], {
    env: {
      ...imageEnvironment,
      PATH: process.env.PATH ?? '',
      HOME: household.folder,
      ...env,
      PITCREW_HTTP_PORT: String(port),
      ...more,
    },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const healthUrl = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`pitcrew ${role} ended at once: see ${household.folder}/logs/${name}.log`);
    const ready = await fetch(`${healthUrl}/readyz`).catch(() => undefined);
    if (ready?.ok) return { pid: child.pid ?? 0, healthUrl, child, stop: () => stop(child, exited) };
    await sleep(100);
  }
  throw new Error(`pitcrew ${role} was not ready within 30 s: see ${household.folder}/logs/${name}.log`);
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const late = sleep(15_000, 'late', { ref: false });
  if ((await Promise.race([exited, late])) === 'late') child.kill('SIGKILL');
  await exited;
}
