/** Somebody whom a signed payload named: never a display name. */
export interface Human {
  /** `T0TEAM/U0USER` where Slack named them, `aws/U0USER` where AWS did: see `sameHuman`. */
  readonly id: string;
  /** The Slack user alone, for mentions. */
  readonly slackUser: string;
}

/**
 * Whether two ids are one human, however they came: by Slack, or by a principal of AWS that the config maps to a Slack
 * user. Slack never gives a user's id a second time, not in another workspace either.
 */
export const sameHuman = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && slackUserOf(a) === slackUserOf(b);
const slackUserOf = (id: string) => id.slice(id.lastIndexOf('/') + 1);

export type Language = 'en' | 'zh-TW';
export const locales: readonly Language[] = ['en', 'zh-TW'];

/** How a text is said: in which language, and what those who read it type before a command's own name. */
export interface Speech {
  readonly language: Language;
  /** The slash command as the workspace calls it (`slack.commands`), or the program of a terminal. */
  readonly command: string;
}

/** What every text is rendered for. The language alone: where commands have their usual name. */
export type Locale = Language | Speech;

export const usualCommand = '/backup';
/** What stands before a command's name in a terminal. */
export const program = 'pitcrew';

export const languageOf = (locale: Locale): Language => (typeof locale === 'string' ? locale : locale.language);
export const slashOf = (locale: Locale): string => (typeof locale === 'string' ? usualCommand : locale.command);

/** Any tag that Slack or a config gives, as the language we have for it. */
export function localeOf(tag: string | undefined): Language {
  return /^zh([-_]|$)/i.test(tag ?? '') ? 'zh-TW' : 'en';
}
