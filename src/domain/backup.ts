import type { VersionFit } from './application-version.ts';
import type { Instant } from './time.ts';
import type { Outcome } from './verification.ts';

/**
 * Which of the retention's tiers a backup belongs to: by its schedule's tag, else by what made it. `daily` is RDS's own
 * automated backup; `manual` was asked for; `rescue` is the last word on an instance that was left; what AWS Backup or
 * another account made is theirs to keep.
 */
export type Tier = 'hourly' | 'daily' | 'weekly' | 'manual' | 'rescue' | 'aws-backup' | 'foreign';

/** When a backup was last proven, by what, and what came of it. `read`: an archive that was read back whole. */
export interface LastVerified {
  readonly operation: string;
  readonly by: 'restore' | 'read';
  readonly at: Instant;
  readonly outcome: Outcome;
}

/** What pitcrew knows of a backup beyond what its keeper says. */
export interface BackupStanding {
  readonly tier: Tier;
  readonly verified?: LastVerified;
  readonly fit: VersionFit;
}

/** By the ARN of a snapshot, or the address of a dump. */
export type Standings = Readonly<Record<string, BackupStanding>>;
