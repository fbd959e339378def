import { setTimeout as sleep } from 'node:timers/promises';
import {
  allMessages,
  type Block,
  control,
  type Element,
  type Message,
  type PageEvent,
  snapshot,
  type Traffic,
  talk,
  traffic,
  type View,
} from './control.ts';
import type { Slack } from './local-slack.ts';
import { type Answers, choice, stateValues } from './modal-values.ts';

/** Somebody at the keyboard: acts and sees as one user of the workspace, without a browser. */
export interface Person extends Eyes, Hands {
  readonly userId: string;
}

export interface Eyes {
  /** The modals open for this person, the one on top last. */
  views(): Promise<readonly View[]>;
  /** The modal on top once it is there (with that `callback_id`, if given). */
  waitForView(callbackId?: string, seconds?: number): Promise<View>;
  /** What stands in the channel for everybody, oldest first, replies left out. */
  messages(channel: string): Promise<readonly Message[]>;
  /** What only this person sees in the channel. */
  ephemerals(channel: string): Promise<readonly Message[]>;
  /** A message and its replies. */
  thread(channel: string, ts: string): Promise<readonly Message[]>;
  home(): Promise<View | undefined>;
}

export interface Hands {
  /** Types a line like `/backup restore production` into a channel. */
  slash(line: string, channel: string): Promise<void>;
  say(text: string, channel: string, threadTs?: string): Promise<void>;
  /** Presses a button: by action id, or by place, counted over everything to press in the message from 0. */
  click(message: Place, button: string | number): Promise<void>;
  /** Picks from a select menu of a message. */
  choose(message: Place, actionId: string, value: string): Promise<void>;
  /** Fills in and submits the modal on top. `errors` are the bot's; empty when it took the answers. */
  submit(answers: Answers, options?: { readonly asThePage?: boolean }): Promise<{ readonly errors: ViewErrors }>;
  dismiss(): Promise<void>;
  openHome(): Promise<void>;
}

type ViewErrors = Readonly<Record<string, string>>;

export interface Place {
  readonly channel: string;
  readonly ts: string;
}

/** Slack gives the bot 3 s to acknowledge; local-slack waits 5 and then forgets. */
const ackSeconds = 3;

/** @throws when the workspace has no such user, and, from what it does, whenever Slack would tell the person that it went wrong. */
export function asPerson(slack: Slack, userId: string): Person {
  if (!Object.values(slack.workspace.users).some((user) => user.id === userId)) {
    throw new Error(`the workspace has no user ${userId}`);
  }
  const eyes = eyesOf(slack, userId);
  return { userId, ...eyes, ...handsOf(slack, userId, eyes) };
}

function eyesOf(slack: Slack, userId: string): Eyes {
  const visible = async (channel: string) =>
    (await allMessages(slack, channel)).filter((message) => sees(userId, message));
  const views = async () => {
    const { modalStack, log } = await snapshot(slack);
    return ownerOfModals(log) === userId ? modalStack : [];
  };
  return {
    views,
    async waitForView(callbackId, seconds = 5) {
      const found = await eventually(seconds, async () => {
        const view = (await views()).at(-1);
        return view && (callbackId === undefined || view.callback_id === callbackId) ? view : undefined;
      });
      if (found) return found;
      throw new Error(`no modal ${callbackId ?? ''} opened for ${userId} within ${seconds} s`);
    },
    messages: async (channel) =>
      (await visible(channel)).filter((message) => !message.thread_ts && !isEphemeral(message)),
    ephemerals: async (channel) => (await visible(channel)).filter(isEphemeral),
    thread: async (channel, ts) =>
      (await visible(channel)).filter((message) => message.ts === ts || message.thread_ts === ts),
    home: async () => (await snapshot(slack)).homeViews[userId]?.[slack.workspace.app.appId],
  };
}

