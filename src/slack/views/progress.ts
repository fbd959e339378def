import { type OperationState, stepState } from '../../domain/state.ts';
import type { Because } from '../../domain/step.ts';
import { secondsBetween } from '../../domain/time.ts';
import { backOnDump } from '../../messages/from-dump.ts';
import { describeError, describeWait } from '../../messages/index.ts';
import { progressTexts as texts } from '../../messages/progress.ts';
import { rollbackTexts } from '../../messages/rollback.ts';
import { stepTitle } from '../../messages/steps.ts';
import { showClock, showDuration } from '../../messages/units.ts';
import { waysOutTexts } from '../../messages/ways-out.ts';
import { whatOf } from './approval.ts';
import { actions, type Block, context, header, type Message, message, section } from './blocks.ts';
import { backAt, isBack, rtoSeconds } from './clocks.ts';
import { code, escaped, mention } from './mrkdwn.ts';
import { askerOf } from './requested.ts';
import { isRollback } from './rollback.ts';
import { isInPlace, isRestore, restorePlan, type Situation, timeZoneOf } from './situation.ts';
import { stagesOf } from './stages.ts';
import { liveStages, standing } from './step-lines.ts';
import { cancelButton } from './ways-out.ts';

/** The card that is edited in place while the operation runs, and that says at the end how far it came. */
export function progressCard(situation: Situation): Message {
  const { state, plan, locale } = situation;
  const title = titleOf(situation);
  const lines = nowLines(situation);
  return message(texts.fallback(locale, { what: title, line: (lines[0] ?? '').replaceAll('*', '') }), [
    header(title),
    section(`${lines.join('\n')}\n${clockLine(situation)}`),
    ...liveStages(stagesOf(plan?.bound.steps ?? []), situation),
    ...cancelBlocks(situation),
    context([code(state.id), ...peopleOf(situation)].join(' · ')),
  ]);
}

function cancelBlocks(situation: Situation): Block[] {
  const buttons = cancelButton(situation);
  return buttons.length === 0 ? [] : [actions('cancel', buttons)];
}

function titleOf(situation: Situation): string {
  const { state, locale } = situation;
  const what = { what: whatOf(situation) };
  const { titles } = texts;
  switch (state.phase) {
    case 'undoing':
      return titles.undoing(locale, what);
    case 'parked':
      return titles.parked(locale, what);
    case 'closed':
      return (state.closed?.outcome === 'succeeded' ? titles.succeeded : titles.ended)(locale, what);
    case 'running':
      return (isBack(state) ? titles.back : titles.running)(locale, what);
    case 'requested':
      return titles.planning(locale, what);
    default:
      return titles.starting(locale, what);
  }
}

/** What runs now and what it waits for: one line a step. */
function nowLines(situation: Situation): readonly string[] {
  const { state, locale } = situation;
  if (state.phase === 'closed')
    return [state.closed?.outcome === 'succeeded' ? texts.doneLine(locale) : texts.endedLine(locale)];
  if (state.phase === 'parked') return [texts.parkedLine(locale)];
  if (state.phase === 'requested') return [texts.planningLine(locale)];
  const running = runningLines(situation);
  if (state.phase === 'undoing') return [goingBack(situation), ...running];
  if (state.cancelAskedBy) return [waysOutTexts.cancelAsked(locale), ...running];
  if (isBack(state)) {
    const since = showClock(backAt(state) ?? situation.now, timeZoneOf(situation));
    return [backLine(situation)(locale, { since }), ...running];
  }
  if (running.length > 0) return running;
  return [state.phase === 'running' ? texts.betweenSteps(locale) : texts.startingLine(locale)];
}

const backLine = (situation: Situation) =>
  isRollback(situation) ? rollbackTexts.backLine : isInPlace(situation) ? backOnDump : texts.backLine;

function runningLines({ state, waiting, locale }: Situation): readonly string[] {
  // The newest first: what has watched for long, and watches on, is not the news.
  const active = state.steps.filter(({ step }) => ['running', 'undoing'].includes(standing(state, step))).toReversed();
  return active.map(({ step }) => {
    const title = escaped(stepTitle(locale, step));
    const because = waiting.find((one) => one.step === step)?.because ?? noted(state, step);
    const what = because ? escaped(describeWait(locale, because)) : '';
    if (standing(state, step) === 'undoing') return texts.takingBack(locale, { step: title, what });
    return because ? texts.waitsFor(locale, { step: title, what }) : texts.now(locale, { step: title });
  });
}

/** A step that takes long without ever waiting writes down how far it is. */
export function noted(state: OperationState, step: string): Because | undefined {
  const { because } = (stepState(state, step)?.noted ?? {}) as { readonly because?: Partial<Because> };
  return typeof because?.code === 'string' ? { code: because.code, params: because.params ?? {} } : undefined;
}

function goingBack({ state, locale }: Situation): string {
  const { step = '', error } = state.turnedBack ?? {};
  const what = error ? escaped(describeError(locale, error).what) : '';
  return step === ''
    ? texts.undoingAsked(locale, { what })
    : texts.undoingLine(locale, { step: escaped(stepTitle(locale, step)), what });
}

/** Elapsed, the RTO clock against its objective, the usual length: no percentages, nobody knows them. */
function clockLine(situation: Situation): string {
  const { state, plan, locale, now, environment } = situation;
  const began = state.approvedAt ?? state.request?.at ?? now;
  const length = showDuration(secondsBetween(began, state.closed?.at ?? now), locale);
  const parts = [state.closed ? texts.took(locale, { length }) : texts.elapsed(locale, { length })];
  const rto = rtoSeconds(state, now);
  if (isRestore(situation) && environment && rto !== undefined && standsForRto(situation)) {
    const objectiveSeconds = environment.objectives.rtoMinutes * 60;
    const clock = showDuration(rto, locale);
    const objective = showDuration(objectiveSeconds, locale);
    const over = showDuration(rto - objectiveSeconds, locale);
    parts.push(
      rto > objectiveSeconds
        ? texts.rtoOver(locale, { clock, objective, over })
        : texts.rto(locale, { clock, objective }),
    );
  }
  const usual = restorePlan(plan)?.shown.expected.totalSeconds;
  if (usual != null && state.phase === 'running')
    parts.push(texts.usually(locale, { length: showDuration(usual, locale) }));
  return parts.join(' · ');
}

/** The clock runs until the service is back; an operation that ended without it has no RTO to show. */
const standsForRto = ({ state }: Situation) => !state.closed || state.closed.outcome === 'succeeded';

function peopleOf({ state, locale }: Situation): readonly string[] {
  const asker = askerOf({ state });
  const approved = state.votes.filter(({ decision }) => decision === 'approve');
  return [
    texts.askedBy(locale, { who: asker }),
    ...(approved.length > 0
      ? [texts.approvedBy(locale, { people: approved.map(({ slackUser }) => mention(slackUser)).join(', ') })]
      : []),
  ];
}
