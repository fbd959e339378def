import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { type Screenshot, screenshot } from '../../sandbox/slack/screenshot.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { type Locale, locales } from '../domain/people.ts';
import { smallPng } from './small-png.fixture.ts';
import { asKnownBlocks, type Message } from './views/blocks.ts';
import { gallery } from './views/gallery.fixture.ts';
import { production } from './views/plans.fixture.ts';
import { openWorkspace } from './workspace.fixture.ts';

// Pictures of every card and modal in both languages, as the page of the sandbox's Slack shows them:
// node src/slack/gallery.fixture.ts <folder> [part of a name]

const [folder = '.', only = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const channel = sandboxWorkspace.channels.incident.id;
const modals: Readonly<Record<string, { readonly line: string; readonly callback: string }>> = {
  'modal environment': { line: '/backup restore', callback: 'restore-environment' },
  'modal snapshot': { line: '/backup snapshot', callback: 'snapshot' },
  'modal pitr': { line: '/backup pitr production', callback: 'pitr' },
  'modal restore': { line: '/backup restore production', callback: 'restore' },
  'modal confirm': {
    line: '/backup restore production --from latest --reason "orders are gone"',
    callback: 'restore-confirm',
  },
};
// Two environments that share a channel: what is typed bare asks for one of them.
const { slack, person, close } = await openWorkspace({
  environments: { production, staging: { ...production, name: 'staging' } },
});
try {
  for (const locale of locales) {
    for (const [name, message] of Object.entries(gallery(locale)))
      if (name.includes(only)) await pictureOfCard(locale, name, message);
    for (const [name, modal] of Object.entries(modals))
      if (name.includes(only)) await pictureOfModal(locale, name, modal);
    if ('modal deny'.includes(only)) await pictureOfDenial(locale);
  }
} finally {
  await close();
}

function lookingAs(locale: Locale, name: string) {
  const { wei, amir } = sandboxWorkspace.users;
  const file = join(folder, `${name.replaceAll(' ', '-')}.${locale}.png`);
  console.log(file);
  return { slack, channel, user: locale === 'zh-TW' ? wei.id : amir.id, file, scale: 1 };
}

async function picture(wanted: Screenshot): Promise<void> {
  await screenshot(wanted);
  writeFileSync(wanted.file, smallPng(readFileSync(wanted.file)));
}

async function pictureOfCard(locale: Locale, name: string, { text, blocks }: Message): Promise<void> {
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
  const { ts = '' } = await client.chat.postMessage({ channel, text, blocks: asKnownBlocks(blocks) });
  await picture({ ...lookingAs(locale, name), message: ts });
}

async function pictureOfDenial(locale: Locale): Promise<void> {
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
  const { text, blocks } = gallery(locale).approval ?? { text: '', blocks: [] };
  const { ts = '' } = await client.chat.postMessage({ channel, text, blocks: asKnownBlocks(blocks) });
  const wanted = lookingAs(locale, 'modal deny');
  const looking = person(wanted.user);
  await looking.click({ channel, ts }, 'deny');
  await looking.waitForView('deny');
  await picture({ ...wanted, modal: true });
  await looking.dismiss();
}

async function pictureOfModal(
  locale: Locale,
  name: string,
  { line, callback }: { readonly line: string; readonly callback: string },
): Promise<void> {
  const wanted = lookingAs(locale, name);
  const looking = person(wanted.user);
  await looking.slash(line, channel);
  await looking.waitForView(callback);
  await picture({ ...wanted, modal: true });
  await looking.dismiss();
}
