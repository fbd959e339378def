import type { JsonObject } from './json.ts';
import type { Instant } from './time.ts';

/**
 * What is written down beside a backup and never changed: the baseline that a restore is compared with, and the settings
 * that a new instance needs when the old one is gone. In the ledger's bucket, under the backup's own name.
 */
export interface Records {
  /** The first to write wins; what is there stays. */
  write(key: string, document: JsonObject): Promise<'written' | 'there'>;
  read(key: string): Promise<JsonObject | undefined>;
  /** Keys that begin so, in the order of their bytes. */
  list(prefix: string): Promise<readonly string[]>;
}

/** The baseline of a snapshot, by the ARN that RDS gives it. */
export const baselineKey = (snapshotArn: string) => `baselines/${safe(snapshotArn)}`;
/** The settings of an instance, as they were read at an instant: the newest key is the newest record. */
export const settingsKey = (resourceId: string, at: Instant) => `${settingsPrefix(resourceId)}${safe(at)}`;
export const settingsPrefix = (resourceId: string) => `settings/${safe(resourceId)}/`;

/** What ran when a backup was made, by the ARN of a snapshot or the address of a dump. */
export const versionKey = (backup: string) => `versions/${safe(backup)}`;
/** How a dump is named where snapshots have their ARN. */
export const dumpAddress = ({ bucket, key }: { readonly bucket: string; readonly key: string }) =>
  `s3://${bucket}/${key}`;

/** Folder of the keys that one transaction of a rescue inserted. */
export const rescuedKeysKey = (operation: string, attempt: string) => `rescues/${operation}/${attempt}`;

const safe = (part: string) => part.replaceAll('/', '_');
