import {
  type Check,
  type Facts,
  type Finding,
  fail,
  notProven,
  pass,
  type Query,
  type Readers,
  some,
} from '../check.ts';
import { qualifiedName, quoted, tableSql } from '../names.ts';

/**
 * Duplicate primary keys of the critical tables, read from the heap: a GROUP BY may otherwise read the very index that is
 * corrupt. A table that lost its primary key is judged by the one it has in the live database.
 */
export function duplicateChecks({ settings, restored, live }: Facts): readonly Check[] {
  const there = settings.critical.filter((table) => restored.things.tables.has(qualifiedName(table)));
  return there.map((table): Check => {
    const key = restored.primaryKeys.get(qualifiedName(table)) ?? live?.primaryKeys.get(qualifiedName(table));
    const comparable = key?.every((column) => live?.things.columns.has(`${qualifiedName(table)}.${column}`)) ?? false;
    return {
      name: `duplicates:${table}`,
      point: 'no-corruption',
      run: async ({ restored: reader, live: liveReader }) =>
        key
          ? duplicates(table, key, reader, comparable ? liveReader : undefined)
          : notProven('verification.no-primary-key', { table }),
    };
  });
}

async function duplicates(
  table: string,
  key: readonly string[],
  restored: Readers['restored'],
  live: Readers['live'],
): Promise<Finding> {
  const found = await restored.within('heap', (query) => doubled(query, table, key));
  if (found.length === 0) return pass('verification.no-duplicates', { table });
  const before = live ? await live((reader) => reader.within('heap', (query) => doubled(query, table, key))) : [];
  const known = new Set(before);
  const fresh = found.filter((one) => !known.has(one));
  const count = found.length;
  if (fresh.length === 0) return pass('verification.pre-existing-duplicates', { table, count });
  return fail('verification.duplicates', { table, count: fresh.length, keys: some(fresh) });
}

/** More than so many doubled keys are not told apart from so many. */
const readKeys = 10_000;

async function doubled(query: Query, table: string, key: readonly string[]): Promise<readonly string[]> {
  const columns = key.map(quoted);
  const text = columns.length === 1 ? `${columns[0]}::text` : `ROW(${columns.join(', ')})::text`;
  const { rows } = await query<{ key: string }>(
    `SELECT ${text} AS key FROM ${tableSql(table)} GROUP BY ${columns.join(', ')} HAVING count(*) > 1 LIMIT ${readKeys}`,
  );
  return rows.map((row) => row.key).sort();
}
