import { type OperationState, stepState } from '../../domain/state.ts';
import { type Instant, secondsBetween } from '../../domain/time.ts';
import { besideEnded } from '../../messages/from-dump.ts';
import { besideTexts } from '../../messages/load-beside.ts';
import { pitrTexts } from '../../messages/pitr.ts';
import { rollbackTexts } from '../../messages/rollback.ts';
import { stakeholderTexts as texts } from '../../messages/stakeholders.ts';
import { swapBackTexts } from '../../messages/swap-back.ts';
import { showClock, showDuration, showInstant } from '../../messages/units.ts';
import { context, type Message, message, section } from './blocks.ts';
import { backAt, downtimeSeconds, isBack } from './clocks.ts';
import { code, escaped } from './mrkdwn.ts';
import { isRollback, isSwapBack, type RollbackPlan, rollbackPlan } from './rollback.ts';
import { serviceNow } from './service-now.ts';
import {
  environmentName,
  isBeside,
  losesNothing,
  outputOf,
  pointAt,
  restorePlan,
  type Situation,
  servesMeanwhile,
  timeZoneOf,
} from './situation.ts';

/** Moments of which people outside the incident hear. */
export type Milestone = 'stopped' | 'asked' | 'verified' | 'back' | 'turned-back' | 'ended';

/** The first message of the thread; edited at the end, so that who reads only it knows how it went. */
export function stakeholderRoot(situation: Situation): Message {
  const { state, locale } = situation;
  const lines = state.closed || state.parked || isBack(state) ? endedLines(situation) : openingLines(situation);
  const [first = ''] = lines;
  return message(first.replaceAll('*', ''), [
    section(lines.join('\n')),
    context(texts.footer(locale, { operation: code(state.id) })),
  ]);
}

function openingLines(situation: Situation): readonly string[] {
  const { plan, locale, now } = situation;
  const restore = restorePlan(plan);
  const rollback = rollbackPlan(plan);
  if (rollback) return rollbackOpening(situation, rollback);
  if (!restore) return [];
  const { age, at } = pointShown(situation);
  const seconds = restore.shown.expected.downtimeSeconds;
  const environment = escaped(environmentName(situation));
  if (isBeside(situation)) {
    const lost = showDuration(secondsBetween(pointAt(situation) ?? now, openedAt(situation)), locale);
    return [besideTexts.opened(locale, { environment, at, age, lost })];
  }
  const opened = losesNothing(situation)
    ? pitrTexts.opened(locale, { environment })
    : texts.opened(locale, {
        environment,
        at,
        age,
        lost: showDuration(secondsBetween(pointAt(situation) ?? now, openedAt(situation)), locale),
      });
  return [
    opened,
    seconds === null ? texts.notKnown(locale) : texts.expected(locale, { length: showDuration(seconds, locale) }),
  ];
}

/** As of when the loss is said: a message that people quote must not change. */
const openedAt = (situation: Situation): Instant =>
  (servesMeanwhile(situation)
    ? (stepState(situation.state, 'stop-application') ?? stepState(situation.state, 'swap-names'))?.intendedAt
    : undefined) ??
  situation.state.approvedAt ??
  situation.now;

function rollbackOpening(situation: Situation, { shown, decided }: RollbackPlan): readonly string[] {
  const { locale } = situation;
  const { left, expected } = shown;
  const environment = escaped(environmentName(situation));
  const seconds = expected.downtimeSeconds;
  const lost = showDuration(left.seconds, locale);
  if (decided.databases) return [swapBackTexts.opened(locale, { environment, lost })];
  return [
    rollbackTexts.opened(locale, { environment, lost }),
    seconds === null ? texts.notKnown(locale) : texts.expected(locale, { length: showDuration(seconds, locale) }),
  ];
}

/** The recovery point on both clocks, its age as of when the thread opened: a message that people quote must not change. */
function pointShown(situation: Situation): { readonly at: string; readonly age: string } {
  const { locale, now } = situation;
  const point = pointAt(situation) ?? now;
  const { utc, local, age } = showInstant(point, timeZoneOf(situation), openedAt(situation), locale);
  return { at: local ? `${utc}, ${local}` : utc, age };
}

