import type { Locale } from '../domain/people.ts';
import { plain } from './text.ts';

type Words = (locale: Locale) => string;

export interface CommandText {
  /** As short as it works. */
  readonly short: string;
  readonly usage: string;
  /** One line. */
  readonly does: Words;
  /** What it needs to know that the line doesn't say. */
  readonly detail: Words;
  readonly who: Words;
  /** What may follow it, each with what it means. */
  readonly takes: readonly { readonly name: string; readonly means: Words }[];
  readonly examples: readonly string[];
}

export const environment = {
  name: 'ENV',
  means: plain(
    'an environment of the config; may be left out in a channel that belongs to one',
    'config 中的環境；在只屬於一個環境的 channel 中可省略',
  ),
};
export const reason = {
  name: '--reason "…"',
  means: plain('why, at most 500 characters; it stays in the ledger', '原因，最多 500 個字元；會留在 ledger 中'),
};

export const approved = plain(
  'Any member may ask; the approvers of the config decide, and nobody approves their own request unless the config says so.',
  '任何成員都可以提出；由 config 中的核准者決定，除非 config 允許，否則不能核准自己的請求。',
);

export const anybody = plain('Any member, in an incident channel.', '任何成員，在 incident channel 中。');
