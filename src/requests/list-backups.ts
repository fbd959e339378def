import { setTimeout as sleep } from 'node:timers/promises';
import type { Standings } from '../domain/backup.ts';
import type { ListedDump } from '../domain/dump.ts';
import { type RecordedError, recorded } from '../domain/errors.ts';
import type { RestoreWindow, SnapshotPoint } from '../domain/restore.ts';
import type { Environment } from '../domain/settings.ts';

/** Who knows of backups: RDS, S3, and pitcrew itself. */
export interface BackupSources {
  /** Newest first. */
  allRecoveryPoints(environment: Environment): Promise<readonly SnapshotPoint[]>;
  windows(environment: Environment): Promise<readonly RestoreWindow[]>;
  /** Newest first; undefined where the environment makes none. */
  dumps(environment: Environment): Promise<readonly ListedDump[] | undefined>;
  standings(
    environment: Environment,
    backups: { readonly points: readonly SnapshotPoint[]; readonly dumps: readonly ListedDump[] },
  ): Promise<Standings>;
}

type OrError<T> = T | { readonly error: RecordedError };

/** All that an environment can go back to, each part as far as it could be asked. */
export interface ListedBackups {
  readonly environment: string;
  readonly timeZone: string;
  readonly windows: readonly RestoreWindow[] | undefined;
  readonly dumps?: { readonly place: string; readonly found: OrError<readonly ListedDump[]> };
  readonly points: OrError<readonly SnapshotPoint[]>;
  readonly standings: Standings | undefined;
}

/** Nobody waits longer to be told what is known beside the list: in an incident the database may not answer. */
const standingsWithinMs = 5_000;

/** Never throws: what can't be asked is said in its place, and takes nothing else from the list. */
export async function listBackups(sources: BackupSources, environment: Environment): Promise<ListedBackups> {
  const [windows, points, dumps] = await Promise.all([
    sources.windows(environment).catch(() => undefined),
    sources.allRecoveryPoints(environment).catch(asError),
    dumpsOf(sources, environment),
  ]);
  const known = {
    points: 'error' in points ? [] : points,
    dumps: !dumps || 'error' in dumps.found ? [] : dumps.found,
  };
  const standings = await inTime(sources.standings(environment, known).catch(() => undefined));
  const { name, database } = environment;
  return { environment: name, timeZone: database.timeZone, windows, points, standings, ...(dumps ? { dumps } : {}) };
}

const asError = (error: unknown) => ({ error: recorded(error) });

async function dumpsOf(sources: BackupSources, environment: Environment): Promise<ListedBackups['dumps']> {
  if (!environment.dumps) return undefined;
  const { bucket, prefix } = environment.dumps;
  const found = await sources.dumps(environment).catch(asError);
  return { place: `s3://${bucket}/${prefix}`, found: found ?? [] };
}

function inTime<T>(asked: Promise<T>): Promise<T | undefined> {
  return Promise.race([asked, sleep(standingsWithinMs, undefined, { ref: false })]);
}
