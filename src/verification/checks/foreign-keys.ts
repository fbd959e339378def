import type { Catalogue, ForeignKey } from '../catalogue.ts';
import { type Check, type Facts, type Finding, fail, pass, type Query, type Readers, some } from '../check.ts';
import { columnOf, qualifiedName, quoted, tableSql } from '../names.ts';

/** Every foreign key of the catalogue that touches a critical table, and the relations that only the config knows. */
export function foreignKeyChecks({ settings, restored, live }: Facts): readonly Check[] {
  const critical = new Set(settings.critical.map(qualifiedName));
  const declared = restored.foreignKeys.filter(({ from, to }) => critical.has(from) || critical.has(to));
  const checks = declared.map((key) => checkOf(`foreign-key:${key.name}`, key, restored, live));
  for (const relation of settings.relations) {
    const key = relationKey(relation);
    const known = declared.some((one) => sameColumns(one, key));
    if (!known) checks.push(relationCheck(relation.from, key, restored, live));
  }
  return checks;
}

function relationKey(relation: { readonly from: string; readonly to: string }): ForeignKey {
  const from = columnOf(relation.from);
  const to = columnOf(relation.to);
  const columns = { fromColumns: [from.column], toColumns: [to.column] };
  return { name: `${relation.from} → ${relation.to}`, from: from.table, to: to.table, ...columns };
}

const sameColumns = (a: ForeignKey, b: ForeignKey) =>
  JSON.stringify([a.from, a.fromColumns, a.to, a.toColumns]) ===
  JSON.stringify([b.from, b.fromColumns, b.to, b.toColumns]);

/** A relation whose table or column isn't there can't hold. A critical table that is missing is said by its own check. */
function relationCheck(from: string, key: ForeignKey, restored: Catalogue, live: Catalogue | undefined): Check {
  const name = `relation:${from}`;
  if (existsIn(restored, key)) return checkOf(name, key, restored, live);
  const run = async () => fail('verification.relation-unknown', { relation: key.name });
  return { name, point: 'foreign-keys', run };
}

const existsIn = ({ things }: Catalogue, { from, fromColumns, to, toColumns }: ForeignKey) =>
  fromColumns.every((column) => things.columns.has(`${from}.${column}`)) &&
  toColumns.every((column) => things.columns.has(`${to}.${column}`));

function checkOf(name: string, key: ForeignKey, restored: Catalogue, live: Catalogue | undefined): Check {
  const unlogged = [key.from, key.to].find((table) => restored.unloggedTables.includes(table));
  const inLive = live !== undefined && existsIn(live, key);
  const primaryKey = restored.primaryKeys.get(key.from);
  return {
    name,
    point: 'foreign-keys',
    run: async (readers) =>
      unlogged
        ? pass('verification.unlogged-exempt', { table: unlogged })
        : orphans(key, primaryKey, readers, inLive ? readers.live : undefined),
  };
}

/** So many keys are compared one by one with the live database; beyond it the counts are. */
const comparedKeys = 10_000;

async function orphans(
  key: ForeignKey,
  primaryKey: readonly string[] | undefined,
  { restored }: Readers,
  live: Readers['live'],
): Promise<Finding> {
  const relation = key.name;
  const found = await restored.within('heap', async (query) => {
    const count = await countOrphans(query, key);
    return { count, keys: count > 0 && primaryKey ? await orphanKeys(query, key, primaryKey) : [] };
  });
  if (found.count === 0) return pass('verification.no-orphans', { relation });
  const before = live ? await live((reader) => reader.within('heap', (query) => countOrphans(query, key))) : 0;
  if (live && before > 0) {
    const known = found.keys.length === found.count && primaryKey ? found.keys : undefined;
    const fresh = known
      ? await live((reader) => reader.within('heap', (query) => notOrphanedHere(query, key, primaryKey ?? [], known)))
      : [];
    const regressions = known ? fresh.length : Math.max(0, found.count - before);
    if (regressions === 0) return pass('verification.pre-existing-orphans', { relation, count: found.count });
    return fail('verification.orphans', { relation, count: regressions, keys: some(known ? fresh : found.keys) });
  }
  return fail('verification.orphans', { relation, count: found.count, keys: some(found.keys) });
}

/**
 * An anti-join, never NOT IN: with one NULL in the list that finds nothing, and past what fits in memory it takes days.
 * A reference with a NULL in it refers to nothing (MATCH SIMPLE, which is the default).
 */
function orphansOf({ from, fromColumns, to, toColumns }: ForeignKey): string {
  const given = fromColumns.map((column) => `c.${quoted(column)} IS NOT NULL`).join(' AND ');
  const matches = fromColumns.map((column, at) => `p.${quoted(toColumns[at] ?? '')} = c.${quoted(column)}`);
  return `FROM ${tableSql(from)} c WHERE ${given}
    AND NOT EXISTS (SELECT FROM ${tableSql(to)} p WHERE ${matches.join(' AND ')})`;
}

async function countOrphans(query: Query, key: ForeignKey): Promise<number> {
  const { rows } = await query<{ count: number }>(`SELECT count(*) AS count ${orphansOf(key)}`);
  return rows[0]?.count ?? 0;
}

const keyText = (primaryKey: readonly string[]) => {
  const columns = primaryKey.map((column) => `c.${quoted(column)}`);
  return columns.length === 1 ? `${columns[0]}::text` : `ROW(${columns.join(', ')})::text`;
};

async function orphanKeys(query: Query, key: ForeignKey, primaryKey: readonly string[]): Promise<readonly string[]> {
  const sql = `SELECT ${keyText(primaryKey)} AS key ${orphansOf(key)} LIMIT ${comparedKeys}`;
  return (await query<{ key: string }>(sql)).rows.map((row) => row.key).sort();
}

/** Those of the keys that are no orphans in this database. */
async function notOrphanedHere(
  query: Query,
  key: ForeignKey,
  primaryKey: readonly string[],
  keys: readonly string[],
): Promise<readonly string[]> {
  const sql = `SELECT ${keyText(primaryKey)} AS key ${orphansOf(key)} AND ${keyText(primaryKey)} = ANY ($1::text[])`;
  const here = new Set((await query<{ key: string }>(sql, [keys])).rows.map((row) => row.key));
  return keys.filter((one) => !here.has(one));
}
