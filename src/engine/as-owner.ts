import type { Draft } from '../domain/events.ts';
import type { OperationState } from '../domain/state.ts';
import { appendOperation } from '../ledger/operations.ts';
import { owns } from './advance.ts';
import type { EngineDependencies, Pass, Run } from './pass.ts';

export type Round =
  | { readonly kind: 'on'; readonly state: OperationState }
  | { readonly kind: 'stop'; readonly pass: Pass };

/**
 * Appends an engine event as the owner, or claiming. A run that is no longer the owner goes away quietly, and so does one
 * that would claim after the chain has gone on: what it decided was decided on what is past.
 */
export async function asOwner(
  engine: EngineDependencies,
  run: Run,
  state: OperationState,
  draft: Draft,
): Promise<Round> {
  const appended = await appendOperation(engine.chains, run.operation, (seen) =>
    !owns(run, seen) && seen.n !== state.n ? { refused: 'engine.fenced' } : draft,
  );
  engine.changed(run.operation, []);
  if (appended.kind === 'appended') return { kind: 'on', state: appended.state };
  return { kind: 'stop', pass: { kind: 'fenced' } };
}

/** As the owner, or claiming: any engine event that is no outcome may be the first of a new run. */
export function signed(run: Run, state: OperationState): { actor: string; run: string; epoch: number } {
  return { actor: 'worker', run: run.run, epoch: owns(run, state) ? state.epoch : state.epoch + 1 };
}
