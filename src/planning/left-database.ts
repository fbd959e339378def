import type { LeftAs } from '../domain/cleanup.ts';
import { userError } from '../domain/errors.ts';
import type { LoadOutputs } from '../domain/load.ts';
import type { InstanceIdentity } from '../domain/restore.ts';
import { stepState } from '../domain/state.ts';
import type { Instant } from '../domain/time.ts';
import type { PastOperation } from './past-operation.ts';

/** Two databases of one instance whose names an operation swapped. */
export interface Swap {
  readonly operation: string;
  readonly instance: InstanceIdentity;
  /** The name that the application knows. */
  readonly live: string;
  /** The name that the new database had before the swap, and has again once it is taken back. */
  readonly restored: string;
  readonly newOid: number;
  /** The name that the former database has since the swap. */
  readonly kept: string;
  readonly keptOid: number;
  readonly at: Instant;
  /** When the operation was over. */
  readonly closedAt: Instant;
}

/** A database that a swap left beside the one that serves. */
export interface LeftDatabase {
  readonly name: string;
  readonly oid: number;
  readonly leftAs: LeftAs;
  /** Since when nobody needs it any more. */
  readonly since: Instant;
}

/** What a closed operation swapped; undefined where it never did, or took it back itself. Pure. */
export function swapOf({ state, plan }: PastOperation): Swap | undefined {
  const step = stepState(state, 'swap-names');
  const input = plan?.bound.steps.find(({ id }) => id === 'swap-names')?.input;
  const { source } = (plan?.bound.decided ?? {}) as { readonly source?: InstanceIdentity | null };
  if (!state.closed || step?.status !== 'done' || !step.output || !input || !source) return undefined;
  const { oid, keptOid, kept, at } = step.output as unknown as LoadOutputs['swap-names'];
  return {
    operation: state.id,
    instance: source,
    ...{ live: String(input.live), restored: String(input.restored), newOid: oid },
    ...{ kept, keptOid, at, closedAt: state.closed.at },
  };
}

interface Named {
  readonly oid: number;
  readonly name: string;
}

/**
 * Which of the two is left: the former one, unless it has the live name again; then the new one. Each is known by the id
 * that PostgreSQL gave it, and must have the name that the swap gave it or took from it.
 * @param found those of the instance's databases that have one of the two ids
 * @throws PitcrewError `cleanup.database-gone`, `cleanup.database-is-another`
 */
export function leftOf(swap: Swap, found: readonly Named[]): LeftDatabase {
  const { instance, live, restored, newOid, kept, keptOid, at, closedAt } = swap;
  const isBack = found.some(({ oid, name }) => oid === keptOid && name === live);
  const left: LeftDatabase = isBack
    ? { name: restored, oid: newOid, leftAs: 'beside', since: closedAt }
    : { name: kept, oid: keptOid, leftAs: 'replaced', since: at };
  const there = found.find(({ oid }) => oid === left.oid);
  if (!there) throw userError('cleanup.database-gone', { database: left.name, instance: instance.id });
  if (there.name !== left.name)
    throw userError('cleanup.database-is-another', { database: left.name, found: there.name, instance: instance.id });
  return left;
}
