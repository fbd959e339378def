import { z } from 'zod';
import type { JsonObject } from '../domain/json.ts';
import type { Records } from '../domain/records.ts';
import { type Instant, plusMinutes } from '../domain/time.ts';
import { type Measurement, scans } from './baseline.ts';
import { measuredTable } from './bounds.ts';

const document = z.object({
  v: z.literal(1),
  database: z.string(),
  tables: z.record(z.string(), measuredTable),
  scans,
});

/**
 * What was measured for the backup before. With its counters since, an old count says as much as a new one: a table that is
 * too big to be counted for every backup still has its bounds, and a quiet one is counted once. What takes a scan (orphans,
 * duplicates, rules) is looked for once a day, however often snapshots are made.
 */
export type Earlier = z.infer<typeof document>;

const prefixOf = (resourceId: string) => `measured/${resourceId.replaceAll('/', '_')}/`;

/** The newest of the instance, if it is of this database. */
export async function earlierMeasured(
  records: Pick<Records, 'list' | 'read'>,
  resourceId: string,
  database: string,
): Promise<Earlier | undefined> {
  const newest = (await records.list(prefixOf(resourceId))).at(-1);
  const parsed = document.safeParse(newest && (await records.read(newest)));
  return parsed.success && parsed.data.database === database ? parsed.data : undefined;
}

/** Leaves for the next backup what it can use. */
export async function keepMeasured(
  records: Pick<Records, 'write'>,
  resourceId: string,
  { at, database, tables, scans: looked }: Measurement,
): Promise<void> {
  const counted = Object.entries(tables).flatMap(([name, { rows, countedAt, before }]) =>
    rows === null ? [] : [[name, { rows, countedAt, before }] as const],
  );
  const kept = { v: 1, database, tables: Object.fromEntries(counted), scans: looked } satisfies Earlier;
  await records.write(`${prefixOf(resourceId)}${at}`, kept as unknown as JsonObject);
}

const dayMinutes = 24 * 60;

/** True while scans of then do for a backup of now. */
export const isOfToday = (earlier: Earlier | undefined, now: Instant): earlier is Earlier =>
  earlier !== undefined && plusMinutes(earlier.scans.at, dayMinutes) > now;
