import { z } from 'zod';
import { quoted, tableSql } from '../../verification/names.ts';
import { addressInput, roleSecretInput } from '../step-input.ts';

const keyColumn = z.object({ name: z.string().min(1), type: z.string().min(1) });

/** One table of a rescue as it was planned: nothing about it is decided anew while rows are copied. */
export const rescuedTable = z.object({
  table: z.string().min(1),
  partitioned: z.boolean(),
  /** Those that both databases have and nobody computes. */
  columns: z.array(z.string().min(1)).min(1),
  key: z.array(keyColumn).min(1),
  /** What stands after WHERE in the database beside. */
  where: z.string().min(1),
  sequences: z.array(z.object({ name: z.string().min(1), column: z.string().min(1) })),
});
export type RescuedTableInput = z.infer<typeof rescuedTable>;

export const rescueInput = z.object({
  beside: addressInput,
  live: addressInput,
  verifyRole: roleSecretInput,
  /** The application's own login: what it may not write, no rescue writes. */
  application: roleSecretInput,
  /** In the order in which they are inserted. */
  tables: z.array(rescuedTable).min(1),
  budgetSeconds: z.number().positive(),
});
export type RescueInput = z.infer<typeof rescueInput>;

/** `FROM` of what is read: a table that others inherit from stands for its own rows only, a partitioned one for all of them. */
export const fromSql = ({ table, partitioned }: Pick<RescuedTableInput, 'table' | 'partitioned'>) =>
  `${partitioned ? '' : 'ONLY '}${tableSql(table)}`;

export const columnList = (columns: readonly string[], of = '') =>
  columns.map((column) => `${of}${quoted(column)}`).join(', ');

/** A row's content in one short text: both databases run it, with the same settings of how values are written. */
export const contentSql = (columns: readonly string[], of = 't.') => `md5(ROW(${columnList(columns, of)})::text)`;

/** So many rows are looked at at once: their keys and a hash of each, never the rows. */
export const batchRows = 5_000;
