import type { Locale } from '../../domain/people.ts';
import type { SnapshotPoint } from '../../domain/restore.ts';
import type { OperationState } from '../../domain/state.ts';
import { type Instant, secondsBetween } from '../../domain/time.ts';
import { answerTexts as texts } from '../../messages/answers.ts';
import { homeTexts } from '../../messages/home.ts';
import { describeError } from '../../messages/index.ts';
import { progressTexts } from '../../messages/progress.ts';
import { stepTitle } from '../../messages/steps.ts';
import { showAge, showDuration } from '../../messages/units.ts';
import { whatOf } from './approval.ts';
import { type Message, message, section, sections } from './blocks.ts';
import { code, escaped, link, mention } from './mrkdwn.ts';
import { standing } from './step-lines.ts';

export interface EnvironmentHealth {
  readonly environment: string;
  readonly rpoMinutes: number;
  /** The newest usable recovery point, none, or why it can't be read. */
  readonly newest: SnapshotPoint | 'none' | { readonly error: Parameters<typeof describeError>[1] };
}

/** What is under way, and whether every environment could go back far enough right now. */
export function statusView(
  open: readonly OperationState[],
  environments: readonly EnvironmentHealth[],
  now: Instant,
  locale: Locale,
  links: ReadonlyMap<string, string> = new Map(),
): Message {
  const title = open.length === 0 ? texts.statusNone(locale) : texts.statusOpen(locale, { count: open.length });
  return message(title.replaceAll('*', ''), [
    section(title),
    ...sections(open.map((state) => linked(operationLine(state, now, locale), links.get(state.id), locale))),
    ...sections([texts.statusEnvironments(locale), ...environments.map((one) => healthLine(one, now, locale))]),
  ]);
}

/** A line about an operation, with its card to open. */
export const linked = (line: string, url: string | undefined, locale: Locale) =>
  url ? `${line} · ${link(url, homeTexts.card(locale))}` : line;

export function operationLine(state: OperationState, now: Instant, locale: Locale): string {
  const steps = state.steps.filter(({ step }) => ['running', 'undoing'].includes(standing(state, step)));
  const parts = [
    `*${escaped(whatOf({ state, locale }))}*`,
    texts.phases[state.phase](locale),
    ...steps.map(({ step }) => escaped(stepTitle(locale, step))),
    ...(state.request
      ? [
          progressTexts.askedBy(locale, { who: mention(state.request.requester.slackUser) }),
          showAge(state.request.at, now, locale),
        ]
      : []),
    code(state.id),
  ];
  return `•  ${parts.join(' · ')}`;
}

export function healthLine(
  { environment, rpoMinutes, newest }: EnvironmentHealth,
  now: Instant,
  locale: Locale,
): string {
  const name = escaped(environment);
  if (newest === 'none') return `🔴  ${texts.rpoNone(locale, { environment: name })}`;
  if ('error' in newest)
    return `❔  ${texts.listUnreadable(locale, { environment: name, what: escaped(describeError(locale, newest.error).what) })}`;
  const seconds = secondsBetween(newest.at, now);
  const said = {
    environment: name,
    age: showDuration(seconds, locale),
    objective: showDuration(rpoMinutes * 60, locale),
  };
  return seconds <= rpoMinutes * 60 ? `🟢  ${texts.rpoMet(locale, said)}` : `🔴  ${texts.rpoMissed(locale, said)}`;
}
