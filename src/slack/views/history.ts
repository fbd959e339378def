import type { Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import type { OperationState } from '../../domain/state.ts';
import { type Instant, secondsBetween } from '../../domain/time.ts';
import { historyTexts as texts } from '../../messages/history.ts';
import { homeTexts } from '../../messages/home.ts';
import { describeError } from '../../messages/index.ts';
import { progressTexts } from '../../messages/progress.ts';
import { bothClocks, showDuration, showInstant, showMoment } from '../../messages/units.ts';
import { whatOf } from './approval.ts';
import { type Block, context, divider, type Message, message, section, sections } from './blocks.ts';
import { code, escaped, mention } from './mrkdwn.ts';
import { pointAt, restorePlan } from './situation.ts';
import { linked } from './status.ts';
import { verdict } from './verify.ts';

/** An operation that is over, with its plan where it had one, and where its card stands. */
export interface Past {
  readonly state: OperationState;
  readonly plan?: Plan;
  readonly url?: string;
}

/** What was done in an environment, the newest first, or why that can't be told. */
export interface EnvironmentHistory {
  readonly environment: string;
  readonly timeZone: string;
  readonly past: readonly Past[] | { readonly error: Parameters<typeof describeError>[1] };
}

/** So many of each environment. */
export const historyMost = 20;

/** Past operations: what, who, how it ended, how long it took, to which moment, and its card. */
export function historyView(all: readonly EnvironmentHistory[], now: Instant, locale: Locale): Message {
  const blocks = all.flatMap((one, index) => [...(index > 0 ? [divider] : []), ...ofOne(one, now, locale)]);
  return message(all.map(({ environment }) => environment).join(', '), [...blocks, context(texts.hint(locale))]);
}

function ofOne({ environment, timeZone, past }: EnvironmentHistory, now: Instant, locale: Locale): Block[] {
  const name = { environment: escaped(environment) };
  if ('error' in past) {
    const { what } = describeError(locale, past.error);
    return [section(texts.unreadable(locale, { ...name, what: escaped(what) }))];
  }
  if (past.length === 0) return [section(texts.none(locale, name))];
  const shown = past.slice(0, historyMost);
  return [
    section(texts.title(locale, name)),
    ...sections(shown.map((one) => pastLines(one, timeZone, now, locale))),
    ...(past.length >= historyMost ? [context(texts.most(locale, { count: historyMost }))] : []),
  ];
}

/** Two lines: what and how it ended; when, by whom, for how long. */
function pastLines({ state, plan, url }: Past, timeZone: string, now: Instant, locale: Locale): string {
  const { closed, request } = state;
  const at = closed?.at ?? now;
  const { utc, local, age } = showInstant(at, timeZone, now, locale);
  const facts = [
    `${utc}${local ? ` (${local})` : ''}`,
    age,
    ...(request ? [progressTexts.askedBy(locale, { who: mention(request.requester.slackUser) })] : []),
    ...(request ? [showDuration(secondsBetween(request.at, at), locale)] : []),
    code(state.id),
  ];
  const first = [
    `*${escaped(whatOf({ state, locale }))}*`,
    ...pointOf({ state, ...(plan ? { plan } : {}) }, timeZone, now, locale),
  ];
  return linked(`${outcomeOf(state, locale)} · ${first.join(' ')}\n      ${facts.join(' · ')}`, url, locale);
}

/** A verification that was carried through says what it found: that is no success of the database. */
export function outcomeOf(state: OperationState, locale: Locale): string {
  const outcome = state.closed?.outcome;
  const found = outcome === 'succeeded' ? verdict(state, locale) : undefined;
  if (found) return `${found.sign}  ${found.text}`;
  return outcome ? homeTexts.outcomes[outcome](locale) : '';
}

/** The recovery point of what has one. */
function pointOf(of: Pick<Past, 'state' | 'plan'>, timeZone: string, now: Instant, locale: Locale): readonly string[] {
  const restore = restorePlan(of.plan);
  const at = restore && pointAt(of);
  if (!at) return [];
  const show = restore.decided.recoveryPoint.kind === 'snapshot' ? showInstant : showMoment;
  return [texts.to(locale, { point: bothClocks(show(at, timeZone, now, locale)) })];
}
