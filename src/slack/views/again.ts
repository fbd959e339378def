import { failureTexts as texts } from '../../messages/outcome.ts';
import { actions, type Block, button } from './blocks.ts';
import { isRestore, type Situation } from './situation.ts';

export const againAction = 'ask-again';

/** The safe choice after an operation that is over and did not reach its goal: the dialog in which one asks anew. */
export function againButton(situation: Pick<Situation, 'state' | 'locale'>): Block[] {
  const { state, locale } = situation;
  const { outcome } = state.closed ?? {};
  if (outcome !== 'failed' && outcome !== 'expired' && outcome !== 'cancelled') return [];
  const label = isRestore(situation) ? texts.again(locale) : texts.againSnapshot(locale);
  return [actions('again', [button(againAction, label, state.id)])];
}
