import { type Draft, type EventData, type EventType, engineEvents } from './events.ts';
import { earlyTurnViolation, endedUnstarted, isOnlyPrestaged, mayPrestage, notYetExpired } from './prestage.ts';
import type { OperationState } from './state.ts';
import { endedAtCutOver, gateFailure, gateVoteViolation } from './step-gates.ts';
import type { Instant } from './time.ts';
import { voterViolation } from './voters.ts';
import { cancelViolation, resumeViolation, supersedeViolation, supersedeVoteViolation } from './ways-out.ts';

/** Refusals that one chain records; past it they are told and logged only, so that nobody can fill a chain by clicking. */
export const maxRecordedRefusals = 50;
/** A poison operation must not eat every worker (4-faults.md, F53). */
export const maxClaimsWithoutOutcome = 5;

const afterTheEnd: { readonly [Type in EventType]?: string } = { vote: 'approval.decided', resumed: 'retry.over' };

/**
 * Why this event would have no effect in this state, or `undefined` when it stands. The one place where the rules are
 * written: a decision asks it before it appends (without a time: deciding knows no clock), the fold asks it again of
 * every event with the time at which the store received it.
 */
export function violation(state: OperationState, event: Draft, at?: Instant): string | undefined {
  if (event.type === 'requested') return state.n === 0 ? undefined : 'operation.exists';
  if (!state.request)
    return state.n === 0 && event.type === 'closed' && event.data.outcome === 'abandoned'
      ? undefined
      : 'operation.none';
  if (event.type === 'refused') return state.refusals.length < maxRecordedRefusals ? undefined : 'refused.too-many';
  if (state.phase === 'closed') return afterTheEnd[event.type] ?? 'operation.closed';
  if (engineEvents.has(event.type)) return engineViolation(state, event, at);
  switch (event.type) {
    case 'planned':
      return state.epoch > 0 || state.phase === 'denied' ? 'plan.too-late' : undefined;
    case 'vote':
      return voteViolation(state, event.data, at);
    case 'cancel-asked':
      return cancelViolation(state, event.data);
    case 'resumed':
      return resumeViolation(state, event.data);
    case 'supersede-asked':
      return supersedeViolation(state, at);
    case 'closed':
      return closeViolation(state, event, at);
    default:
      return 'event.unknown';
  }
}

type Vote = EventData<'vote'>;

function voteViolation(state: OperationState, vote: Vote, at?: Instant): string | undefined {
  const policy = state.request?.policy;
  if (!policy || !state.plan) return 'approval.no-plan';
  if (vote.gate === 'findings' || vote.gate === 'cut-over')
    return gateVoteViolation(state, policy, vote.gate, vote, at);
  if (vote.gate === 'supersede') return supersedeVoteViolation(state, vote, at);
  // Whoever asked to stop would see it begin all the same for as long as it takes to look.
  if (state.cancelAskedBy) return 'approval.cancelled';
  if (state.phase !== 'planned') return 'approval.decided';
  if (at !== undefined && at > state.plan.expiresAt) return 'approval.expired';
  if (vote.digest !== state.plan.digest) return 'approval.other-plan';
  return voterViolation(policy, state.request?.requester.id, state.votes, vote);
}

/** Signed by the run that owns the operation. */
function isOwner(state: OperationState, { epoch, run }: Draft): boolean {
  return state.epoch > 0 && epoch === state.epoch && run !== undefined && run === state.run;
}

/** Signed by a new run with the next epoch: it owns the operation from this event on. */
export function isClaim(state: OperationState, { type, epoch, run }: Draft): boolean {
  const byEngine = engineEvents.has(type) || type === 'closed';
  return byEngine && epoch === state.epoch + 1 && run !== undefined && run !== state.run;
}

