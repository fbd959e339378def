#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compose, type Role } from './compose.ts';
import { readEnvironment } from './config/environment.ts';
import { ConfigError, describeFault, problem } from './config/fault.ts';
import { loadSettings } from './config/load.ts';
import { PitcrewError } from './domain/errors.ts';
import { describeError } from './messages/index.ts';
import { createLog } from './observability/log.ts';

const usage = `pitcrew backs up and restores production databases from Slack.

usage: pitcrew <command>

  start          the bot and a worker in one process (the default)
  bot            only Slack: takes requests and votes, keeps the cards
  worker         only the work: plans, runs, verifies
  check-config   reads pitcrew.yaml and the environment, names every fault at once

options:
  --config FILE  the configuration; else PITCREW_CONFIG, else ./pitcrew.yaml
  --help         this text
  --version      the version

exit codes: 0 well · 1 failed · 2 wrong usage or configuration

It reads SLACK_BOT_TOKEN, SLACK_APP_TOKEN (or SLACK_SIGNING_SECRET and PORT), REDIS_URL and the standard variables of
the AWS and Kubernetes clients.
`;

const commands = ['start', 'bot', 'worker', 'check-config'] as const;
type Command = (typeof commands)[number];

async function main(): Promise<number> {
  const given = readArguments();
  if (typeof given === 'number') return given;
  const { command, config } = given;
  const role: Role = command === 'check-config' ? 'start' : command;
  const environment = readEnvironment(
    { ...process.env, ...(config ? { PITCREW_CONFIG: config } : {}) },
    { slack: role !== 'worker', redis: true },
  );
  const settings = loadSettings(read(environment.configPath));
  if (command === 'check-config') {
    console.log(`${environment.configPath}: no fault. Environments: ${Object.keys(settings.environments).join(', ')}`);
    return 0;
  }
  const log = createLog({ level: environment.logLevel });
  const pitcrew = await compose({ role, settings, environment, log, variables: process.env });
  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve(name));
  });
  log.info({ signal }, 'stopping');
  await pitcrew.stop();
  return 0;
}

function readArguments(): { command: Command; config: string | undefined } | number {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    });
    if (values.version) {
      const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
        version: string;
      };
      console.log(version);
      return 0;
    }
    const [command = 'start', ...rest] = positionals;
    if (values.help || command === 'help') {
      console.log(usage);
      return 0;
    }
    const known = commands.find((one) => one === command);
    if (known && rest.length === 0) return { command: known, config: values.config };
    console.error(`pitcrew has no command "${positionals.join(' ')}".\n\n${usage}`);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
  return 2;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError([
      {
        path,
        problem: problem('unreadable-file', {}),
        example: 'PITCREW_CONFIG=/etc/pitcrew/pitcrew.yaml, or --config FILE',
      },
    ]);
  }
}

try {
  process.exit(await main());
} catch (error) {
  if (error instanceof ConfigError) {
    for (const fault of error.faults) console.error(describeFault('en', fault));
    process.exit(2);
  }
  if (error instanceof PitcrewError) {
    const { what, hint } = describeError('en', error);
    console.error(`${what}\n${hint} (${error.code})`);
    if (error.kind === 'bug' && error.cause) console.error(error.cause);
  } else console.error(error);
  process.exit(1);
}
