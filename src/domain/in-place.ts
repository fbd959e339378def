import type { InstanceIdentity, RestoreOutputs } from './restore.ts';
import type { SnapshotOutputs } from './snapshot.ts';

// A dump over the live database: what its steps hand on. (Type aliases, not interfaces: they are JSON.)

/** What each step returns, by its id. */
export type InPlaceOutputs = Pick<
  RestoreOutputs,
  | 'record-application'
  | 'stop-application'
  | 'prove-stopped'
  | 'watch-stopped'
  | 'verify-database'
  | 'start-check-job'
  | 'await-check-job'
  | 'judge-verification'
  | 'start-application'
  | 'hand-over'
  | 'verify-deeply'
> & {
  /** Here of the live instance. */
  readonly 'await-instance': InstanceIdentity;
  readonly 'take-rescue': SnapshotOutputs['create-snapshot'];
  readonly 'await-rescue': SnapshotOutputs['await-snapshot'];
  /** `contents`: which tables there are, by their identities; a load that commits makes every one of them anew. */
  readonly 'bar-writers': { readonly role: string; readonly endedSessions: number; readonly contents: string };
  readonly 'load-in-place': { readonly job: string; readonly adopted: boolean };
  readonly 'await-load': { readonly attempts: number };
  readonly 'prove-loaded': { readonly tables: number };
  readonly 'let-back-in': { readonly role: string };
  readonly 'prove-in-place': RestoreOutputs['prove-on-new'];
};

export const inPlaceSteps = [
  'record-application',
  'await-instance',
  'stop-application',
  'prove-stopped',
  'watch-stopped',
  'take-rescue',
  'await-rescue',
  'bar-writers',
  'load-in-place',
  'await-load',
  'prove-loaded',
  'let-back-in',
  'verify-database',
  'start-check-job',
  'await-check-job',
  'judge-verification',
  'start-application',
  'prove-in-place',
  'hand-over',
  'verify-deeply',
] as const satisfies readonly (keyof InPlaceOutputs)[];
