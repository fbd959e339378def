import { wrongBefore } from '../baseline.ts';
import type { Catalogue, UniqueKey } from '../catalogue.ts';
import {
  type Check,
  criticalThere,
  type Facts,
  type Finding,
  fail,
  known,
  notProven,
  pass,
  type Query,
  type Reader,
  type Readers,
  some,
  type Together,
} from '../check.ts';
import { qualifiedName, quoted, tableSql } from '../names.ts';
import { comparedKeys, regressions, type Wrong } from '../regressions.ts';

/**
 * Duplicates of every unique key of the critical tables. A table that lost its primary key is judged by the one that it
 * had at the baseline, or has in the live database.
 */
export function duplicateChecks(facts: Facts): readonly Check[] {
  return criticalThere(facts).flatMap((table): readonly Check[] => {
    const name = qualifiedName(table);
    const keys = facts.restored.uniqueKeys.filter((key) => key.table === name);
    const primary = keys.some((key) => key.primary) ? [] : [lostPrimaryKey(name, facts)];
    return [...primary, ...keys].map((key) =>
      key ? checkOf(table, key, facts) : { name: `duplicates:${table}`, point: 'no-corruption', run: noKey(table) },
    );
  });
}

/** Of every table. A partitioned one's are checked partition by partition: no row is in two. */
export function allDuplicateChecks(facts: Facts): readonly Check[] {
  const { uniqueKeys, things, unloggedTables } = facts.restored;
  const held = uniqueKeys.filter(({ table }) => things.tables.get(table)?.definition.startsWith('r'));
  const logged = held.filter(({ table }) => !unloggedTables.includes(table));
  return logged.map((key) => ({
    ...checkOf(key.table, key, facts),
    name: `duplicates:${key.table}.${key.name}`,
    together,
  }));
}

const together: Together = { name: 'duplicates', finding: 'verification.no-duplicates-at-all' };

const noKey = (table: string) => async () => notProven('verification.no-primary-key', { table });

function lostPrimaryKey(table: string, { baseline, live, restored }: Facts): UniqueKey | undefined {
  const columns = baseline?.primaryKeys[table] ?? live?.primaryKeys.get(table);
  if (!columns?.every((column) => restored.things.columns.has(`${table}.${column}`))) return undefined;
  return { name: '', table, primary: true, columns: columns.map(quoted), condition: null, nullsAreEqual: false };
}

/** As the baseline names it. */
export const uniqueKeyId = ({ table, columns, condition }: UniqueKey) =>
  `duplicates ${table}(${columns.join(', ')})${condition ? ` where ${condition}` : ''}`;

function checkOf(table: string, key: UniqueKey, facts: Facts): Check {
  const name = `duplicates:${table}${key.primary ? '' : `.${key.name}`}`;
  return { name, point: 'no-corruption', run: (readers) => duplicates(table, key, facts, readers) };
}

async function duplicates(table: string, key: UniqueKey, facts: Facts, readers: Readers): Promise<Finding> {
  const found = await duplicatesIn(readers.restored, key);
  if (found.count === 0) return pass('verification.no-duplicates', { table });
  const { live } = readers;
  const comparable = live && facts.live && hasKey(facts.live, key);
  const { fresh, where } = await regressions(found, {
    baseline: wrongBefore(facts.baseline, uniqueKeyId(key)),
    live: comparable ? () => live((reader) => duplicatesIn(reader, key)) : undefined,
  });
  if (fresh.count === 0) return known('verification.pre-existing-duplicates', { table, count: found.count, where });
  const said = { table, count: fresh.count };
  if (!key.primary) return fail('verification.duplicates-of-index', { ...said, index: key.name });
  return fail('verification.duplicates', { ...said, keys: some(fresh.keys) });
}

/** By its columns for a primary key, which may have lost its index; an index of any other kind must be there itself. */
function hasKey({ things, uniqueKeys }: Catalogue, { table, primary, columns, name }: UniqueKey): boolean {
  if (!primary) return uniqueKeys.some((one) => one.table === table && one.name === name);
  return columns.every((column) =>
    things.columns.has(`${table}.${column.replace(/^"(.*)"$/, '$1').replaceAll('""', '"')}`),
  );
}

/** Read from the heap: a GROUP BY may otherwise read the very index that is corrupt. Only primary keys are told. */
export function duplicatesIn(reader: Reader, key: UniqueKey): Promise<Wrong> {
  return reader.within('heap', (query) => (key.primary ? doubledPrimary(query, key) : doubled(query, key)));
}

async function doubledPrimary(query: Query, { table, columns }: UniqueKey): Promise<Wrong> {
  const text = columns.length === 1 ? `${columns[0]}::text` : `ROW(${columns.join(', ')})::text`;
  const { rows } = await query<{ key: string }>(
    `SELECT ${text} AS key FROM ${tableSql(table)} GROUP BY ${columns.join(', ')} HAVING count(*) > 1 LIMIT ${comparedKeys}`,
  );
  return { count: rows.length, keys: rows.map((row) => row.key).sort() };
}

/** Values of other keys may be anybody's data, so they are only counted. */
async function doubled(query: Query, { table, columns, condition, nullsAreEqual }: UniqueKey): Promise<Wrong> {
  const given = nullsAreEqual ? [] : columns.map((column) => `(${column}) IS NOT NULL`);
  const where = [...given, ...(condition ? [`(${condition})`] : [])];
  const { rows } = await query<{ count: number }>(
    `SELECT count(*) AS count FROM (SELECT FROM ${tableSql(table)} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
       GROUP BY ${columns.map((column) => `(${column})`).join(', ')} HAVING count(*) > 1) doubled`,
  );
  return { count: rows[0]?.count ?? 0, keys: [] };
}
