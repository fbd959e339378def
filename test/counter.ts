import type { ChainKind } from '../src/ledger/chain.ts';

export interface Counted {
  readonly n: number;
  readonly head?: { readonly sha256: string; readonly at: string };
  readonly said: readonly string[];
}

/** The simplest chain there is: who said what, each only once. */
export const counter: ChainKind<Counted> = {
  prefix: 'ops',
  empty: () => ({ n: 0, said: [] }),
  fold: (state, { data }, head) => ({ n: state.n + 1, head, said: [...state.said, String(data.word)] }),
  voided: (state, seq) => (state.said.indexOf(state.said[seq] ?? '') < seq ? 'said.twice' : undefined),
};

/** Says a word unless it was said; the number of words is part of what is decided. */
export const say = (word: string) => (state: Counted) =>
  state.said.includes(word)
    ? { refused: 'said.already' }
    : { type: 'said', actor: word, data: { word, after: state.said.length } };
