import type { RecordedError } from './errors.ts';
import type { ApprovalPolicy, EventData, OperationEvent } from './events.ts';
import { isClaim, violation } from './rules.ts';
import { type Instant, plusMinutes } from './time.ts';

/** An event of any chain as the ledger read it, with the time that it counts from. */
export interface Sealed<Event> {
  readonly event: Event;
  /** The later of the previous event's time and the object's own LastModified: no worker's clock. */
  readonly at: Instant;
  readonly sha256: string;
}

export type Phase =
  | 'empty'
  | 'requested'
  | 'planned'
  | 'approved'
  | 'denied'
  | 'running'
  | 'undoing'
  | 'parked'
  | 'closed';

export interface StepState {
  readonly step: string;
  readonly status: 'intended' | 'done' | 'undo-intended' | 'undone';
  /** Failed tries in the present direction. */
  readonly failures: number;
  readonly intendedAt: Instant;
  /** When taking it back was first intended. */
  readonly undoIntendedAt?: Instant;
  readonly endedAt?: Instant;
  readonly output?: EventData<'done'>['output'];
  readonly error?: RecordedError;
  readonly publishes: boolean;
}

export interface CastVote {
  readonly human: string;
  readonly slackUser: string;
  readonly decision: 'approve' | 'deny';
  readonly reason?: string;
  readonly at: Instant;
}

export interface Voided {
  readonly seq: number;
  readonly type: string;
  readonly code: string;
}

/** What an operation's chain says, folded. Everything that pitcrew shows or decides is read from here. */
export interface OperationState {
  readonly id: string;
  readonly n: number;
  readonly head?: { readonly sha256: string; readonly at: Instant };
  readonly phase: Phase;
  readonly request?: EventData<'requested'> & { readonly at: Instant };
  readonly plan?: { readonly digest: string; readonly at: Instant; readonly expiresAt: Instant };
  readonly votes: readonly CastVote[];
  readonly refusals: readonly (EventData<'refused'> & { readonly at: Instant })[];
  readonly approvedAt?: Instant;
  /** Until when an approved operation may begin. */
  readonly startBy?: Instant;
  readonly cancelAskedBy?: string;
  readonly epoch: number;
  readonly run?: string;
  /** Claims since the last outcome: five of them park the operation. */
  readonly claimsWithoutOutcome: number;
  /** In the order of their first intent. */
  readonly steps: readonly StepState[];
  readonly published: boolean;
  readonly turnedBack?: { readonly step: string; readonly error: RecordedError; readonly at: Instant };
  readonly parked?: { readonly error: RecordedError; readonly at: Instant };
  readonly closed?: EventData<'closed'> & { readonly at: Instant };
  readonly voided: readonly Voided[];
}

export const emptyOperation = (id: string): OperationState => ({
  id,
  n: 0,
  phase: 'empty',
  votes: [],
  refusals: [],
  epoch: 0,
  claimsWithoutOutcome: 0,
  steps: [],
  published: false,
  voided: [],
});

export function stepState(state: OperationState, step: string): StepState | undefined {
  return state.steps.find((one) => one.step === step);
}

/** The policy pinned in event 0. */
export function policyOf(state: OperationState): ApprovalPolicy | undefined {
  return state.request?.policy;
}

/** One more event. What breaks a rule is void: it is counted and named, and has no effect. Pure. */
export function fold(state: OperationState, { event, at, sha256 }: Sealed<OperationEvent>): OperationState {
  const next = { ...state, n: state.n + 1, head: { sha256, at } };
  const code = violation(state, event, at);
  if (code) return { ...next, voided: [...state.voided, { seq: event.seq, type: event.type, code }] };
  return effect(state.request && isClaim(state, event) ? claimed(next, event) : next, event, at);
}

function claimed(state: OperationState, { epoch, run }: OperationEvent): OperationState {
  const claims = state.claimsWithoutOutcome + 1;
  return { ...state, epoch: epoch ?? state.epoch, ...(run ? { run } : {}), claimsWithoutOutcome: claims };
}

