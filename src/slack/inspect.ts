import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { permanent, retryable } from '../domain/errors.ts';
import type { Inspector } from '../domain/inspection.ts';
import type { Settings } from '../domain/settings.ts';
import { notificationClient, type SlackAccess } from './access.ts';
import { createDirectory, humanOf } from './directory.ts';

/** What the manifest asks for: every call of the bot has its scope here. */
export const botScopes: readonly string[] = [
  'commands',
  'chat:write',
  'channels:history',
  'channels:read',
  'files:write',
  'groups:history',
  'groups:read',
  'im:write',
  'users:read',
  'usergroups:read',
];

/** Whether Slack takes the tokens, and knows the people, groups and channels that the config names. Posts nothing. */
export async function inspectSlack(inspector: Inspector, access: SlackAccess, settings: Settings): Promise<void> {
  const client = notificationClient(access);
  const [bot] = await Promise.all([
    inspector.look('SLACK_BOT_TOKEN', 'token', () => asked(() => client.auth.test())),
    inspectSocket(inspector, access),
  ]);
  if (!bot) return;
  const lacking = lackingScopes(bot.response_metadata?.scopes);
  if (lacking.length > 0)
    inspector.note('SLACK_BOT_TOKEN', permanent('inspection.scopes-missing', { scopes: lacking.join(', ') }));
  await inspectPeople(inspector, client, settings, bot.team_id ?? '');
  await inspectChannels(inspector, client, settings);
}

/** Slack lists the scopes with every answer; something else than Slack may not. */
const lackingScopes = (given: readonly string[] | undefined) =>
  given ? botScopes.filter((scope) => !given.includes(scope)) : [];

/** Asking for a socket's address opens none. */
async function inspectSocket(inspector: Inspector, { connection, apiUrl }: SlackAccess): Promise<void> {
  if (connection.kind !== 'socket') return;
  const client = new WebClient(connection.appToken.reveal(), {
    timeout: 10_000,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
  });
  await inspector.look('SLACK_APP_TOKEN', 'app-token', () => asked(() => client.apps.connections.open({})));
}

async function inspectPeople(inspector: Inspector, client: WebClient, { people }: Settings, team: string) {
  const directory = createDirectory({ client, log: { warn: () => {} } });
  const { approvers, breakGlass } = people;
  const users = [
    ...approvers.users.map((user, i) => ({ user, path: `people.approvers.users[${i}]` })),
    ...breakGlass.users.map((user, i) => ({ user, path: `people.breakGlass.users[${i}]` })),
  ];
  for (const { user, path } of users)
    await inspector.look(path, 'person', async () => {
      const rejected = await directory.rejects(humanOf(team, user));
      if (rejected) throw permanent(rejected, { user });
    });
  for (const [i, group] of approvers.groups.entries())
    await inspector.look(`people.approvers.groups[${i}]`, 'group', async () => {
      const members = await directory.groupMembers(group);
      if (members.length === 0) throw permanent('inspection.nobody-in-group', { group });
    });
}

async function inspectChannels(inspector: Inspector, client: WebClient, { environments }: Settings) {
  for (const [name, { channels }] of Object.entries(environments)) {
    const at = `environments.${name}.channels`;
    const named = [
      { channel: channels.incident, path: `${at}.incident` },
      ...channels.stakeholders.map((channel, i) => ({ channel, path: `${at}.stakeholders[${i}]` })),
      ...(channels.audit ? [{ channel: channels.audit, path: `${at}.audit` }] : []),
    ];
    for (const { channel, path } of named) await inspector.look(path, 'channel', () => isOpenTo(client, channel));
  }
}

async function isOpenTo(client: WebClient, channel: string): Promise<void> {
  const answer = await client.conversations.info({ channel }).catch((error: unknown) => {
    throw slackWord(error) === 'channel_not_found'
      ? permanent('inspection.no-channel', { channel }, error)
      : told(error);
  });
  if (answer.channel?.is_archived) throw permanent('inspection.channel-archived', { channel });
  if (answer.channel?.is_member === false) throw permanent('inspection.not-in-channel', { channel });
}

async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw told(error);
  }
}

/** Slack's own word for what is wrong (docs.slack.dev, "Errors" of each method); undefined where it gave no answer. */
const slackWord = (error: unknown) => (error instanceof WebAPIPlatformError ? error.data.error : undefined);

function told(error: unknown) {
  const word = slackWord(error);
  if (word) return permanent('inspection.slack-refuses', { error: word }, error);
  return retryable('inspection.slack-silent', { error: error instanceof Error ? error.name : 'unknown' }, error);
}
