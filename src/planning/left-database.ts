import type { LeftAs } from '../domain/cleanup.ts';
import { userError } from '../domain/errors.ts';
import type { LoadOutputs } from '../domain/load.ts';
import type { InstanceIdentity } from '../domain/restore.ts';
import { type Instant, laterOf } from '../domain/time.ts';
import { firstOf, type History, type PastOperation, swapping } from './past-operation.ts';

/** Two databases of one instance whose names an operation swapped. */
export interface Swap {
  readonly operation: string;
  readonly instance: InstanceIdentity;
  /** The name that the application knows. */
  readonly live: string;
  /**
   * The name that the new database had before the swap, and has again once it is taken back. New is the one that serves
   * since: of a rollback that swapped back, the former one.
   */
  readonly restored: string;
  readonly newOid: number;
  /** The name that the former database has since the swap. */
  readonly kept: string;
  readonly keptOid: number;
  /** Before this, each database had its former name. */
  readonly begunAt: Instant;
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
  const step = firstOf(state, swapping);
  const input = plan?.bound.steps.find(({ id }) => id === step?.step)?.input;
  const { source } = (plan?.bound.decided ?? {}) as { readonly source?: InstanceIdentity | null };
  if (!state.closed || step?.status !== 'done' || !step.output || !input || !source) return undefined;
  const { oid, keptOid, kept, at } = step.output as unknown as LoadOutputs['swap-names'];
  return {
    operation: state.id,
    instance: source,
    ...{ live: String(input.live), restored: String(input.restored), newOid: oid },
    ...{ kept, keptOid, begunAt: step.intendedAt, at, closedAt: state.closed.at },
  };
}

interface Named {
  readonly oid: number;
  readonly name: string;
}

/** All swaps of names in an environment, the newest first, as far back as the ledger is read for it. */
export async function swapsOf(history: History, environment: string): Promise<readonly Swap[]> {
  const closed = await history.closed(environment);
  const published = closed.filter((state) => firstOf(state, swapping)?.status === 'done');
  const found = await Promise.all(published.map(({ id }) => history.find(id)));
  return found.flatMap((past) => (past && swapOf(past)) ?? []);
}

/**
 * Which of the two is left: the former one, unless it has the live name again; then the new one. Each is known by the id
 * that PostgreSQL gave it, and must have the name that the swap gave it or took from it.
 * @param found those of the instance's databases that have one of the two ids
 * @param swaps all that is known of the environment: since the last one that put it aside nobody needs it
 * @throws PitcrewError `cleanup.database-gone`, `cleanup.database-is-another`
 */
export function leftOf(swap: Swap, found: readonly Named[], swaps: readonly Swap[] = []): LeftDatabase {
  const { instance, live, restored, newOid, kept, keptOid, at, closedAt } = swap;
  const isBack = found.some(({ oid, name }) => oid === keptOid && name === live);
  const left = isBack
    ? { name: restored, oid: newOid, leftAs: 'beside' as const, since: closedAt }
    : { name: kept, oid: keptOid, leftAs: 'replaced' as const, since: at };
  const there = found.find(({ oid }) => oid === left.oid);
  if (!there) throw userError('cleanup.database-gone', { database: left.name, instance: instance.id });
  if (there.name !== left.name)
    throw userError('cleanup.database-is-another', { database: left.name, found: there.name, instance: instance.id });
  const departures = swaps.filter((one) => one.keptOid === left.oid && isOf(instance, one)).map((one) => one.at);
  return { ...left, since: departures.reduce(laterOf, left.since) };
}

const isOf = ({ resourceId }: InstanceIdentity, swap: Swap) => swap.instance.resourceId === resourceId;

/**
 * That both databases are as the swap left them: the new one serves under the live name, the former one is kept.
 * @param found those of the instance's databases that have one of the two ids
 * @param serving id of the database that has the live name
 * @param swaps all that is known of the environment, the newest first
 * @throws PitcrewError `rollback.names-back`, `rollback.kept-gone`, `rollback.swapped-on`, `rollback.names-changed`
 */
export function refuseUnlessSwapped(
  swap: Swap,
  found: readonly Named[],
  serving: number | undefined,
  swaps: readonly Swap[],
): void {
  const { operation, instance, live, newOid, kept, keptOid } = swap;
  if (serving === keptOid) throw userError('rollback.names-back', { operation, database: live });
  if (serving !== newOid) {
    const later = swaps.find((one) => one.newOid === serving && isOf(instance, one))?.operation ?? '';
    throw userError('rollback.swapped-on', { operation, database: live, later });
  }
  const former = found.find(({ oid }) => oid === keptOid);
  if (!former) throw userError('rollback.kept-gone', { database: kept, instance: instance.id });
  if (former.name !== kept)
    throw userError('rollback.names-changed', { database: kept, found: former.name, instance: instance.id });
}
