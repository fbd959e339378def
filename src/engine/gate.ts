import type { OperationState } from '../domain/state.ts';
import type { GateSeen } from '../domain/step.ts';
import { type Instant, secondsBetween } from '../domain/time.ts';
import type { Pass } from './pass.ts';

/**
 * What people said so far about what a step found. The worker's clock only says when to look again: that the time is
 * over is the store's to say, once the step's failure is written.
 */
export function gateSeen({ findings, head, request }: OperationState, step: string, now: Instant): GateSeen {
  const required = request?.policy.required ?? 0;
  if (findings?.step !== step) return { decision: 'nobody', leftSeconds: 0, approvedBy: [], required };
  const { votes, expiresAt } = findings;
  const left = Math.min(secondsBetween(now, expiresAt), secondsBetween(head?.at ?? expiresAt, expiresAt));
  const decision = findings.decision ?? (left < 0 ? 'late' : 'open');
  const approvedBy = votes.filter((vote) => vote.decision === 'approve').map(({ slackUser }) => slackUser);
  return { decision, leftSeconds: decision === 'open' ? left : 0, approvedBy, required };
}

/** A failure that the chain does not take because people may still decide, or have: look again, and when. */
export function gateStillOpen(code: string, { findings, head }: OperationState): Pass | undefined {
  if (code === 'engine.findings-accepted') return { kind: 'wait', seconds: 0, waiting: [] };
  if (code !== 'engine.findings-open' || !findings || !head) return undefined;
  return { kind: 'wait', seconds: 1 + Math.max(0, secondsBetween(head.at, findings.expiresAt)), waiting: [] };
}
