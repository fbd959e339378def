import { bug } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import { type StepGateName, stepGateNames } from './step-gates.ts';
import type { Instant } from './time.ts';

/**
 * What keeps a late worker from acting twice (8-protocol.md, "Fence of a step"). `read-only` changes nothing;
 * `derived-name+tag` creates under a name that only this operation has; `version-cas` switches by compare-and-swap;
 * `annotation-test` patches only where the operation's own mark still stands; `idempotent-sql` sets a state that
 * only ever goes one way; `xid` asks the database whether the transaction committed; `resource-id` acts only on what has
 * the id that RDS gives once and never again (of a database: PostgreSQL's id, the name and the mark together), and what it
 * does is decided for good by then.
 */
export type Fence =
  | 'read-only'
  | 'derived-name+tag'
  | 'version-cas'
  | 'annotation-test'
  | 'idempotent-sql'
  | 'xid'
  | 'resource-id';

export interface Done<Output extends JsonObject = JsonObject> {
  readonly kind: 'done';
  readonly output: Output;
}
export interface Wait {
  readonly kind: 'wait';
  readonly againSeconds: number;
  /** A code of the message catalogue with its parameters: what is being waited for. */
  readonly because: Because;
}
export interface Because {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export const done = <Output extends JsonObject>(output: Output): Done<Output> => ({ kind: 'done', output });
export const wait = (againSeconds: number, code: string, params: Because['params'] = {}): Wait => ({
  kind: 'wait',
  againSeconds,
  because: { code, params },
});

/** What people said at the gate of a step, as the step is told it. */
export interface GateSeen {
  /** `nobody`: nobody is asked. `late`: the time is over without a decision; final only once the chain says so. */
  readonly decision: 'nobody' | 'open' | 'approved' | 'denied' | 'late';
  /** Seconds until `late`, by the clock that is further on; 0 unless it is open. */
  readonly leftSeconds: number;
  /** Who said yes, by their Slack users. */
  readonly approvedBy: readonly string[];
  readonly required: number;
}

/** A step without a gate, or one at which the policy asks nobody. */
export const nobodyAsked: GateSeen = { decision: 'nobody', leftSeconds: 0, approvedBy: [], required: 0 };

/** What a step is given each time it runs. */
export interface StepContext {
  /** The operation's id; names, tokens and tags derive from it, never from time or chance. */
  readonly operation: string;
  readonly environment: string;
  readonly input: JsonObject;
  readonly epoch: number;
  /** When this step began in this direction, or people let it go on after it was parked here; by the store's clock. */
  readonly since: Instant;
  /** Ends when this run may no longer act (lock lost, shutdown, deadline). */
  readonly signal: AbortSignal;
  /** What an earlier step of this operation returned. @throws PitcrewError `step.no-output` when it is not done */
  output(step: string): JsonObject;
  /** Whether another step of this operation has an outcome already: for a step that watches until then. */
  isDone(step: string): boolean;
  /** What this step noted last, in an earlier try or by an earlier run. */
  readonly noted?: JsonObject;
  /**
   * Writes into the chain what a later run must know before the effect that follows: the id of a transaction before its
   * COMMIT. Only after it returned may the effect happen.
   * @throws PitcrewError `operation.cancelled` when somebody asked to stop first, `engine.fenced` when another run owns
   *   the operation, `ledger.*` when it may or may not be written: the effect must not happen then
   */
  note(data: JsonObject): Promise<void>;
  /** For a step that declares a gate, and for no other. */
  readonly gate?: GateSeen;
}

/**
 * How a step is taken back, or why it isn't. `under: 'return'`: not when the policy says that the service stays stopped.
 * `polls`: this undo only looks, and may wait.
 */
export type Undo =
  | {
      readonly kind: 'run';
      readonly under: 'always' | 'return';
      readonly polls?: true;
      run(context: StepContext): Promise<Done | Wait>;
    }
  | { readonly kind: 'none'; readonly because: 'read-only' | 'kept-as-evidence' | 'irreversible' };

/**
 * One step. `run` looks first, then acts. A step that changes something is short and bounded: it acts, proves that the
 * act was taken, and is done. Only a read-only step with `polls` may wait; polling claims and appends nothing.
 */
export interface Step {
  readonly id: string;
  readonly fence: Fence;
  readonly polls?: true;
  /** The one step that hands the service over. After it, going back by itself needs proof that nobody wrote. */
  readonly publishes?: true;
  /** People may be asked at this step whether the operation goes on; it waits meanwhile, so it polls. */
  readonly gate?: StepGateName;
  run(context: StepContext): Promise<Done | Wait>;
  readonly undo: Undo;
  /** How it is taken back where it was done while people decided and nobody let the operation begin; else as ever. */
  readonly undoUnapproved?: Undo;
}

export const nothingToUndo: Undo = { kind: 'none', because: 'read-only' };
export const keptAsEvidence: Undo = { kind: 'none', because: 'kept-as-evidence' };
export const irreversible: Undo = { kind: 'none', because: 'irreversible' };
export const undoBy = (run: (context: StepContext) => Promise<Done>, under: 'always' | 'return' = 'always'): Undo => ({
  kind: 'run',
  under,
  run,
});
export const undoneWhen = (
  run: (context: StepContext) => Promise<Done | Wait>,
  under: 'always' | 'return' = 'always',
): Undo => ({ kind: 'run', under, polls: true, run });

/** Only what leaves nothing behind may be done before anybody approved it. */
export const mayPrecedeApproval = ({ fence, undoUnapproved }: Step): boolean =>
  fence === 'read-only' || (fence === 'derived-name+tag' && undoUnapproved?.kind === 'run');

export type StepSet = ReadonlyMap<string, Step>;

/** @throws PitcrewError `step.*` when a definition breaks a rule of the protocol: refused at load, not at 3 AM */
export function stepSet(steps: readonly Step[]): StepSet {
  const set = new Map<string, Step>();
  for (const step of steps) {
    if (set.has(step.id)) throw bug('step.twice', { step: step.id });
    if (step.polls && step.fence !== 'read-only') throw bug('step.polls-and-changes', { step: step.id });
    if (step.fence !== 'read-only' && step.undo.kind === 'none' && step.undo.because === 'read-only')
      throw bug('step.changes-without-undo', { step: step.id });
    if (step.gate && !step.polls) throw bug('step.gate-without-polls', { step: step.id });
    set.set(step.id, step);
  }
  for (const name of stepGateNames)
    if (steps.filter(({ gate }) => gate === name).length > 1) throw bug('step.two-gates', { gate: name });
  return set;
}

/** Reads a text out of an input or output. @throws PitcrewError `step.bad-field` when it is absent or empty */
export function text(object: JsonObject, field: string): string {
  const value = object[field];
  if (typeof value !== 'string' || value === '') throw bug('step.bad-field', { field });
  return value;
}

/** @throws PitcrewError `step.bad-field` when it is no number */
export function number(object: JsonObject, field: string): number {
  const value = object[field];
  if (typeof value !== 'number') throw bug('step.bad-field', { field });
  return value;
}

/** @throws PitcrewError `step.bad-field` when it is no object */
export function object(from: JsonObject, field: string): JsonObject {
  const value: Json | undefined = from[field];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bug('step.bad-field', { field });
  return value as JsonObject;
}
