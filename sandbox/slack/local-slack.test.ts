import { readFileSync } from 'node:fs';
import { App, LogLevel } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHousehold } from '../household.ts';
import { type Slack, startSlack } from './local-slack.ts';
import { asPerson, waitForMessage } from './person.ts';
import { sandboxWorkspace } from './workspace.ts';

const { incident } = sandboxWorkspace.channels;
const { rosa, amir, mallory } = sandboxWorkspace.users;
const household = openHousehold();
let slack: Slack;
let app: App;

const card = (line: string, buttons: readonly string[] = []) => ({
  text: line,
  blocks: [
    { type: 'section' as const, text: { type: 'mrkdwn' as const, text: line } },
    ...(buttons.length === 0
      ? []
      : [
          {
            type: 'actions' as const,
            block_id: 'vote',
            elements: buttons.map((name) => ({
              type: 'button' as const,
              action_id: name,
              value: 'op-1',
              text: { type: 'plain_text' as const, text: name },
            })),
          },
        ]),
  ],
});

const modal = (triggeredIn: string) => ({
  type: 'modal' as const,
  callback_id: 'restore',
  private_metadata: triggeredIn,
  title: { type: 'plain_text' as const, text: 'Restore' },
  submit: { type: 'plain_text' as const, text: 'Ask' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'reason',
      label: { type: 'plain_text' as const, text: 'Why' },
      element: { type: 'plain_text_input' as const, action_id: 'value' },
    },
    {
      type: 'input' as const,
      block_id: 'failure',
      label: { type: 'plain_text' as const, text: 'If it fails' },
      element: {
        type: 'static_select' as const,
        action_id: 'value',
        initial_option: { text: { type: 'plain_text' as const, text: 'Return' }, value: 'return' },
        options: [
          { text: { type: 'plain_text' as const, text: 'Return' }, value: 'return' },
          { text: { type: 'plain_text' as const, text: 'Stay stopped' }, value: 'stay' },
        ],
      },
    },
  ],
});

function bot(): App {
  const bolt = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  bolt.command('/backup', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: modal(body.channel_id) });
  });
  bolt.view('restore', async ({ ack, view, body, client }) => {
    const { reason, failure } = view.state.values;
    if (reason?.value?.value === 'because') {
      await ack({ response_action: 'errors', errors: { reason: 'That is no reason' } });
      return;
    }
    await ack();
    const line = `${body.user.id}: ${reason?.value?.value}, ${failure?.value?.selected_option?.value ?? 'nothing chosen'}`;
    await client.chat.postMessage({ channel: view.private_metadata, ...card(line, ['deny', 'approve']) });
  });
  bolt.action('approve', async ({ ack, body, client, respond }) => {
    await ack();
    if (body.type !== 'block_actions' || body.container.type !== 'message') throw new Error('unexpected payload');
    const channel = String(body.container.channel_id);
    if (body.user.id === mallory.id) {
      await client.chat.postEphemeral({ channel, user: body.user.id, text: 'You may approve nothing here' });
      return;
    }
    await client.chat.update({
      channel,
      ts: String(body.container.message_ts),
      ...card(`approved by ${body.user.id}`),
    });
    await client.chat.postMessage({ channel, thread_ts: String(body.container.message_ts), text: 'in the thread' });
    await respond({ text: 'Counted', response_type: 'ephemeral', replace_original: false });
  });
  bolt.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: card('home').blocks } });
  });
  return bolt;
}

beforeAll(async () => {
  slack = await startSlack({ household, workspace: sandboxWorkspace });
  app = bot();
  await app.start();
});

afterAll(async () => {
  await app?.stop();
  await household.close();
});

async function request(reason: string) {
  const requester = asPerson(slack, rosa.id);
  await requester.slash('/backup restore production', incident.id);
  await requester.waitForView('restore');
  await requester.submit({ reason });
  return waitForMessage(slack, incident.id, (message) => message.text?.includes(reason) ?? false);
}

