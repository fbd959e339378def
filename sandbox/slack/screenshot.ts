import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Locator, type Page } from 'playwright-core';
import { allMessages } from './control.ts';
import type { Slack } from './local-slack.ts';

export interface Screenshot {
  readonly slack: Slack;
  /** The id of the user who looks. */
  readonly user: string;
  /** The id of the channel. */
  readonly channel: string;
  /** Where the PNG goes. */
  readonly file: string;
  /** The `ts` of a message: its thread instead of the channel. */
  readonly thread?: string;
  /** The `ts` of one message: only that. */
  readonly message?: string;
  /** The modal on top instead of the channel. */
  readonly modal?: boolean;
  /** Device pixels a CSS pixel; 2 when left out. */
  readonly scale?: number;
}

/** Everything of local-slack's page that is not the message, and what keeps a long card from being seen whole. */
const wholeAndNothingElse = `
  .topbar, .sidebar, .composer, .msg-hover-actions, .thread-resize-handle, .thread-x, .modal-x { display: none !important; }
  html, body, #root, .app, .body, .main, .messages, .thread-body { height: auto !important; overflow: visible !important; }
  .app, .body { display: block !important; }
  .messages, .thread-body { padding-bottom: 12px !important; }
  .main, .thread-pane { width: 680px !important; border: 0 !important; }
  .msg-body { flex: 1 1 auto; }
  .blocks { max-width: none !important; }
  .modal-overlay { position: static !important; background: #fff !important; }
  .modal { max-height: none !important; width: 560px !important; box-shadow: none !important; border: 1px solid #ddd; }
  .modal-body { overflow: visible !important; }
  .bk-context { flex-wrap: wrap; }
  .msg.highlighted { animation: none !important; background: none !important; }
  body { font-family: "Noto Sans", "DejaVu Sans", "Noto Sans CJK TC", "Noto Sans TC", "Noto Color Emoji", sans-serif !important; }
`;

/** The browser of the machine: `CHROMIUM`, else Debian's. */
const browserPath = () => process.env.CHROMIUM ?? '/usr/bin/chromium';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
];

/** Saves what a user sees of a channel, a thread, one message or a modal, whole and without the page around it. */
export async function screenshot(wanted: Screenshot): Promise<void> {
  const { slack } = wanted;
  const profile = mkdtempSync(join(slack.folder, 'browser-'));
  const args = [...flags, `--user-data-dir=${profile}`, 'about:blank'];
  // Chromium leaves things in the temporary folder when it is killed: let that be one that goes too.
  const env = { ...process.env, TMPDIR: profile };
  const child = slack.household.spawn('chromium', browserPath(), args, { env });
  try {
    const browser = await chromium.connectOverCDP(await debuggingAddress(profile));
    try {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        deviceScaleFactor: wanted.scale ?? 2,
        locale: localeOf(slack, wanted.user),
      });
      const target = await openPage(await context.newPage(), wanted);
      await target.screenshot({ path: wanted.file, animations: 'disabled' });
    } finally {
      await browser.close();
    }
  } finally {
    child.kill('SIGKILL');
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

async function openPage(page: Page, { slack, user, channel, thread, message, modal }: Screenshot): Promise<Locator> {
  const query = thread ? `?thread_ts=${thread}&cid=${channel}` : '';
  await page.goto(`${slack.url}/archives/${channel}${query}`, { waitUntil: 'load' });
  await page.locator('.topbar .actas select').last().selectOption(user);
  await page.locator('.channel-header .channel-title').waitFor();
  await page.addStyleTag({ content: `${wholeAndNothingElse}\n${await notForTheirEyes(slack, channel, user)}` });
  if (modal) return page.locator('.modal');
  await page.addStyleTag({ content: '.modal-overlay { display: none !important; }' });
  if (message) return page.locator(`.msg[data-ts="${message}"]`).last();
  if (!thread) return page.locator('.main');
  await page.addStyleTag({ content: '.main { display: none !important; }' });
  return page.locator('.thread-pane');
}

/** local-slack's page shows everybody's ephemeral messages to everybody; Slack doesn't. */
async function notForTheirEyes(slack: Slack, channel: string, user: string): Promise<string> {
  const hidden = (await allMessages(slack, channel)).filter(
    (message) => message.subtype === 'ephemeral' && message.ephemeral_to !== user,
  );
  return hidden.map(({ ts }) => `.msg[data-ts="${ts}"] { display: none !important; }`).join('\n');
}

/** Chromium writes the port that it chose, on 127.0.0.1, into its profile. */
async function debuggingAddress(profile: string): Promise<string> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await sleep(50)) {
    try {
      const [port, path] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
      if (port && path) return `ws://127.0.0.1:${port}${path}`;
    } catch {
      // not there yet
    }
  }
  throw new Error(`${browserPath()} did not start: is it installed? CHROMIUM names another`);
}

const localeOf = (slack: Slack, user: string) =>
  Object.values(slack.workspace.users).find(({ id }) => id === user)?.locale ?? 'en-US';