function handsOf(slack: Slack, userId: string, { views }: Eyes): Hands {
  const act = (path: string, body: object) =>
    acknowledged(slack, () => control(slack, path, { ...body, user: userId }));
  const press = async ({ channel, ts }: Place, wanted: string | number, what: (element: Element) => object) => {
    const message = (await allMessages(slack, channel)).find((each) => each.ts === ts && sees(userId, each));
    if (!message) throw new Error(`${userId} sees no message ${ts} in ${channel}`);
    const { element, blockId } = findElement(message, wanted);
    const { type, action_id } = element;
    await act('interact', { channel, messageTs: ts, action: { type, action_id, block_id: blockId, ...what(element) } });
  };
  const top = async () => {
    const view = (await views()).at(-1);
    if (!view) throw new Error(`no modal is open for ${userId}`);
    return view;
  };
  const onPage = <T>(send: object, until: (event: PageEvent) => T | undefined) =>
    talk(slack, until, { send: { ...send, user: userId } });
  return {
    slash(line, channel) {
      const [command = '', ...rest] = line.split(' ');
      if (!slack.workspace.app.commands.includes(command))
        throw new Error(`no app of the workspace answers to ${command}`);
      return act('command', { channel, command, text: rest.join(' ') });
    },
    say: (text, channel, threadTs) => control(slack, 'message', { channel, user: userId, text, thread_ts: threadTs }),
    click: (place, button) => press(place, button, ({ value, text }) => ({ value, text })),
    choose: (place, actionId, value) => press(place, actionId, (menu) => ({ selected_option: choice(menu, value) })),
    async submit(answers, options) {
      const values = stateValues(await top(), answers, options);
      let errors: ViewErrors = {};
      await acknowledged(slack, async () => {
        errors = await onPage({ t: 'view_submit', values }, (event) =>
          event.t === 'view_errors' ? event.errors : event.t === 'view' ? {} : undefined,
        );
      });
      return { errors };
    },
    async dismiss() {
      await top();
      await onPage({ t: 'view_close' }, (event) => (event.t === 'view' ? true : undefined));
    },
    openHome: () => act('open-home', {}),
  };
}

/** The first message of a channel that satisfies `wanted`, waited for; replies count. */
export async function waitForMessage(
  slack: Slack,
  channel: string,
  wanted: (message: Message) => boolean,
  { seconds = 10 }: { readonly seconds?: number } = {},
): Promise<Message> {
  const found = await eventually(seconds, async () => (await allMessages(slack, channel)).find(wanted));
  if (found) return found;
  const there = (await allMessages(slack, channel)).slice(-5).map((message) => message.text ?? '');
  throw new Error(`no such message in ${channel} within ${seconds} s; the last ones: ${JSON.stringify(there)}`);
}

async function eventually<T>(seconds: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const deadline = Date.now() + seconds * 1000; ; await sleep(50)) {
    const found = await look();
    if (found !== undefined || Date.now() > deadline) return found;
  }
}

/** Slack tells the person when the bot wasn't there or took too long; local-slack drops it silently, so this throws. */
async function acknowledged(slack: Slack, act: () => Promise<void>): Promise<void> {
  const connected = (await snapshot(slack)).apps.some(
    (app) => app.appId === slack.workspace.app.appId && app.connected,
  );
  if (!connected)
    throw new Error('the bot has no Socket Mode connection: Slack would say that the app did not respond');
  const started = performance.now();
  await act();
  const seconds = (performance.now() - started) / 1000;
  if (seconds > 4.9) throw new Error('the bot did not acknowledge: Slack would say that the app did not respond');
  if (seconds > ackSeconds) {
    throw new Error(`the bot acknowledged after ${seconds.toFixed(1)} s: Slack gives it ${ackSeconds}`);
  }
}

/** Who the open modals belong to: local-slack doesn't say, but the trigger of the last `views.open` does. */
function ownerOfModals(log: readonly Traffic[]): string | undefined {
  const opened = log.findLast(({ kind, summary }) => kind === 'web_api' && summary === 'views.open')?.detail
    ?.trigger_id;
  const cause = log.find(({ direction, detail }) => direction === 'to_bot' && detail?.trigger_id === opened)?.detail;
  const user = cause?.user as { readonly id: string } | undefined;
  return opened === undefined ? undefined : (user?.id ?? (cause?.user_id as string | undefined));
}

/** Every call of the Web API that the bot made, in order. */
export async function calls(slack: Slack, method: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const log = await traffic(slack);
  return log.filter(({ kind, summary }) => kind === 'web_api' && summary === method).map(({ detail }) => detail ?? {});
}

const isEphemeral = (message: Message) => message.subtype === 'ephemeral';
const sees = (userId: string, message: Message) => !isEphemeral(message) || message.ephemeral_to === userId;

function findElement(message: Message, wanted: string | number): { element: Element; blockId: string } {
  const all = (message.blocks ?? []).flatMap((block, index) =>
    interactive(block).map((element) => ({ element, blockId: block.block_id ?? `b${index}` })),
  );
  const found = typeof wanted === 'number' ? all[wanted] : all.find(({ element }) => element.action_id === wanted);
  if (found) return found;
  const there = all.map(({ element }) => element.action_id ?? '?').join(', ') || 'none';
  throw new Error(`the message has nothing to press called ${wanted}, only: ${there}`);
}

const interactive = (block: Block): readonly Element[] => {
  const elements = block.type === 'actions' ? (block.elements ?? []) : block.accessory ? [block.accessory] : [];
  return elements.filter((element) => element.type !== 'image');
};
