import { cleanupTexts } from '../../messages/cleanup.ts';
import { failureTexts as texts } from '../../messages/outcome.ts';
import { pitrTexts } from '../../messages/pitr.ts';
import { rollbackTexts } from '../../messages/rollback.ts';
import { actions, type Block, button } from './blocks.ts';
import { cleanupAction, isCleanup } from './cleanup.ts';
import { dumpName } from './dump.ts';
import { isRescue } from './rescue.ts';
import { isRollback, rollbackAction } from './rollback.ts';
import { isRestore, type Situation } from './situation.ts';

export const againAction = 'ask-again';

/** The safe choice after an operation that is over and did not reach its goal: the dialog in which one asks anew. */
export function againButton(situation: Pick<Situation, 'state' | 'locale'>): Block[] {
  const { state, locale } = situation;
  const { outcome } = state.closed ?? {};
  if (outcome !== 'failed' && outcome !== 'expired' && outcome !== 'cancelled') return [];
  // There is nothing to choose in a dump, and what a rescue chose stands in what was typed: the command is typed again.
  if (dumpName(situation) !== undefined || isRescue(situation)) return [];
  const { of } = state.request?.args ?? {};
  if (isRollback({ state }) && typeof of === 'string')
    return [actions('again', [button(rollbackAction, rollbackTexts.button(locale), of)])];
  if (isCleanup({ state }) && typeof of === 'string')
    return [actions('again', [button(cleanupAction, cleanupTexts.button(locale), of)])];
  const label =
    state.request?.operation === 'pitr'
      ? pitrTexts.again(locale)
      : isRestore(situation)
        ? texts.again(locale)
        : texts.againSnapshot(locale);
  return [actions('again', [button(againAction, label, state.id)])];
}
