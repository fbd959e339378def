import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { afterAll, expect, it } from 'vitest';
import { openHousehold } from '../household.ts';
import { startSlack } from './local-slack.ts';
import { screenshot } from './screenshot.ts';
import { sandboxWorkspace } from './workspace.ts';

const household = openHousehold();
afterAll(() => household.close());

/** Width and height stand in the first chunk of a PNG, at bytes 16 and 20. */
const sizeOf = (file: string) => {
  const png = readFileSync(file);
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
};

it.skipIf(!existsSync('/usr/bin/chromium'))('shows a long card whole, and not what only others may see', async () => {
  const slack = await startSlack({ household, workspace: sandboxWorkspace });
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
  const channel = sandboxWorkspace.channels.incident.id;
  const lines = Array.from({ length: 40 }, (_, step) => ({
    type: 'section' as const,
    text: { type: 'mrkdwn' as const, text: `step ${step}` },
  }));
  const { ts } = await client.chat.postMessage({ channel, text: 'card', blocks: lines });
  await client.chat.postMessage({ channel, thread_ts: String(ts), text: 'reply' });
  const picture = async (name: string, user: string, thread?: string) => {
    const file = join(household.folder, `${name}.png`);
    await screenshot({ slack, user, channel, file, scale: 1, ...(thread ? { thread } : {}) });
    return sizeOf(file);
  };
  const { amir, wei } = sandboxWorkspace.users;
  const alone = await picture('alone', wei.id);
  expect(alone.height).toBeGreaterThan(900);
  await client.chat.postEphemeral({ channel, user: amir.id, text: 'only for amir' });
  expect(await picture('others', wei.id)).toEqual(alone);
  expect((await picture('own', amir.id)).height).toBeGreaterThan(alone.height);
  expect((await picture('thread', wei.id, ts)).height).toBeGreaterThan(900);
});
