import { WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError, type WebClient } from '@slack/web-api';
import { milliseconds } from '../domain/time.ts';
import {
  type Content,
  type Found,
  type Mark,
  type Place,
  type Transport,
  TransportError,
} from '../notify/transport.ts';
import { asKnownBlocks, type Block } from './views/blocks.ts';

const eventType = 'pitcrew_card';
/** Pages of 200 messages that are looked through for cards: a channel in an incident is busy, not endless. */
const mostPages = 15;

type SlackCalls = Pick<WebClient, 'chat' | 'conversations'>;

/** Slack as the notifier's transport. Every card carries its mark in the metadata (docs.slack.dev, "Message metadata"). */
export function createSlackTransport({ client }: { readonly client: SlackCalls }): Transport {
  return {
    async post({ channel, thread }, content, mark) {
      const answer = await translated(() =>
        client.chat.postMessage({
          channel,
          ...(thread === undefined ? {} : { thread_ts: thread }),
          ...shown(content),
          metadata: metadataOf(mark),
          unfurl_links: false,
          unfurl_media: false,
        }),
      );
      // Without a ts it can't be found again except by its mark: that is what "unknown" leads to.
      if (!answer.ts) throw new TransportError('unknown', 'chat.postMessage answered without a ts');
      return { ts: answer.ts };
    },
    async update({ channel, ts }, content, mark) {
      await translated(() => client.chat.update({ channel, ts, ...shown(content), metadata: metadataOf(mark) }));
    },
    find: (place, operation, since) => find(client, place, operation, since),
    async delete({ channel, ts }) {
      try {
        await translated(() => client.chat.delete({ channel, ts }));
      } catch (error) {
        // What is gone is gone; what may not be deleted is no card of ours.
        if (!(error instanceof TransportError) || !['gone', 'refused', 'no-channel'].includes(error.failure))
          throw error;
      }
    },
    async direct(user) {
      const { channel } = await translated(() => client.conversations.open({ users: user }));
      if (!channel?.id) throw new TransportError('unknown', 'conversations.open answered without a channel');
      return channel.id;
    },
  };
}

// What the notifier carries without knowing it was drawn by the views.
const shown = ({ text, blocks }: Content) => ({ text, blocks: asKnownBlocks(blocks as readonly Block[]) });

const metadataOf = (mark: Mark) => ({ event_type: eventType, event_payload: { ...mark } });

interface Listed {
  readonly ts?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: object };
}

async function find(
  client: SlackCalls,
  { channel, thread }: Place,
  operation: string,
  since: string,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  const asked = {
    channel,
    limit: 200,
    include_all_metadata: true,
    // A little earlier: Slack's clock is not ours.
    oldest: String(Math.max(0, milliseconds(since) / 1000 - 60)),
  };
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const more = cursor ? { ...asked, cursor } : asked;
    const answer = await read(() =>
      thread === undefined ? client.conversations.history(more) : client.conversations.replies({ ...more, ts: thread }),
    );
    for (const message of (answer?.messages ?? []) as readonly Listed[]) {
      const mark = markOf(message);
      if (mark?.operation === operation && message.ts)
        found.push({ ts: message.ts, surface: mark.surface, nonce: mark.nonce });
    }
    cursor = answer?.response_metadata?.next_cursor || undefined;
    if (!cursor) break;
  }
  return found.sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

/** Where nothing can be read (the channel is gone, the scope is missing), nothing is there to be kept. */
async function read<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await translated(call);
  } catch (error) {
    if (error instanceof TransportError && ['gone', 'refused', 'no-channel'].includes(error.failure)) return undefined;
    throw error;
  }
}

function markOf({ metadata }: Listed): Mark | undefined {
  if (metadata?.event_type !== eventType) return undefined;
  const { operation, surface, nonce } = (metadata.event_payload ?? {}) as Partial<Mark>;
  return operation && surface && nonce ? { operation, surface, nonce } : undefined;
}

const goneErrors = new Set(['message_not_found', 'cant_update_message', 'cant_delete_message', 'thread_not_found']);
const channelErrors = new Set([
  'channel_not_found',
  'is_archived',
  'not_in_channel',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_non_threadable_channel',
  'posting_to_general_channel_denied',
]);
/** Slack broke down in the middle: it may have happened. */
const brokenErrors = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);

/** @throws TransportError what happened, as the notifier has to know it */
async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw asTransportError(error);
  }
}

function asTransportError(error: unknown): TransportError {
  if (error instanceof WebAPIRateLimitedError)
    return new TransportError('later', 'ratelimited', error.retryAfter, error);
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    if (code === 'ratelimited' || code === 'rate_limited') return new TransportError('later', code, 30, error);
    if (goneErrors.has(code)) return new TransportError('gone', code, 0, error);
    if (channelErrors.has(code)) return new TransportError('no-channel', code, 0, error);
    return new TransportError(brokenErrors.has(code) ? 'unknown' : 'refused', code, 0, error);
  }
  // Nobody was there to take it: it certainly did not happen.
  if (error instanceof WebAPIRequestError && neverArrived(error))
    return new TransportError('later', 'unreachable', 0, error);
  return new TransportError('unknown', 'no answer', 0, error);
}

function neverArrived(error: unknown): boolean {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; depth++) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') return true;
    cause = cause instanceof WebAPIRequestError ? cause.original : cause.cause;
  }
  return false;
}
