import { once } from 'node:events';
import { chown } from 'node:fs/promises';
import { type Household, postgresUser } from '../../household.ts';

/** Where Debian's packages put the server's programs. */
export const postgresPrograms = '/usr/lib/postgresql/15/bin';

/** The user that owns every cluster; the household drops root for him. */
export const asPostgres = { as: 'postgres' } as const;

export interface RunOptions {
  readonly as?: 'postgres' | 'self';
  readonly cwd?: string;
  /** Says whether a failure's line on stderr is one that can be lived with. */
  readonly tolerates?: (line: string) => boolean;
}

/**
 * Runs a program of the household to its end and returns its standard output.
 * @throws Error with the program's own words when it fails
 */
export async function run(
  household: Household,
  command: string,
  args: readonly string[],
  { tolerates = () => false, ...options }: RunOptions = {},
): Promise<string> {
  const child = household.spawn('rds', command, args, {
    ...options,
    // Nothing else: a PGSSLMODE or PGHOST of whoever started the sandbox is not meant for the inside of RDS.
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  const [code] = await once(child, 'close');
  const complaints = Buffer.concat(errors).toString('utf8').split('\n').filter(Boolean);
  if (code !== 0 && !(complaints.length > 0 && complaints.every(tolerates))) {
    throw new Error(`${command} ended with ${code}: ${complaints.slice(-5).join(' / ')}`);
  }
  return Buffer.concat(output).toString('utf8');
}

/** Makes the clusters' user the owner, where this process is root. */
export async function giveToPostgres(...paths: readonly string[]): Promise<void> {
  const owner = postgresUser();
  if (!('uid' in owner)) return;
  for (const path of paths) await chown(path, owner.uid, owner.gid);
}
