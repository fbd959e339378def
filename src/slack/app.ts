import type { SlackViewAction } from '@slack/bolt';
import { App, HTTPReceiver, type Logger, LogLevel, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { spokenIn } from '../domain/settings.ts';
import { interactionClient, type SlackAccess, type SlackLog } from './access.ts';
import { humanOf } from './directory.ts';
import { cardActions, handleButton } from './handle-button.ts';
import { handleCommand } from './handle-command.ts';
import { checkSubmission, handleSubmission, type Submitted } from './handle-modal.ts';
import { publishHome } from './home.ts';
import { type InHand, inHand } from './in-hand.ts';
import { type Listener, privately, type RespondMessage } from './privately.ts';
import { guarded, type Handling, localeFor, nowOf, type Visit } from './visit.ts';

export interface SlackAppDependencies extends Omit<Handling, 'client' | 'now'> {
  readonly access: SlackAccess;
  readonly now?: () => Date;
}

export interface SlackApp {
  /** @throws when Slack refuses the tokens or can't be reached */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** After a `disconnect` Socket Mode is deaf for 5 s or more: two connections aren't deaf at once. */
const socketConnections = 2;

/** Commands that are worked on at once; each may wait for S3 and Slack. Buttons and modals are decisions: they don't queue. */
const mostCommands = 32;

/** The bot's ears: commands, buttons and modals, handed to the use cases. */
export function createSlackApp({ access, now, ...rest }: SlackAppDependencies): SlackApp {
  const given: Handling = { ...rest, client: interactionClient(access), now: now ?? (() => new Date()) };
  const count = access.connection.kind === 'socket' ? socketConnections : 1;
  const commands = inHand(mostCommands);
  const apps = Array.from({ length: count }, () => bolt(access, given, commands));
  return {
    async start() {
      const { connection } = access;
      await Promise.all(
        apps.map((app) => (connection.kind === 'http' ? app.start(listenOptions(connection)) : app.start())),
      );
    },
    async stop() {
      await Promise.all(apps.map((app) => app.stop()));
    },
  };
}

const listenOptions = ({ port, host }: SlackAccess['connection'] & { readonly kind: 'http' }) => ({
  port,
  ...(host ? { host } : {}),
});

function bolt(access: SlackAccess, given: Handling, commands: InHand): App {
  const logger = boltLogger(given.log);
  const app = new App({
    receiver: receiverOf(access, logger),
    logger,
    // The answer is in the access already: no call to Slack stands between a click and its acknowledgement.
    authorize: async () => ({ botToken: access.botToken.reveal() }),
    ignoreSelf: false,
    clientOptions: { retryConfig: { retries: 0 }, ...(access.apiUrl ? { slackApiUrl: access.apiUrl } : {}) },
  });
  listen(app, given, commands);
  listenToHome(app, given);
  app.error(async (error) => given.log.error('a Slack payload could not be handled', { error }));
  return app;
}

function receiverOf({ connection, apiUrl }: SlackAccess, logger: Logger): Receiver {
  if (connection.kind === 'http')
    return new HTTPReceiver({ signingSecret: connection.signingSecret.reveal(), port: connection.port, logger });
  // Options of its own: this client must come back after any outage, where the listeners' must give up at once.
  const clientOptions = {
    ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
    timeout: 10_000,
    retryConfig: { forever: true, minTimeout: 500, factor: 1.3, maxTimeout: 10_000 },
  };
  return new SocketModeReceiver({
    appToken: connection.appToken.reveal(),
    logger,
    installerOptions: { clientOptions },
  });
}

function listen(app: App, given: Handling, commands: InHand): void {
  app.command(given.settings.slack.commands, async ({ ack, body, respond }) => {
    await ack();
    const who = { user: body.user_id, team: body.team_id, channel: body.channel_id, respond: asRespond(respond) };
    const typed = { text: body.text ?? '', triggerId: body.trigger_id, channelName: body.channel_name };
    await commands(async () => {
      const visit = await visitOf(given, who);
      await guarded(given, visit, 'command', () => handleCommand(given, visit, typed));
    });
  });

  for (const action of cardActions)
    app.action({ type: 'block_actions', action_id: action }, async ({ ack, body, respond, action: pressed }) => {
      await ack();
      const { user, team, trigger_id: triggerId } = body;
      const channel = body.channel?.id ?? '';
      const from = { user: user.id, team: user.team_id ?? team?.id ?? '', channel, respond: asRespond(respond) };
      const visit = await visitOf(given, from);
      const value = pressed.type === 'button' ? (pressed.value ?? '') : '';
      await guarded(given, visit, action, () =>
        handleButton(given, visit, { action, value, triggerId: triggerId ?? '' }),
      );
    });

  app.view(/.*/, async ({ ack, body, view }) => {
    if (body.type !== 'view_submission') return ack();
    const submitted = submittedOf(view);
    const from = {
      user: body.user.id,
      team: body.user.team_id ?? body.team?.id ?? '',
      channel: submitted.carried.channel ?? '',
    };
    // In what language makes no difference to whether it is well: only who made a mistake is waited for.
    if (checkSubmission(submitted, spokenIn(given.settings), given).kind === 'close') await ack();
    const visit = await visitOf(given, from);
    const answer = checkSubmission(submitted, visit.locale, given);
    if (answer.kind === 'errors') return ack({ response_action: 'errors', errors: answer.errors });
    if (answer.kind === 'update') await ack({ response_action: 'update', view: answer.view });
    await guarded(given, visit, submitted.callback, () => handleSubmission(given, visit, submitted));
  });
}

/** Bolt acknowledges events by itself, before this runs. */
function listenToHome(app: App, given: Handling): void {
  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return;
    try {
      await publishHome(given, event.user, body.team_id);
    } catch (error) {
      given.log.warn('the Home tab could not be drawn', { user: event.user, error });
    }
  });
}

type Respond = NonNullable<Listener['respond']>;
const asRespond =
  (respond: (message: RespondMessage) => Promise<unknown>): Respond =>
  (message) =>
    respond(message);

async function visitOf(given: Handling, from: Listener & { readonly team: string }): Promise<Visit> {
  const { user, team, channel } = from;
  return {
    human: humanOf(team, user),
    team,
    channel,
    locale: await localeFor(given, user),
    now: nowOf(given),
    tell: privately(given.client, given.log, from),
  };
}

type View = SlackViewAction['view'];

/** Answers by block, each of one kind; what has another shape is left out and so counts as not answered. */
function submittedOf(view: View): Submitted {
  const answers: Record<string, string> = {};
  for (const [block, fields] of Object.entries(view.state.values)) {
    const [field] = Object.values(fields);
    const value = field?.value ?? field?.selected_option?.value;
    if (typeof value === 'string') answers[block] = value;
  }
  return { callback: view.callback_id, viewId: view.id, answers, carried: carriedOf(view.private_metadata) };
}

function carriedOf(metadata: string): Readonly<Record<string, string>> {
  try {
    const parsed: unknown = JSON.parse(metadata || '{}');
    if (typeof parsed !== 'object' || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).filter(([, value]) => typeof value === 'string'));
  } catch {
    return {};
  }
}

/** Bolt's own words go to our log; what it says at debug level holds payloads and stays away from it. */
function boltLogger(log: SlackLog): Logger {
  const fields = (words: readonly unknown[]) => ({
    details: words
      .map((word) => (word instanceof Error ? word.name : String(word)))
      .join(' ')
      .slice(0, 500),
  });
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...words: unknown[]) => log.warn('Bolt warns', fields(words)),
    error: (...words: unknown[]) => log.error('Bolt reports an error', fields(words)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
