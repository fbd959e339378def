import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { allMessages } from '../sandbox/slack/control.ts';
import type { Slack } from '../sandbox/slack/local-slack.ts';
import { faultsOfCall } from '../src/slack/views/limits.fixture.ts';

/**
 * What becomes of a call: an answer in place of Slack's, `cut` before Slack has it, `lost` after Slack took it, or so many
 * seconds later.
 */
export type SlackFault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'cut' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'slow'; readonly seconds: number };

export interface Call {
  readonly method: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

/** The door through which the bot's calls go to a Slack: every one is held against Slack's documented limits. */
export interface SlackFront {
  /** For `SLACK_API_URL`. */
  readonly apiUrl: string;
  readonly calls: readonly Call[];
  /** Asked before every call. */
  fault: (call: Call) => SlackFault | undefined;
  /** What Slack would have refused or shown broken, over everything that was sent so far. */
  badPayloads(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openSlackFront(slack: Slack): Promise<SlackFront> {
  const calls: Call[] = [];
  const bad: string[] = [];
  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  const front: SlackFront & { apiUrl: string } = {
    apiUrl: '',
    calls,
    fault: () => undefined,
    async badPayloads() {
      return [...bad, ...(await badAnswers(slack))];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await buffer(request);
    const method = (request.url ?? '').split('?')[0]?.split('/').at(-1) ?? '';
    const call: Call = { method, body: bodyOf(request, bytes), atMs: performance.now() };
    calls.push(call);
    for (const fault of faultsOfCall(method, call.body)) bad.push(`${method}: ${fault}: ${JSON.stringify(call.body)}`);
    const fault = front.fault(call);
    if (fault?.kind === 'slow') await sleep(fault.seconds * 1000);
    if (fault?.kind === 'cut') return void request.socket.destroy();
    if (fault?.kind === 'status') {
      const wait = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
      response.writeHead(fault.status, { 'content-type': 'application/json', ...wait });
      return void response.end(JSON.stringify({ ok: false, error: fault.status === 429 ? 'ratelimited' : 'failed' }));
    }
    if (fault?.kind === 'error') return void response.end(JSON.stringify({ ok: false, error: fault.error }));
    const answer = await fetch(`${slack.url}${request.url}`, {
      method: request.method ?? 'POST',
      headers: {
        'content-type': request.headers['content-type'] ?? '',
        authorization: String(request.headers.authorization),
      },
      ...(bytes.length > 0 ? { body: bytes } : {}),
    });
    const text = await answer.text();
    if (fault?.kind === 'lost') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    response.end(text);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the front of Slack has no port');
  front.apiUrl = `http://127.0.0.1:${address.port}/api/`;
  return front;
}

function bodyOf(request: IncomingMessage, bytes: Buffer): Record<string, unknown> {
  const text = bytes.toString('utf8');
  if (text === '') return {};
  if (request.headers['content-type']?.includes('json')) return JSON.parse(text) as Record<string, unknown>;
  return Object.fromEntries(new URLSearchParams(text));
}

/** What goes to a `response_url` doesn't pass the door: it is looked at where Slack keeps it. */
async function badAnswers(slack: Slack): Promise<readonly string[]> {
  const channels = Object.values(slack.workspace.channels).map(({ id }) => id);
  const bad: string[] = [];
  for (const channel of channels)
    for (const message of await allMessages(slack, channel))
      if (message.subtype === 'ephemeral')
        for (const fault of faultsOfCall('response_url', { text: message.text, blocks: message.blocks }))
          bad.push(`response_url: ${fault}: ${JSON.stringify(message)}`);
  return bad;
}
