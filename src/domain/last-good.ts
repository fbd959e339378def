import type { Environment } from './settings.ts';
import { type Instant, instant } from './time.ts';

/**
 * What says when the data was last good: a commit's own time, something that happened and may have done it, or two
 * instants between which it was done.
 */
export type Evidence =
  /** The first commit of rows that match: how many it wrote, and how many match in all. */
  | { readonly kind: 'commit'; readonly table: string; readonly rows: number; readonly matching: number }
  /** By a column of the row that was filled with the time when it was inserted. */
  | { readonly kind: 'own-clock'; readonly table: string; readonly column: string; readonly matching: number }
  /** Images as the workload's template names them; `from` is null where nothing says what ran before. */
  | {
      readonly kind: 'deploy';
      readonly workload: string;
      readonly from: string | null;
      readonly to: string;
      /** `kubernetes.io/change-cause`. */
      readonly cause: string | null;
    }
  | { readonly kind: 'job'; readonly job: string; readonly cronJob: string | null }
  | { readonly kind: 'migration'; readonly tool: string; readonly name: string }
  /** pitcrew put the application on another database. */
  | { readonly kind: 'operation'; readonly name: string; readonly operation: string }
  /** By the counters of two baselines, or of the last one and now. */
  | {
      readonly kind: 'deleted';
      readonly tables: readonly { readonly table: string; readonly rows: number }[];
      readonly until: Instant;
    }
  | { readonly kind: 'rewritten' | 'gone'; readonly tables: readonly string[]; readonly until: Instant };

/** `proven`: the database itself says when. `likely`: something happened then. `between`: some time until `evidence.until`. */
export type Sureness = 'proven' | 'likely' | 'between';

export interface Candidate {
  readonly sureness: Sureness;
  /** When it happened, or from when on it may have. */
  readonly at: Instant;
  /** The last whole second before it: RDS's `RestoreTime` has no finer one. */
  readonly moment: Instant;
  readonly evidence: Evidence;
}

/** A code of the catalogue: what could not be read, and what would make it known. */
export interface Gap {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface Clues {
  readonly candidates: readonly Candidate[];
  readonly gaps: readonly Gap[];
}

export interface BadRows {
  readonly table: string;
  /** One boolean expression of SQL over a row of the table. */
  readonly where: string;
}

/** What is looked for. */
export interface Sought {
  readonly environment: Environment;
  readonly since: Instant;
  /** What can be seen of the damage; null where nobody said. */
  readonly bad: BadRows | null;
}

/** What was found: without candidates the answer is "unknown". */
export interface LastGood {
  readonly environment: string;
  readonly timeZone: string;
  readonly since: Instant;
  readonly bad: BadRows | null;
  readonly candidates: readonly (Candidate & {
    /** Whether point-in-time recovery goes there: `soon` where RDS's log has not come so far; null where RDS could not be asked. */
    readonly reached: boolean | 'soon' | null;
  })[];
  readonly gaps: readonly Gap[];
}

/** @param ms since 1970, with fractions: what was committed at a whole second is not before it */
export function candidate(sureness: Sureness, ms: number, evidence: Evidence): Candidate {
  const moment = instant((Math.ceil(ms / 1000) - 1) * 1000);
  return { sureness, at: instant(Math.floor(ms)), moment, evidence };
}
