import type { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, openHousehold } from '../../sandbox/household.ts';
import { type Slack, startSlack } from '../../sandbox/slack/local-slack.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { Secret } from '../domain/secret.ts';
import { failureOf, type Transport } from '../notify/transport.ts';
import { notificationClient } from './access.ts';
import { createDirectory, humanOf } from './directory.ts';
import { createSlackTransport } from './transport.ts';

const channel = sandboxWorkspace.channels.incident.id;
const household = openHousehold();
let slack: Slack;
let transport: Transport;
let client: WebClient;

const clientAt = (apiUrl: string) =>
  notificationClient({
    botToken: new Secret('xoxb-sandbox-bot'),
    connection: { kind: 'socket', appToken: new Secret('xapp') },
    apiUrl,
  });

beforeAll(async () => {
  slack = await startSlack({ household, workspace: sandboxWorkspace });
  client = clientAt(slack.apiUrl);
  transport = createSlackTransport({ client });
});
afterAll(() => household.close());

const content = (text: string) => ({ text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] });
const mark = (surface: string, nonce: string) => ({ operation: 'op-0123456789ab', surface, nonce });
const since = new Date(Date.now() - 1000).toISOString();
const failing = async (call: Promise<unknown>) => call.then(() => 'nothing', failureOf);

describe('Slack as a transport', () => {
  it('finds a message again by its mark, in a channel and in a thread, also after an edit', async () => {
    const { ts } = await transport.post({ channel }, content('card'), mark('progress', 'n1'));
    const reply = await transport.post({ channel, thread: ts }, content('reply'), mark('checks', 'n2'));
    await transport.post({ channel }, content('another'), mark('outcome', 'n3'));
    await transport.update({ channel, ts }, content('card, edited'), mark('progress', 'n1'));
    const operation = 'op-0123456789ab';
    expect(await transport.find({ channel }, operation, since)).toMatchObject([
      { ts, surface: 'progress', nonce: 'n1' },
      { surface: 'outcome', nonce: 'n3' },
    ]);
    expect(await transport.find({ channel, thread: ts }, operation, since)).toContainEqual({
      ts: reply.ts,
      surface: 'checks',
      nonce: 'n2',
    });
    expect(await transport.find({ channel }, 'op-ffffffffffff', since)).toEqual([]);
  });

  it('tells a message that is gone from a channel that is gone, and deleting twice is no error', async () => {
    const { ts } = await transport.post({ channel }, content('short-lived'), mark('progress', 'n4'));
    await transport.delete({ channel, ts });
    await transport.delete({ channel, ts });
    expect(await failing(transport.update({ channel, ts }, content('x'), mark('progress', 'n4')))).toBe('gone');
    expect(await failing(transport.post({ channel: 'C0NOWHERE' }, content('x'), mark('progress', 'n5')))).toBe(
      'no-channel',
    );
    expect(await transport.find({ channel: 'C0NOWHERE' }, 'op-0123456789ab', since)).toEqual([]);
  });

  it('says "later" where nobody listened, so that nothing is looked for', async () => {
    const nobody = createSlackTransport({ client: clientAt(`http://127.0.0.1:${await freePort()}/api/`) });
    expect(await failing(nobody.post({ channel }, content('x'), mark('progress', 'n6')))).toBe('later');
  });
});

describe('who somebody is', () => {
  const directory = (of: WebClient) => createDirectory({ client: of, log: { warn: () => undefined } });
  const { rosa, wei } = sandboxWorkspace.users;

  it('lets a member in; a bot, a stranger, an unknown account and another workspace stay out', async () => {
    const { rejects } = directory(client);
    expect(await rejects(humanOf('T0PITCREW', rosa.id))).toBeUndefined();
    expect(await rejects(humanOf('T0PITCREW', sandboxWorkspace.app.botUserId))).toBe('person.bot');
    expect(await rejects(humanOf('T0OTHER', rosa.id))).toBe('person.other-workspace');
    expect(await rejects(humanOf('T0PITCREW', 'U0NOBODY'))).toBe('person.unknown');
  });

  it.each([
    [{ is_restricted: true }, 'person.guest'],
    [{ is_ultra_restricted: true }, 'person.guest'],
    [{ deleted: true }, 'person.deactivated'],
    [{ is_stranger: true }, 'person.other-workspace'],
    [{ team_id: 'T0OTHER' }, 'person.other-workspace'],
    [{ enterprise_user: { teams: ['T0PITCREW'] }, team_id: 'E0GRID' }, undefined],
  ])('by what Slack says of them: %j', async (said, code) => {
    const users = { info: async () => ({ ok: true, user: { id: 'U0X', team_id: 'T0PITCREW', ...said } }) };
    const auth = { test: async () => ({ ok: true, team_id: 'T0PITCREW' }) };
    const directoryOf = directory({ users, auth } as unknown as WebClient);
    expect(await directoryOf.rejects(humanOf('T0PITCREW', 'U0X'))).toBe(code);
  });

  it('denies when Slack can’t be asked, and takes nobody for a member of a group that can’t be read', async () => {
    const away = directory(clientAt(`http://127.0.0.1:${await freePort()}/api/`));
    expect(await away.rejects(humanOf('T0PITCREW', rosa.id))).toBe('person.unreadable');
    await expect(directory(client).groupMembers('S0DBA')).rejects.toMatchObject({ code: 'slack.group-unreadable' });
  });

  it('knows a person’s language', async () => {
    const { locale } = directory(client);
    expect([await locale(wei.id), await locale(rosa.id), await locale('U0NOBODY')]).toEqual(['zh-TW', 'en', undefined]);
  });
});
