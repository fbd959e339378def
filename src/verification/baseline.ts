import { z } from 'zod';
import { baselineKey } from '../domain/records.ts';
import { type Bounds, countBounds, measuredTable } from './bounds.ts';
import { type StructureKind, structureKinds, type Thing, type Things } from './catalogue.ts';
import { qualifiedName } from './names.ts';
import type { Wrong } from './regressions.ts';

const kinds = <T extends z.ZodType>(of: T) =>
  z.object(Object.fromEntries(structureKinds.map((kind) => [kind, of])) as Record<StructureKind, T>);

const wrong = z.object({ count: z.number(), keys: z.array(z.string()) });

/** What takes a scan to be found, by what was looked at; "nothing" is said too. Keys are fingerprints. */
export const scans = z.object({
  at: z.string(),
  findings: z.record(z.string(), wrong),
  /** What queries and rules of the config gave, by a digest of what they ask: the finding, and how far off it was. */
  queries: z.record(z.string(), z.object({ finding: z.string(), off: z.number() })),
});

const measured = {
  v: z.literal(1),
  operation: z.string(),
  database: z.string(),
  /** By the database's own clock. */
  at: z.string(),
  structure: kinds(z.array(z.tuple([z.string(), z.string(), z.string().nullable()]))),
  primaryKeys: z.record(z.string(), z.array(z.string())),
  tables: z.record(z.string(), measuredTable),
  /** Things that did not work already, by the check that looks for them. */
  flags: z.record(z.string(), wrong),
  scans,
};

/** What was measured before the snapshot's instant. */
export const measurement = z.object(measured);
export type Measurement = z.infer<typeof measurement>;

/** The baseline of a backup: what was measured before its instant and after it. */
export const baselineDocument = z.object({
  ...measured,
  snapshot: z.string(),
  /** RDS's own word of the snapshot's instant. */
  snapshotAt: z.string(),
  /** What changed its definition while the snapshot was made: the snapshot may have either. */
  unsettled: kinds(z.array(z.string())),
  /** By the database's own clock, once the last counters had been read: nothing that was committed later is in them. */
  settledAt: z.string().exactOptional(),
  /** Sessions may have written until then without having told it; null when all have. */
  unreported: z.string().nullable(),
});
export type Baseline = z.infer<typeof baselineDocument>;

/** Where the first half waits for the second. */
export const measurementKey = (snapshotArn: string) => baselineKey(snapshotArn).replace(/^baselines/, 'measurements');

/** A record as it was read; undefined for one that this release doesn't understand. */
export function baselineFrom(document: unknown): Baseline | undefined {
  const parsed = baselineDocument.safeParse(document);
  return parsed.success ? parsed.data : undefined;
}

export const storedThings = (things: Things): Measurement['structure'] =>
  Object.fromEntries(
    structureKinds.map((kind) => [
      kind,
      [...things[kind].values()].map(({ name, definition, owner }) => [name, definition, owner ?? null]),
    ]),
  ) as Measurement['structure'];

export const thingsOf = ({ structure }: Pick<Measurement, 'structure'>): Things =>
  Object.fromEntries(
    structureKinds.map((kind) => [
      kind,
      new Map(
        structure[kind].map(([name, definition, owner]): [string, Thing] => [
          name,
          { name, definition, ...(owner === null ? {} : { owner }) },
        ]),
      ),
    ]),
  ) as unknown as Things;

/** What was wrong when the backup was made; undefined when nobody looked. */
export const wrongBefore = (baseline: Baseline | undefined, looked: string): Wrong | undefined =>
  baseline && (own(baseline.flags, looked) ?? own(baseline.scans.findings, looked));

const own = <T>(all: Readonly<Record<string, T>>, name: string) => (Object.hasOwn(all, name) ? all[name] : undefined);

/** What a table's count must be in the restored database. */
export function boundsOf({ tables, unreported }: Baseline, table: string): Bounds {
  const one = own(tables, qualifiedName(table));
  return one ? countBounds(one, unreported) : { kind: 'unknown', because: 'not-counted' };
}
