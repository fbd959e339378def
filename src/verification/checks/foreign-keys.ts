import { wrongBefore } from '../baseline.ts';
import type { Catalogue, ForeignKey } from '../catalogue.ts';
import {
  type Check,
  type Facts,
  type Finding,
  fail,
  known,
  pass,
  type Query,
  type Reader,
  type Readers,
  some,
  type Together,
} from '../check.ts';
import { columnOf, qualifiedName, quoted, tableSql } from '../names.ts';
import { comparedKeys, regressions, type Wrong } from '../regressions.ts';

/** Foreign keys of the catalogue that touch a critical table, and the relations that only the config knows. */
export function foreignKeyChecks(facts: Facts): readonly Check[] {
  const { declared, configured } = relationsOf(facts.settings, facts.restored);
  const critical = declared.filter((key) => touchesCritical(facts.settings, key));
  return [
    ...critical.map((key) => checkOf(`foreign-key:${key.name}`, key, facts)),
    ...configured.map((key) => relationCheck(key, facts)),
  ];
}

/** Every foreign key there is, and every relation of the config. */
export function allForeignKeyChecks(facts: Facts): readonly Check[] {
  const { declared, configured } = relationsOf(facts.settings, facts.restored);
  return [
    ...declared.map((key) => ({ ...checkOf(`foreign-key:${key.from}.${key.name}`, key, facts), together })),
    ...configured.map((key) => ({ ...relationCheck(key, facts), together })),
  ];
}

const together: Together = { name: 'foreign-keys', finding: 'verification.no-orphans-at-all' };

export const touchesCritical = ({ critical }: Facts['settings'], { from, to }: ForeignKey) =>
  critical.some((table) => [from, to].includes(qualifiedName(table)));

/** What the catalogue declares, and of the config what it does not. */
export function relationsOf(
  { relations }: Facts['settings'],
  { foreignKeys: declared }: Pick<Catalogue, 'foreignKeys'>,
) {
  const configured = relations.map(relationKey).filter((key) => !declared.some((one) => sameColumns(one, key)));
  return { declared, configured };
}

/** A relation as the baseline names it: the same whether it is declared or only meant. */
export const relationId = ({ from, fromColumns, to, toColumns }: ForeignKey) =>
  `relation ${from}(${fromColumns.join(', ')}) ${to}(${toColumns.join(', ')})`;

function relationKey(relation: { readonly from: string; readonly to: string }): ForeignKey {
  const from = columnOf(relation.from);
  const to = columnOf(relation.to);
  const columns = { fromColumns: [from.column], toColumns: [to.column] };
  return { name: `${relation.from} → ${relation.to}`, from: from.table, to: to.table, ...columns };
}

const sameColumns = (a: ForeignKey, b: ForeignKey) => relationId(a) === relationId(b);

/** A relation whose table or column isn't there can't hold. A critical table that is missing is said by its own check. */
function relationCheck(key: ForeignKey, facts: Facts): Check {
  const name = `relation:${key.name.split(' → ')[0]}`;
  if (existsIn(facts.restored, key)) return checkOf(name, key, facts);
  const run = async () => fail('verification.relation-unknown', { relation: key.name });
  return { name, point: 'foreign-keys', run };
}

export const existsIn = ({ things }: Pick<Catalogue, 'things'>, { from, fromColumns, to, toColumns }: ForeignKey) =>
  fromColumns.every((column) => things.columns.has(`${from}.${column}`)) &&
  toColumns.every((column) => things.columns.has(`${to}.${column}`));

function checkOf(name: string, key: ForeignKey, facts: Facts): Check {
  return { name, point: 'foreign-keys', run: (readers) => orphans(key, facts, readers) };
}

async function orphans(key: ForeignKey, facts: Facts, { restored, live }: Readers): Promise<Finding> {
  const { restored: catalogue, live: liveCatalogue, baseline } = facts;
  const relation = key.name;
  const primaryKey = catalogue.primaryKeys.get(key.from);
  const found = await orphansIn(restored, key, primaryKey);
  if (found.count === 0) return pass('verification.no-orphans', { relation });
  const askLive =
    live && liveCatalogue && existsIn(liveCatalogue, key)
      ? () => live((reader) => sameOrphansIn(reader, key, found, primaryKey, liveCatalogue))
      : undefined;
  const { fresh, where } = await regressions(found, {
    baseline: wrongBefore(baseline, relationId(key)),
    live: askLive,
  });
  if (fresh.count === 0) return known('verification.pre-existing-orphans', { relation, count: found.count, where });
  return fail('verification.orphans', { relation, count: fresh.count, keys: some(fresh.keys) });
}

/**
 * An anti-join, never NOT IN: with one NULL in the list that finds nothing, and past what fits in memory it takes days.
 * A reference with a NULL in it refers to nothing (MATCH SIMPLE, which is the default).
 */
export function orphansOf({ fromColumns, to, toColumns }: ForeignKey, among: string): string {
  const given = fromColumns.map((column) => `c.${quoted(column)} IS NOT NULL`).join(' AND ');
  const matches = fromColumns.map((column, at) => `p.${quoted(toColumns[at] ?? '')} = c.${quoted(column)}`);
  return `FROM ${among} c WHERE ${given}
    AND NOT EXISTS (SELECT FROM ${tableSql(to)} p WHERE ${matches.join(' AND ')})`;
}

const allOrphans = (key: ForeignKey) => orphansOf(key, tableSql(key.from));

async function countOrphans(query: Query, key: ForeignKey): Promise<number> {
  const { rows } = await query<{ count: number }>(`SELECT count(*) AS count ${allOrphans(key)}`);
  return rows[0]?.count ?? 0;
}

const keyText = (primaryKey: readonly string[]) => {
  const columns = primaryKey.map((column) => `c.${quoted(column)}`);
  return columns.length === 1 ? `${columns[0]}::text` : `ROW(${columns.join(', ')})::text`;
};

/** How many, and their primary keys where the table has one. */
export function orphansIn(reader: Reader, key: ForeignKey, primaryKey: readonly string[] | undefined): Promise<Wrong> {
  return reader.within('heap', async (query) => {
    const count = await countOrphans(query, key);
    if (count === 0 || !primaryKey) return { count, keys: [] };
    const sql = `SELECT ${keyText(primaryKey)} AS key ${allOrphans(key)} LIMIT ${comparedKeys}`;
    return { count, keys: (await query<{ key: string }>(sql)).rows.map((row) => row.key).sort() };
  });
}

/** Those of the orphans that are orphans in this database too; how many it has at all where they can't be told apart. */
function sameOrphansIn(
  reader: Reader,
  key: ForeignKey,
  { count, keys }: Wrong,
  primaryKey: readonly string[] | undefined,
  { things }: Catalogue,
): Promise<Wrong> {
  return reader.within('heap', async (query) => {
    const comparable = primaryKey?.every((column) => things.columns.has(`${key.from}.${column}`)) ?? false;
    if (!primaryKey || !comparable || keys.length !== count) return { count: await countOrphans(query, key), keys: [] };
    const sql = `SELECT ${keyText(primaryKey)} AS key ${allOrphans(key)} AND ${keyText(primaryKey)} = ANY ($1::text[])`;
    const { rows } = await query<{ key: string }>(sql, [keys]);
    return { count: rows.length, keys: rows.map((row) => row.key) };
  });
}
