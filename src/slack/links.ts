import type { OperationState } from '../domain/state.ts';
import type { Handling } from './visit.ts';

/** Links are asked of Slack one by one. */
const linksMost = 20;

/** Where the newest card of each operation can be opened, by the operation's id; without a link it is shown all the same. */
export async function linksTo(
  { client, cardOf }: Pick<Handling, 'client' | 'cardOf'>,
  states: readonly OperationState[],
): Promise<ReadonlyMap<string, string>> {
  const links = new Map<string, string>();
  await Promise.all(
    states.slice(0, linksMost).map(async ({ id }) => {
      try {
        const card = await cardOf(id);
        if (!card) return;
        const { permalink } = await client.chat.getPermalink({ channel: card.channel, message_ts: card.ts });
        if (permalink) links.set(id, permalink);
      } catch {
        // Not worth a word: it is a convenience.
      }
    }),
  );
  return links;
}
