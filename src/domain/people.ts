/** Somebody whom a signed payload named: never a display name. */
export interface Human {
  /** `T0TEAM/U0USER` for Slack. */
  readonly id: string;
  /** The Slack user alone, for mentions. */
  readonly slackUser: string;
}

export type Locale = 'en' | 'zh-TW';
export const locales: readonly Locale[] = ['en', 'zh-TW'];

/** Any tag that Slack or a config gives, as the language we have for it. */
export function localeOf(tag: string | undefined): Locale {
  return /^zh([-_]|$)/i.test(tag ?? '') ? 'zh-TW' : 'en';
}
