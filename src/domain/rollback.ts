import type { LoadOutputs } from './load.ts';
import type { FailurePolicy, ShownCommands } from './plan.ts';
import type { InstanceIdentity, LossShown, Note, RestoreOutputs, RestoreShown } from './restore.ts';
import type { Instant } from './time.ts';

// What a rollback decides, shows and hands from step to step. (Type aliases, not interfaces: they are JSON.)

/** `bound.decided` of a rollback. */
export type RollbackDecided = {
  /** The operation that is taken back. */
  readonly of: string;
  /** The database that is left; null when its instance is gone. */
  readonly source: InstanceIdentity | null;
  /** The database that the application had before that operation. */
  readonly target: InstanceIdentity;
  readonly targetId: string;
  /** Until when the application wrote to it; null where the operation doesn't say. */
  readonly asOf: Instant | null;
  readonly onFailure: FailurePolicy;
  readonly workloads: readonly string[];
  /** Where two databases of one instance swap their names back, and no instance is gone back to. */
  readonly databases?: DatabasesSwappedBack;
};

/** A database as PostgreSQL knows it, and the name that it has when it doesn't serve. */
export type DatabaseBeside = {
  readonly name: string;
  readonly oid: number;
  /** Its comment. */
  readonly mark: string | null;
};
export type DatabasesSwappedBack = {
  /** The name that the application knows. */
  readonly live: string;
  /** Serves again afterwards. */
  readonly back: DatabaseBeside;
  /** Serves now; afterwards it is kept, and nobody can connect to it. */
  readonly leaves: DatabaseBeside;
};

/** `shown` of a rollback's plan. */
export type RollbackShown = {
  readonly commands: ShownCommands;
  /** What would be left behind: estimated now, measured once the application stands still. */
  readonly left: LossShown;
  /** The database that is left is there and runs: it stays as it is. */
  readonly keeps: 'instance' | 'stopped-instance' | 'database' | 'nothing';
  readonly expected: RestoreShown['expected'];
  readonly replicas: RestoreShown['replicas'];
  /** Codes `guard.*`, as of a restore. */
  readonly guards: readonly Note[];
};

/** What each step of a rollback returns, by the step's id. */
export type RollbackOutputs = Pick<
  RestoreOutputs,
  'record-application' | 'stop-application' | 'prove-stopped' | 'watch-stopped' | 'start-application' | 'hand-over'
> & {
  /** `readHost`: where reads went, where the secret has an address of its own for them. */
  readonly 'prove-old': InstanceIdentity & { readonly readHost?: string };
  readonly 'try-login': RestoreOutputs['align-login'];
  readonly 'let-in': { readonly role: string };
  readonly 'measure-left': RestoreOutputs['measure-loss'];
  readonly 'switch-back': RestoreOutputs['switch-secret'];
  readonly 'prove-back': RestoreOutputs['prove-on-new'];
  readonly 'bar-left': RestoreOutputs['fence-old'];
};

export const rollbackSteps = [
  'record-application',
  'stop-application',
  'prove-stopped',
  'watch-stopped',
  'prove-old',
  'let-in',
  'try-login',
  'measure-left',
  'switch-back',
  'start-application',
  'prove-back',
  'bar-left',
  'hand-over',
] as const satisfies readonly (keyof RollbackOutputs)[];

/** What each step returns where names are swapped back. */
export type SwapBackOutputs = {
  readonly 'prove-kept': { readonly bytes: number };
  readonly 'prove-swappable': LoadOutputs['prove-swappable'];
  /**
   * As of `at`, while the application writes on. `lost`: rows that are new or changed since the swap; `changed`: rows that
   * were there at the swap and have been changed or deleted since; `returned`: rows of the former database that the other
   * didn't have when they were compared, before the swap. Null where nobody can tell.
   */
  readonly 'measure-written': {
    readonly at: Instant;
    readonly tables: readonly WrittenSince[];
    readonly notMeasured: readonly string[];
  };
  readonly 'swap-back': LoadOutputs['swap-names'];
  readonly 'prove-swapped-back': LoadOutputs['prove-swapped'];
};
export type WrittenSince = {
  readonly table: string;
  readonly rows: number;
  readonly lost: number | null;
  readonly returned: number | null;
  readonly changed: number | null;
};

export const swapBackSteps = [
  'prove-kept',
  'prove-swappable',
  'measure-written',
  'swap-back',
  'prove-swapped-back',
] as const satisfies readonly (keyof SwapBackOutputs)[];
