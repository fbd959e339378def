import type { RunnableOperation } from '../domain/operation.ts';
import type { OperationState } from '../domain/state.ts';
import type { Because } from '../domain/step.ts';
import type { Chains } from '../ledger/chain.ts';
import type { OpenMarkers, OperationIndex } from '../ledger/markers.ts';
import type { Plans } from '../ledger/plans.ts';

/** What one step waits for, for those who watch: never in the ledger, waiting appends nothing. */
export interface Waiting {
  readonly step: string;
  readonly because: Because;
}

export type Pass =
  /** Come back in so many seconds, or when somebody wakes the operation. */
  | { readonly kind: 'wait'; readonly seconds: number; readonly waiting: readonly Waiting[] }
  /** Another run owns the operation now: this one goes away without a word. */
  | { readonly kind: 'fenced' }
  /** A person must look. */
  | { readonly kind: 'parked' }
  | { readonly kind: 'closed' }
  /** No event 0 yet. */
  | { readonly kind: 'empty' };

export interface EngineDependencies {
  readonly chains: Chains;
  readonly plans: Plans;
  readonly markers: OpenMarkers;
  readonly index: OperationIndex;
  /** @returns undefined for an operation that this release doesn't have */
  operation(name: string): RunnableOperation | undefined;
  /** Told after every event and every wait; must not block: nobody waits for Slack. */
  changed(operation: string, waiting: readonly Waiting[]): void;
  /** An error with its cause, for the log; what the chain keeps has neither message nor cause. */
  failed?(operation: string, step: string, error: unknown): void;
  /** Retries of a step: seconds before try n+1. */
  backoffSeconds?(failures: number): number;
  now?(): Date;
}

export interface Run {
  readonly operation: string;
  /** This run's random id; the epoch it claims is fenced with it. */
  readonly run: string;
  readonly signal: AbortSignal;
  /** How often the queue saw this operation's worker die: more often than was claimed means that the owner is gone. */
  readonly stalls: number;
}

/** After `closed`: index, last card, marker away. Done again by whoever finds a closed operation with its marker. */
export async function finishClosing(engine: EngineDependencies, state: OperationState): Promise<Pass> {
  if (state.request && state.closed) await engine.index.put(state.request.environment, state.closed.at, state.id);
  engine.changed(state.id, []);
  await engine.markers.remove(state.id);
  return { kind: 'closed' };
}