function engineViolation(state: OperationState, event: Draft, at?: Instant): string | undefined {
  const owns = isOwner(state, event);
  const mayAct = owns || (state.epoch > 0 && isClaim(state, event));
  if (event.type === 'parked') {
    if (state.parked) return 'operation.parked';
    // Parked and let go on, it would have begun without anybody's word.
    if (isOnlyPrestaged(state) && !state.turnedBack && state.phase !== 'approved') return 'engine.not-approved';
    return mayAct ? undefined : 'engine.fenced';
  }
  if (state.phase === 'parked') return 'operation.parked';
  if (event.type === 'intent') return intentViolation(state, event, owns, at);
  if (event.type === 'turned-back') {
    if (state.turnedBack) return 'engine.already-turned-back';
    if (!mayAct) return 'engine.fenced';
    return isOnlyPrestaged(state) ? earlyTurnViolation(state, event.data.error, at) : undefined;
  }
  if (!owns) return 'engine.fenced';
  if (event.type === 'noted' || event.type === 'done' || event.type === 'failed') {
    const step = state.steps.find((one) => one.step === event.data.step);
    const open = event.data.direction === 'do' ? 'intended' : 'undo-intended';
    if (step?.status !== open) return 'engine.no-intent';
    // Whoever asked to stop before the note: what it was to precede doesn't happen.
    if (event.type === 'noted') return open === 'intended' && state.cancelAskedBy ? 'engine.cancel-asked' : undefined;
    return event.type === 'failed' ? gateFailure(state, event.data, at) : undefined;
  }
  return 'event.unknown';
}

function intentViolation(
  state: OperationState,
  event: Draft & { type: 'intent' },
  owns: boolean,
  at?: Instant,
): string | undefined {
  const claims = isClaim(state, event);
  if (!owns && !claims) return 'engine.fenced';
  const prestages = mayPrestage(state, event.data);
  if (!prestages && !['approved', 'running', 'undoing'].includes(state.phase)) return 'engine.not-approved';
  if (claims && state.claimsWithoutOutcome >= maxClaimsWithoutOutcome) return 'engine.poison';
  if (prestages && at !== undefined && at > (state.plan?.expiresAt ?? '')) return 'approval.expired';
  if (state.phase === 'approved' && at !== undefined && state.startBy && at > state.startBy)
    return 'approval.start-too-late';
  const { direction, step } = event.data;
  if (direction === 'do' && state.turnedBack) return 'engine.turned-back';
  if (direction === 'undo' && !state.turnedBack) return 'engine.not-turned-back';
  if (direction === 'do' && state.cancelAskedBy) return 'engine.cancel-asked';
  const before = state.steps.find((one) => one.step === step);
  if (direction === 'do' && before && before.status !== 'intended') return 'engine.already-done';
  if (direction === 'undo' && (!before || before.status === 'undone')) return 'engine.nothing-to-undo';
  return undefined;
}

function closeViolation(state: OperationState, event: Draft & { type: 'closed' }, at?: Instant): string | undefined {
  const { outcome } = event.data;
  const owns = isOwner(state, event) || (state.epoch > 0 && isClaim(state, event));
  if (state.phase === 'parked') {
    if (state.supersede?.decision !== 'approved' || outcome !== 'failed') return 'operation.parked';
    return owns ? undefined : 'engine.fenced';
  }
  // What was done before people decided is taken back first; then it ends as what they made of it, and no other way.
  if (isOnlyPrestaged(state)) {
    if (!owns) return 'engine.fenced';
    return outcome === endedUnstarted(state) ? undefined : 'engine.not-approved';
  }
  switch (outcome) {
    case 'denied':
      if (endedAtCutOver(state) === 'denied') return owns ? undefined : 'engine.fenced';
      return state.phase === 'denied' ? undefined : 'close.not-denied';
    case 'expired': {
      if (endedAtCutOver(state) === 'expired') return owns ? undefined : 'engine.fenced';
      if (state.epoch > 0) return 'close.started';
      return notYetExpired(state, at);
    }
    case 'refused':
      return state.epoch === 0 && state.phase !== 'denied' ? undefined : 'close.started';
    case 'cancelled':
      return (state.epoch === 0 && state.cancelAskedBy) || owns ? undefined : 'engine.fenced';
    case 'abandoned':
      // Only in the place of event 0: a request that was recorded is never given up as never made.
      return 'close.requested';
    case 'succeeded':
    case 'failed':
      return owns ? undefined : 'engine.fenced';
    default: {
      const never: never = outcome;
      return never;
    }
  }
}
