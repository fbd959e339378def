import type { AuditEvent } from '../domain/audit.ts';
import { isOnlyPrestaged } from '../domain/prestage.ts';
import type { OperationState } from '../domain/state.ts';
import type { Surface } from './surfaces.ts';

/** The lines that the audit channel has of an operation so far, in the order of what happened. */
export function auditLines(state: OperationState, channel: string | undefined): readonly Surface[] {
  if (!channel || !state.request) return [];
  return happened(state).map((event) => ({
    name: `audit:${event}`,
    card: { kind: 'audit', event },
    channel,
    once: true,
    urgency: 'change',
    optional: true,
  }));
}

function happened(state: OperationState): readonly AuditEvent[] {
  const asked = (state.request?.policy.required ?? 0) > 0;
  const begun = state.steps.length > 0 && !isOnlyPrestaged(state);
  const denied = state.votes.some(({ decision }) => decision === 'deny');
  const events: readonly (readonly [AuditEvent, boolean])[] = [
    ['requested', true],
    ['approved', asked && state.approvedAt !== undefined],
    ['denied', denied],
    ['started', begun],
    ['findings-accepted', state.findings?.decision === 'approved'],
    ['findings-denied', state.findings?.decision === 'denied'],
    ['cut-over-approved', state.cutOver?.decision === 'approved'],
    ['cut-over-denied', state.cutOver?.decision === 'denied'],
    ['published', state.published],
    ['turned-back', begun && state.turnedBack !== undefined],
    ['parked', state.parked !== undefined],
    ['closed', state.closed !== undefined],
  ];
  return events.flatMap(([event, is]) => (is ? [event] : []));
}
