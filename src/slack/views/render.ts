import type { Plan } from '../../domain/plan.ts';
import { approvalCard } from './approval.ts';
import { approvalEnded, approvalVoid, refusedCard } from './approval-ended.ts';
import type { Message } from './blocks.ts';
import { checksDetail } from './checklist.ts';
import { commandsDetail, settingsDetail } from './details.ts';
import { failureCard } from './failure.ts';
import { progressCard } from './progress.ts';
import { resultCard } from './result.ts';
import type { Situation } from './situation.ts';
import { type Milestone, stakeholderReply, stakeholderRoot } from './stakeholders.ts';

/** What can stand in a channel. `plan` of an approval is the one that its card was made for. */
export type Card =
  | { readonly kind: 'approval'; readonly digest: string; readonly cardPlan?: Plan }
  | { readonly kind: 'commands' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'progress' }
  | { readonly kind: 'outcome' }
  | { readonly kind: 'checks' }
  | { readonly kind: 'stakeholders' }
  | { readonly kind: 'stakeholders-reply'; readonly milestone: Milestone };

/** Draws one card: a pure function of what is known. */
export function render(card: Card, situation: Situation): Message {
  const { state } = situation;
  switch (card.kind) {
    case 'approval':
      return approval(card.digest, card.cardPlan, situation);
    case 'commands':
      return commandsDetail(situation);
    case 'settings':
      return settingsDetail(situation);
    case 'refused':
      return refusedCard(situation);
    case 'progress':
      return progressCard(situation);
    case 'outcome':
      return state.closed?.outcome === 'succeeded' ? resultCard(situation) : failureCard(situation);
    case 'checks':
      return checksDetail(situation);
    case 'stakeholders':
      return stakeholderRoot(situation);
    case 'stakeholders-reply':
      return stakeholderReply(situation, card.milestone);
    default: {
      const never: never = card;
      return never;
    }
  }
}

function approval(digest: string, cardPlan: Plan | undefined, situation: Situation): Message {
  const { state, plan } = situation;
  if (digest !== state.plan?.digest) {
    const { plan: _, ...rest } = situation;
    return approvalVoid({ ...rest, ...(cardPlan ? { plan: cardPlan } : {}) }, digest, plan);
  }
  return state.phase === 'planned' ? approvalCard(situation) : approvalEnded(situation);
}
