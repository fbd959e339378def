import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type KnownBlock, WebClient } from '@slack/web-api';
import { openHousehold } from '../../sandbox/household.ts';
import { type Slack, startSlack } from '../../sandbox/slack/local-slack.ts';
import { screenshot } from '../../sandbox/slack/screenshot.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { type Locale, locales } from '../domain/people.ts';
import type { Message } from './views/blocks.ts';
import { gallery } from './views/gallery.fixture.ts';

// Pictures of every card in both languages, as the page of the sandbox's Slack shows them:
// node src/slack/gallery.fixture.ts <folder> [part of a name]

const [folder = '.', only = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const household = openHousehold();
try {
  const slack = await startSlack({ household, workspace: sandboxWorkspace });
  for (const locale of locales)
    for (const [name, message] of Object.entries(gallery(locale)))
      if (name.includes(only)) await picture(slack, locale, name, message);
} finally {
  await household.close();
}

async function picture(slack: Slack, locale: Locale, name: string, { text, blocks }: Message): Promise<void> {
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
  const channel = sandboxWorkspace.channels.incident.id;
  const { ts = '' } = await client.chat.postMessage({ channel, text, blocks: blocks as unknown as KnownBlock[] });
  const user = locale === 'zh-TW' ? sandboxWorkspace.users.wei.id : sandboxWorkspace.users.amir.id;
  const file = join(folder, `${name.replaceAll(' ', '-')}.${locale}.png`);
  await screenshot({ slack, user, channel, file, message: ts, scale: 1 });
  console.log(file);
}
