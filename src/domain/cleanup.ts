import type { ShownCommands } from './plan.ts';
import type { InstanceIdentity, SessionNamed } from './restore.ts';
import type { SnapshotOutputs } from './snapshot.ts';
import type { Instant } from './time.ts';

// What a cleanup decides, shows and hands from step to step. (Type aliases, not interfaces: they are JSON.)

/** Why the instance stands beside: another took its place, or it was made and nothing uses it. */
export type LeftAs = 'replaced' | 'beside';

/** `bound.decided` of a cleanup. */
export type CleanupDecided = {
  /** The operation after which is cleaned up. */
  readonly of: string;
  /** What is deleted. */
  readonly instance: InstanceIdentity;
  readonly leftAs: LeftAs;
  /** Since when nobody needs it: the cut-over, or the end of that operation. */
  readonly since: Instant;
  /** The snapshot that is taken of it first, and all that remains to restore it from. */
  readonly finalSnapshot: string;
  /** Deletion protection is on: it is turned off once people have approved. */
  readonly isProtected: boolean;
  /** Asked for with `--now`, before `restore.keepDays` are over. */
  readonly early: boolean;
  /** Where not the instance is deleted, but one of its databases dropped: the one that a swap of names left. */
  readonly database?: DatabaseDropped;
};

/** A database that is dropped, as PostgreSQL knows it. */
export type DatabaseDropped = {
  readonly name: string;
  readonly oid: number;
  /** Its comment. */
  readonly mark: string | null;
  /** The database that serves, and stays. */
  readonly live: string;
};

/** `shown` of a cleanup's plan. */
export type CleanupShown = {
  readonly commands: ShownCommands;
  readonly sizeGiB: number | null;
  readonly instanceClass: string | null;
  readonly engineVersion: string;
  readonly createdAt: Instant | null;
  readonly status: string;
  readonly keepDays: number;
  /** The instance that the environment uses, and that stays. */
  readonly serves: string;
  /** What that operation's own snapshot of the replaced instance became; null where it took none. */
  readonly rescue: { readonly snapshot: string; readonly status: string } | null;
  /** What point-in-time recovery reaches of it, and goes on to reach for so many days after it is gone. */
  readonly backups: { readonly earliest: Instant; readonly latest: Instant; readonly days: number } | null;
  /** Nobody could look who is on it: it never served, and its logins are of the backup's time. */
  readonly unseen: boolean;
  /** Of the database that is dropped. */
  readonly databaseBytes?: number;
};

/** What each step of a cleanup returns, by the step's id. */
export type CleanupOutputs = {
  /** `seen`: who is connected could be looked at. */
  readonly 'prove-unused': { readonly seen: boolean };
  readonly 'record-settings': SnapshotOutputs['record-settings'];
  readonly 'final-snapshot': SnapshotOutputs['create-snapshot'];
  readonly 'await-final': SnapshotOutputs['await-snapshot'];
  readonly 'check-final': SnapshotOutputs['check-snapshot'];
  readonly 'prove-still-unused': { readonly seen: boolean };
  /** `wasOn`: it was this operation that turned it off. */
  readonly 'allow-deletion': { readonly wasOn: boolean };
  readonly 'delete-instance': { readonly instanceId: string; readonly already: boolean };
  readonly 'await-deleted': { readonly instanceId: string };
  /** Automated backups that outlive the instance; null where none do. */
  readonly 'list-kept': {
    readonly snapshot: string;
    readonly backups: CleanupShown['backups'];
  };
};

export const cleanupSteps = [
  'prove-unused',
  'record-settings',
  'final-snapshot',
  'await-final',
  'check-final',
  'prove-still-unused',
  'allow-deletion',
  'delete-instance',
  'await-deleted',
  'list-kept',
] as const satisfies readonly (keyof CleanupOutputs)[];

/** What each step of a cleanup returns that drops a database, where it isn't one of the above. */
export type DatabaseCleanupOutputs = Pick<
  CleanupOutputs,
  'record-settings' | 'final-snapshot' | 'await-final' | 'check-final'
> & {
  readonly 'prove-database-unused': { readonly bytes: number };
  readonly 'prove-database-still-unused': { readonly bytes: number };
  /** `bytes`: what it took of the disk; null when another run dropped it. */
  readonly 'drop-database': { readonly database: string; readonly bytes: number | null; readonly already: boolean };
  readonly 'prove-dropped': { readonly freedBytes: number | null };
};

/** One after another: nothing is dropped before its data is kept, and nobody came meanwhile. */
export const databaseCleanupSteps = [
  'prove-database-unused',
  'record-settings',
  'final-snapshot',
  'await-final',
  'check-final',
  'prove-database-still-unused',
  'drop-database',
  'prove-dropped',
] as const satisfies readonly (keyof DatabaseCleanupOutputs)[];

/** Who keeps an instance from being deleted, as an error names them. */
export type StillOnIt = readonly SessionNamed[];
