import { PitcrewError } from '../domain/errors.ts';
import { milliseconds } from '../domain/time.ts';
import type { Chains } from '../ledger/chain.ts';
import type { OpenMarkers } from '../ledger/markers.ts';
import { appendOperation, operationChain } from '../ledger/operations.ts';
import { type EngineDependencies, finishClosing } from './pass.ts';

/** How old a marker without event 0 must be before its request counts as never made. */
const abandonedAfterMinutes = 10;

/** The queue, as far as reconciling needs it. */
export interface Jobs {
  /** Whether a job of the operation waits, sleeps or is in hand: whoever takes it reads the chain, so nobody else has to. */
  has(operation: string): Promise<boolean>;
  /** Puts a job for the operation where there is none, or only a finished one. */
  ensure(operation: string): Promise<void>;
}

export interface Reconciled {
  readonly ensured: number;
  readonly abandoned: number;
  readonly finished: number;
  /** Operations whose chain could not be read, with the error's code. */
  readonly unreadable: readonly { readonly operation: string; readonly code: string }[];
}

/**
 * Compares the markers with the ledger and the queue and puts right what a crash, or a lost Redis, left behind. Reads the
 * chains of those alone that have no job, however many there are.
 */
export async function reconcile(engine: EngineDependencies, jobs: Jobs): Promise<Reconciled> {
  let ensured = 0;
  let abandoned = 0;
  let finished = 0;
  const unreadable: { operation: string; code: string }[] = [];
  for (const { operation, at } of await engine.markers.list()) {
    try {
      if (await jobs.has(operation)) continue;
      const state = await engine.chains.load(operationChain, operation);
      if (state.phase === 'closed') {
        await finishClosing(engine, state);
        finished++;
      } else if (state.phase === 'empty') {
        const ageMinutes = ((engine.now?.() ?? new Date()).getTime() - milliseconds(at)) / 60_000;
        if (ageMinutes > abandonedAfterMinutes && (await abandon(engine, operation))) abandoned++;
      } else if (state.phase !== 'parked' || state.supersede?.decision === 'approved') {
        await jobs.ensure(operation);
        ensured++;
      }
    } catch (error) {
      // One chain that can't be read must not keep the others from going on.
      if (!(error instanceof PitcrewError)) throw error;
      unreadable.push({ operation, code: error.code });
    }
  }
  return { ensured, abandoned, finished, unreadable };
}

async function abandon(engine: EngineDependencies, operation: string): Promise<boolean> {
  const closed = await appendOperation(engine.chains, operation, (state) =>
    state.n > 0
      ? { refused: 'operation.exists' }
      : { type: 'closed', actor: 'reconciler', data: { outcome: 'abandoned', service: 'unchanged' } },
  );
  if (closed.kind !== 'appended') return false;
  await finishClosing(engine, closed.state);
  return true;
}

/** Gives a marker back to every chain that has none and isn't closed. Reads every chain's head: once a week. */
export async function repairMarkers(
  chains: Chains,
  markers: OpenMarkers,
  operations: readonly string[],
): Promise<number> {
  const marked = new Set((await markers.list()).map(({ operation }) => operation));
  let repaired = 0;
  for (const operation of operations) {
    if (marked.has(operation)) continue;
    const state = await chains.load(operationChain, operation);
    if (state.phase === 'closed' || state.phase === 'empty') continue;
    await markers.put(operation);
    repaired++;
  }
  return repaired;
}
