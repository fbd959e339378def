import type { Database } from '../../clients/postgres.ts';
import type { RescuedTable } from '../../domain/rescue.ts';
import { quoted, tableSql } from '../../verification/names.ts';
import { columnList, fromSql, type RescuedTableInput } from './rescued-table.ts';

/** A table's rows in a temporary table of the live database, which ends with the transaction. */
export interface Staged {
  readonly table: RescuedTableInput;
  readonly selected: number;
  /** Where they are, and where the keys of those that were inserted will be. */
  readonly rows: string;
  readonly keys: string;
}

/** From the one server to the other as PostgreSQL's own COPY: no more of it is in this program than the two buffer. */
export async function stageRows(
  beside: Database,
  live: Database,
  table: RescuedTableInput,
  at: number,
): Promise<Staged> {
  const [rows, keys] = [`pg_temp.pitcrew_rows_${at}`, `pg_temp.pitcrew_keys_${at}`];
  const columns = columnList(table.columns);
  await live.query(
    `CREATE TEMPORARY TABLE pitcrew_rows_${at} ON COMMIT DROP AS SELECT ${columns} FROM ${tableSql(table.table)} WITH NO DATA`,
  );
  await live.query(`CREATE TEMPORARY TABLE pitcrew_keys_${at} (key text[]) ON COMMIT DROP`);
  const out = beside.copyOut(`COPY (SELECT ${columns} FROM ${fromSql(table)} WHERE ${table.where}) TO STDOUT`);
  const selected = await live.copyIn(`COPY ${rows} (${columns}) FROM STDIN`, out);
  // The planner knows nothing of a table this young, and would compare every row with every other.
  await live.query(`ANALYZE ${rows}`);
  return { table, selected, rows, keys };
}

/** Past this many values a sequence is set instead of counted up. */
const countedUp = 100_000;

/**
 * Brings sequences to at least what the rows hold. They are counted up, which never takes them back whoever else counts
 * meanwhile; only a distance that nobody covers within one statement is jumped.
 */
export async function raiseSequences(live: Database, { table, rows }: Staged): Promise<void> {
  for (const { name, column } of table.sequences) {
    const sequence = tableSql(name);
    const { rows: found } = await live.query<{ top: string; steps: number }>(
      `SELECT top::text, ceil((top - coalesce(pg_sequence_last_value(seqrelid), seqstart - seqincrement))::numeric / seqincrement)::float8 AS steps
       FROM pg_catalog.pg_sequence, (SELECT max(${quoted(column)})::int8 AS top FROM ${rows}) r
       WHERE seqrelid = $1::regclass AND top IS NOT NULL`,
      [sequence],
    );
    const { top = '', steps = 0 } = found[0] ?? {};
    if (steps <= 0) continue;
    if (steps > countedUp) await live.query('SELECT setval($1::regclass, $2::int8)', [sequence, top]);
    else await live.query('SELECT max(nextval($1::regclass)) FROM generate_series(1, $2::int8)', [sequence, steps]);
  }
}

/** Only what isn't there: neither under its key, nor in a place that another row has. @returns rows */
export async function insertRows(
  live: Database,
  { table, rows, keys }: Staged,
): Promise<Pick<RescuedTable, 'inserted' | 'there'>> {
  const columns = columnList(table.columns);
  const name = tableSql(table.table);
  const same = table.key.map((column) => `t.${quoted(column.name)} = s.${quoted(column.name)}`).join(' AND ');
  const key = table.key.map((column) => `${quoted(column.name)}::text`).join(', ');
  const { rows: found } = await live.query<{ there: number }>(
    `SELECT count(*) AS there FROM ${rows} s WHERE EXISTS (SELECT FROM ${name} t WHERE ${same})`,
  );
  const { count: inserted } = await live.query(
    `WITH inserted AS (
       INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE
       SELECT ${columnList(table.columns, 's.')} FROM ${rows} s WHERE NOT EXISTS (SELECT FROM ${name} t WHERE ${same})
       ON CONFLICT DO NOTHING RETURNING ARRAY[${key}] AS key)
     INSERT INTO ${keys} SELECT key FROM inserted`,
  );
  return { inserted, there: found[0]?.there ?? 0 };
}