/** One milestone as a reply: a plain sentence or two. */
export function stakeholderReply(situation: Situation, milestone: Milestone): Message {
  const line = replyLine(situation, milestone);
  return message(line.replaceAll('*', ''), [section(line)]);
}

function replyLine(situation: Situation, milestone: Milestone): string {
  const { state, locale, plan, now } = situation;
  const environment = escaped(environmentName(situation));
  switch (milestone) {
    case 'stopped': {
      const at = stepState(state, 'stop-application')?.intendedAt ?? now;
      return texts.stopped(locale, { environment, at: showClock(at, timeZoneOf(situation)) });
    }
    case 'asked': {
      const until = showClock(state.findings?.expiresAt ?? now, timeZoneOf(situation));
      return texts.asked(locale, { environment, until });
    }
    case 'verified':
      return verifiedTexts[outputOf(state, 'judge-verification')?.outcome ?? 'not-proven'](locale);
    case 'turned-back':
      // Once it was handed over nothing goes back by itself.
      return plan?.bound.onFailure === 'return' && !state.published
        ? texts.failedReturning(locale, { environment })
        : texts.failedStaying(locale, { environment });
    case 'back':
      if (isRollback(situation)) return rollbackTexts.back(locale, { environment });
      if (losesNothing(situation)) return pitrTexts.back(locale, { environment });
      return texts.back(locale, { environment, at: pointShown(situation).at, lost: lostLength(situation) });
    case 'ended':
      return endLine(situation);
    default: {
      const never: never = milestone;
      return never;
    }
  }
}

const verifiedTexts = {
  pass: texts.verified,
  'not-proven': texts.verifiedPartly,
  accepted: texts.verifiedAccepted,
};

/** How it went, for whoever reads only the first message of the thread. */
function endedLines(situation: Situation): readonly string[] {
  const { state, locale } = situation;
  if (!isServing(state) || isRollback(situation)) return [endLine(situation)];
  if (losesNothing(situation)) return [endLine(situation), pitrTexts.hasAll(locale)];
  return [endLine(situation), texts.hasData(locale, { at: pointShown(situation).at, lost: lostLength(situation) })];
}

/** From the recovery point to the last moment at which anybody could have entered something that is lost. */
function lostLength({ state, plan, locale, now }: Situation): string {
  const point = pointAt({ state, plan }) ?? now;
  return showDuration(secondsBetween(point, lastWrite(state) ?? now), locale);
}

/** The last moment at which anybody could have entered something that is lost. */
const lastWrite = (state: OperationState): Instant | undefined =>
  stepState(state, 'prove-stopped')?.endedAt ??
  stepState(state, 'stop-application')?.endedAt ??
  stepState(state, 'swap-names')?.endedAt;

const isServing = (state: OperationState) => state.closed?.outcome === 'succeeded' || isBack(state);

/** How it went, in one sentence. */
function endLine(situation: Situation): string {
  const { state, locale, now } = situation;
  const environment = escaped(environmentName(situation));
  const timeZone = timeZoneOf(situation);
  if (isServing(state)) {
    const since = showClock(backAt(state) ?? state.closed?.at ?? now, timeZone);
    const down = downtimeSeconds(state);
    return down === undefined
      ? texts.overBackPlain(locale, { environment, since })
      : texts.overBack(locale, { environment, since, length: showDuration(down, locale) });
  }
  if (isBeside(situation) || isSwapBack(situation)) return besideEnded(locale, { environment });
  switch (serviceNow(situation)) {
    case 'stopped':
      return texts.remainsStopped(locale, { environment });
    case isRollback(situation) ? 'old-database' : 'new-database':
      return texts.undecided(locale, { environment });
    default: {
      const undone = state.steps.flatMap(({ status, endedAt }) => (status === 'undone' && endedAt ? [endedAt] : []));
      const since = undone.sort().at(-1) ?? state.closed?.at ?? now;
      return texts.backOnOld(locale, { environment, since: showClock(since, timeZone) });
    }
  }
}
