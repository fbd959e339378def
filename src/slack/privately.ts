import type { KnownBlock, WebClient } from '@slack/web-api';
import type { SlackLog } from './access.ts';
import { asKnownBlocks, type Message } from './views/blocks.ts';

export interface Listener {
  readonly user: string;
  readonly channel: string;
  /** Slack's `response_url`: 5 uses in 30 minutes; modals have none. */
  readonly respond?: ((message: RespondMessage) => Promise<unknown>) | undefined;
}

export interface RespondMessage {
  readonly response_type: 'ephemeral';
  readonly replace_original: false;
  readonly text: string;
  readonly blocks: KnownBlock[];
}

export type Tell = (message: Message) => Promise<void>;

/**
 * Tells one person something that only they see: by the `response_url`, else as an ephemeral message, else directly.
 * Throws nothing: what matters stands on a card, this is a courtesy.
 */
export function privately(client: Pick<WebClient, 'chat'>, log: Pick<SlackLog, 'warn'>, listener: Listener): Tell {
  const { user, channel, respond } = listener;
  return async ({ text, blocks }) => {
    const shown = { text, blocks: asKnownBlocks(blocks) };
    const ways = [
      ...(respond
        ? [() => respond({ ...shown, response_type: 'ephemeral' as const, replace_original: false as const })]
        : []),
      () => client.chat.postEphemeral({ channel, user, ...shown }),
      () => client.chat.postMessage({ channel: user, ...shown }),
    ];
    for (const [index, way] of ways.entries()) {
      try {
        await way();
        return;
      } catch (error) {
        if (index === ways.length - 1) log.warn('somebody could not be told', { user, error });
      }
    }
  };
}
