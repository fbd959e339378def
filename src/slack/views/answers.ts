import type { RecordedError } from '../../domain/errors.ts';
import type { Locale } from '../../domain/people.ts';
import { answerTexts as texts } from '../../messages/answers.ts';
import { describeError } from '../../messages/index.ts';
import { type Message, message, section } from './blocks.ts';
import { channelMention, code, escaped } from './mrkdwn.ts';

/** A line that one person sees. */
export const said = (line: string): Message => message(line.replaceAll(/[*`]/g, ''), [section(line)]);

export const recordingAnswer = (locale: Locale) => said(texts.recording(locale));

/** `readAs`: what the times in it were taken for. */
export const recordedAnswer = (operation: string, channel: string, locale: Locale, readAs: readonly string[] = []) =>
  said(
    [texts.recorded(locale, { operation: code(operation), channel: channelMention(channel) }), ...readAs].join('\n'),
  );

/** What failed, why, what to do; ready for mrkdwn. */
export function errorLine(error: Pick<RecordedError, 'code' | 'params'>, locale: Locale): string {
  const { what, hint } = describeError(locale, error);
  return texts.error(locale, { what: safe(what), hint: safe(hint) });
}

export const errorAnswer = (error: Pick<RecordedError, 'code' | 'params'>, locale: Locale) =>
  said(errorLine(error, locale));

/** Text of the catalogue with what was typed in it; a channel may still be linked. */
const safe = (text: string) => escaped(text).replaceAll(/&lt;#([CG][A-Z0-9]{2,})&gt;/g, '<#$1>');
