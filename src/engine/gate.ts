import type { OperationState } from '../domain/state.ts';
import { type GateSeen, nobodyAsked } from '../domain/step.ts';
import { gateOf, gateOfStep, stepGateNames, termsOf } from '../domain/step-gates.ts';
import { type Instant, secondsBetween } from '../domain/time.ts';
import type { Pass } from './pass.ts';

/**
 * What people said so far at the gate of this step. The worker's clock only says when to look again: that the time is
 * over is the store's to say, once the step's failure is written.
 */
export function gateSeen(state: OperationState, step: string, now: Instant): GateSeen {
  const asks = gateOfStep(state, step);
  if (!asks) return nobodyAsked;
  const { votes, expiresAt, decision: decided } = asks.gate;
  const required = termsOf(state.request?.policy, asks.name)?.required ?? 0;
  const left = Math.min(secondsBetween(now, expiresAt), secondsBetween(state.head?.at ?? expiresAt, expiresAt));
  const decision = decided ?? (left < 0 ? 'late' : 'open');
  const approvedBy = votes.filter((vote) => vote.decision === 'approve').map(({ slackUser }) => slackUser);
  return { decision, leftSeconds: decision === 'open' ? left : 0, approvedBy, required };
}

/** A failure that the chain does not take because people may still decide, or have: look again, and when. */
export function gateStillOpen(code: string, state: OperationState): Pass | undefined {
  for (const name of stepGateNames) {
    if (code === `engine.${name}-accepted`) return { kind: 'wait', seconds: 0, waiting: [] };
    const gate = gateOf(state, name);
    if (code !== `engine.${name}-open` || !gate || !state.head) continue;
    return { kind: 'wait', seconds: 1 + Math.max(0, secondsBetween(state.head.at, gate.expiresAt)), waiting: [] };
  }
  return undefined;
}
