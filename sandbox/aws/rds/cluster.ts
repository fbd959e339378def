import type { ChildProcess } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort, type Household } from '../../household.ts';
import { accessRules, type Configuration, serverConfiguration } from './configuration.ts';
import { asPostgres, giveToPostgres, postgresPrograms, run } from './run.ts';

/** One PostgreSQL server and its data. */
export interface Cluster {
  /** Holds `data/`, the configuration and the socket. */
  readonly folder: string;
  readonly dataFolder: string;
  /** 0 until the first start; kept afterwards. */
  readonly port: number;
  /** Writes the configuration, starts the server and returns when it accepts connections, recovery included. */
  start(configuration: Configuration): Promise<void>;
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
const startAttempts = 3;

export function createCluster({ household, name, folder, wantedPort }: ClusterOptions): Cluster {
  const dataFolder = join(folder, 'data');
  let port = 0;
  let server: ChildProcess | undefined;

  const asSuperuser: Cluster['asSuperuser'] = async (database, work) => {
    const client = new pg.Client({ host: folder, port, user: 'rdsadmin', database, connectionTimeoutMillis: 5000 });
    client.on('error', () => {}); // the server may go while a session is idle; the query in hand fails by itself
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end().catch(() => {});
    }
  };

  const launch = async (configuration: Configuration) => {
    await configure(folder, port, configuration);
    const file = join(folder, 'postgresql.conf');
    const started = household.spawn(
      name,
      join(postgresPrograms, 'postgres'),
      ['-D', dataFolder, '-c', `config_file=${file}`],
      {
        ...asPostgres,
        cwd: folder,
        env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      },
    );
    let ended = false;
    const end = () => {
      ended = true;
    };
    started.once('exit', end).once('error', end);
    server = started;
    for (const deadline = performance.now() + startSeconds * 1000; performance.now() < deadline && !ended; ) {
      if (await accepts(asSuperuser)) return true;
      await sleep(30);
    }
    return false;
  };

  const stop = async (how: 'fast' | 'immediate') => {
    if (server?.exitCode === null && server.signalCode === null) {
      const child = server;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
      const impatience = setTimeout(() => child.kill('SIGQUIT'), 10_000);
      await ended;
      clearTimeout(impatience);
    }
    server = undefined;
  };

  return {
    folder,
    dataFolder,
    get port() {
      return port;
    },
    asSuperuser,
    async start(configuration) {
      const kept = port !== 0;
      for (let attempt = 1; attempt <= startAttempts; attempt++) {
        if (!kept) port = attempt === 1 && wantedPort && (await isFree(wantedPort)) ? wantedPort : await freePort();
        if (await launch(configuration)) return;
        await stop('immediate');
      }
      throw new Error(`PostgreSQL did not start: see ${name}.log of ${household.folder}/logs`);
    },
    stop,
    async remove() {
      await stop('immediate');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function configure(folder: string, port: number, configuration: Configuration) {
  const files = [join(folder, 'postgresql.conf'), join(folder, 'pg_hba.conf')] as const;
  await writeFile(files[0], serverConfiguration(folder, port, configuration));
  await writeFile(files[1], accessRules(configuration.parameters));
  await giveToPostgres(...files);
}

/** While a server recovers it refuses sessions, and no standby is ever set up here: to get in means that recovery is over. */
const accepts = (asSuperuser: Cluster['asSuperuser']) =>
  asSuperuser('postgres', (client) => client.query('SELECT 1')).then(
    () => true,
    () => false,
  );

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
