import { userError } from '../domain/errors.ts';
import type { Environment } from '../domain/settings.ts';
import { commandTexts } from '../messages/commands.ts';
import { listBackups } from '../requests/list-backups.ts';
import { allowedChannels, environmentOfChannel, isAllowed } from './channels.ts';
import { askCleanup } from './cleanup.ts';
import { tellLastGood } from './find.ts';
import { healthOf } from './health.ts';
import { tellHistory } from './history.ts';
import { linksTo } from './links.ts';
import { incidentMoment, orderAt, toMoment } from './moments.ts';
import { type Command, parseCommand } from './parse-command.ts';
import { openPitrDialog } from './pitr-dialog.ts';
import { record } from './record.ts';
import { tellReport } from './report.ts';
import { askRescue } from './rescue.ts';
import { openRestoreDialog } from './restore-dialog.ts';
import { askRollback } from './rollback.ts';
import { errorLine, said } from './views/answers.ts';
import { commandHelp, helpView } from './views/help.ts';
import { listView } from './views/list.ts';
import { chooseEnvironmentModal, confirmRestoreModal, longestValue, snapshotModal } from './views/modals.ts';
import { confirmPitrModal } from './views/pitr-modal.ts';
import { statusView } from './views/status.ts';
import { whereItStands } from './views/where-it-stands.ts';
import { environmentNamed, type Handling, openModal, type Visit, within } from './visit.ts';
import { operationTyped, typedWayOut } from './ways-out.ts';

/** A private answer is not kept waiting for its links. */
const linksWithinMs = 1_500;

/** A slash command, as far as pitcrew reads it. */
export interface Typed {
  readonly text: string;
  readonly triggerId: string;
  readonly channelName: string;
}

/** Understands what was typed and does it; whatever goes wrong is thrown to whoever guards this. */
export async function handleCommand(given: Handling, visit: Visit, typed: Typed): Promise<void> {
  const { settings } = given;
  const environments = Object.keys(settings.environments);
  const name = await channelName(given, visit.channel, typed.channelName);
  if (!isAllowed(settings, { id: visit.channel, name }))
    throw userError('slack.channel-not-allowed', { allowed: allowedChannels(settings) });
  const channelEnvironment = environmentOfChannel(settings, visit.channel);
  const parsed = parseCommand(typed.text, { environments, ...(channelEnvironment ? { channelEnvironment } : {}) });
  if ('command' in parsed) return perform(given, visit, typed, parsed.command);
  const line = errorLine(parsed.fault, visit.locale);
  await visit.tell(parsed.fault.code === 'command.unknown' ? helpView(environments, visit.locale, line) : said(line));
}

/** The name of a private channel is hidden in a slash command's payload (docs.slack.dev, "Slash commands"). */
async function channelName({ client }: Handling, channel: string, given: string): Promise<string> {
  if (given !== 'privategroup') return given;
  const answer = await client.conversations.info({ channel }).catch(() => undefined);
  return answer?.channel?.name ?? given;
}

async function perform(given: Handling, visit: Visit, typed: Typed, command: Command): Promise<void> {
  const { locale, tell } = visit;
  switch (command.name) {
    case 'help':
      return tell(
        command.about ? commandHelp(command.about, locale) : helpView(Object.keys(given.settings.environments), locale),
      );
    case 'list':
      return list(given, visit, command.environment);
    case 'history':
      return tellHistory(given, visit, environmentsOf(given, command.environment));
    case 'find':
      return tellLastGood(given, visit, command);
    case 'verify':
      return verify(given, visit, typed, command);
    case 'report':
      return tellReport(given, visit, command.operation);
    case 'status':
      return command.operation === undefined ? status(given, visit) : statusOf(given, visit, command.operation);
    case 'cancel':
    case 'retry':
    case 'supersede':
      return typedWayOut(given, visit, typed.triggerId, command.name, command.operation);
    case 'rollback':
      return askRollback(given, visit, typed.triggerId, command.operation, command.reason);
    case 'rescue':
      return askRescue(given, visit, typed.triggerId, command, environmentOfChannel(given.settings, visit.channel));
    case 'cleanup':
      return askCleanup(given, visit, typed.triggerId, command);
    case 'snapshot':
      return snapshot(given, visit, typed, command);
    case 'dump':
      return dump(given, visit, typed, command);
    case 'adopt':
      return adopt(given, visit, typed, command);
    case 'restore':
      return restore(given, visit, typed, command);
    case 'pitr':
      return pitr(given, visit, typed, command);
    default: {
      const never: never = command;
      return never;
    }
  }
}

function environmentsOf({ settings }: Handling, name: string | undefined): readonly Environment[] {
  return Object.values(settings.environments).filter((one) => name === undefined || one.name === name);
}

async function list(given: Handling, { tell, locale, now }: Visit, name: string | undefined): Promise<void> {
  const { listAllRecoveryPoints: allRecoveryPoints, listWindows: windows, listDumps: dumps, listStandings } = given;
  const sources = { allRecoveryPoints, windows, dumps, standings: listStandings };
  const listed = await Promise.all(environmentsOf(given, name).map((one) => listBackups(sources, one)));
  await tell(listView(listed, now, locale));
}

/** There is nothing to choose but the environment, so bare it is the channel's, or is asked for by its name. */
async function dump(
  given: Handling,
  visit: Visit,
  { triggerId }: Typed,
  { environment, reason = '' }: Command & { readonly name: 'snapshot' | 'dump' },
): Promise<void> {
  const names = Object.keys(given.settings.environments);
  const only = environment ?? (names.length === 1 ? names[0] : undefined);
  if (only === undefined)
    throw userError('command.environment-missing', { known: names, example: commandTexts.dump.examples[0] ?? '' });
  await record(given, visit, { delivery: triggerId, operation: 'dump', environment: only, args: {}, reason });
}

