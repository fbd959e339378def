import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { imageEnvironment } from '../sandbox/pitcrew.ts';
import { asPrincipal, type principals } from '../sandbox/principals.ts';
import type { World } from '../sandbox/world.ts';

// People of the sandbox who type `pitcrew …`, each a process of its own under its own AWS credentials.

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
export type Who = keyof typeof principals | 'worker';

/** The first operation that is named in what was printed. */
export const operationIn = (out: string) => /op-[0-9a-f]{12}/.exec(out)?.[0] ?? '';

export interface Started {
  readonly child: ChildProcess;
  readonly code: Promise<number>;
  out(): string;
  err(): string;
}

/** `pitcrew` with these words, under this person's own credentials. `worker` has the rights that a worker has. */
export function startAs(world: World, who: Who, ...words: readonly string[]): Started {
  const env = { ...imageEnvironment, PATH: process.env.PATH ?? '', HOME: world.household.folder, ...world.env };
  const child = spawn(process.execPath, [main, ...words], {
    env: { ...env, ...(who === 'worker' ? {} : asPrincipal(who)) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid) world.household.adopt(child.pid);
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    err += bytes.toString();
  });
  const code = new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1)));
  return { child, code, out: () => out, err: () => err };
}

/** To its end; `said` is all that it printed. */
export async function pitcrewAs(world: World, who: Who, ...words: readonly string[]) {
  const started = startAs(world, who, ...words);
  const code = await started.code;
  return { code, out: started.out(), said: `${started.out()}${started.err()}` };
}
