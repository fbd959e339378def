import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { retryable } from '../domain/errors.ts';
import { type Human, type Language, localeOf } from '../domain/people.ts';
import type { Directory } from '../requests/requests.ts';
import type { SlackLog } from './access.ts';

/** How long a person's language is remembered. Who they are and what they may is never remembered. */
const languageMs = 10 * 60_000;

/** Pages of 999 channels that are read of one person. */
const mostPages = 5;

export interface SlackDirectory extends Directory {
  /** The language of somebody's Slack; `undefined` when Slack doesn't say in time. */
  locale(user: string): Promise<Language | undefined>;
  /** The channels in which somebody is, as far as the bot may know; `undefined` when Slack doesn't say. */
  channelsOf(user: string): Promise<ReadonlySet<string> | undefined>;
}

/** A person as pitcrew knows them: by the ids of a signed payload. */
export const humanOf = (team: string, user: string): Human => ({ id: `${team}/${user}`, slackUser: user });

type DirectoryCalls = Pick<WebClient, 'auth' | 'users' | 'usergroups'>;

/** Asks Slack who somebody is, at the moment of the click. What can't be read denies. */
export function createDirectory({
  client,
  log,
}: {
  readonly client: DirectoryCalls;
  readonly log: Pick<SlackLog, 'warn'>;
}): SlackDirectory {
  let ownTeam: string | undefined;
  const languages = new Map<string, { readonly locale: Language; readonly untilMs: number }>();

  const readUser = async (user: string) => (await client.users.info({ user, include_locale: true })).user;

  return {
    async rejects({ id, slackUser }) {
      try {
        ownTeam ??= (await client.auth.test()).team_id;
        const [team] = id.split('/');
        if (!ownTeam) return 'person.unreadable';
        if (team !== ownTeam) return 'person.other-workspace';
        const user = await readUser(slackUser);
        return user ? rejection(user as SlackUser, ownTeam) : 'person.unknown';
      } catch (error) {
        const code = error instanceof WebAPIPlatformError ? error.data.error : '';
        if (code === 'user_not_found' || code === 'user_not_visible') return 'person.unknown';
        log.warn('Slack did not say who somebody is', { user: slackUser, error });
        return 'person.unreadable';
      }
    },
    async groupMembers(group) {
      try {
        return (await client.usergroups.users.list({ usergroup: group })).users ?? [];
      } catch (error) {
        // A workspace without user groups answers so too: then nobody is taken for a member.
        throw retryable('slack.group-unreadable', { group }, error);
      }
    },
    async channelsOf(user) {
      const found = new Set<string>();
      let cursor: string | undefined;
      try {
        for (let page = 0; page < mostPages; page++) {
          const answer = await client.users.conversations({
            user,
            types: 'public_channel,private_channel',
            exclude_archived: true,
            limit: 999,
            ...(cursor ? { cursor } : {}),
          });
          for (const { id } of answer.channels ?? []) if (id) found.add(id);
          cursor = answer.response_metadata?.next_cursor || undefined;
          if (!cursor) break;
        }
        return found;
      } catch (error) {
        log.warn('Slack did not say in which channels somebody is', { user, error });
        return undefined;
      }
    },
    async locale(user) {
      const known = languages.get(user);
      if (known && known.untilMs > performance.now()) return known.locale;
      try {
        const locale = localeOf((await readUser(user))?.locale);
        languages.set(user, { locale, untilMs: performance.now() + languageMs });
        return locale;
      } catch {
        return known?.locale;
      }
    },
  };
}

interface SlackUser {
  readonly id?: string;
  readonly team_id?: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_workflow_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly enterprise_user?: { readonly teams?: readonly string[] };
}

/** Why this account may not act, by what `users.info` says of it (docs.slack.dev, "User object"). */
function rejection(user: SlackUser, ownTeam: string): string | undefined {
  if (user.deleted) return 'person.deactivated';
  if (user.is_bot || user.is_workflow_bot || user.id === 'USLACKBOT') return 'person.bot';
  if (user.is_stranger) return 'person.other-workspace';
  const home = user.team_id === ownTeam || user.enterprise_user?.teams?.includes(ownTeam);
  if (!home) return 'person.other-workspace';
  return user.is_restricted || user.is_ultra_restricted ? 'person.guest' : undefined;
}
