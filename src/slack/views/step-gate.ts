import { type OperationState, stepState } from '../../domain/state.ts';
import type { StepGate } from '../../domain/step-gates.ts';
import { showClock } from '../../messages/units.ts';
import { type Block, header, type Message, message, section } from './blocks.ts';
import { mention } from './mrkdwn.ts';
import { approvals, whoApproved } from './people.ts';
import { type Situation, timeZoneOf } from './situation.ts';

// What the cards of the gates half-way have in common: of the findings, and of the cut-over.

/** `ended`: by something else than a word or the time. */
export type GateStand = 'open' | 'approved' | 'denied' | 'expired' | 'ended';

export interface GateEnding {
  readonly title: string;
  readonly line: string;
}

export function standOf({ state, now }: Situation, { decision, step, expiresAt }: StepGate): GateStand {
  if (decision) return decision;
  if (isOpen(state, step)) return 'open';
  const endedAt = state.turnedBack?.at ?? state.closed?.at ?? now;
  return endedAt <= expiresAt ? 'ended' : 'expired';
}

/** Open for as long as the step that asks waits; that its time is over is the chain's to say. */
const isOpen = (state: OperationState, step: string) =>
  state.phase === 'running' && !state.cancelAskedBy && stepState(state, step)?.status === 'intended';

/** What an ending is told with: who had the last word and when, who approved, how many, and until when they could. */
export function endingFacts(situation: Situation, { votes, expiresAt }: StepGate) {
  const { locale, now } = situation;
  const timeZone = timeZoneOf(situation);
  const last = votes.at(-1);
  return {
    who: mention(last?.slackUser ?? '?'),
    at: showClock(last?.at ?? now, timeZone),
    people: whoApproved(votes, locale),
    votes: approvals(votes).length,
    until: showClock(expiresAt, timeZone),
  };
}

/** The card once nobody is asked any more: how it ended, and all that was looked at. */
export const endedGateCard = ({ title, line }: GateEnding, below: readonly Block[]): Message =>
  message(`${title}. ${line}`, [header(title), section(line), ...below]);
