import type { LeftAs } from '../domain/cleanup.ts';
import { userError } from '../domain/errors.ts';
import type { InstanceIdentity } from '../domain/restore.ts';
import { stepState } from '../domain/state.ts';
import { type Instant, laterOf } from '../domain/time.ts';
import { type CutOver, type History, type PastOperation, switchOf } from './past-operation.ts';

/** An instance that an operation left standing beside the one that serves. */
export interface LeftBeside {
  readonly operation: string;
  readonly leftAs: LeftAs;
  readonly id: string;
  /** Absent where the operation ended before it knew: then its tag says whose the instance is. */
  readonly resourceId?: string;
  /** Nobody let the operation begin, and what it had made is deleted: there is one only where a call came late. */
  readonly takenBack: boolean;
  /** The application was on it once. */
  readonly served: boolean;
  /** Since when nobody needs it any more. */
  readonly since: Instant;
  /** The snapshot that the operation took of it, or asked for. */
  readonly rescue: string | null;
}

/** Only these make an instance. */
const makers: readonly string[] = ['restore', 'pitr'];

/**
 * What a closed operation left: of one that cut over, the instance that it replaced, unless the application is back on
 * that one; else the instance that it made. Pure.
 * @param serving resource id of the instance that the environment uses now
 * @param cutOvers all that is known to have been switched in the environment
 * @throws PitcrewError `cleanup.not-over`, `cleanup.parked`, `cleanup.nothing-left`, `cleanup.live`
 */
export function leftBeside(past: PastOperation, serving: string, cutOvers: readonly CutOver[]): LeftBeside {
  const { state } = past;
  const operation = state.id;
  const kind = state.request?.operation ?? '';
  if (!state.closed) throw userError(state.phase === 'parked' ? 'cleanup.parked' : 'cleanup.not-over', { operation });
  const cutOver = switchOf(past);
  const before = cutOver?.before;
  const made = madeBy(past);
  const left = before && before.resourceId !== serving ? { ...before, leftAs: 'replaced' as const } : made;
  if (!left && before) throw userError('cleanup.live', { instance: before.id, environment: environmentOf(past) });
  if (!left) throw userError('cleanup.nothing-left', { operation, kind });
  if (left.resourceId === serving)
    throw userError(before === null ? 'cleanup.nothing-left' : 'cleanup.live', {
      operation,
      kind,
      instance: left.id,
      environment: environmentOf(past),
    });
  const departures = cutOvers.flatMap(({ before: of, switchedAt: at }) =>
    at !== undefined && of?.resourceId === left.resourceId ? [at] : [],
  );
  const servedIt = cutOvers.some((one) => one.after.resourceId === left.resourceId);
  return {
    operation,
    leftAs: left.leftAs,
    id: left.id,
    ...(left.resourceId ? { resourceId: left.resourceId } : {}),
    takenBack: left.takenBack === true,
    served: left.leftAs === 'replaced' || servedIt || cutOver !== undefined,
    since: departures.length > 0 ? departures.reduce(laterOf) : state.closed.at,
    rescue: left.leftAs === 'replaced' ? rescueOf(past) : null,
  };
}

const environmentOf = ({ state }: PastOperation) => state.request?.environment ?? '';

type Candidate = Pick<LeftBeside, 'id' | 'leftAs'> & { readonly resourceId?: string; readonly takenBack?: true };

function madeBy({ state, plan }: PastOperation): Candidate | undefined {
  const making = stepState(state, 'restore-instance') ?? stepState(state, 'create-instance');
  if (!makers.includes(state.request?.operation ?? '') || !making) return undefined;
  const seen = stepState(state, 'await-instance')?.output as InstanceIdentity | undefined;
  const { targetId } = (plan?.bound.decided ?? {}) as { readonly targetId?: unknown };
  const id = seen?.id ?? making.output?.instanceId ?? targetId;
  if (typeof id !== 'string') return undefined;
  // Made while people decided, and deleted when they let it not begin. A worker that slept over its call may make it once more,
  // under the same name, with the same tags: as another instance than the one that was seen.
  if (making.status === 'undone') return { id, leftAs: 'beside', takenBack: true };
  return { id, leftAs: 'beside', ...(seen ? { resourceId: seen.resourceId } : {}) };
}

function rescueOf({ state }: PastOperation): string | null {
  const { taken, snapshotId } = stepState(state, 'rescue-snapshot')?.output ?? {};
  return taken === true && typeof snapshotId === 'string' ? snapshotId : null;
}

/** All that earlier operations of an environment switched, as far back as the ledger is read for it. */
export async function cutOversOf(history: History, environment: string): Promise<readonly CutOver[]> {
  const closed = await history.closed(environment);
  const found = await Promise.all(closed.filter(({ published }) => published).map(({ id }) => history.find(id)));
  return found.flatMap((past) => (past && switchOf(past)) ?? []);
}

/** RDS is asked for each: what was made longer ago is still found by its name. */
const newestMade = 10;

/** Resource ids of the instances that the newest operations of an environment made, whether they still are or not. */
export async function madeInstances(history: History, environment: string): Promise<readonly string[]> {
  const closed = await history.closed(environment);
  const seen = closed.map((state) => stepState(state, 'await-instance')?.output as InstanceIdentity | undefined);
  return [...new Set(seen.flatMap((instance) => instance?.resourceId ?? []))].slice(0, newestMade);
}
