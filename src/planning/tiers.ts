import type { Tier } from '../domain/backup.ts';
import type { SnapshotPoint } from '../domain/restore.ts';
import { isRescue } from './names.ts';

const byType: Readonly<Record<string, Tier>> = {
  automated: 'daily',
  awsbackup: 'aws-backup',
  shared: 'foreign',
  public: 'foreign',
};

/** The tier of a snapshot, by its name and its type: no schedule makes any yet. Pure. */
export function tierOf({ snapshotId, type }: Pick<SnapshotPoint, 'snapshotId' | 'type'>): Tier {
  if (isRescue(snapshotId)) return 'rescue';
  return (Object.hasOwn(byType, type) ? byType[type] : undefined) ?? 'manual';
}
