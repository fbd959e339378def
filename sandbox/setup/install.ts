import { spawnSync } from 'node:child_process';
import { findProgram, type Machine } from './find.ts';

/**
 * A shell script that installs packages and starts nothing. Debian's packages start a Redis on 6379 and make and start a
 * PostgreSQL cluster on 5432; the sandbox starts its own, so both are kept from it by Debian's own means:
 * `policy-rc.d`, which is asked before a service is started, and a drop-in that tells postgresql-common to make no
 * cluster. Both are taken away again at the end, however that comes. A `policy-rc.d` that stands already is left alone.
 * `redis-server` is kept from starting at the next boot too, where systemd runs.
 */
export function installScript(packages: readonly string[], root = ''): string {
  const policy = `${root}/usr/sbin/policy-rc.d`;
  const clusters = `${root}/etc/postgresql-common/createcluster.d`;
  const dropIn = `${clusters}/pitcrew-sandbox.conf`;
  return `set -eu
export DEBIAN_FRONTEND=noninteractive
policy=
made=
undo() {
  if [ -n "$policy" ]; then rm -f '${policy}'; fi
  rm -f '${dropIn}'
  if [ -n "$made" ]; then rmdir '${clusters}' '${root}/etc/postgresql-common' 2>/dev/null || true; fi
}
trap undo EXIT
trap 'exit 130' INT TERM HUP
if [ ! -e '${policy}' ]; then
  policy=ours
  printf '#!/bin/sh\\nexit 101\\n' > '${policy}'
  chmod 755 '${policy}'
fi
if [ ! -d '${clusters}' ]; then
  made=ours
  mkdir -p '${clusters}'
fi
printf 'create_main_cluster = false\\n' > '${dropIn}'
had_redis=no
if [ -e '${root}/lib/systemd/system/redis-server.service' ]; then had_redis=yes; fi
apt-get update
apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 ${packages.join(' ')}
if [ "$had_redis" = no ] && [ -d '${root}/run/systemd/system' ] && [ -e '${root}/lib/systemd/system/redis-server.service' ]; then
  systemctl disable redis-server
fi
`;
}

export type Rights = 'root' | 'sudo' | 'none';

/** Whether packages can be installed without asking anybody for a password. */
export function rightsOf(machine: Machine, root: boolean): Rights {
  if (root) return 'root';
  const sudo = findProgram('sudo', machine);
  return sudo && spawnSync(sudo, ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? 'sudo' : 'none';
}

/** Runs the script as root; its output goes where ours goes. @returns whether it came to its end */
export function runAsRoot(script: string, rights: 'root' | 'sudo'): boolean {
  const [command, args] = rights === 'root' ? ['sh', ['-c', script]] : ['sudo', ['-n', 'sh', '-c', script]];
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}
