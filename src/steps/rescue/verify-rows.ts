import { permanent } from '../../domain/errors.ts';
import type { RescueCount, RescueOutputs } from '../../domain/rescue.ts';
import { done, nothingToUndo, type Step } from '../../domain/step.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import type { Query } from '../../verification/check.ts';
import { quoted, tableSql } from '../../verification/names.ts';
import { inputOf } from '../step-input.ts';
import { countRows } from './count-rows.ts';
import { fromSql, type RescuedTableInput, rescueInput } from './rescued-table.ts';
import { openReading } from './sessions.ts';

/** Every selected row is in the live database, told by key, none of them twice, and no sequence lies behind its column. */
export function verifyRows(access: DatabaseAccess): Step {
  return {
    id: 'verify-rows',
    fence: 'read-only',
    async run({ input: given, signal, output }) {
      const { beside, live, verifyRole, tables, budgetSeconds } = inputOf(rescueInput, given);
      const copied = output('copy-rows') as RescueOutputs['copy-rows'];
      const from = await openReading(access, beside, verifyRole, budgetSeconds);
      try {
        const to = await openReading(access, live, verifyRole, budgetSeconds);
        try {
          const counts: RescueCount[] = [];
          for (const table of tables)
            counts.push(await verified(from.query, to.query, table, leftOutOf(copied, table), signal));
          return done<RescueOutputs['verify-rows']>({ tables: counts });
        } finally {
          await to.close();
        }
      } finally {
        await from.close();
      }
    },
    undo: nothingToUndo,
  };
}

function leftOutOf({ tables }: RescueOutputs['copy-rows'], { table }: RescuedTableInput): number {
  const { selected = 0, inserted = 0, there = 0 } = tables.find((one) => one.table === table) ?? {};
  return selected - inserted - there;
}

/** @throws PitcrewError `rescue.rows-missing`, `rescue.rows-doubled`, `rescue.sequence-behind` */
async function verified(
  beside: Query,
  live: Query,
  table: RescuedTableInput,
  leftOut: number,
  signal: AbortSignal,
): Promise<RescueCount> {
  const question = { table, foreignKeys: [], uniques: [], selected: new Map(), signal };
  const { broken: _, doubled, ...count } = await countRows(beside, live, question);
  // Those whose place another row has are missing for good: so many of them were left out when the others were copied.
  const rows = count.missing - leftOut;
  if (rows > 0) throw permanent('rescue.rows-missing', { table: table.table, rows });
  if (doubled > 0) throw permanent('rescue.rows-doubled', { table: table.table, rows: doubled });
  for (const { name, column } of table.sequences) {
    const top = await beside<{ top: string | null }>(
      `SELECT max(${quoted(column)})::text AS top FROM ${fromSql(table)} WHERE ${table.where}`,
    );
    const { rows: found } = await live<{ behind: boolean | null }>(
      'SELECT $2::int8 > pg_sequence_last_value($1::regclass) AS behind',
      [tableSql(name), top.rows[0]?.top ?? null],
    );
    if (found[0]?.behind) throw permanent('rescue.sequence-behind', { sequence: name, column, table: table.table });
  }
  return { ...count, collisions: count.missing };
}
