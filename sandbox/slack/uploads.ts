import { randomUUID } from 'node:crypto';

// What local-slack leaves out of Slack's files: an address to upload to, the bytes, and the message that shows them
// (docs.slack.dev, "Working with files"). A file can be read at its private address with a token, as in Slack.

type Fetch = (request: Request) => Response | undefined | Promise<Response | undefined>;
type Json = Record<string, unknown>;

interface Held {
  readonly name: string;
  readonly length: number;
  bytes?: Uint8Array;
  shared: boolean;
}

const held = new Map<string, Held>();
const refused = (error: string) => Response.json({ ok: false, error });

/** Answers what is about files, in Slack's manners; `undefined` for everything else. */
export async function answerUploads(request: Request, slack: Fetch): Promise<Response | undefined> {
  const { pathname, origin } = new URL(request.url);
  switch (pathname) {
    case '/api/files.getUploadURLExternal':
      return address(await asked(request), origin);
    case '/api/files.completeUploadExternal':
      return complete(request, slack, origin);
    default: {
      const [, way, id = ''] = /^\/(upload|files-pri)\/([^/]+)/.exec(pathname) ?? [];
      if (way === 'upload') return upload(id, request);
      return way === 'files-pri' ? read(id, request) : undefined;
    }
  }
}

function address({ filename, length }: Json, origin: string): Response {
  const size = Number(length);
  if (typeof filename !== 'string' || filename === '') return refused('invalid_arguments');
  if (!(size > 0)) return refused('length_missing');
  const id = `F${randomUUID().replaceAll('-', '').slice(0, 10).toUpperCase()}`;
  held.set(id, { name: filename, length: size, shared: false });
  return Response.json({ ok: true, upload_url: `${origin}/upload/${id}`, file_id: id });
}

async function upload(id: string, request: Request): Promise<Response> {
  const file = held.get(id);
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (!file || file.shared || bytes.length !== file.length) return new Response('no such upload', { status: 400 });
  file.bytes = bytes;
  return new Response(`OK - ${bytes.length}`);
}

/** Slack posts one message for all of the files; who uploaded them says it. */
async function complete(request: Request, slack: Fetch, origin: string): Promise<Response> {
  const { files, channel_id: channel, thread_ts, initial_comment: text = '' } = await asked(request);
  const named = (typeof files === 'string' ? JSON.parse(files) : files) as { id: string; title?: string }[];
  const found = named.map(({ id }) => held.get(id));
  if (found.some((file) => !file?.bytes || file.shared)) return refused('file_not_found');
  for (const file of found) if (file) file.shared = true;
  const lines = named.map(({ id, title }) => `📎 ${title ?? held.get(id)?.name ?? ''} ${origin}/files-pri/${id}`);
  const said = await slack(
    new Request(`${origin}/api/chat.postMessage`, {
      method: 'POST',
      headers: {
        authorization: request.headers.get('authorization') ?? '',
        'content-type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify({ channel, text: [text, ...lines].join('\n'), ...(thread_ts ? { thread_ts } : {}) }),
    }),
  );
  const answer = (await said?.json()) as Json | undefined;
  if (answer?.ok !== true) return Response.json(answer ?? { ok: false, error: 'internal_error' });
  return Response.json({ ok: true, files: named.map(({ id, title }) => ({ id, title })) });
}

function read(id: string, request: Request): Response {
  const file = held.get(id);
  if (!file?.bytes || !file.shared) return new Response('no such file', { status: 404 });
  if (!request.headers.get('authorization')) return new Response('who asks?', { status: 403 });
  return new Response(new Uint8Array(file.bytes));
}

async function asked(request: Request): Promise<Json> {
  const body = await request.clone().text();
  const json = request.headers.get('content-type')?.includes('json');
  return json ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body || new URL(request.url).search));
}
