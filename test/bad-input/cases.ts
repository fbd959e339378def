import type { RecordedError } from '../../src/domain/errors.ts';
import type { Ground } from './ground.ts';

/** One way to ask for what can't be done. */
export interface Case {
  /** As the page shows it: what was typed, or what is wrong with the world. */
  readonly input: string;
  /** The code that the answer must have; nothing for what never becomes an error (a help text, a line of a terminal). */
  readonly code?: string;
  /** Puts the world so, and says how it was: undone after the case. */
  readonly given?: (ground: Ground) => Promise<(() => Promise<unknown> | unknown) | undefined>;
  readonly ask: (ground: Ground) => Promise<Answer>;
}

/** What pitcrew answers: an error that its catalogue words, or words of its own. */
export type Answer = Pick<RecordedError, 'code' | 'params'> | { readonly en: string; readonly 'zh-TW': string };

export interface Group {
  readonly title: string;
  readonly cases: readonly Case[];
}
