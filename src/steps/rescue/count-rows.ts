import type { RescueCount } from '../../domain/rescue.ts';
import type { Query } from '../../verification/check.ts';
import { quoted, tableSql } from '../../verification/names.ts';
import { batchRows, columnList, contentSql, fromSql, type RescuedTableInput } from './rescued-table.ts';
import type { ForeignKey, UniqueIndex } from './shapes.ts';

/** Rows that would refer to a row that neither is live nor would be copied. */
export interface BrokenReference {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

export interface CountQuestion {
  readonly table: RescuedTableInput;
  /** Of this table; empty where nobody asks. */
  readonly foreignKeys: readonly ForeignKey[];
  readonly uniques: readonly UniqueIndex[];
  /** What is selected of each table that comes along, by its name. */
  readonly selected: ReadonlyMap<string, RescuedTableInput>;
  readonly signal?: AbortSignal;
}

export type Counted = RescueCount & {
  readonly broken: readonly BrokenReference[];
  /** Rows of the live database that stand under a key that another row has too. */
  readonly doubled: number;
};

type Texts = readonly (string | null)[];
type Row = { readonly key: readonly string[]; readonly content: string; readonly values: readonly Texts[] };

/**
 * What the selected rows of one table come to in the live database. Keys and hashes come here in batches; rows never.
 * Both queries are of transactions that only read.
 * @throws PitcrewError `database.*`
 */
export async function countRows(beside: Query, live: Query, question: CountQuestion): Promise<Counted> {
  const { table, foreignKeys, uniques, signal } = question;
  const count = { selected: 0, missing: 0, equal: 0, conflicts: 0, collisions: 0 };
  const broken = foreignKeys.map(({ name, from, to }) => ({ name, from, to, rows: 0 }));
  await beside(`DECLARE selected NO SCROLL CURSOR FOR ${selectSql(question)}`);
  let doubled = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { rows } = await beside<Row>(`FETCH ${batchRows} FROM selected`);
    if (rows.length === 0) break;
    const found = await contentOf(live, table, rows);
    const there = new Map(found.map(({ at, content }) => [at, content]));
    doubled += found.length - there.size;
    const missing = rows.filter((_, at) => !there.has(at));
    count.selected += rows.length;
    count.missing += missing.length;
    for (const [at, content] of there) count[rows[at]?.content === content ? 'equal' : 'conflicts']++;
    for (const [at, key] of foreignKeys.entries()) {
      const reference = broken[at];
      if (reference) reference.rows += await unheld(beside, live, key, valuesAt(missing, at), question);
    }
    const taken = new Set<number>();
    for (const [at, index] of uniques.entries()) {
      const values = valuesAt(missing, foreignKeys.length + at);
      for (const one of await takenOf(live, table, index, values)) taken.add(one);
    }
    count.collisions += taken.size;
  }
  await beside('CLOSE selected');
  return { table: table.table, ...count, doubled, broken: broken.filter(({ rows }) => rows > 0) };
}

const texts = (expressions: readonly string[]) =>
  `ARRAY[${expressions.map((sql) => `(${sql})::text`).join(', ')}]::text[]`;

/** Each row's key, a hash of what it holds, and what it refers to or must be alone in having. */
function selectSql({ table, foreignKeys, uniques }: CountQuestion): string {
  const values = [
    ...foreignKeys.map(({ columns }) => texts(columns.map(({ from }) => `t.${quoted(from)}`))),
    // A row that a partial index doesn't hold can't be in anybody's way.
    ...uniques.map(({ columns, condition }) => {
      const all = texts(columns.map(({ sql }) => sql));
      return condition === null ? all : `CASE WHEN ${condition} THEN ${all} END`;
    }),
  ];
  const lists =
    values.length === 0 ? `'[]'::jsonb` : `jsonb_build_array(${values.map((sql) => `to_jsonb(${sql})`).join(', ')})`;
  return `SELECT ${texts(table.key.map(({ name }) => `t.${quoted(name)}`))} AS key, ${contentSql(table.columns)} AS content,
    ${lists} AS values FROM (SELECT * FROM ${fromSql(table)} WHERE ${table.where}) t`;
}

