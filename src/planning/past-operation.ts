import { userError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Plan } from '../domain/plan.ts';
import type { InstanceIdentity } from '../domain/restore.ts';
import { type OperationState, stepState } from '../domain/state.ts';
import type { Instant } from '../domain/time.ts';

/** An operation as the ledger has it. */
export interface PastOperation {
  readonly state: OperationState;
  /** Absent where it was never planned. */
  readonly plan?: Plan;
}

/** What pitcrew itself wrote of earlier operations. */
export interface History {
  /** @returns undefined where there is no such operation */
  find(operation: string): Promise<PastOperation | undefined>;
  /** Closed operations of an environment, the newest first. */
  closed(environment: string): Promise<readonly OperationState[]>;
}

/** An operation that put the application on another database. */
export interface CutOver {
  readonly operation: string;
  /** The database that the application had before; null when it was gone then. */
  readonly before: (InstanceIdentity & { readonly readHost?: string }) | null;
  /** The database that it was put on. */
  readonly after: InstanceIdentity;
  /** When it was switched; absent where that was begun and nobody wrote down how it ended. */
  readonly switchedAt?: Instant;
  /** When nothing wrote to the former database any more. */
  readonly stoppedAt?: Instant;
}

/** Steps that switch, and steps that say what is switched to: of a restore, and of a rollback. */
export const switching = ['switch-secret', 'switch-back'];
const naming = ['await-instance', 'prove-old'];
/** Steps that swap the names of two databases of one instance. */
export const swapping = ['swap-names', 'swap-back'];

export const firstOf = (state: OperationState, ids: readonly string[]) =>
  ids.map((id) => stepState(state, id)).find((step) => step !== undefined);

/** Which instance an operation put the application on, as far as it came. */
export const afterOf = (state: OperationState) => firstOf(state, naming)?.output as InstanceIdentity | undefined;

/** Steps after which the application has other data than before. */
const replacing = [...switching, ...swapping, 'load-in-place'];

/** When an operation gave the application other data; undefined where it never did, or took it back. */
export function replacedAt(state: OperationState): Instant | undefined {
  const step = firstOf(state, replacing);
  return step?.status === 'done' ? step.intendedAt : undefined;
}

/** The operation that put the application on this instance: the newest that did. */
export const switchedTo = (operations: readonly OperationState[], resourceId: string): string | undefined =>
  operations.find((state) => firstOf(state, switching)?.status === 'done' && afterOf(state)?.resourceId === resourceId)
    ?.id;

/**
 * An earlier operation that is over.
 * @throws PitcrewError `cut-over.*`: it is unknown, of another environment, or not over
 */
export async function closedOperation(
  history: History,
  operation: string,
  environment: string,
): Promise<PastOperation> {
  const past = await history.find(operation);
  const { request, phase, closed } = past?.state ?? {};
  if (!past || !request) throw userError('cut-over.unknown', { operation });
  if (request.environment !== environment)
    throw userError('cut-over.of-other', { operation, environment: request.environment });
  if (!closed) throw userError(phase === 'parked' ? 'cut-over.parked' : 'cut-over.running', { operation });
  return past;
}

/**
 * What an operation that is over switched, told from its chain and its plan.
 * @throws PitcrewError `cut-over.never-switched`, `rollback.swap-unknown`
 */
export function cutOverOf(past: PastOperation): CutOver {
  const { id: operation, request } = past.state;
  refuseUnknownSwap(past);
  const cutOver = switchOf(past);
  if (!cutOver) throw userError('cut-over.never-switched', { operation, kind: request?.operation ?? '' });
  return cutOver;
}

/** It was given up in the midst of a swap of names: nobody wrote down whether it was done, nor which database is which. */
function refuseUnknownSwap({ state, plan }: PastOperation): void {
  const swap = firstOf(state, swapping);
  const input = plan?.bound.steps.find(({ id }) => id === swap?.step)?.input;
  if (swap?.status !== 'intended' || !input) return;
  const { instance, live, restored, kept } = input as Readonly<Record<string, string>>;
  throw userError('rollback.swap-unknown', {
    operation: state.id,
    ...{ instance, live, restored, kept },
  } as JsonObject);
}

/** What a closed operation switched; undefined where it never did, or took it back. Pure. */
export function switchOf({ state, plan }: PastOperation): CutOver | undefined {
  const step = firstOf(state, switching);
  const after = afterOf(state);
  if (!step || step.status === 'undone' || !after || !plan) return undefined;
  const { source = null } = plan.bound.decided as unknown as { readonly source?: InstanceIdentity | null };
  const stopped = stepState(state, 'prove-stopped')?.output?.at;
  return {
    operation: state.id,
    before: source && { ...source, ...readsOf(plan) },
    after,
    ...(step.status === 'done' && step.endedAt ? { switchedAt: step.endedAt } : {}),
    ...(typeof stopped === 'string' ? { stoppedAt: stopped } : {}),
  };
}

/** Where reads went before, as the switch was planned. */
function readsOf({ bound }: Plan): { readonly readHost?: string } {
  const input = bound.steps.find(({ id }) => switching.includes(id))?.input.source;
  const { readHost } = (input ?? {}) as { readonly readHost?: unknown };
  return typeof readHost === 'string' ? { readHost } : {};
}
