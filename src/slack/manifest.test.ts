import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const here = new URL('.', import.meta.url).pathname;
const manifest = parse(readFileSync(join(here, '../../manifest.yml'), 'utf8')) as {
  readonly features: {
    readonly app_home: { readonly home_tab_enabled: boolean };
    readonly slash_commands: readonly { readonly command: string }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly interactivity: { readonly is_enabled: boolean };
    readonly socket_mode_enabled: boolean;
    readonly event_subscriptions: { readonly bot_events: readonly string[] };
  };
};

/** What each method of the Web API asks for (docs.slack.dev, reference of the methods). */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  // The app-level token's own, not the bot's.
  'apps.connections.open': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.delete': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.replies': ['channels:history', 'groups:history'],
  // Only for private channels: of public ones the command carries the name.
  'conversations.info': ['groups:read'],
  // Where no channel can be written to, the person who asked is: the scope of the place that it opens.
  'conversations.open': ['im:write'],
  'users.info': ['users:read'],
  'users.conversations': ['channels:read', 'groups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'views.open': [],
  'views.update': [],
  'views.publish': [],
  'chat.getPermalink': [],
  'files.getUploadURLExternal': ['files:write'],
  'files.completeUploadExternal': ['files:write'],
};

it('asks for exactly the scopes of the calls that are made', () => {
  const sources = readdirSync(here)
    .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name))
    .map((name) => readFileSync(join(here, name), 'utf8'));
  const calls = sources.flatMap((text) =>
    [...text.matchAll(/\bclient\.([a-z]+(?:\.[a-zA-Z]+)+)\(/g)].map(([, call]) => call ?? ''),
  );
  expect(calls.length).toBeGreaterThan(8);
  expect([...new Set(calls)].filter((call) => !Object.hasOwn(scopesOf, call))).toEqual([]);
  const wanted = new Set(['commands', ...calls.flatMap((call) => scopesOf[call] ?? [])]);
  expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...wanted].sort());
});

it('subscribes to exactly the events that are listened for, and has the tab that one of them opens', () => {
  const listened = [...readFileSync(join(here, 'app.ts'), 'utf8').matchAll(/app\.event\('([a-z_]+)'/g)];
  expect([...manifest.settings.event_subscriptions.bot_events]).toEqual(listened.map(([, event]) => event));
  expect(manifest.features.app_home.home_tab_enabled).toBe(true);
});

it('has the command, the buttons and Socket Mode', () => {
  expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(['/backup']);
  expect(manifest.settings).toMatchObject({ interactivity: { is_enabled: true }, socket_mode_enabled: true });
});
