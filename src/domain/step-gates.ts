import type { ApprovalPolicy, EventData } from './events.ts';
import type { CastVote, OperationState } from './state.ts';
import { type Instant, plusMinutes } from './time.ts';
import { voterViolation } from './voters.ts';

// The gates half-way, at which people decide whether an operation that runs goes on: with what a step found, and with
// the cut-over after its comparison. One set of rules for both; what differs is how many decide, and for how long.

/** In the order in which a plan may come to them. */
export const stepGateNames = ['findings', 'cut-over'] as const;
export type StepGateName = (typeof stepGateNames)[number];

export interface StepGate {
  /** The step that asks, and waits. */
  readonly step: string;
  /**
   * What a vote must name: the hash of the event by which the step first began. Every event seals the one before it, so
   * it stands for all that was found until then, and for nothing else.
   */
  readonly digest: string;
  readonly votes: readonly CastVote[];
  readonly opensAt: Instant;
  readonly expiresAt: Instant;
  /** Absent while it is open, and for good when its time passed. */
  readonly decision?: 'approved' | 'denied';
}

const fieldOf = { findings: 'findings', 'cut-over': 'cutOver' } as const;

/** Absent before its step began, and where nobody is to be asked. */
export function gateOf(state: OperationState, name: StepGateName): StepGate | undefined {
  return state[fieldOf[name]];
}

/** The gate at which this step asks. */
export function gateOfStep(state: OperationState, step: string): { name: StepGateName; gate: StepGate } | undefined {
  for (const name of stepGateNames) {
    const gate = gateOf(state, name);
    if (gate?.step === step) return { name, gate };
  }
  return undefined;
}

export interface GateTerms {
  readonly required: number;
  /** How long people may decide. */
  readonly minutes: number;
}

/** How many must say yes, and within how long, as event 0 pinned it; `undefined` where nobody is asked. */
export function termsOf(policy: ApprovalPolicy | undefined, name: StepGateName): GateTerms | undefined {
  if (!policy || policy.required === 0) return undefined;
  const { required, findingsWithinMinutes = 0, cutOver = 0, cutOverWithinMinutes = 0 } = policy;
  const terms =
    name === 'findings'
      ? { required, minutes: findingsWithinMinutes }
      : { required: cutOver, minutes: cutOverWithinMinutes };
  return terms.required > 0 && terms.minutes > 0 ? terms : undefined;
}

/** The first intent of a step with a gate opens it, where the pinned policy asks anybody. */
export function gateOpened(
  state: OperationState,
  { gate: name, step }: EventData<'intent'>,
  at: Instant,
  digest: string,
): OperationState {
  const terms = name && termsOf(state.request?.policy, name);
  if (!name || !terms || gateOf(state, name)) return state;
  const gate: StepGate = { step, digest, votes: [], opensAt: at, expiresAt: plusMinutes(at, terms.minutes) };
  return { ...state, [fieldOf[name]]: gate };
}

/** One more word at an open gate. */
export function gateVoted(state: OperationState, name: StepGateName, vote: CastVote): OperationState {
  const gate = gateOf(state, name);
  if (!gate) return state;
  const required = termsOf(state.request?.policy, name)?.required;
  return { ...state, [fieldOf[name]]: withVote(gate, vote, required) };
}

/** One no ends it, enough different people open it. */
export function withVote<Gate extends Pick<StepGate, 'votes' | 'decision'>>(
  gate: Gate,
  vote: CastVote,
  required = Number.POSITIVE_INFINITY,
): Gate {
  const votes = [...gate.votes, vote];
  const decision =
    vote.decision === 'deny' ? ('denied' as const) : votes.length >= required ? ('approved' as const) : undefined;
  return { ...gate, votes, ...(decision ? { decision } : {}) };
}

/**
 * Only while the step that asks waits: once it ended, the operation turns back, or a cancel was asked, it is decided. Over
 * the live database the data is handed over before anybody is asked about it: that decides nothing.
 */
export function gateVoteViolation(
  state: OperationState,
  policy: ApprovalPolicy,
  name: StepGateName,
  vote: EventData<'vote'>,
  at?: Instant,
): string | undefined {
  const gate = gateOf(state, name);
  if (!gate) return `${name}.not-asked`;
  if (state.phase === 'parked') return 'operation.parked';
  if (vote.digest !== gate.digest) return `${name}.other`;
  const asking = state.steps.findIndex(({ step }) => step === gate.step);
  const waits = state.steps[asking]?.status === 'intended';
  const handedOver = state.steps.slice(asking + 1).some(({ publishes }) => publishes);
  if (!waits || state.phase !== 'running' || handedOver || gate.decision) return 'approval.decided';
  if (state.cancelAskedBy) return `${name}.cancelled`;
  if (at !== undefined && at > gate.expiresAt) return `${name}.expired`;
  return voterViolation(policy, state.request?.requester.id, gate.votes, vote);
}

/**
 * A step that asks fails only by a person's no or when the time to decide is over by the store's clock: no worker's clock
 * takes the decision from people. What is ours (`bug`) or may pass (`retryable`) is not that word.
 */
export function gateFailure(
  state: OperationState,
  { step, error }: EventData<'failed'>,
  at?: Instant,
): string | undefined {
  const asks = gateOfStep(state, step);
  if (!asks || error.kind === 'bug' || error.kind === 'retryable') return undefined;
  const { name, gate } = asks;
  if (gate.decision === 'approved') return `engine.${name}-accepted`;
  return gate.decision === undefined && at !== undefined && at <= gate.expiresAt ? `engine.${name}-open` : undefined;
}

/**
 * How an operation ends that people kept from its cut-over, or that nobody let go on in time: that is no failure.
 * `undefined` where it ended by anything else.
 */
export function endedAtCutOver({ cutOver, turnedBack, published }: OperationState): 'denied' | 'expired' | undefined {
  if (!cutOver || published || turnedBack?.step !== cutOver.step) return undefined;
  if (turnedBack.error.kind !== 'user') return undefined;
  return cutOver.decision === 'denied' ? 'denied' : cutOver.decision === undefined ? 'expired' : undefined;
}
