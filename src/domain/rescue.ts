import type { ShownCommands } from './plan.ts';
import type { InstanceIdentity, Note } from './restore.ts';

// What a rescue decides, shows and hands from step to step. (Type aliases, not interfaces: they are JSON.)

/** `bound.decided` of a rescue. */
export type RescueDecided = {
  /** The operation whose instance beside is read. */
  readonly of: string;
  /** Rows come from here; nothing is written to it. */
  readonly beside: InstanceIdentity;
  /** Rows go into this one: what the environment's secret points to. */
  readonly live: InstanceIdentity;
  /** With their schema, parents before children. */
  readonly tables: readonly string[];
  /** One SQL expression over the first table that was named; null: every row. */
  readonly where: string | null;
};

/** What a table's rows come to. Counts only: rows are personal data. */
export type RescueCount = {
  readonly table: string;
  /** Selected beside. */
  readonly selected: number;
  /** Not in the live database, told by primary key: these are copied. */
  readonly missing: number;
  /** There already, with the same content. */
  readonly equal: number;
  /** There with other content, which stays as it is. */
  readonly conflicts: number;
  /** Of the missing, those whose place another row has by a unique index other than the primary key: they stay out. */
  readonly collisions: number;
};

/** `shown` of a rescue's plan. */
export type RescueShown = {
  readonly commands: ShownCommands;
  readonly tables: readonly RescueCount[];
  /** They fire for every row that is copied. */
  readonly triggers: readonly { readonly table: string; readonly name: string }[];
  /** Codes `rescue.…` that approvers should know. */
  readonly cautions: readonly Note[];
};

export type RescuedTable = {
  readonly table: string;
  readonly selected: number;
  readonly inserted: number;
  /** Were there under their key. */
  readonly there: number;
};

/** What each step of a rescue returns, by the step's id. */
export type RescueOutputs = {
  readonly 'prove-beside': { readonly beside: string; readonly live: string };
  readonly 'copy-rows': {
    /** Of the transaction in the live database, as PostgreSQL counts them. */
    readonly transaction: string;
    readonly tables: readonly RescuedTable[];
    /** Where the inserted keys are written down, below the ledger's `records/`. */
    readonly keys: string;
    /** Whether an earlier run had committed it, and this one only asked. */
    readonly found: boolean;
  };
  readonly 'verify-rows': { readonly tables: readonly RescueCount[] };
};

export const rescueSteps = [
  'prove-beside',
  'copy-rows',
  'verify-rows',
] as const satisfies readonly (keyof RescueOutputs)[];
