import type { RecordedError } from '../../domain/errors.ts';
import { type OperationState, stepState } from '../../domain/state.ts';
import { cutOverTexts } from '../../messages/cut-over.ts';
import { describeError } from '../../messages/index.ts';
import { resultTexts, failureTexts as texts } from '../../messages/outcome.ts';
import { stepTitle } from '../../messages/steps.ts';
import { showClock } from '../../messages/units.ts';
import { waysOutTexts } from '../../messages/ways-out.ts';
import { againButton } from './again.ts';
import { whatOf } from './approval.ts';
import { header, type Message, message, section, sections } from './blocks.ts';
import { failedFindings, findingLine } from './checklist.ts';
import { isCleanup } from './cleanup.ts';
import { bold, code, escaped, mention } from './mrkdwn.ts';
import { afterwards } from './report-button.ts';
import { isRescue } from './rescue.ts';
import { witness } from './result.ts';
import { runbookLine } from './runbooks.ts';
import { serviceLine } from './service-now.ts';
import { isInPlace, outputOf, restorePlan, type Situation, timeZoneOf } from './situation.ts';
import { standing } from './step-lines.ts';
import { givenUpError, givenUpLines, parkedChoices } from './ways-out.ts';

const findingsOnCard = 8;
const notDoneOnCard = 4;

/** The card of an operation that ended before its goal, or that waits for a person. */
export function failureCard(situation: Situation): Message {
  const { state, locale } = situation;
  if (state.resumed && !state.closed && !state.parked) return resumedCard(situation, state.resumed);
  const what = { what: whatOf(situation) };
  const title =
    state.phase === 'parked'
      ? texts.parkedTitle(locale, what)
      : state.closed?.error?.code === 'operation.superseded'
        ? waysOutTexts.givenUpTitle(locale, what)
        : state.closed?.outcome === 'cancelled'
          ? texts.cancelledTitle(locale, what)
          : isKeptBeside(state)
            ? cutOverTexts.keptTitle(locale, what)
            : texts.failedTitle(locale, what);
  const service = serviceLine(situation);
  return message(`${title}. ${service.replaceAll('*', '')}`, [
    header(title),
    section([service, ...whyLines(situation), ...givenUpLines(situation)].join('\n')),
    ...sections(findingLines(situation)),
    ...sections(nextLines(situation)),
    ...sections(stepLists(situation)),
    ...parkedChoices(situation),
    ...againButton(situation),
    ...afterwards(situation),
    witness(situation),
  ]);
}

/** People decided so, or nobody decided in time: nothing failed. */
const isKeptBeside = ({ closed }: OperationState) => closed?.outcome === 'denied' || closed?.outcome === 'expired';

/** Where the card of a parked operation stood, while it goes on: its choices are gone, and it says who made it go on. */
function resumedCard(situation: Situation, { slackUser, at, times }: NonNullable<OperationState['resumed']>): Message {
  const { locale } = situation;
  const title = waysOutTexts.resumedTitle(locale, { what: whatOf(situation) });
  const who = mention(slackUser);
  const line = waysOutTexts.resumedLine(locale, { who, at: showClock(at, timeZoneOf(situation)), times });
  return message(`${title}. ${line}`, [header(title), section(line), witness(situation)]);
}

/** Why it waits, where that says more than what failed: after a deletion there is no data to go back to or to lose. */
function parkedWhy({ state, plan }: Situation): RecordedError | undefined {
  const error = state.parked?.error;
  if (error?.code !== 'engine.published') return error;
  if (isCleanup({ state })) return undefined;
  // Over the live database the data is the dump's before anything starts: nobody has written to it yet.
  const committed = isInPlace({ plan }) && !stepState(state, 'start-application');
  const database = restorePlan(plan)?.decided.targetId ?? '';
  return committed ? { ...error, code: 'load.committed', params: { database } } : error;
}

/** What failed first, and what stopped it in the end where that is something else. */
function whyLines(situation: Situation): readonly string[] {
  const { state, locale } = situation;
  const first = state.turnedBack;
  const last = parkedWhy(situation) ?? (first ? undefined : state.closed?.error);
  const at = (step: string, error: RecordedError) =>
    texts.failedAt(locale, {
      step: escaped(stepTitle(locale, step)),
      what: escaped(describeError(locale, error).what),
    });
  const because = (error: RecordedError) =>
    texts.failedBecause(locale, { what: escaped(describeError(locale, error).what) });
  if (isKeptBeside(state) && first) return [escaped(describeError(locale, first.error).what)];
  const undoing = state.steps.find(({ status, error }) => status === 'undo-intended' && error);
  return [
    ...(first ? [first.step ? at(first.step, first.error) : because(first.error)] : []),
    ...(last ? [undoing && state.parked ? at(undoing.step, last) : because(last)] : []),
  ];
}

function findingLines({ state, locale }: Situation): readonly string[] {
  const found = failedFindings(state);
  if (found.length === 0) return [];
  const rest = found.length - findingsOnCard;
  return [
    texts.found(locale),
    ...found.slice(0, findingsOnCard).map((one) => findingLine(one, locale)),
    ...(rest > 0 ? [resultTexts.moreFindings(locale, { count: rest })] : []),
  ];
}

function stepLists({ state, plan, locale }: Situation): readonly string[] {
  const ids = plan?.bound.steps.map(({ id }) => id) ?? state.steps.map(({ step }) => step);
  const list = (name: string, stand: readonly ReturnType<typeof standing>[], most = ids.length) => {
    const titles = ids.filter((id) => stand.includes(standing(state, id))).map((id) => escaped(stepTitle(locale, id)));
    const rest = titles.length - most;
    const shown = [...titles.slice(0, most), ...(rest > 0 ? [texts.moreSteps(locale, { count: rest })] : [])];
    return `${bold(name)}  ${titles.length === 0 ? texts.none(locale) : shown.join('  ·  ')}`;
  };
  return [
    list(texts.done(locale), ['done']),
    list(texts.takenBack(locale), ['undone', 'undoing']),
    // The progress card has every step; here it is enough to see where it ended.
    list(texts.notDone(locale), ['failed', 'stopped', 'not-reached', 'to-come'], notDoneOnCard),
  ];
}

function nextLines(situation: Situation): readonly string[] {
  const { state, plan, locale } = situation;
  const error: Pick<RecordedError, 'code' | 'params'> | undefined =
    givenUpError(situation) ?? parkedWhy(situation) ?? state.turnedBack?.error ?? state.closed?.error;
  const made =
    outputOf(state, 'restore-instance')?.instanceId ??
    outputOf(state, 'create-instance')?.instanceId ??
    besideOf(state, plan);
  const runbooks = runbookLine(situation);
  const asker = state.request ? texts.asker(locale, { who: mention(state.request.requester.slackUser) }) : '';
  return [
    ...(error && !(isRescue(situation) && stepState(state, 'copy-rows')?.output)
      ? [texts.next(locale, { hint: escaped(describeError(locale, error).hint) })]
      : []),
    ...(state.phase === 'parked' ? [texts.parkedNext(locale)] : []),
    ...(made && !state.published ? [texts.keptBeside(locale, { instance: code(made) })] : []),
    ...(runbooks ? [runbooks] : []),
    ...(asker ? [asker] : []),
  ];
}

/** The instance may stand although its step has no outcome: its name is known from the plan. */
function besideOf(state: OperationState, plan: Situation['plan']): string | undefined {
  const begun = stepState(state, 'restore-instance') ?? stepState(state, 'create-instance');
  return begun ? restorePlan(plan)?.decided.targetId : undefined;
}
