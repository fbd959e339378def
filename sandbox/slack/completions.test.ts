import { App, LogLevel } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { afterAll, expect, it } from 'vitest';
import { openHousehold } from '../household.ts';
import { type Slack, startSlack } from './local-slack.ts';
import { asPerson } from './person.ts';
import { sandboxWorkspace } from './workspace.ts';

const { incident } = sandboxWorkspace.channels;
const { rosa, wei } = sandboxWorkspace.users;
const household = openHousehold();
const start = (plain: boolean) => startSlack({ household, workspace: sandboxWorkspace, plain });
const web = (slack: Slack) => new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });

afterAll(() => household.close());

/** How often two connections of one app together hear each of four commands. */
async function heardByTwo(slack: Slack) {
  const heard: string[] = [];
  const gateway = (name: string) => {
    const { botToken: token, appToken, apiUrl: slackApiUrl } = slack;
    const app = new App({
      token,
      appToken,
      socketMode: true,
      logLevel: LogLevel.ERROR,
      clientOptions: { slackApiUrl },
    });
    app.command('/backup', async ({ ack, body }) => {
      heard.push(`${name}:${body.text}`);
      await ack();
    });
    return app;
  };
  const apps = [gateway('a'), gateway('b')];
  for (const app of apps) await app.start();
  for (const text of ['1', '2', '3', '4']) await asPerson(slack, rosa.id).slash(`/backup ${text}`, incident.id);
  await expect.poll(() => heard.length).toBeGreaterThanOrEqual(4);
  for (const app of apps) await app.stop();
  return heard;
}

async function postWithMetadata(slack: Slack) {
  const client = web(slack);
  const metadata = { event_type: 'pitcrew_card', event_payload: { operation: 'op-1', surface: 'progress' } };
  const { ts } = await client.chat.postMessage({ channel: incident.id, text: 'card', metadata });
  await client.chat.update({ channel: incident.id, ts: String(ts), text: 'card, edited' });
  await client.chat.postEphemeral({ channel: incident.id, user: wei.id, text: 'only wei' });
  const read = async (include_all_metadata: boolean) =>
    (await client.conversations.history({ channel: incident.id, include_all_metadata })).messages;
  return { metadata, read };
}

it('sends an envelope to one of the connections, by turns, as Slack does', async () => {
  expect(await heardByTwo(await start(false))).toEqual(['a:1', 'b:2', 'a:3', 'b:4']);
});

it('keeps the metadata of a message over an edit, and lists no ephemeral message', async () => {
  const { metadata, read } = await postWithMetadata(await start(false));
  expect(await read(true)).toMatchObject([{ text: 'card, edited', metadata }]);
  expect((await read(false))?.[0]).not.toHaveProperty('metadata');
});

it("tells a person's language when asked for it", async () => {
  const client = web(await start(false));
  expect((await client.users.info({ user: wei.id, include_locale: true })).user).toMatchObject({ locale: 'zh-TW' });
  expect((await client.users.info({ user: wei.id })).user).not.toHaveProperty('locale');
  await expect(client.users.info({ user: 'U0NOBODY' })).rejects.toThrow('user_not_found');
});

it('does none of it when local-slack is wanted as it is', async () => {
  const slack = await start(true);
  expect(await heardByTwo(slack)).toHaveLength(8);
  const { read } = await postWithMetadata(slack);
  const messages = await read(true);
  expect(messages?.map(({ text }) => text)).toEqual(['only wei', 'card, edited']);
  expect(messages?.[1]).not.toHaveProperty('metadata');
  expect((await web(slack).users.info({ user: wei.id, include_locale: true })).user).not.toHaveProperty('locale');
});
