#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { readOrder } from './cli/read-order.ts';
import { type Given, readArguments } from './config/arguments.ts';
import { type Checked, checkConfiguration } from './config/check.ts';
import type { Provided } from './config/environment.ts';
import { describeReport, isFaultless, type Report, reportObject } from './config/report.ts';
import { PitcrewError } from './domain/errors.ts';
import type { Locale } from './domain/people.ts';
import type { LookEnd } from './inspection/recorder.ts';
import { describeError, describeFinding } from './messages/index.ts';
import { lookTexts, progressTexts } from './messages/inspection.ts';
import { commandHelp, usageText } from './messages/terminal.ts';
import { createLog } from './observability/log.ts';

type Of<Kind extends Given['kind']> = Extract<Given, { readonly kind: Kind }>;
type Ready = Checked<Provided<{ slack: false; redis: true }>>;

const readUtf8 = (path: string) => readFileSync(path, 'utf8');

/** @returns the exit code: 0 well, 1 failed or faults found, 2 wrong usage */
async function main(given: Given): Promise<number> {
  switch (given.kind) {
    case 'help':
      console.log(given.about ? commandHelp(given.locale, given.about) : usageText(given.locale));
      return 0;
    case 'version':
      console.log(version());
      return 0;
    case 'wrong':
      console.error(given.why);
      return 2;
    case 'check-config':
      return check(given);
    case 'run':
      return run(given);
    default: {
      const never: never = given;
      return never;
    }
  }
}

const version = () =>
  (JSON.parse(readUtf8(new URL('../package.json', import.meta.url).pathname)) as { version: string }).version;

function configuration({ role, config }: Of<'run' | 'check-config'>): Ready {
  const variables = { ...process.env, ...(config === undefined ? {} : { PITCREW_CONFIG: config }) };
  return checkConfiguration(variables, { slack: role !== 'worker', redis: true }, readUtf8);
}

const reportOf = ({ file, faults, notices, usable }: Ready): Report => ({
  file,
  faults,
  notices,
  environments: Object.keys(usable?.settings.environments ?? {}),
});

async function check(given: Of<'check-config'>): Promise<number> {
  const checked = configuration(given);
  const { locale, json } = given;
  // A file with faults names nothing that could be asked about.
  const live = given.live && checked.usable ? await askServices(locale, checked.usable) : undefined;
  const report = { ...reportOf(checked), ...(live ? { live } : {}) };
  console.log(json ? JSON.stringify(reportObject(locale, report), null, 2) : describeReport(locale, report));
  return isFaultless(report) ? 0 : 1;
}

/** What the real services say, while lines of progress go to standard error. */
async function askServices(locale: Locale, { environment, settings }: NonNullable<Ready['usable']>) {
  const { checkLive } = await import('./compose-check.ts');
  const count = Object.keys(settings.environments).length;
  console.error(progressTexts.begins(locale, { count }));
  const ends: LookEnd[] = [];
  const onEnd = (end: LookEnd) => {
    ends.push(end);
    console.error(progressLine(locale, end));
  };
  const { faults, remarks } = await checkLive({ settings, environment, variables: process.env, onEnd });
  return {
    looks: ends.map(({ path, what, ok }) => ({ path, ok, what: lookTexts[what](locale) })),
    findings: faults.map(({ path, error }) => ({ path, code: error.code, ...describeError(locale, error) })),
    remarks: remarks.map(({ path, note }) => ({ path, what: describeFinding(locale, note.code, note.params) })),
  };
}

const progressLine = (locale: Locale, { path, what, ok, seconds }: LookEnd) =>
  progressTexts.line(locale, {
    mark: progressTexts[ok ? 'ok' : 'fault'](locale),
    path,
    what: lookTexts[what](locale),
    seconds: seconds.toFixed(1),
  });

async function run(given: Of<'run'>): Promise<number> {
  const checked = configuration(given);
  const { usable, notices } = checked;
  if (!usable) {
    console.error(describeReport(given.locale, reportOf(checked)));
    return 1;
  }
  const { environment, settings } = usable;
  const log = createLog({ level: environment.logLevel });
  for (const { path, what } of notices) log.warn({ path, what: what('en') }, 'not in force in this release');
  // Only what runs needs the clients: a check of the file or a help text is there at once.
  const { compose } = await import('./compose.ts');
  const pitcrew = await compose({ role: given.role, settings, environment, log, variables: process.env });
  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve(name));
  });
  log.info({ signal }, 'stopping');
  await pitcrew.stop();
  return 0;
}

/** `pitcrew job`: what a Kubernetes Job of pitcrew runs. Nobody types it, so no help names it. @returns the exit code */
async function job(): Promise<number> {
  const { runJob } = await import('./compose-job.ts');
  const stopped = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopped.abort());
  return (await runJob(process.env, stopped.signal)) ? 0 : 1;
}

function tell(locale: Locale, error: unknown): void {
  if (!(error instanceof PitcrewError)) {
    console.error(error);
    return;
  }
  const { what, hint } = describeError(locale, error);
  console.error(`${what}\n${hint} (${error.code})`);
  if (error.kind === 'bug' && error.cause) console.error(error.cause);
}

/** An operation's command, from this terminal. @returns the exit code, see docs/terminal.md */
async function operate(read: NonNullable<ReturnType<typeof readOrder>>): Promise<number> {
  const { locale, json } = read;
  if (read.kind === 'help') console.log(read.text);
  if (read.kind === 'wrong') console.error(read.why);
  if (read.kind !== 'order') return read.kind === 'help' ? 0 : 2;
  const { config } = read.order.values;
  const variables = { ...process.env, ...(config === undefined ? {} : { PITCREW_CONFIG: config }) };
  const checked = checkConfiguration(variables, { slack: false, redis: false }, readUtf8);
  if (!checked.usable) {
    const { file, faults, notices } = checked;
    console.error(describeReport(locale, { file, faults, notices, environments: [] }));
    return 1;
  }
  const { runOrder } = await import('./compose-cli.ts');
  return runOrder({ settings: checked.usable.settings, variables, order: read.order, locale, json });
}

const words = process.argv.slice(2);
const order = readOrder(words, process.env);
const given = readArguments(words, process.env);
try {
  process.exit(await (words[0] === 'job' ? job() : order ? operate(order) : main(given)));
} catch (error) {
  tell((order ?? given).locale, error);
  process.exit(1);
}
