import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * One temporary folder and every process that was started in it. When its owner goes, by `close()`, by Ctrl-C or by a
 * crash, the reaper (a process of its own, holding the other end of a pipe) stops them all and removes the folder.
 */
export interface Household {
  readonly folder: string;
  /**
   * Starts a process in a group of its own; its output goes to `logs/<name>.log` unless `stdio` says otherwise.
   * `as: 'postgres'` drops root (PostgreSQL refuses to run as root) and changes nothing for anybody else.
   */
  spawn(name: string, command: string, args: readonly string[], options?: HouseholdSpawn): ChildProcess;
  /** Puts a process that somebody else started under the reaper's care. */
  adopt(pid: number): void;
  /** Stops every process and removes the folder; returns when both are gone. */
  close(): Promise<void>;
}

export interface HouseholdSpawn extends Pick<SpawnOptions, 'env' | 'cwd' | 'stdio'> {
  readonly as?: 'postgres' | 'self';
}

export function openHousehold(name = 'pitcrew'): Household {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  chmodSync(folder, 0o711); // PostgreSQL runs as another user and must be able to walk in
  mkdirSync(join(folder, 'logs'));
  const reaper = spawn(process.execPath, [fileURLToPath(new URL('./reaper.ts', import.meta.url)), folder], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  const reaped = new Promise<void>((resolve) => reaper.once('exit', () => resolve()));
  reaper.unref();
  const adopt = (pid: number) => appendFileSync(join(folder, 'processes'), `${pid} ${startedAt(pid)}\n`);
  return {
    folder,
    adopt,
    spawn(processName, command, args, { as = 'self', ...options } = {}) {
      const log = openSync(join(folder, 'logs', `${processName}.log`), 'a');
      const child = spawn(command, args, {
        stdio: ['ignore', log, log],
        ...options,
        ...(as === 'postgres' ? postgresUser() : {}),
        detached: true,
      });
      closeSync(log);
      if (child.pid) adopt(child.pid);
      return child;
    },
    async close() {
      reaper.ref();
      reaper.stdin?.end();
      await reaped;
    },
  };
}

/** The start time of a process in clock ticks since boot (proc(5), field 22): with it, a pid can't be mistaken for a later one. */
export function startedAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** A TCP port on 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** uid and gid of the system's `postgres` user when run as root, else nothing. */
export function postgresUser(): { uid: number; gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  if (!line) throw new Error('there is no user "postgres" to run PostgreSQL as: install the package postgresql');
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}
