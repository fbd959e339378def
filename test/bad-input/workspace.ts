import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import type { Locale } from '../../src/domain/people.ts';
import type { Settings } from '../../src/domain/settings.ts';
import type { Requests } from '../../src/requests/requests.ts';
import { createDirectory, humanOf, type SlackDirectory } from '../../src/slack/directory.ts';
import { handleCommand } from '../../src/slack/handle-command.ts';
import type { Message } from '../../src/slack/views/blocks.ts';
import { guarded, type Handling } from '../../src/slack/visit.ts';

const { teamId: team } = sandboxWorkspace;

/** Accounts that Slack tells apart, beside the workspace's own people. */
const accounts: Readonly<Record<string, object>> = {
  ...Object.fromEntries(Object.values(sandboxWorkspace.users).map(({ id }) => [id, {}])),
  U0BOT: { is_bot: true },
  U0GUEST: { is_restricted: true },
  U0LEFT: { deleted: true },
  U0PARTNER: { team_id: 'T0PARTNER', is_stranger: true },
};

const refused = (error: string) =>
  Object.assign(Object.create(WebAPIPlatformError.prototype) as WebAPIPlatformError, { data: { ok: false, error } });

/** pitcrew's own directory over a Slack that knows these accounts; of `U0SILENT` it says nothing. */
export function directory(): SlackDirectory {
  const client = {
    auth: { test: async () => ({ ok: true, team_id: team }) },
    users: {
      info: async ({ user }: { user: string }) => {
        if (user === 'U0SILENT') throw new Error('socket hang up');
        if (!Object.hasOwn(accounts, user)) throw refused('user_not_found');
        return { ok: true, user: { id: user, team_id: team, ...accounts[user] } };
      },
    },
    usergroups: { users: { list: async () => Promise.reject(refused('missing_scope')) } },
  };
  return createDirectory({ client: client as unknown as WebClient, log: { warn: () => {} } });
}

export interface Typing {
  readonly text: string;
  readonly locale: Locale;
  readonly user?: string;
  readonly channel?: { readonly id: string; readonly name: string };
}

/** What somebody is told who types this; nothing, where a dialog is all that opens. */
export async function typed(
  { requests, settings }: { readonly requests: Requests; readonly settings: Settings },
  { text, locale, user = 'U0ROSA', channel = sandboxWorkspace.channels.incident }: Typing,
): Promise<string> {
  const told: Message[] = [];
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const given: Handling = {
    ...{ requests, settings, directory: directory(), log, now: () => new Date('2026-11-20T03:14:00Z') },
    listRecoveryPoints: async () => [],
    listAllRecoveryPoints: async () => [],
    listWindows: async () => [],
    report: async () => Promise.reject(new Error('nobody asks for one')),
    upload: async () => undefined,
    listDumps: async () => undefined,
    listStandings: async () => ({}),
    findLastGood: async () => {
      throw new Error('a bad question looks for nothing');
    },
    cardOf: async () => undefined,
    client: {
      views: { open: async () => ({ view: { id: 'V0' } }), update: async () => ({}) },
    } as unknown as Handling['client'],
  };
  const visit = {
    ...{ human: humanOf(team, user), team, channel: channel.id, locale, now: '2026-11-20T03:14:00.000Z' },
    tell: async (message: Message) => void told.push(message),
  };
  const line = { text, triggerId: `trigger ${Math.random()}`, channelName: channel.name };
  await guarded(given, visit, 'command', () => handleCommand(given, visit, line));
  const [first] = told.at(-1)?.blocks ?? [];
  const answer = first?.type === 'section' && typeof first.text === 'object' ? first.text.text : '';
  return answer
    .replaceAll('\n', locale === 'en' ? ' ' : '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