/** By where a row stands in the batch: only of those that the live database has under their key. */
async function contentOf(live: Query, table: RescuedTableInput, rows: readonly Row[]) {
  const types = table.key.map(({ type }) => type);
  const on = table.key.map(({ name }) => `t.${quoted(name)}`);
  const sql = `SELECT k.pitcrew_n::int - 1 AS at, ${contentSql(table.columns)} AS content
    FROM ${given(types)} JOIN ${fromSql(table)} t ON ${equals(on, types)}`;
  return (
    await live<{ at: number; content: string }>(
      sql,
      columnsOf(
        rows.map(({ key }) => key),
        types.length,
      ),
    )
  ).rows;
}

/** Values of a batch as a relation `k`, one array a column: PostgreSQL reads each in the column's own type. */
const given = (types: readonly string[]) =>
  `unnest(${types.map((_, at) => `$${at + 1}::text[]`).join(', ')}) WITH ORDINALITY AS k(${types
    .map((_, at) => `pitcrew_${at}`)
    .join(', ')}, pitcrew_n)`;
const equals = (columns: readonly string[], types: readonly string[]) =>
  columns.map((sql, at) => `${sql} = k.pitcrew_${at}::${types[at]}`).join(' AND ');
const columnsOf = (rows: readonly Texts[], width: number) =>
  Array.from({ length: width }, (_, at) => rows.map((row) => row[at] ?? null));

/** Where one of the values is NULL nothing is referred to, and nothing is in the way. */
const valuesAt = (rows: readonly Row[], at: number): readonly (Texts | undefined)[] =>
  rows.map(({ values }) => {
    const one = values[at];
    return one && !one.includes(null) ? one : undefined;
  });

/** How many of these refer to a row that is neither live nor selected. */
async function unheld(
  beside: Query,
  live: Query,
  { to, columns }: ForeignKey,
  values: readonly (Texts | undefined)[],
  { selected }: CountQuestion,
): Promise<number> {
  const all = values.filter((one) => one !== undefined);
  const held = async (query: Query, of: readonly Texts[], from: string) => {
    if (of.length === 0) return of;
    const types = columns.map(({ type }) => type);
    const sql = `SELECT DISTINCT k.pitcrew_n::int - 1 AS at FROM ${given(types)}
      JOIN ${from} t ON ${equals(
        columns.map((column) => `t.${quoted(column.to)}`),
        types,
      )}`;
    const { rows } = await query<{ at: number }>(sql, columnsOf(of, types.length));
    const found = new Set(rows.map(({ at }) => at));
    return of.filter((_, at) => !found.has(at));
  };
  const notLive = await held(live, all, tableSql(to));
  const along = selected.get(to);
  if (!along) return notLive.length;
  const from = `(SELECT ${columnList(columns.map((column) => column.to))} FROM ${fromSql(along)} WHERE ${along.where})`;
  return (await held(beside, notLive, from)).length;
}

/** Which of these another row of the live database already has the place of. */
async function takenOf(
  live: Query,
  table: RescuedTableInput,
  { columns, condition }: UniqueIndex,
  values: readonly (Texts | undefined)[],
): Promise<readonly number[]> {
  const places = values.flatMap((one, at) => (one === undefined ? [] : [{ one, at }]));
  if (places.length === 0) return [];
  const types = columns.map(({ type }) => type);
  const sql = `SELECT DISTINCT k.pitcrew_n::int - 1 AS at FROM ${given(types)}
    JOIN ${fromSql(table)} t ON ${equals(
      columns.map((column) => column.sql),
      types,
    )}
    ${condition === null ? '' : `WHERE ${condition}`}`;
  const { rows } = await live<{ at: number }>(
    sql,
    columnsOf(
      places.map(({ one }) => one),
      types.length,
    ),
  );
  return rows.flatMap(({ at }) => places[at]?.at ?? []);
}