function effect(state: OperationState, event: OperationEvent, at: Instant): OperationState {
  switch (event.type) {
    case 'requested':
      return { ...state, phase: 'requested', request: { ...event.data, at } };
    case 'planned':
      return planned(state, event.data.digest, at);
    case 'vote':
      return voted(state, event.data, at);
    case 'refused':
      return { ...state, refusals: [...state.refusals, { ...event.data, at }] };
    case 'cancel-asked':
      return { ...state, cancelAskedBy: event.data.human.id };
    case 'intent':
      return intended(state, event, at);
    case 'done':
      return ended(state, event.data, at);
    case 'failed':
      return changeStep({ ...state, claimsWithoutOutcome: 0 }, event.data.step, (step) => ({
        ...step,
        failures: step.failures + 1,
        error: event.data.error,
      }));
    case 'turned-back':
      return { ...state, phase: 'undoing', turnedBack: { ...event.data, at }, claimsWithoutOutcome: 0 };
    case 'parked':
      return { ...state, phase: 'parked', parked: { error: event.data.error, at } };
    case 'closed':
      return { ...state, phase: 'closed', closed: { ...event.data, at } };
    default: {
      const never: never = event;
      return never;
    }
  }
}

function planned(state: OperationState, digest: string, at: Instant): OperationState {
  const policy = policyOf(state);
  if (!policy) return state;
  const withPlan = {
    ...state,
    phase: 'planned' as const,
    plan: { digest, at, expiresAt: plusMinutes(at, policy.approveWithinMinutes) },
    votes: [],
  };
  return policy.required === 0 ? approved(withPlan, policy, at) : withPlan;
}

function approved(state: OperationState, policy: ApprovalPolicy, at: Instant): OperationState {
  return { ...state, phase: 'approved', approvedAt: at, startBy: plusMinutes(at, policy.startWithinMinutes) };
}

function voted(state: OperationState, data: EventData<'vote'>, at: Instant): OperationState {
  const { human, decision, reason } = data;
  const vote: CastVote = { human: human.id, slackUser: human.slackUser, decision, at, ...(reason ? { reason } : {}) };
  const votes = [...state.votes, vote];
  const policy = policyOf(state);
  if (decision === 'deny' || !policy) return { ...state, phase: 'denied', votes };
  return votes.length >= policy.required ? approved({ ...state, votes }, policy, at) : { ...state, votes };
}

function intended(state: OperationState, event: OperationEvent & { type: 'intent' }, at: Instant): OperationState {
  const { step, direction, publishes } = event.data;
  const owned: OperationState = {
    ...state,
    phase: state.turnedBack ? 'undoing' : 'running',
    published: state.published || publishes === true,
  };
  const before = stepState(state, step);
  const status = direction === 'do' ? 'intended' : 'undo-intended';
  if (!before) {
    const fresh: StepState = { step, status, failures: 0, intendedAt: at, publishes: publishes === true };
    return { ...owned, steps: [...state.steps, fresh] };
  }
  return changeStep(owned, step, ({ error: _, endedAt: __, ...kept }) =>
    kept.status === status
      ? kept
      : { ...kept, status, failures: 0, ...(direction === 'undo' ? { undoIntendedAt: at } : {}) },
  );
}

function ended(state: OperationState, data: EventData<'done'>, at: Instant): OperationState {
  return changeStep({ ...state, claimsWithoutOutcome: 0 }, data.step, ({ error: _, ...step }) =>
    data.direction === 'do'
      ? { ...step, status: 'done', endedAt: at, output: data.output }
      : { ...step, status: 'undone', endedAt: at },
  );
}

function changeStep(state: OperationState, id: string, change: (step: StepState) => StepState): OperationState {
  return { ...state, steps: state.steps.map((step) => (step.step === id ? change(step) : step)) };
}
