import type { WebClient } from '@slack/web-api';
import { asKnownBlocks, section } from './views/blocks.ts';

/** Where files are shown, and what is said beside them. */
export interface Shared {
  readonly channel: string;
  readonly thread?: string;
  readonly comment: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** Slack's own word for why files could not be put there; nothing where they were. */
export type Upload = (shared: Shared) => Promise<string | undefined>;

const uploadWithinMs = 20_000;

/**
 * Uploads files and shows them as one message (docs.slack.dev, "Working with files": ask for an address, send the bytes
 * there, complete). Where that isn't possible what is said beside them is said all the same.
 */
export function uploads(client: Pick<WebClient, 'files' | 'chat'>): Upload {
  return async (shared) => {
    const { channel, thread, comment } = shared;
    const where = thread === undefined ? {} : { thread_ts: thread };
    try {
      await upload(client, shared);
      return undefined;
    } catch (error) {
      const { data, name } = error as { readonly data?: { readonly error?: string }; readonly name?: string };
      const because = data?.error ?? name ?? 'unknown';
      await client.chat.postMessage({ channel, ...where, text: comment, blocks: asKnownBlocks([section(comment)]) });
      return because;
    }
  };
}

async function upload(client: Pick<WebClient, 'files'>, { channel, thread, comment, files }: Shared): Promise<void> {
  const sent = await Promise.all(
    files.map(async ({ name, bytes }) => {
      const { upload_url: address = '', file_id: id = '' } = await client.files.getUploadURLExternal({
        filename: name,
        length: bytes.length,
      });
      const signal = AbortSignal.timeout(uploadWithinMs);
      const answer = await fetch(address, { method: 'POST', body: new Uint8Array(bytes), signal });
      if (!answer.ok) throw new Error(`the upload of ${name} was answered with ${answer.status}`);
      return { id, title: name };
    }),
  );
  const [first, ...rest] = sent;
  if (!first) return;
  const where = thread === undefined ? { channel_id: channel } : { channel_id: channel, thread_ts: thread };
  await client.files.completeUploadExternal({ files: [first, ...rest], ...where, initial_comment: comment });
}
