import type { RestoreOrder } from '../domain/plan.ts';
import type { RestoreShown } from '../domain/restore.ts';

/** How long past operations took, as their chains say. */
export interface PastRun {
  readonly downtimeSeconds: number | null;
  readonly totalSeconds: number;
  /** Of a restore: they are down for different things, so only its own order says how long the next one takes. */
  readonly order?: RestoreOrder;
}

/** This environment's own past; nothing is invented where there is none. */
export type Past = (environment: string, operation: string) => Promise<readonly PastRun[]>;

/** The median: one restore that hung for a night says nothing about the next. */
export async function expectedFrom(
  past: Past | undefined,
  environment: string,
  operation: string,
  order?: RestoreOrder,
): Promise<RestoreShown['expected']> {
  const all = (await past?.(environment, operation).catch(() => [])) ?? [];
  const runs = all.filter((run) => order === undefined || run.order === order);
  const downtimes = runs.flatMap(({ downtimeSeconds }) => downtimeSeconds ?? []);
  return {
    downtimeSeconds: median(downtimes),
    totalSeconds: median(runs.map(({ totalSeconds }) => totalSeconds)),
    from: runs.length,
  };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
