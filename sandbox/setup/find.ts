import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

/** Where to look, so that a test can look elsewhere. */
export interface Machine {
  readonly path: string;
  /** Prepended to every absolute path. */
  readonly root: string;
}

export const thisMachine = (): Machine => ({ path: process.env.PATH ?? '', root: '/' });

/** The oldest PostgreSQL whose backups, WAL and catalogues the sandbox relies on. */
export const oldestPostgres = 15;

export interface Postgres {
  /** The folder of the server's programs. */
  readonly bin: string;
  readonly major: number;
}

const serverPrograms = ['postgres', 'initdb', 'pg_ctl', 'psql'] as const;

/**
 * A PostgreSQL server of version 15 or later: the oldest such one, since that is what the sandbox was tried with most.
 * Looks where Debian, Red Hat's PGDG packages and Homebrew put versions side by side.
 */
export function findPostgres(machine: Machine = thisMachine()): Postgres | undefined {
  const at = (path: string) => join(machine.root, path);
  const versions = [
    ...folders(at('/usr/lib/postgresql'), /^(\d+)$/, 'bin'),
    ...folders(at('/usr'), /^pgsql-(\d+)$/, 'bin'),
    ...folders(at('/opt/homebrew/opt'), /^postgresql@(\d+)$/, 'bin'),
    ...folders(at('/usr/local/opt'), /^postgresql@(\d+)$/, 'bin'),
  ];
  return versions
    .filter(({ bin, major }) => major >= oldestPostgres && serverPrograms.every((name) => runnable(join(bin, name))))
    .sort((a, b) => a.major - b.major)[0];
}

function folders(parent: string, form: RegExp, below: string): Postgres[] {
  return namesIn(parent).flatMap((name) => {
    const major = form.exec(name)?.[1];
    return major ? [{ bin: join(parent, name, below), major: Number(major) }] : [];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @returns the path of `redis-server` */
export const findRedis = (machine?: Machine) => findProgram('redis-server', machine);

/** A program on PATH, or where system packages put programs that a user's PATH may lack. */
export function findProgram(name: string, machine: Machine = thisMachine()): string | undefined {
  const usual = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'].map((path) =>
    join(machine.root, path),
  );
  return [...machine.path.split(delimiter).filter(Boolean), ...usual]
    .map((folder) => join(folder, name))
    .find(runnable);
}

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether the machine has a user of that name; PostgreSQL refuses to run as root. */
export function hasUser(name: string, machine: Machine = thisMachine()): boolean {
  try {
    return readFileSync(join(machine.root, 'etc/passwd'), 'utf8')
      .split('\n')
      .some((line) => line.startsWith(`${name}:`));
  } catch {
    return false;
  }
}

/** The npm package that holds local-slack's program for this platform. */
export function localSlackPackage(platform: string = process.platform, arch: string = process.arch): string {
  return `local-slack-${platform === 'win32' ? 'windows' : platform}-${arch}`;
}

export function hasPackage(name: string): boolean {
  try {
    return Boolean(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)));
  } catch {
    return false;
  }
}
