import type { VersionRecorded } from './application-version.ts';
import type { Instant } from './time.ts';

/** What each step of a snapshot returns, by the step's id. Of the baseline: `because` is the code of what kept pitcrew from measuring it. */
export type SnapshotOutputs = {
  /** `key`: of the record; `tables`: the critical ones. */
  readonly 'measure-before': {
    readonly key: string | null;
    readonly tables: number;
    readonly counted: number;
    /** When the oldest of the counts was made. */
    readonly countedAt?: Instant;
    readonly because?: string;
  };
  readonly 'create-snapshot': { readonly snapshotId: string; readonly adopted: boolean };
  /** How many could be read; null where that wasn't possible. `recorded: false`: the instance went meanwhile. */
  readonly 'record-settings': {
    readonly recorded: boolean;
    readonly roles: number | null;
    readonly parameters: number | null;
  };
  readonly 'record-version': VersionRecorded;
  readonly 'await-snapshot': {
    readonly snapshotId: string;
    readonly arn: string;
    readonly at: Instant;
    readonly sizeGiB: number;
  };
  readonly 'check-snapshot': { readonly encrypted: boolean; readonly engineVersion: string };
  /** `unreported`: sessions may have written until then without having told it. */
  readonly 'await-counters': {
    readonly settled: boolean;
    readonly unreported: Instant | null;
    readonly because?: string;
  };
  /** `proven`: critical tables whose count in a restore will be. */
  readonly 'record-baseline': {
    readonly key: string | null;
    readonly tables: number;
    readonly proven: number;
    readonly because?: string;
  };
};

export const snapshotSteps = [
  'measure-before',
  'create-snapshot',
  'record-settings',
  'record-version',
  'await-snapshot',
  'check-snapshot',
  'await-counters',
  'record-baseline',
] as const satisfies readonly (keyof SnapshotOutputs)[];
