import type { RestoreOutputs } from './restore.ts';
import type { Instant } from './time.ts';

// What the instance beside has of the live database, and the other way round. (Type aliases: they are JSON.)

/** One critical table in both databases. Counts and times only. */
export type ComparedTable = RestoreOutputs['measure-loss']['tables'][number] & {
  /** When the newest row of each was created, where the table says so. */
  readonly newestLive: Instant | null;
  readonly newestBeside: Instant | null;
};

export type Comparison = {
  /** When it was begun. */
  readonly at: Instant;
  readonly seconds: number;
  readonly tables: readonly ComparedTable[];
  readonly lastLostAt: Instant | null;
  /** Critical tables that could not be compared, or not in time. */
  readonly notCompared: readonly string[];
  /** Rows written to the instance beside, as its own counters say, and since when they count: what must not move until the switch. */
  readonly written: WrittenRows;
};

export type WrittenRows = { readonly rows: number; readonly since: string };
