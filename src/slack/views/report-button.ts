import { reportTexts as texts } from '../../messages/report.ts';
import { actions, type Block, type Button, button } from './blocks.ts';
import type { Situation } from './situation.ts';

export const reportAction = 'show-report';

/** The evidence of an operation that is over, where people had to approve it and something was done. */
export function reportButton({ state, locale }: Pick<Situation, 'state' | 'locale'>): readonly Button[] {
  const approved = (state.request?.policy.required ?? 0) > 0;
  if (!state.closed || !approved || state.steps.length === 0) return [];
  return [button(reportAction, texts.button(locale), state.id)];
}

/** What can be done now that it is over, in one row. */
export function afterwards(situation: Pick<Situation, 'state' | 'locale'>, choices: readonly Button[] = []): Block[] {
  const all = [...choices, ...reportButton(situation)];
  return all.length === 0 ? [] : [actions('afterwards', all)];
}
