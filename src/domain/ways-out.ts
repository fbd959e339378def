import type { EventData } from './events.ts';
import { sameHuman } from './people.ts';
import type { OperationState, SupersedeGate } from './state.ts';
import { type Instant, plusMinutes } from './time.ts';
import { isNamed, voterViolation } from './voters.ts';

// What people may say to an operation that is under way or parked: stop, go on, give it up. The rules, and what each does
// to the state.

/** Who asked for it, or may approve it. */
function mayAct({ request }: OperationState, { human, via }: EventData<'cancel-asked'>): boolean {
  return request !== undefined && (sameHuman(human.id, request.requester.id) || isNamed(request.policy, via));
}

/** The chain's order decides: once the hand-over is intended, it is too late (4-faults.md, F50). */
export function cancelViolation(state: OperationState, asked: EventData<'cancel-asked'>): string | undefined {
  if (state.published) return 'cancel.too-late';
  if (state.cancelAskedBy) return 'cancel.already-asked';
  if (state.turnedBack) return 'cancel.going-back';
  if (state.phase === 'denied') return 'approval.decided';
  if (state.supersede?.decision === 'approved') return 'supersede.decided';
  return mayAct(state, asked) ? undefined : 'operation.not-yours';
}

export function resumeViolation(state: OperationState, asked: EventData<'resumed'>): string | undefined {
  if (state.phase !== 'parked') return 'retry.not-parked';
  if (state.supersede?.decision === 'approved') return 'supersede.decided';
  return mayAct(state, asked) ? undefined : 'operation.not-yours';
}

/** Anybody may ask, as for a restore: what comes of it others decide. One at a time; an expired one may be asked anew. */
export function supersedeViolation({ phase, supersede }: OperationState, at?: Instant): string | undefined {
  if (phase !== 'parked') return 'supersede.not-parked';
  if (supersede?.decision === 'approved') return 'supersede.decided';
  const open = supersede && !supersede.decision && at !== undefined && at <= supersede.expiresAt;
  return open ? 'supersede.already-asked' : undefined;
}

export function supersedeVoteViolation(
  { phase, supersede }: OperationState,
  vote: EventData<'vote'>,
  at?: Instant,
): string | undefined {
  if (!supersede || phase !== 'parked') return 'supersede.not-asked';
  if (vote.digest !== supersede.digest) return 'supersede.other';
  if (supersede.decision) return 'approval.decided';
  if (at !== undefined && at > supersede.expiresAt) return 'supersede.expired';
  return voterViolation(supersede.policy, supersede.askedBy.human, supersede.votes, vote);
}

/**
 * Not parked any more, and nobody's: whoever takes it up claims it by the next epoch. It goes on in the direction that it
 * had, except after the hand-over: there nothing was taken back, so what failed is tried again forwards.
 */
export function resumed(state: OperationState, { human }: EventData<'resumed'>, at: Instant): OperationState {
  const { parked: _, supersede: __, run: ___, turnedBack, ...rest } = state;
  const back = turnedBack && !state.published ? { turnedBack } : {};
  const steps = state.steps.map((step) => {
    if (step.status !== 'intended' && step.status !== 'undo-intended') return step;
    const { error: _error, ...kept } = step;
    return { ...kept, failures: 0, resumedAt: at };
  });
  return {
    ...rest,
    ...back,
    // Parked after the approval and before it began: it begins as any other, in time and after another look.
    phase: 'turnedBack' in back ? 'undoing' : state.startedAt ? 'running' : 'approved',
    claimsWithoutOutcome: 0,
    steps,
    resumed: { slackUser: human.slackUser, at, times: (state.resumed?.times ?? 0) + 1 },
  };
}

/** The gate, named by the hash of the event that opened it: it seals all that stood when somebody asked. */
export function supersedeOpened(
  { human, reason, policy }: EventData<'supersede-asked'>,
  at: Instant,
  digest: string,
): SupersedeGate {
  const askedBy = { human: human.id, slackUser: human.slackUser };
  const expiresAt = plusMinutes(at, policy.approveWithinMinutes);
  return { digest, askedBy, reason, policy, votes: [], opensAt: at, expiresAt };
}
