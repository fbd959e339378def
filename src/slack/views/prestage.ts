import { isOnlyPrestaged } from '../../domain/prestage.ts';
import { stepState } from '../../domain/state.ts';
import { secondsBetween } from '../../domain/time.ts';
import { describeError, describeWait } from '../../messages/index.ts';
import { prestageTexts as texts } from '../../messages/prestage.ts';
import { showClock, showDuration } from '../../messages/units.ts';
import { code, escaped } from './mrkdwn.ts';
import { restorePlan, type Situation, timeZoneOf } from './situation.ts';

/** Whether anything was done that people had to approve; what was only prestaged is no beginning. */
export const hasBegun = ({ state }: Pick<Situation, 'state'>): boolean =>
  state.steps.length > 0 && !isOnlyPrestaged(state);

const instanceOf = ({ plan }: Situation) => code(restorePlan(plan)?.decided.targetId ?? '?');

/** On the card on which people decide: what is being made meanwhile, what becomes of it, and how far it is. */
export function prestageLines(situation: Situation): readonly string[] {
  const { state, locale } = situation;
  if (!state.plan?.prestage) return [];
  // What could not be made costs nothing.
  const made = stepState(state, 'restore-instance')?.error === undefined;
  return [...(made ? [texts.said(locale, { instance: instanceOf(situation) })] : []), howFar(situation)];
}

function howFar(situation: Situation): string {
  const { state, waiting, locale, now } = situation;
  const [asked, stands] = [stepState(state, 'restore-instance'), stepState(state, 'await-instance')];
  if (!asked) return texts.next(locale);
  const error = asked.error ?? stands?.error;
  if (error) return texts.failed(locale, { what: escaped(describeError(locale, error).what) });
  if (stands?.status === 'done' && stands.endedAt) {
    const at = showClock(stands.endedAt, timeZoneOf(situation));
    const length = showDuration(secondsBetween(asked.intendedAt, stands.endedAt), locale);
    return texts.ready(locale, { at, length });
  }
  if (asked.status === 'intended') return texts.asking(locale);
  const because = waiting.find(({ step }) => step === 'await-instance')?.because;
  const length = showDuration(secondsBetween(asked.intendedAt, now), locale);
  return texts.making(locale, { length, what: because ? `${escaped(describeWait(locale, because))}.` : '' });
}

/** On the card of what nobody let begin: what became of the instance that was made meanwhile. */
export function takenBackLines(situation: Situation): readonly string[] {
  const { state, waiting, locale } = situation;
  if (!isOnlyPrestaged(state) || !stepState(state, 'restore-instance')) return [];
  const instance = instanceOf(situation);
  if (stepState(state, 'restore-instance')?.status === 'undone') return [texts.deleted(locale, { instance })];
  if (state.phase === 'parked' || state.phase === 'closed') return [texts.left(locale, { instance })];
  const because = waiting.find(({ step }) => step === 'restore-instance')?.because;
  const what = because ? `${escaped(describeWait(locale, because))}.` : '';
  return [texts.deleting(locale, { instance, what })];
}
