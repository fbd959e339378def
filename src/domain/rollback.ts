import type { FailurePolicy } from './plan.ts';
import type { InstanceIdentity, LossShown, Note, RestoreOutputs } from './restore.ts';
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
};

/** `shown` of a rollback's plan. */
export type RollbackShown = {
  readonly commands: { readonly [step: string]: readonly (readonly string[])[] };
  /** What would be left behind: estimated now, measured once the application stands still. */
  readonly left: LossShown;
  /** The database that is left is there and runs: it stays as it is. */
  readonly keeps: 'instance' | 'stopped-instance' | 'nothing';
  readonly expected: {
    readonly downtimeSeconds: number | null;
    readonly totalSeconds: number | null;
    readonly from: number;
  };
  readonly replicas: readonly { readonly workload: string; readonly replicas: number | null }[];
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
