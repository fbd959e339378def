import type { ChildProcess } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort, type Household } from '../../household.ts';
import { accessRules, type Configuration, serverConfiguration } from './configuration.ts';
import { serverProgram } from './programs.ts';
import { asPostgres, giveToPostgres, run } from './run.ts';

/** One PostgreSQL server and its data. */
export interface Cluster {
  /** Holds `data/`, the configuration and the socket. */
  readonly folder: string;
  readonly dataFolder: string;
  /** What the server says, of earlier ones of that name too. */
  readonly logFile: string;
  /** 0 until the first start; kept afterwards. */
  readonly port: number;
  /** Writes the configuration, starts the server and returns when it accepts connections, recovery included. */
  start(configuration: Configuration): Promise<void>;
  /** Writes the configuration and has the server read it: what can change without a restart does. */
  reload(configuration: Configuration): Promise<void>;
  /** `fast` ends the sessions and checkpoints, `immediate` leaves it to recovery. */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  /** Runs `work` as the superuser over the socket. */
  asSuperuser<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

export interface ClusterOptions {
  readonly household: Household;
  readonly name: string;
  readonly folder: string;
  /** Taken if it is free: every instance has the same address, so two can't have the same port. */
  readonly wantedPort?: number | undefined;
}

/** A start that takes longer than this has failed; recovery of the sandbox's small data takes a second. */
const startSeconds = 60;
/** Point-in-time recovery may have the WAL of days before it. */
const recoverySeconds = 600;
const startAttempts = 3;
/** After that a fast stop becomes an immediate one. */
const stopSeconds = 10;

export function createCluster(options: ClusterOptions): Cluster {
  const { household, name, folder, wantedPort } = options;
  let port = 0;
  let server: ChildProcess | undefined;
  const stop = async (how: 'fast' | 'immediate') => {
    if (server) await end(server, how);
    server = undefined;
  };
  return {
    folder,
    dataFolder: join(folder, 'data'),
    logFile: join(household.folder, 'logs', `${name}.log`),
    get port() {
      return port;
    },
    stop,
    asSuperuser: (database, work) => withSuperuser(folder, port, database, work),
    async start(configuration) {
      const kept = port !== 0;
      for (let attempt = 1; attempt <= startAttempts; attempt++) {
        if (!kept) port = attempt === 1 && wantedPort && (await isFree(wantedPort)) ? wantedPort : await freePort();
        await configure(folder, port, configuration);
        server = launch(options);
        if (await comesUp(server, folder, port, configuration.recovery ? recoverySeconds : startSeconds)) return;
        await stop('immediate');
      }
      throw new Error(`PostgreSQL did not start: see ${name}.log of ${household.folder}/logs`);
    },
    async reload(configuration) {
      await configure(folder, port, configuration);
      if (server && runs(server)) server.kill('SIGHUP');
    },
    async remove() {
      await stop('immediate');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function withSuperuser<T>(
  folder: string,
  port: number,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  // A socket in a folder speaks no TLS, whatever PGSSLMODE says to the rest of this process.
  const login = { host: folder, port, user: 'rdsadmin', database, ssl: false };
  const client = new pg.Client({ ...login, connectionTimeoutMillis: 5000 });
  client.on('error', () => {}); // the server may go while a session is idle; the query in hand fails by itself
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

function launch({ household, name, folder }: ClusterOptions): ChildProcess {
  const args = ['-D', join(folder, 'data'), '-c', `config_file=${join(folder, 'postgresql.conf')}`];
  const server = household.spawn(name, serverProgram(household), args, {
    ...asPostgres,
    cwd: folder,
    env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
  });
  return server.on('error', () => {}); // a program that isn't there: it never comes up, and that is said
}

const runs = (server: ChildProcess) =>
  server.pid !== undefined && server.exitCode === null && server.signalCode === null;

/** While a server recovers it refuses sessions, and no standby is ever set up here: to get in means that recovery is over. */
async function comesUp(server: ChildProcess, folder: string, port: number, seconds: number): Promise<boolean> {
  for (const deadline = performance.now() + seconds * 1000; performance.now() < deadline && runs(server); ) {
    const accepts = withSuperuser(folder, port, 'postgres', (client) => client.query('SELECT 1'));
    if (await accepts.catch(() => undefined)) return true;
    await sleep(30);
  }
  return false;
}

async function end(server: ChildProcess, how: 'fast' | 'immediate'): Promise<void> {
  if (!runs(server)) return;
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
  const impatience = setTimeout(() => server.kill('SIGQUIT'), stopSeconds * 1000);
  await ended;
  clearTimeout(impatience);
}

async function configure(folder: string, port: number, configuration: Configuration) {
  const files = [join(folder, 'postgresql.conf'), join(folder, 'pg_hba.conf')] as const;
  await writeFile(files[0], serverConfiguration(folder, port, configuration));
  await writeFile(files[1], accessRules(configuration.parameters));
  await giveToPostgres(...files);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** A folder that belongs to the clusters' user. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await giveToPostgres(folder);
}

/** A copy of a whole data folder; blocks are shared where the file system can. */
export async function copyData(household: Household, from: string, to: string): Promise<void> {
  await run(household, 'cp', ['-a', '--reflink=auto', from, to], asPostgres);
}
