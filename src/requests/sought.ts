import { userError } from '../domain/errors.ts';
import type { BadRows } from '../domain/last-good.ts';
import { type Instant, plusMinutes } from '../domain/time.ts';
import { pastTime } from './past-time.ts';
import type { ClockThere } from './written-time.ts';

const dayMinutes = 24 * 60;

/** From when on the last good moment is looked for: as typed, else a day. @throws PitcrewError `time.*` */
export function soughtSince(typed: string | undefined, there: ClockThere): Instant {
  return typed === undefined ? plusMinutes(there.now, -dayMinutes) : pastTime(typed, there);
}

/** As `checks.critical` writes it: a name, or one with its schema before it. */
const tableShape = /^[^\s."']+(\.[^\s."']+)?$/;

/** What is wrong with the rows, where somebody said it. @throws PitcrewError `find.table-and-where`, `find.bad-table` */
export function soughtRows(table: string | undefined, where: string | undefined): BadRows | null {
  if (table === undefined && where === undefined) return null;
  if (!table?.trim() || !where?.trim()) throw userError('find.table-and-where');
  if (!tableShape.test(table)) throw userError('find.bad-table', { given: table.slice(0, 60) });
  return { table, where };
}