async function verify(
  given: Handling,
  visit: Visit,
  { triggerId }: Typed,
  { environment, instance, deep, reason = '' }: Command & { readonly name: 'verify' },
): Promise<void> {
  const names = Object.keys(given.settings.environments);
  const only = environment ?? (names.length === 1 ? names[0] : undefined);
  if (only === undefined)
    throw userError('command.environment-missing', { known: names, example: commandTexts.verify.examples[0] ?? '' });
  const args = { deep, ...(instance === undefined ? {} : { instance }) };
  await record(given, visit, { delivery: triggerId, operation: 'verify', environment: only, args, reason });
}

async function adopt(
  given: Handling,
  visit: Visit,
  { triggerId }: Typed,
  { environment, object, reason = '' }: Command & { readonly name: 'adopt' },
): Promise<void> {
  const [, example = ''] = commandTexts.adopt.examples;
  if (environment === undefined || object === undefined) throw userError('command.object-missing', { example });
  await record(given, visit, { delivery: triggerId, operation: 'adopt', environment, args: { object }, reason });
}

async function status(given: Handling, { tell, locale, now }: Visit): Promise<void> {
  const [open, environments] = await Promise.all([
    given.requests.open(),
    Promise.all(environmentsOf(given, undefined).map((environment) => healthOf(given, environment))),
  ]);
  const links = await within(linksTo(given, open), linksWithinMs);
  await tell(statusView(open, environments, now, locale, links));
}

async function statusOf(given: Handling, visit: Visit, id: string): Promise<void> {
  const state = await given.requests.state(operationTyped(id));
  const plan = state.plan ? await given.requests.plan(state.plan.digest) : undefined;
  const environment = environmentNamed(given, state.request?.environment);
  const { locale, now } = visit;
  await visit.tell(
    whereItStands({
      state,
      waiting: [],
      locale,
      now,
      ...(plan ? { plan } : {}),
      ...(environment ? { environment } : {}),
    }),
  );
}

async function snapshot(
  given: Handling,
  visit: Visit,
  { triggerId }: Typed,
  { environment, reason = '' }: Command & { readonly name: 'snapshot' | 'dump' },
): Promise<void> {
  if (environment === undefined) {
    const names = Object.keys(given.settings.environments);
    await openModal(given, triggerId, snapshotModal({ channel: visit.channel }, names, visit.locale));
    return;
  }
  await record(given, visit, { delivery: triggerId, operation: 'snapshot', environment, args: {}, reason });
}

async function restore(
  given: Handling,
  visit: Visit,
  { triggerId }: Typed,
  { environment: name, from, mode, incident, order, onFailure, reason }: Command & { readonly name: 'restore' },
): Promise<void> {
  const { channel, locale } = visit;
  const environment = environmentNamed(given, name);
  if (!environment) {
    await openModal(
      given,
      triggerId,
      chooseEnvironmentModal({ channel }, Object.keys(given.settings.environments), locale),
    );
    return;
  }
  // A time that can't be read is told before anything else is asked.
  const began = incidentMoment(incident, { environment, ...visit });
  if (from !== undefined && reason !== undefined) {
    const policy = onFailure ?? environment.restore.onFailure;
    const typed = {
      channel,
      environment: environment.name,
      from,
      ...(mode ? { mode } : {}),
      order: order ?? environment.restore.order,
      onFailure: policy,
      reason,
      ...(began ? { incident: began } : {}),
    };
    await openModal(given, triggerId, confirmRestoreModal(typed, locale));
    return;
  }
  // A menu can't hold it, and would choose something else.
  if (from?.includes('/') && from.length > longestValue) throw userError('command.long-key-needs-reason');
  const typed = {
    ...(from ? { from } : {}),
    ...(mode ? { mode } : {}),
    ...(incident ? { incident } : {}),
    ...(order ? { order } : {}),
    ...(onFailure ? { onFailure } : {}),
    ...(reason ? { reason } : {}),
  };
  await openRestoreDialog(given, visit, triggerId, environment, typed);
}

async function pitr(
  given: Handling,
  visit: Visit,
  { triggerId }: Typed,
  { environment: name, to, incident, order, onFailure, reason }: Command & { readonly name: 'pitr' },
): Promise<void> {
  const { channel, locale } = visit;
  const environment = environmentNamed(given, name);
  if (!environment) {
    const names = Object.keys(given.settings.environments);
    await openModal(given, triggerId, chooseEnvironmentModal({ channel }, names, locale, 'pitr-environment'));
    return;
  }
  const moment = to === undefined ? undefined : toMoment(to, { environment, ...visit });
  const began = incidentMoment(incident, { environment, ...visit });
  if (moment && reason !== undefined) {
    const policy = onFailure ?? environment.restore.onFailure;
    const typed = {
      channel,
      environment: environment.name,
      order: orderAt(moment.args.to, order, environment.restore.order),
      onFailure: policy,
      reason,
      ...(began ? { incident: began } : {}),
    };
    await openModal(given, triggerId, confirmPitrModal({ ...typed, to: moment.args, line: moment.line }, locale));
    return;
  }
  const typed = {
    ...(to ? { to } : {}),
    ...(incident ? { incident } : {}),
    ...(order ? { order } : {}),
    ...(onFailure ? { onFailure } : {}),
    ...(reason ? { reason } : {}),
  };
  await openPitrDialog(given, visit, triggerId, environment, typed);
}
