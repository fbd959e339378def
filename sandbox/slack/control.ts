import type { Slack } from './local-slack.ts';

export interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly text?: Text;
  readonly fields?: readonly Text[];
  readonly elements?: readonly Element[];
  readonly element?: Element;
  readonly accessory?: Element;
  readonly label?: Text;
  readonly optional?: boolean;
}

export interface Text {
  readonly type: string;
  readonly text: string;
}

export interface Element {
  readonly type: string;
  readonly action_id?: string;
  readonly value?: string;
  readonly text?: Text | string;
  readonly url?: string;
  readonly options?: readonly Choice[];
  readonly initial_value?: string;
  readonly initial_option?: Choice;
  readonly initial_options?: readonly Choice[];
  readonly initial_date?: string;
  readonly initial_time?: string;
}

export interface Choice {
  readonly text: Text;
  readonly value: string;
}

export interface Message {
  readonly ts: string;
  readonly channel: string;
  readonly user?: string;
  readonly text?: string;
  readonly blocks?: readonly Block[];
  readonly thread_ts?: string;
  readonly subtype?: string;
  /** Who an ephemeral message is for. */
  readonly ephemeral_to?: string;
  readonly edited?: { readonly user: string; readonly ts: string };
}

export interface View {
  readonly id: string;
  readonly type: string;
  readonly callback_id?: string;
  readonly private_metadata?: string;
  readonly title?: Text;
  readonly submit?: Text;
  readonly blocks: readonly Block[];
}

/** One line of local-slack's record of the traffic with the bot; it keeps the last 1,000. */
export interface Traffic {
  readonly direction: 'to_bot' | 'from_bot' | 'internal';
  /** `web_api`, `slash_commands`, `interactive`, `events_api`, `ack`, `socket`. */
  readonly kind: string;
  readonly summary: string;
  readonly time: number;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface Snapshot {
  readonly apps: readonly { readonly appId: string; readonly connected: boolean }[];
  readonly messages: Readonly<Record<string, readonly Message[]>>;
  /** local-slack has one stack of modals for everybody; the last one is on top. */
  readonly modalStack: readonly View[];
  readonly homeViews: Readonly<Record<string, Readonly<Record<string, View>>>>;
  readonly log: readonly Traffic[];
}

export type PageEvent =
  | { readonly t: 'init'; readonly state: Snapshot }
  | { readonly t: 'view'; readonly stack: readonly View[] }
  | { readonly t: 'view_errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly t: 'log'; readonly entry: Traffic }
  | { readonly t: 'other' };

type Control = Pick<Slack, 'url'>;

/** local-slack's control API, which returns once the bot has acknowledged or 5 s have passed. */
export async function control(slack: Control, path: string, body: object): Promise<void> {
  const answer = await fetch(`${slack.url}/_control/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`local-slack refused ${path}: ${await answer.text()}`);
}

export async function traffic(slack: Control): Promise<readonly Traffic[]> {
  const answer = await fetch(`${slack.url}/_control/log`);
  return ((await answer.json()) as { log: readonly Traffic[] }).log;
}

/** Every message of a channel, oldest first, replies and everybody's ephemeral ones included. */
export async function allMessages(slack: Control, channel: string): Promise<readonly Message[]> {
  const answer = await fetch(`${slack.url}/_control/messages/${encodeURIComponent(channel)}`);
  return ((await answer.json()) as { messages: readonly Message[] }).messages;
}

/**
 * Talks to local-slack as its web page does, over `/ui`: modals can be read and submitted nowhere else.
 * `send` goes out after the first picture of the state has come; the talk ends when `until` returns a value.
 */
export function talk<T>(
  slack: Control,
  until: (event: PageEvent) => T | undefined,
  { send, seconds = 8 }: { readonly send?: object; readonly seconds?: number } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${slack.url.replace(/^http/, 'ws')}/ui`);
    const timer = setTimeout(
      () => finish(() => reject(new Error(`local-slack said nothing of it within ${seconds} s`))),
      seconds * 1000,
    );
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.close();
      settle();
    };
    socket.onerror = () => finish(() => reject(new Error(`local-slack at ${slack.url} can't be reached`)));
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(String(data)) as PageEvent;
      if (event.t === 'init' && send) socket.send(JSON.stringify(send));
      const result = until(event);
      if (result !== undefined) finish(() => resolve(result));
    };
  });
}

export function snapshot(slack: Control): Promise<Snapshot> {
  return talk(slack, (event) => (event.t === 'init' ? event.state : undefined));
}
