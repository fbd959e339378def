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

export type Locale = 'en' | 'zh-TW';
export const locales: readonly Locale[] = ['en', 'zh-TW'];

/** Any tag that Slack or a config gives, as the language we have for it. */
export function localeOf(tag: string | undefined): Locale {
  return /^zh([-_]|$)/i.test(tag ?? '') ? 'zh-TW' : 'en';
}
