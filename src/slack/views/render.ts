import type { AuditEvent } from '../../domain/audit.ts';
import type { Plan } from '../../domain/plan.ts';
import { answerTexts } from '../../messages/answers.ts';
import { approvalCard } from './approval.ts';
import { approvalEnded, approvalVoid, refusedCard } from './approval-ended.ts';
import { auditLine } from './audit.ts';
import { context, type Message, message } from './blocks.ts';
import { checksDetail } from './checklist.ts';
import { isHandedOver } from './clocks.ts';
import { cutOverCard } from './cut-over.ts';
import { commandsDetail, settingsDetail } from './details.ts';
import { failureCard } from './failure.ts';
import { findingsCard } from './findings.ts';
import { channelMention } from './mrkdwn.ts';
import { hasBegun } from './prestage.ts';
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
  | { readonly kind: 'findings' }
  | { readonly kind: 'cut-over' }
  | { readonly kind: 'audit'; readonly event: AuditEvent }
  | { readonly kind: 'progress' }
  | { readonly kind: 'outcome' }
  | { readonly kind: 'checks' }
  | { readonly kind: 'stakeholders' }
  | { readonly kind: 'stakeholders-reply'; readonly milestone: Milestone };

/** Draws one card: a pure function of what is known. One that stands elsewhere than it should says so first. */
export function render(card: Card, situation: Situation): Message {
  const { displacedFrom, locale } = situation;
  const { text, blocks } = drawn(card, situation);
  if (displacedFrom === undefined) return { text, blocks };
  return message(text, [context(answerTexts.displaced(locale, { channel: channelMention(displacedFrom) })), ...blocks]);
}

function drawn(card: Card, situation: Situation): Message {
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
    case 'cut-over':
      return cutOverCard(situation);
    case 'findings':
      return findingsCard(situation);
    case 'audit':
      return auditLine(situation, card.event);
    case 'progress':
      return progressCard(situation);
    case 'outcome':
      if (state.closed && !hasBegun(situation)) return approvalEnded(situation);
      return reached(state) ? resultCard(situation) : failureCard(situation);
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

/** Its goal: closed so, or in service and handed over while every table is still looked at. */
const reached = (state: Situation['state']) =>
  state.closed ? state.closed.outcome === 'succeeded' : isHandedOver(state);

function approval(digest: string, cardPlan: Plan | undefined, situation: Situation): Message {
  const { state, plan } = situation;
  if (digest !== state.plan?.digest) {
    const { plan: _, ...rest } = situation;
    return approvalVoid({ ...rest, ...(cardPlan ? { plan: cardPlan } : {}) }, digest, plan);
  }
  return state.phase === 'planned' ? approvalCard(situation) : approvalEnded(situation);
}
