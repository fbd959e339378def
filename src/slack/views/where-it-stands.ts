import { approvalCard } from './approval.ts';
import { approvalEnded, refusedCard } from './approval-ended.ts';
import { type Block, type Message, message } from './blocks.ts';
import { failureCard } from './failure.ts';
import { hasBegun } from './prestage.ts';
import { progressCard } from './progress.ts';
import { resultCard } from './result.ts';
import type { Situation } from './situation.ts';

/** Where one operation stands, for one person: the card that would stand, without its buttons. */
export function whereItStands(situation: Situation): Message {
  const { text, blocks } = cardOf(situation);
  return message(text, blocks.filter(isShown));
}

/** A private copy decides nothing: people decide where everybody sees it. */
const isShown = ({ type }: Block) => type !== 'actions';

function cardOf(situation: Situation): Message {
  const { state } = situation;
  if (state.phase === 'planned') return approvalCard(situation);
  if (!hasBegun(situation) && state.phase !== 'parked')
    return state.plan ? approvalEnded(situation) : refusedOrPlanning(situation);
  if (state.phase === 'closed')
    return state.closed?.outcome === 'succeeded' ? resultCard(situation) : failureCard(situation);
  return state.phase === 'parked' ? failureCard(situation) : progressCard(situation);
}

const refusedOrPlanning = (situation: Situation): Message =>
  situation.state.closed ? refusedCard(situation) : progressCard(situation);
