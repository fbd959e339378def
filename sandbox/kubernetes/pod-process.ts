import type { ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Household } from '../household.ts';
import { environment } from './environment.ts';
import type { Container, Pod } from './objects.ts';
import type { PrivateTmp } from './private-tmp.ts';
import { ApiError } from './status.ts';
import type { Store } from './store.ts';

/** Where a pod's processes run: a folder and a port of the pod's own. */
export interface Place {
  readonly household: Household;
  readonly store: Store;
  readonly privateTmp: PrivateTmp | undefined;
  readonly pod: Pod;
  readonly folder: string;
  readonly port: number;
}

export interface ExecCommand {
  readonly argv: readonly string[];
  /** What must be there to be started; unset: the first of `argv`. */
  readonly program?: string;
  readonly stdin: boolean;
  /** Besides the container's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A container's environment, which it keeps while it runs, and whatever exec starts in it with it: a Secret that changes
 * reaches new containers only. Throws ConfigFault where a Secret or ConfigMap is missing.
 */
export function environmentOf(
  { store, privateTmp, pod, folder, port }: Place,
  container: Container,
): Record<string, string> {
  const current = store.find('pods', pod.metadata.namespace, pod.metadata.name) ?? pod;
  return environment(container, current, { store, port, home: privateTmp ? '/tmp' : folder });
}

/** Starts a further process in a container's surroundings. Throws the runtime's 500 for a program that isn't there. */
export function startExec(place: Place, env: Readonly<Record<string, string>>, command: ExecCommand): ChildProcess {
  const { program = command.argv[0] ?? '' } = command;
  if (!isThere(program, env.PATH ?? '')) {
    const why = `exec: "${program}": executable file not found in $PATH: unknown`;
    const runtime = 'OCI runtime exec failed: exec failed: unable to start container process';
    throw new ApiError(500, 'InternalError', `error executing command in container: ${runtime}: ${why}`);
  }
  return startIn(place, { ...env, ...command.env }, command);
}

/** Starts a process where a pod's processes run. */
export function startIn(
  place: Place,
  env: Readonly<Record<string, string>>,
  { argv, stdin }: Pick<ExecCommand, 'argv' | 'stdin'>,
): ChildProcess {
  const { household, privateTmp, pod, folder } = place;
  const [program = ''] = argv;
  // a program that isn't there is left to fail by itself, not inside of the shell that mounts
  const wraps = privateTmp !== undefined && isThere(program, env.PATH ?? '');
  const [command = '', ...args] = wraps ? privateTmp.wrap(folder, argv) : argv;
  return household.spawn(`pod-${pod.metadata.name}`, command, args, {
    env,
    cwd: folder,
    stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
}

function isThere(program: string, path: string): boolean {
  const files = program.includes('/') ? [program] : path.split(':').map((folder) => join(folder, program));
  return files.some((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
