import { userError } from '../../domain/errors.ts';
import type { Note } from '../../domain/restore.ts';
import { type Column, shapeOf, type TableShape } from '../../steps/rescue/shapes.ts';
import type { Query } from '../../verification/check.ts';
import { tableSql } from '../../verification/names.ts';

/** A table that both databases have, as far as its rows can go from the one to the other. */
export interface MatchedTable {
  readonly table: string;
  readonly partitioned: boolean;
  /** Those that both have and nobody computes. */
  readonly columns: readonly string[];
  readonly key: TableShape['key'];
  readonly sequences: TableShape['sequences'];
  readonly triggers: TableShape['triggers'];
  /** Unique indexes that both have: whether a place is taken can be told of these. */
  readonly uniques: TableShape['uniques'];
  readonly cautions: readonly Note[];
}

/**
 * @throws PitcrewError `rescue.no-table`, `rescue.system-table`, `rescue.not-a-table`, `rescue.no-key`,
 *   `rescue.deferrable-key`, `rescue.column-type`, `rescue.column-needed`
 */
export async function matchedTable(beside: Query, live: Query, table: string): Promise<MatchedTable> {
  const old = ordinary(await shapeOf(beside, table), table, 'beside');
  const now = ordinary(await shapeOf(live, table), table, 'live');
  if (now.key.length === 0 || JSON.stringify(old.key) !== JSON.stringify(now.key))
    throw userError('rescue.no-key', { table });
  const [deferrable] = now.deferrableKeys;
  if (deferrable !== undefined) throw userError('rescue.deferrable-key', { table, constraint: deferrable });
  const known = new Set(old.uniques.map(withoutName));
  const uniques = now.uniques.filter((index) => known.has(withoutName(index)));
  return {
    table,
    partitioned: now.kind === 'p',
    columns: sharedColumns(table, old.columns, now.columns),
    key: now.key,
    sequences: now.sequences,
    triggers: now.triggers,
    uniques,
    cautions: cautionsOf(table, old, now, uniques),
  };
}

const withoutName = ({ columns, condition }: TableShape['uniques'][number]) => JSON.stringify([columns, condition]);

/** PostgreSQL's own: the manual, "Schemas". What stands in them nobody copies from one server to another. */
const isSystemTable = (table: string) => /^(pg_|information_schema\.)/.test(table);

function ordinary(shape: TableShape | undefined, table: string, where: 'beside' | 'live'): TableShape {
  if (!shape) throw userError('rescue.no-table', { table, where });
  if (isSystemTable(shape.table)) throw userError('rescue.system-table', { table });
  if (shape.kind !== 'r' && shape.kind !== 'p') throw userError('rescue.not-a-table', { table, where });
  return shape;
}

function sharedColumns(table: string, old: readonly Column[], now: readonly Column[]): readonly string[] {
  const before = new Map(old.map((column) => [column.name, column]));
  return now.flatMap(({ name, type, generated, optional }) => {
    if (generated) return [];
    const was = before.get(name);
    if (!was && !optional) throw userError('rescue.column-needed', { table, column: name });
    if (was && was.type !== type)
      throw userError('rescue.column-type', { table, column: name, beside: was.type, live: type });
    return was ? [name] : [];
  });
}

function cautionsOf(table: string, old: TableShape, now: TableShape, counted: TableShape['uniques']): readonly Note[] {
  const names = (columns: readonly Column[]) => columns.filter(({ generated }) => !generated).map(({ name }) => name);
  const [before, after] = [names(old.columns), names(now.columns)];
  const left = before.filter((name) => !now.columns.some((column) => column.name === name));
  const added = after.filter((name) => !before.includes(name));
  const notCounted = now.uniques.filter((index) => !counted.includes(index)).map(({ name }) => name);
  const note = (code: string, list: readonly string[]): readonly Note[] =>
    list.length === 0 ? [] : [{ code, params: { table, names: list.join(', ') } }];
  return [
    ...note('rescue.columns-left', left),
    ...note('rescue.columns-defaulted', added),
    ...note('rescue.indexes-not-counted', notCounted),
  ];
}

const grantsQuery = `SELECT 'TEMPORARY ON DATABASE' AS missing WHERE NOT has_database_privilege($1, current_database(), 'TEMP')
  UNION ALL SELECT p || ' ON ' || t.name FROM unnest($2::text[]) AS t(name), unnest(ARRAY['SELECT', 'INSERT']) p
    WHERE NOT has_table_privilege($1, t.name, p)
  UNION ALL SELECT 'USAGE ON SEQUENCE ' || s.name FROM unnest($3::text[]) AS s(name)
    WHERE NOT has_sequence_privilege($1, s.name, 'USAGE, UPDATE')`;

/** The application's role writes: what it may not, no rescue may. @throws PitcrewError `rescue.not-permitted` */
export async function refuseWithoutGrants(live: Query, role: string, tables: readonly MatchedTable[]): Promise<void> {
  const names = tables.map(({ table }) => tableSql(table));
  const sequences = tables.flatMap((one) => one.sequences.map(({ name }) => tableSql(name)));
  const { rows } = await live<{ missing: string }>(grantsQuery, [role, names, sequences]);
  if (rows.length > 0) throw userError('rescue.not-permitted', { role, grants: rows.map(({ missing }) => missing) });
}
