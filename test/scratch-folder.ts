import { readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const inMemory = '/dev/shm';
/** A world takes a quarter of one, and several are open at a time. */
const roomGibibytes = 4;
/** With what the servers of the tests take themselves. */
const freeGibibytes = 10;
const gibibyte = 2 ** 30;

/**
 * Where the tests put their clusters and worlds: in memory where this machine has room for them and lets programs be run
 * from it, else with everybody's temporary files. Every PostgreSQL cluster is a thousand small files, and the tests make
 * and remove hundreds of clusters: on a disk that costs more than all that is tested on them.
 */
export function scratchFolder(): string {
  if (process.env.TMPDIR) return process.env.TMPDIR;
  return isRoomy() ? inMemory : tmpdir();
}

function isRoomy(): boolean {
  try {
    const mounted = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .findLast(([, at]) => at === inMemory);
    const [, , type, flags = ''] = mounted ?? [];
    const { bavail, bsize } = statfsSync(inMemory);
    return (
      type === 'tmpfs' &&
      flags.split(',').includes('rw') &&
      !flags.split(',').includes('noexec') &&
      bavail * bsize >= roomGibibytes * gibibyte &&
      process.availableMemory() >= freeGibibytes * gibibyte
    );
  } catch {
    return false; // no Linux
  }
}
