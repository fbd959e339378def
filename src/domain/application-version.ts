import { z } from 'zod';
import type { Instant } from './time.ts';

// Which version of the application a database fits: by the images that run, and by the migrations that its tables say
// have run. What a backup knew is compared with what runs now.

/** The images of one workload's containers, in their order. */
const images = z.object({ workload: z.string(), images: z.array(z.string()) });
export type WorkloadImages = Readonly<{ workload: string; images: readonly string[] }>;

/** What is written down beside a backup. (A type alias, not an interface: it is JSON.) */
export const recordedVersion = z.object({
  v: z.literal(1),
  operation: z.string(),
  at: z.string(),
  images: z.array(images),
  /** Null where no tool's bookkeeping was found, or it could not be read. */
  migrations: z.object({ tool: z.string(), newest: z.string(), count: z.number().int().min(1) }).nullable(),
});
export type RecordedVersion = z.infer<typeof recordedVersion>;

/** What a step says of it: of how many workloads the images are known, and the newest migration. */
export type VersionRecorded = { readonly workloads: number; readonly migration: string | null };

/** The application as it runs. Migrations stand in the order in which they ran. */
export interface RunningVersion {
  readonly at: Instant;
  readonly images: readonly WorkloadImages[];
  readonly migrations: { readonly tool: string; readonly ids: readonly string[] } | null;
}

/** Whether the running application fits a backup's schema. Counts are null where a tool keeps only the newest. */
export type VersionFit =
  | { readonly kind: 'fits' }
  /** The backup is older: what ran after `after`, up to `upTo`, would be missing. */
  | { readonly kind: 'older'; readonly after: string; readonly upTo: string; readonly count: number | null }
  /** The backup has migrations that the running application's database has not. */
  | { readonly kind: 'newer'; readonly newest: string; readonly running: string }
  | { readonly kind: 'unknown' };

const unknown: VersionFit = { kind: 'unknown' };
const fits: VersionFit = { kind: 'fits' };

/**
 * Compares by migrations, for they are what a schema is made of: another image may well fit. Without any bookkeeping only
 * the same images say that the same code wrote this schema. Whatever isn't known is "unknown", never "fits". Pure.
 */
export function versionFit(backup: RecordedVersion | undefined, running: RunningVersion | undefined): VersionFit {
  if (!backup || !running) return unknown;
  const { migrations: then } = backup;
  const { migrations: now } = running;
  if (!then && !now) return sameImages(backup.images, running.images) ? fits : unknown;
  if (!then || !now || then.tool !== now.tool) return unknown;
  const upTo = now.ids.at(-1);
  if (upTo === undefined) return unknown;
  const { newest } = then;
  const missing = now.ids.length - then.count;
  if (newest === upTo) return byCount(missing, newest, upTo);
  if (now.ids.includes(newest)) return missing > 0 ? { kind: 'older', after: newest, upTo, count: missing } : unknown;
  return keepsOnlyNewest(then.count, now.ids) ? byNumber(newest, upTo) : notAmong(newest, upTo);
}

/** The newest is the same: fewer of them means that older ones were merged later. */
function byCount(missing: number, newest: string, upTo: string): VersionFit {
  if (missing === 0) return fits;
  return missing > 0 ? { kind: 'older', after: newest, upTo, count: missing } : unknown;
}

/** A tool with one row that it overwrites (golang-migrate). */
const keepsOnlyNewest = (count: number, ids: readonly string[]) => count === 1 && ids.length === 1;

function byNumber(newest: string, upTo: string): VersionFit {
  if (!/^\d{1,20}$/.test(newest) || !/^\d{1,20}$/.test(upTo)) return unknown;
  if (BigInt(newest) > BigInt(upTo)) return { kind: 'newer', newest, running: upTo };
  return { kind: 'older', after: newest, upTo, count: null };
}

/** The running database never had it: it was taken back, or belongs to a release that was. */
const notAmong = (newest: string, running: string): VersionFit => ({ kind: 'newer', newest, running });

function sameImages(a: readonly WorkloadImages[], b: readonly WorkloadImages[]): boolean {
  const shown = (all: readonly WorkloadImages[]) =>
    all.map(({ workload, images: of }) => `${workload} ${of.join(' ')}`).sort();
  return a.length > 0 && JSON.stringify(shown(a)) === JSON.stringify(shown(b));
}
