import type { ChainKind, StoredEvent } from './chain.ts';

/** What stands where: a card of an operation on one surface (`progress`, `approval`, `stakeholders:C1`). */
export interface Surface {
  /** The nonce in the metadata of the message that was last claimed. */
  readonly nonce: string;
  readonly channel: string;
  /** Slack's id of the message, once it is known to stand. */
  readonly ts?: string;
}

export interface TalkState {
  readonly n: number;
  readonly head?: { readonly sha256: string; readonly at: string };
  readonly surfaces: Readonly<Record<string, Surface>>;
}

/** `talk/<op>/<seq>`: `claimed{surface, nonce, channel}` before a message is posted, `posted{surface, nonce, ts}` after. */
export const talkChain: ChainKind<TalkState> = {
  prefix: 'talk',
  empty: () => ({ n: 0, surfaces: {} }),
  fold(state, { type, data }: StoredEvent, head) {
    const next = { ...state, n: state.n + 1, head };
    const surface = String(data.surface);
    const nonce = String(data.nonce);
    if (type === 'claimed')
      return { ...next, surfaces: { ...state.surfaces, [surface]: { nonce, channel: String(data.channel) } } };
    const claimed = state.surfaces[surface];
    if (type === 'posted' && claimed?.nonce === nonce)
      return { ...next, surfaces: { ...state.surfaces, [surface]: { ...claimed, ts: String(data.ts) } } };
    return next;
  },
  voided: (state, seq) => (seq < state.n ? undefined : 'talk.unread'),
};
