import type { Json } from '../domain/json.ts';
import type { Locale } from '../domain/people.ts';

/** A text in both languages, side by side, as a function of its parameters. */
export type Text<Params> = (locale: Locale, params: Params) => string;

/** A text with parameters. No sentence is glued from pieces: each language writes it whole. */
export function text<Params>(english: (params: Params) => string, chinese: (params: Params) => string): Text<Params> {
  return (locale, params) => (locale === 'zh-TW' ? chinese(params) : english(params));
}

/** A text without parameters. */
export function plain(english: string, chinese: string): (locale: Locale) => string {
  return (locale) => (locale === 'zh-TW' ? chinese : english);
}

/** Parameters as the ledger keeps them. */
export type Recorded = { readonly [key: string]: Json | undefined };

/** What failed and why in one sentence each, and what to do. */
export interface ErrorText {
  readonly what: Text<Recorded>;
  readonly hint: Text<Recorded>;
}

export function errorText(
  english: readonly [what: (params: Recorded) => string, hint: (params: Recorded) => string],
  chinese: readonly [what: (params: Recorded) => string, hint: (params: Recorded) => string],
): ErrorText {
  return { what: text(english[0], chinese[0]), hint: text(english[1], chinese[1]) };
}

/** Codes with their texts: what a step waits for, what a check found. */
export type Catalogue = Readonly<Record<string, Text<Recorded>>>;
export type ErrorCatalogue = Readonly<Record<string, ErrorText>>;
