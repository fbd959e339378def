import type { RecordedError } from './errors.ts';
import type { ApprovalPolicy, EventData, OperationEvent } from './events.ts';
import { isClaim, violation } from './rules.ts';
import { gateOpened, gateVoted, type StepGate, withVote } from './step-gates.ts';
import { type Instant, plusMinutes } from './time.ts';
import { resumed, supersedeOpened } from './ways-out.ts';

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
  /** When people last let it go on after it was parked here: what it waits for, it waits for anew. */
  readonly resumedAt?: Instant;
  readonly endedAt?: Instant;
  /** What it noted last before an effect of its own. */
  readonly noted?: EventData<'noted'>['data'];
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

/** The gate of a parked operation: people decide whether it is given up, so that the next attempt can begin. */
export interface SupersedeGate {
  /** What a vote must name: the hash of the event by which it was asked. */
  readonly digest: string;
  readonly askedBy: Pick<CastVote, 'human' | 'slackUser'>;
  readonly reason: string;
  /** As the config was when it was asked: an operation that nobody had to approve pins nobody. */
  readonly policy: ApprovalPolicy;
  readonly votes: readonly CastVote[];
  readonly opensAt: Instant;
  readonly expiresAt: Instant;
  /** Absent while it is open, and for good when its time passed. */
  readonly decision?: 'approved' | 'denied';
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
  readonly plan?: {
    readonly digest: string;
    readonly at: Instant;
    readonly expiresAt: Instant;
    /** Steps that may be done while people decide. */
    readonly prestage?: readonly string[];
  };
  readonly votes: readonly CastVote[];
  readonly refusals: readonly (EventData<'refused'> & { readonly at: Instant })[];
  readonly approvedAt?: Instant;
  /** Until when an approved operation may begin. */
  readonly startBy?: Instant;
  /** The first intent that people had approved; absent while at most what the plan prestages was done. */
  readonly startedAt?: Instant;
  readonly cancelAskedBy?: string;
  readonly epoch: number;
  readonly run?: string;
  /** Claims since the last outcome: five of them park the operation. */
  readonly claimsWithoutOutcome: number;
  /** In the order of their first intent. */
  readonly steps: readonly StepState[];
  readonly published: boolean;
  /** From the first intent of a step that judges on; absent where nobody is to be asked. */
  readonly findings?: StepGate;
  /** From the first intent of the step that asks for the cut-over on. */
  readonly cutOver?: StepGate;
  readonly turnedBack?: { readonly step: string; readonly error: RecordedError; readonly at: Instant };
  readonly parked?: { readonly error: RecordedError; readonly at: Instant };
  /** Who let it go on after it was parked, the last time. */
  readonly resumed?: { readonly slackUser: string; readonly at: Instant; readonly times: number };
  /** Only while it is parked. */
  readonly supersede?: SupersedeGate;
  readonly closed?: EventData<'closed'> & { readonly at: Instant };
  readonly voided: readonly Voided[];
}

/** A chain with all that it says: what it folds to, and every event of it, void ones too. */
export interface Chronicle {
  readonly state: OperationState;
  readonly events: readonly Sealed<OperationEvent>[];
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
  return effect(state.request && isClaim(state, event) ? claimed(next, event) : next, event, at, sha256);
}

function claimed(state: OperationState, { epoch, run }: OperationEvent): OperationState {
  const claims = state.claimsWithoutOutcome + 1;
  return { ...state, epoch: epoch ?? state.epoch, ...(run ? { run } : {}), claimsWithoutOutcome: claims };
}

function effect(state: OperationState, event: OperationEvent, at: Instant, sha256: string): OperationState {
  switch (event.type) {
    case 'requested':
      return { ...state, phase: 'requested', request: { ...event.data, at } };
    case 'planned':
      return planned(state, event.data, at);
    case 'vote':
      return byGate(state, event.data, at);
    case 'refused':
      return { ...state, refusals: [...state.refusals, { ...event.data, at }] };
    case 'cancel-asked':
      return { ...state, cancelAskedBy: event.data.human.id };
    case 'resumed':
      return resumed(state, event.data, at);
    case 'supersede-asked':
      return { ...state, supersede: supersedeOpened(event.data, at, sha256) };
    case 'intent':
      return intended(gateOpened(state, event.data, at, sha256), event, at);
    case 'noted':
      return changeStep(state, event.data.step, (step) => ({ ...step, noted: event.data.data }));
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

function planned(state: OperationState, { digest, prestage }: EventData<'planned'>, at: Instant): OperationState {
  const policy = policyOf(state);
  if (!policy) return state;
  const withPlan = {
    ...state,
    phase: 'planned' as const,
    plan: {
      digest,
      at,
      expiresAt: plusMinutes(at, policy.approveWithinMinutes),
      ...(prestage ? { prestage } : {}),
    },
    votes: [],
  };
  return policy.required === 0 ? approved(withPlan, policy, at) : withPlan;
}

function approved(state: OperationState, policy: ApprovalPolicy, at: Instant): OperationState {
  return { ...state, phase: 'approved', approvedAt: at, startBy: plusMinutes(at, policy.startWithinMinutes) };
}

function ballot({ human, decision, reason }: EventData<'vote'>, at: Instant): CastVote {
  return { human: human.id, slackUser: human.slackUser, decision, at, ...(reason ? { reason } : {}) };
}

function byGate(state: OperationState, data: EventData<'vote'>, at: Instant): OperationState {
  const { supersede } = state;
  switch (data.gate) {
    case 'start':
      return voted(state, data, at);
    case 'findings':
    case 'cut-over':
      return gateVoted(state, data.gate, ballot(data, at));
    case 'supersede':
      return supersede
        ? { ...state, supersede: withVote(supersede, ballot(data, at), supersede.policy.required) }
        : state;
    default: {
      const never: never = data.gate;
      return never;
    }
  }
}

function voted(state: OperationState, data: EventData<'vote'>, at: Instant): OperationState {
  const { decision } = data;
  const votes = [...state.votes, ballot(data, at)];
  const policy = policyOf(state);
  if (decision === 'deny' || !policy) return { ...state, phase: 'denied', votes };
  return votes.length >= policy.required ? approved({ ...state, votes }, policy, at) : { ...state, votes };
}

function intended(state: OperationState, event: OperationEvent & { type: 'intent' }, at: Instant): OperationState {
  const { step, direction, publishes } = event.data;
  const owned: OperationState = { ...begun(state, at), published: state.published || publishes === true };
  const before = stepState(state, step);
  const status = direction === 'do' ? 'intended' : 'undo-intended';
  if (!before) {
    const fresh: StepState = { step, status, failures: 0, intendedAt: at, publishes: publishes === true };
    return { ...owned, steps: [...owned.steps, fresh] };
  }
  return changeStep(owned, step, ({ error: _, endedAt: __, ...kept }) => {
    if (kept.status === status) return kept;
    const { resumedAt: ___, ...anew } = kept;
    return { ...anew, status, failures: 0, ...(direction === 'undo' ? { undoIntendedAt: at } : {}) };
  });
}

/** People still decide while a step is prestaged. Once they approved, what failed before is tried anew. */
function begun(state: OperationState, at: Instant): OperationState {
  if (state.turnedBack) return { ...state, phase: 'undoing' };
  if (state.phase !== 'approved') return state.phase === 'planned' ? state : { ...state, phase: 'running' };
  const steps = state.steps.map(({ error: _, ...step }) => ({ ...step, failures: 0 }));
  return { ...state, phase: 'running', startedAt: at, steps };
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
