import type { Spread } from './statistics.ts';

/** What must hold for the median; for memory and times that nobody may exceed, for the largest. */
export interface Budget {
  readonly is: '≥' | '≤' | '<';
  readonly value: number;
  readonly of?: 'median' | 'max';
}

/** One line of the page. */
export interface Measured {
  readonly what: string;
  /** `×`, `MB`, `ms`, `s`, `a minute` …: stands behind every number. */
  readonly unit: string;
  /** One a round; undefined where it could not be measured, `note` says why. */
  readonly samples: readonly number[] | undefined;
  /** Left out for what only explains another line. */
  readonly budget?: Budget;
  readonly note?: string;
}

export interface Bench {
  /** Small sizes, to see that it works. */
  readonly quick: boolean;
  /** How many rounds somebody asked for instead of the part's own number. */
  readonly rounds: number | undefined;
  readonly signal: AbortSignal;
  say(line: string): void;
  /** Done when the part ends, however it ends, the last one first. */
  atEnd(clean: () => Promise<void> | void): void;
}

export interface Findings {
  readonly measured: readonly Measured[];
  /** Sizes and circumstances that a reader has to know, a sentence each. */
  readonly facts: readonly string[];
}

/** A file of `bench/`: one budget, or a few that are measured in the same run. */
export interface Part {
  readonly name: string;
  readonly title: string;
  /** What is set beside what, and how: for the page. */
  readonly how: string;
  /** Minutes that it takes by experience. */
  readonly minutes: { readonly full: number; readonly quick: number };
  run(bench: Bench): Promise<Findings>;
}

export const isKept = ({ is, value, of = 'median' }: Budget, spread: Spread): boolean => {
  const found = spread[of];
  return is === '≥' ? found >= value : is === '≤' ? found <= value : found < value;
};