describe('a Bolt app in Socket Mode', () => {
  it('opens a modal on a slash command for the person who typed it and nobody else', async () => {
    const requester = asPerson(slack, rosa.id);
    await requester.slash('/backup restore production', incident.id);
    const view = await requester.waitForView('restore');
    expect(view.private_metadata).toBe(incident.id);
    expect(await asPerson(slack, amir.id).views()).toEqual([]);
    await requester.dismiss();
    expect(await requester.views()).toEqual([]);
  });

  it('gets the answers of a modal with initial values filled in, and its errors reach the person', async () => {
    const requester = asPerson(slack, rosa.id);
    await requester.slash('/backup restore production', incident.id);
    await requester.waitForView('restore');
    await expect(requester.submit({})).rejects.toThrow('wants an answer to "Why"');
    expect(await requester.submit({ reason: 'because' })).toEqual({ errors: { reason: 'That is no reason' } });
    expect(await requester.submit({ reason: 'rows gone' })).toEqual({ errors: {} });
    const posted = await waitForMessage(slack, incident.id, (message) => message.text?.includes('rows gone') ?? false);
    expect(posted.text).toBe(`${rosa.id}: rows gone, return`);
  });

  it("gets the initial value of a field that a person leaves alone on local-slack's own page", async () => {
    const requester = asPerson(slack, rosa.id);
    await requester.slash('/backup restore production', incident.id);
    await requester.waitForView('restore');
    await requester.submit({ reason: 'page' }, { asThePage: true });
    await waitForMessage(slack, incident.id, (message) => message.text === `${rosa.id}: page, return`);
  });

  it('receives a click with the id of whoever clicked, and edits the card in place', async () => {
    const posted = await request('click');
    const approver = asPerson(slack, amir.id);
    await approver.click(posted, 'approve');
    await waitForMessage(slack, incident.id, (message) => message.text === `approved by ${amir.id}`);
    await waitForMessage(slack, incident.id, (message) => message.text === 'in the thread');
    const thread = await approver.thread(incident.id, posted.ts);
    expect(thread.map((message) => message.text)).toEqual([`approved by ${amir.id}`, 'in the thread']);
    await waitForMessage(slack, incident.id, (message) => message.text === 'Counted');
    await expect(approver.click(posted, 'approve')).rejects.toThrow('nothing to press');
  });

  it('answers one person privately', async () => {
    const posted = await request('private');
    await asPerson(slack, mallory.id).click(posted, 1);
    await waitForMessage(slack, incident.id, (message) => message.ephemeral_to === mallory.id);
    const seenBy = async (id: string) => (await asPerson(slack, id).ephemerals(incident.id)).map(({ text }) => text);
    expect(await seenBy(mallory.id)).toEqual(['You may approve nothing here']);
    expect(await seenBy(rosa.id)).toEqual([]);
    expect((await asPerson(slack, mallory.id).messages(incident.id)).map(({ text }) => text)).not.toContain(
      'You may approve nothing here',
    );
  });

  it('publishes a home tab', async () => {
    const person = asPerson(slack, rosa.id);
    await person.openHome();
    await expect.poll(() => person.home()).toMatchObject({ type: 'home', blocks: [{ text: { text: 'home' } }] });
  });
});

describe('privacy', () => {
  it('listens on loopback and on nothing else', () => {
    const port = Number(new URL(slack.url).port).toString(16).toUpperCase().padStart(4, '0');
    const listening = ['/proc/net/tcp', '/proc/net/tcp6']
      .flatMap((table) => readFileSync(table, 'utf8').split('\n'))
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(`:${port}`) && state === '0A')
      .map(([, local]) => local);
    expect(listening).toEqual([`0100007F:${port}`]);
  });

  it('two run side by side and know nothing of each other', async () => {
    const other = await startSlack({ household, workspace: sandboxWorkspace });
    await asPerson(other, rosa.id).say('only here', incident.id);
    expect((await asPerson(other, rosa.id).messages(incident.id)).map(({ text }) => text)).toEqual(['only here']);
    expect((await asPerson(slack, rosa.id).messages(incident.id)).map(({ text }) => text)).not.toContain('only here');
    await expect(asPerson(other, rosa.id).slash('/backup list', incident.id)).rejects.toThrow(
      'no Socket Mode connection',
    );
    await other.close();
    await expect(fetch(other.url)).rejects.toThrow();
  });

  it('says so when the port is taken', async () => {
    const port = Number(new URL(slack.url).port);
    await expect(startSlack({ household, workspace: sandboxWorkspace, port })).rejects.toThrow('in use');
  });
});
