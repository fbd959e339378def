import type { LossShown } from '../domain/restore.ts';
import { type Instant, secondsBetween } from '../domain/time.ts';

/** What planning asks of the live database. It may be the very thing that is broken: every question may fail. */
export interface LiveDatabase {
  /** Rows that the table says are newer than this instant; null where the table doesn't say when its rows came. */
  newerRows(table: string, at: Instant): Promise<number | null>;
  /** Tables whose content no backup holds: after a restore they are empty. */
  unloggedTables(): Promise<readonly string[]>;
  /** Ends the session; never throws. */
  close(): Promise<void>;
}

export interface LiveView {
  readonly loss: LossShown;
  readonly unloggedTables: readonly string[];
}

/**
 * What would be lost: time since the recovery point always, rows where the live database answers. "Not available" is
 * said as such, never as zero.
 * @param point null: the latest moment; nothing writes any more by then, so nothing is lost
 * @param open null where there is no live database any more
 */
export async function lossSince(
  point: Instant | null,
  askedAt: Instant,
  critical: readonly string[],
  open: (() => Promise<LiveDatabase>) | null,
): Promise<LiveView> {
  const seconds = point === null ? 0 : Math.max(0, secondsBetween(point, askedAt));
  const unknown = critical.map((table) => ({ table, rows: null }));
  let live: LiveDatabase | undefined;
  try {
    if (!open) return { loss: { seconds, tables: unknown, live: 'not-available' }, unloggedTables: [] };
    live = await open();
    const unloggedTables = await live.unloggedTables();
    const tables = [];
    for (const table of critical) tables.push({ table, rows: point === null ? 0 : await live.newerRows(table, point) });
    return { loss: { seconds, tables, live: 'answers' }, unloggedTables };
  } catch {
    return { loss: { seconds, tables: unknown, live: 'not-available' }, unloggedTables: [] };
  } finally {
    await live?.close();
  }
}
