import type { Json } from '../domain/json.ts';
import { type Locale, languageOf, slashOf } from '../domain/people.ts';

/** A text in both languages, side by side, as a function of its parameters. */
export type Text<Params> = (locale: Locale, params: Params) => string;

/** One language's words. `slash` is what people type before a command's name: `/backup`, unless the config says another. */
export type Said<Params> = (params: Params, slash: string) => string;

/** A text with parameters. No sentence is glued from pieces: each language writes it whole. */
export function text<Params>(english: Said<Params>, chinese: Said<Params>): Text<Params> {
  return (locale, params) => (languageOf(locale) === 'zh-TW' ? chinese : english)(params, slashOf(locale));
}

/** As it stands, or with what people type before a command's name. */
type Plain = string | ((slash: string) => string);

/** A text without parameters. */
export function plain(english: Plain, chinese: Plain): (locale: Locale) => string {
  return (locale) => {
    const said = languageOf(locale) === 'zh-TW' ? chinese : english;
    return typeof said === 'string' ? said : said(slashOf(locale));
  };
}

/** Parameters as the ledger keeps them. */
export type Recorded = { readonly [key: string]: Json | undefined };

/** What failed and why in one sentence each, and what to do. */
export interface ErrorText {
  readonly what: Text<Recorded>;
  readonly hint: Text<Recorded>;
}

export function errorText(
  english: readonly [what: Said<Recorded>, hint: Said<Recorded>],
  chinese: readonly [what: Said<Recorded>, hint: Said<Recorded>],
): ErrorText {
  return { what: text(english[0], chinese[0]), hint: text(english[1], chinese[1]) };
}

/** Codes with their texts: what a step waits for, what a check found. */
export type Catalogue = Readonly<Record<string, Text<Recorded>>>;
export type ErrorCatalogue = Readonly<Record<string, ErrorText>>;
