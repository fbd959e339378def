import { execFile } from 'node:child_process';
import { mkdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** How a command is started so that it sees the pod's own `/tmp` and nobody else's. */
export interface PrivateTmp {
  /** The argv that runs this one with `folder` as `/tmp`, which is also where it starts. */
  wrap(folder: string, argv: readonly string[]): string[];
}

const asRoot = ['--mount'];
const asUser = ['--user', '--map-current-user', '--keep-caps', '--mount'];
const project = fileURLToPath(new URL('../..', import.meta.url));

/**
 * `$1` becomes /tmp; the folders up to `--`, which lie below the machine's /tmp, stay visible in it, for reading only
 * where the kernel allows that.
 */
const script = `
folder=$1; shift
while [ "$1" != -- ]; do
  at="$folder\${1#/tmp}"; mkdir -p "$at"
  mount -o bind,ro "$1" "$at" 2>/dev/null || mount --bind "$1" "$at" || exit 126
  shift
done
shift
mount --rbind "$folder" /tmp && cd /tmp || exit 126
exec "$@"`;

/**
 * Looks whether this machine lets a process have mounts of its own (mount_namespaces(7)): as root, or as a user where
 * user namespaces are allowed. Undefined where it doesn't, macOS say: there all pods share the machine's /tmp.
 */
export async function findPrivateTmp(householdFolder: string): Promise<PrivateTmp | undefined> {
  const tmp = realpathSync('/tmp');
  if (tmp !== '/tmp') return undefined;
  const visible = [householdFolder, project, dirname(process.execPath)]
    .map((folder) => realpathSync(folder))
    .filter((folder) => folder.startsWith('/tmp/'));
  const probe = join(householdFolder, 'probe-tmp');
  mkdirSync(probe, { recursive: true });
  for (const flags of process.getuid?.() === 0 ? [asRoot, asUser] : [asUser]) {
    const wrap: PrivateTmp['wrap'] = (folder, argv) => [
      'unshare',
      ...flags,
      '--propagation',
      'private',
      'sh',
      '-c',
      script,
      'sh',
      folder,
      ...visible,
      '--',
      ...argv,
    ];
    const [command = '', ...args] = wrap(probe, ['true']);
    const works = await promisify(execFile)(command, args).then(
      () => true,
      () => false,
    );
    if (works) return { wrap };
  }
  return undefined;
}
