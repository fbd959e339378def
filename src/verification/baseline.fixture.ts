import type { Baseline } from './baseline.ts';
import type { MeasuredTable } from './bounds.ts';
import { structureKinds } from './catalogue.ts';

/** A table that nobody wrote to. */
export function quietTable(rows: number | null): MeasuredTable {
  const counters = { inserted: 9, updated: 0, deleted: 0, files: 'f', epoch: 'e' };
  return { rows, countedAt: '2026-11-20T02:30:00.000Z', before: counters, after: counters };
}

/** Of a database without anything but these tables; what no test asks about. */
export function baselineOf(database: string, tables: Readonly<Record<string, MeasuredTable>>): Baseline {
  const nothing = <T>() => Object.fromEntries(structureKinds.map((kind) => [kind, [] as T[]]));
  return {
    v: 1,
    operation: 'op-1',
    database,
    at: '2026-11-20T02:30:00.000Z',
    snapshot: 'arn',
    snapshotAt: '2026-11-20T02:31:00.000Z',
    structure: nothing() as Baseline['structure'],
    unsettled: nothing() as Baseline['unsettled'],
    primaryKeys: {},
    tables,
    flags: {},
    scans: { at: '2026-11-20T02:30:00.000Z', findings: {}, queries: {} },
    unreported: null,
  };
}
