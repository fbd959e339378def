// Runs inside local-slack, before its own code. Adds the little that Slack does, pitcrew leans on and local-slack 0.1.8
// leaves out: an envelope goes to one Socket Mode connection, an untouched field of a modal has its initial value, users
// have a locale, messages keep their metadata, nobody's ephemeral messages stand in the history, and files can be uploaded.
import { readFileSync } from 'node:fs';
import { answerUploads } from './uploads.ts';

interface Connection {
  readonly data: { readonly kind: 'socket' | 'ui' };
  send(frame: string): number;
}

interface ServeOptions {
  fetch(request: Request, server: unknown): Response | undefined | Promise<Response | undefined>;
  websocket: { open(connection: Connection): void; close(connection: Connection, ...rest: unknown[]): void };
}

type Json = Record<string, unknown>;
type Message = Json & { readonly ts: string };

const { Bun: bun } = globalThis as unknown as { Bun: { serve(options: ServeOptions): unknown } };
const config = process.argv[process.argv.indexOf('--config') + 1] ?? '';
const { users } = JSON.parse(readFileSync(config, 'utf8')) as { users: { id: string; locale?: string }[] };

const serve = bun.serve;
bun.serve = (options) =>
  serve.call(bun, {
    ...options,
    websocket: oneConnectionAnEnvelope(options.websocket),
    async fetch(request, server) {
      const { pathname, search } = new URL(request.url);
      const uploaded = await answerUploads(request, (asked) => options.fetch(asked, server));
      if (uploaded) return uploaded;
      const complete = completions[pathname];
      if (!complete) return options.fetch(request, server);
      const body = await request.clone().text();
      const json = request.headers.get('content-type')?.includes('json');
      const asked: Json = json ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body || search));
      const answer = await options.fetch(request, server);
      const said = (await answer?.json()) as Json;
      if (said.ok === true) complete(asked, said);
      return Response.json(said);
    },
  });

/** local-slack sends every envelope to every connection of the app; Slack picks one. Here they take turns. */
function oneConnectionAnEnvelope(handlers: ServeOptions['websocket']): ServeOptions['websocket'] {
  const connections: Connection[] = [];
  let turn = 0;
  let last: { envelope: string; carrier: Connection | undefined } | undefined;
  const carries = (connection: Connection, frame: string) => {
    const envelope = (JSON.parse(frame) as { envelope_id?: string }).envelope_id;
    if (!envelope) return true;
    if (last?.envelope !== envelope) last = { envelope, carrier: connections[turn++ % connections.length] };
    return last.carrier === connection;
  };
  return {
    ...handlers,
    open(connection) {
      if (connection.data.kind === 'socket') {
        connections.push(connection);
        const send = connection.send.bind(connection);
        connection.send = (frame) => (carries(connection, frame) ? send(withInitialValues(frame)) : 0);
      }
      handlers.open(connection);
    },
    close(connection, ...rest) {
      if (connections.includes(connection)) connections.splice(connections.indexOf(connection), 1);
      handlers.close(connection, ...rest);
    },
  };
}

interface Submission {
  readonly payload?: {
    readonly type: string;
    readonly view: { blocks: Json[]; state: { values: Record<string, Record<string, Json>> } };
  };
}

const initialNames: Readonly<Record<string, string>> = {
  initial_value: 'value',
  initial_option: 'selected_option',
  initial_options: 'selected_options',
  initial_date: 'selected_date',
  initial_time: 'selected_time',
};

/** local-slack's page neither shows most initial values nor sends any; Slack's client does both. */
function withInitialValues(frame: string): string {
  const envelope = JSON.parse(frame) as Submission;
  if (envelope.payload?.type !== 'view_submission') return frame;
  const { blocks, state } = envelope.payload.view;
  for (const { type, block_id, element } of blocks as { type: string; block_id: string; element: Json }[]) {
    const answer = type === 'input' ? state.values[block_id]?.[String(element.action_id)] : undefined;
    for (const [initial, name] of Object.entries(initialNames)) {
      if (!answer || !(initial in element)) continue;
      if (answer[name] == null || (Array.isArray(answer[name]) && answer[name].length === 0))
        answer[name] = element[initial];
    }
  }
  return JSON.stringify(envelope);
}

const metadata = new Map<string, unknown>();
const isTrue = (value: unknown) => value === true || value === 'true' || value === '1';
const whole = (value: unknown) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : value);

const completeUser = (asked: Json, user: Json) => {
  const locale = users.find(({ id }) => id === user.id)?.locale;
  Object.assign(user, { is_restricted: false, is_ultra_restricted: false, is_app_user: false });
  if (locale && isTrue(asked.include_locale)) user.locale = locale;
};

const keepMetadata = (asked: Json, said: Json) => {
  if (asked.metadata !== undefined) metadata.set(`${said.channel} ${said.ts}`, whole(asked.metadata));
};

const completeMessages = (asked: Json, said: Json) => {
  const messages = (said.messages as readonly Message[]).filter(({ subtype }) => subtype !== 'ephemeral');
  said.messages = messages.map((message) => {
    const kept = metadata.get(`${message.channel} ${message.ts}`);
    return kept && isTrue(asked.include_all_metadata) ? { ...message, metadata: kept } : message;
  });
};

const completions: Readonly<Record<string, (asked: Json, said: Json) => void>> = {
  '/api/users.info': (asked, said) => completeUser(asked, said.user as Json),
  '/api/users.list': (asked, said) => {
    for (const user of said.members as Json[]) completeUser(asked, user);
  },
  '/api/chat.postMessage': keepMetadata,
  '/api/chat.update': keepMetadata,
  '/api/conversations.history': completeMessages,
  '/api/conversations.replies': completeMessages,
};
