import type { Database } from '../../clients/postgres.ts';
import type { Records } from '../../domain/records.ts';
import { rescuedKeysKey } from '../../domain/records.ts';
import type { Staged } from './insert-rows.ts';

const keysARecord = 10_000;

interface Attempt {
  readonly operation: string;
  readonly epoch: number;
  readonly transaction: string;
}

/**
 * Writes down the keys of the rows that this transaction inserts, before it is committed: whoever wants them out again
 * finds them. One that never committed leaves a record too, under its own number.
 * @returns where they lie, below `records/`
 * @throws PitcrewError `ledger.*`
 */
export async function writeKeys(
  records: Records,
  live: Database,
  staged: readonly Staged[],
  { operation, epoch, transaction }: Attempt,
): Promise<string> {
  const folder = rescuedKeysKey(operation, `${epoch}-${transaction}`);
  for (const { table, keys } of staged) {
    await live.query(`DECLARE inserted NO SCROLL CURSOR FOR SELECT key FROM ${keys}`);
    for (let part = 1; ; part++) {
      const { rows } = await live.query<{ key: string[] }>(`FETCH ${keysARecord} FROM inserted`);
      if (rows.length === 0) break;
      const columns = table.key.map(({ name }) => name);
      const document = { table: table.table, columns, keys: rows.map(({ key }) => key) };
      await records.write(`${folder}/${encodeURIComponent(table.table)}/${part}`, document);
    }
    await live.query('CLOSE inserted');
  }
  return folder;
}
