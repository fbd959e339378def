import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, type Household } from '../household.ts';
import { toLocalSlackConfig, type Workspace } from './workspace.ts';

/** A private Slack: local-slack, reachable from this machine only, gone with its household. */
export interface Slack {
  /** The page for a browser, without a trailing slash. */
  readonly url: string;
  /** `slackApiUrl` for @slack/web-api and Bolt, `SLACK_API_URL` for pitcrew: with the trailing slash that they expect. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly workspace: Workspace;
  /** Its folder inside the household: config, uploaded files, browser profiles. */
  readonly folder: string;
  readonly household: Household;
  close(): Promise<void>;
}

export interface StartSlack {
  readonly household: Household;
  readonly workspace: Workspace;
  /** A free one when left out. */
  readonly port?: number;
  /** local-slack as it is, without `completions.preload.ts`. */
  readonly plain?: boolean;
  /** Goes on, with a warning, where local-slack turns out to listen on more than loopback. */
  readonly allowEveryInterface?: boolean;
}

const startSeconds = 20;

/**
 * Starts local-slack on 127.0.0.1.
 * @throws when it isn't installed, doesn't answer in time, or can be reached from another machine.
 */
export async function startSlack(options: StartSlack): Promise<Slack> {
  const { household, workspace } = options;
  const port = options.port ?? (await freePort());
  if (await reachable('127.0.0.1', port)) throw new Error(`port ${port} of 127.0.0.1 is in use`);
  const folder = join(household.folder, `slack-${port}`);
  mkdirSync(join(folder, 'files'), { recursive: true });
  const config = join(folder, 'workspace.json');
  writeFileSync(config, JSON.stringify(toLocalSlackConfig(workspace), null, 2));
  const here = dirname(fileURLToPath(import.meta.url));
  const name = `slack-${port}`;
  const flags = { config, port, 'base-host': '127.0.0.1', 'files-dir': join(folder, 'files') };
  const server = household.spawn(
    name,
    executable(),
    Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, `${value}`]),
    {
      // Relative to cwd, so that a space in the project's path doesn't cut the option in two.
      cwd: here,
      env: { PATH: process.env.PATH ?? '', TMPDIR: folder, BUN_OPTIONS: bunOptions(options.plain ?? false) },
    },
  );
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilItAnswers(server, url, join(household.folder, 'logs', `${name}.log`));
    await refuseStrangers(port, options.allowEveryInterface ?? false);
  } catch (error) {
    await stop(server);
    throw error;
  }
  const { botToken, appToken, signingSecret } = workspace.app;
  return {
    url,
    apiUrl: `${url}/api/`,
    botToken,
    appToken,
    signingSecret,
    workspace,
    folder,
    household,
    close: () => stop(server),
  };
}

const bunOptions = (plain: boolean) =>
  ['./loopback.preload.ts', ...(plain ? [] : ['./completions.preload.ts'])]
    .map((file) => `--preload ${file}`)
    .join(' ');

function executable(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `local-slack-${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin', 'local-slack');
  } catch (cause) {
    throw new Error(`the sandbox's Slack needs the npm package ${name}: run npm install ${name}`, { cause });
  }
}

async function untilItAnswers(server: ChildProcess, url: string, log: string): Promise<void> {
  let ended = false;
  server.once('exit', () => {
    ended = true;
  });
  server.once('error', () => {
    ended = true;
  });
  for (const deadline = Date.now() + startSeconds * 1000; Date.now() < deadline && !ended; await sleep(50)) {
    const answer = await fetch(`${url}/_control/state`).catch(() => undefined);
    if (answer?.ok && !ended) return;
  }
  const said = readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n');
  throw new Error(`local-slack ${ended ? 'ended at once' : `did not answer within ${startSeconds} s`}:\n${said}`);
}

/** local-slack checks no token, so whoever reaches its port is whoever they say they are. */
async function refuseStrangers(port: number, allowEveryInterface: boolean): Promise<void> {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .map(({ address }) => address);
  const open = (
    await Promise.all(outside.map(async (address) => ((await reachable(address, port)) ? address : '')))
  ).filter(Boolean);
  if (open.length === 0) return;
  const finding = `local-slack listens on ${open.join(', ')} too (port ${port}): anybody on that network can act as any user`;
  if (!allowEveryInterface) throw new Error(`${finding}. It was stopped; allowEveryInterface: true accepts it.`);
  console.warn(`${finding}.`);
}

function reachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || !server.pid) return;
  const exit = once(server, 'exit');
  server.kill('SIGTERM');
  const hard = setTimeout(() => server.kill('SIGKILL'), 2000);
  await exit;
  clearTimeout(hard);
}
