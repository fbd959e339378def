import { type Catalogue, isWithin } from '../catalogue.ts';
import { type Check, type Facts, fail, notProven, pass, type Together } from '../check.ts';
import { qualifiedName, quoted, tableSql } from '../names.ts';
import { countRows } from './row-counts.ts';

/** The B-tree indexes of the critical tables, where amcheck is there: their order and their links, not what they lack. */
export function criticalIndexChecks({ restored, settings }: Facts): readonly Check[] {
  const critical = new Set(settings.critical.map(qualifiedName));
  const indexes = restored.btreeIndexes.filter(({ table }) => isWithin(restored, table, critical));
  return indexChecks(restored, indexes, false);
}

/** Every table read whole; every B-tree index, the system's own too, and that it holds every row; every table row by row. */
export function allCorruptionChecks({ restored }: Facts): readonly Check[] {
  const amcheck = [...indexChecks(restored, restored.btreeIndexes, true), ...heapChecks(restored)];
  return [...tableChecks(restored), ...(restored.amcheckSchema ? amcheck : [withoutAmcheck])];
}

const indexesIntact: Together = { name: 'indexes-intact', finding: 'verification.indexes-intact' };
const heapsIntact: Together = { name: 'tables-intact', finding: 'verification.tables-intact' };
const tablesRead: Together = { name: 'tables-read', finding: 'verification.tables-read' };

const withoutAmcheck: Check = {
  name: 'amcheck',
  point: 'no-corruption',
  run: async () => notProven('verification.amcheck-missing'),
};

/** What it finds it raises, as the server's own word for corruption. */
function indexChecks(
  { amcheckSchema: schema }: Catalogue,
  indexes: Catalogue['btreeIndexes'],
  holdsEveryRow: boolean,
): readonly Check[] {
  if (!schema) return [];
  const sql = `SELECT ${quoted(schema)}.bt_index_check($1::regclass, $2)`;
  return indexes.map(({ name }): Check => {
    const run: Check['run'] = ({ restored }) =>
      restored.within('plain', async (query) => {
        await query(sql, [tableSql(name), holdsEveryRow]);
        return pass('verification.index-intact', { index: name });
      });
    return { name: `index:${name}`, point: 'no-corruption', together: indexesIntact, run };
  });
}

/** `verify_heapam` lists what it finds. */
function heapChecks({ amcheckSchema: schema = '', ...catalogue }: Catalogue): readonly Check[] {
  const sql = `SELECT count(*) AS count, count(DISTINCT blkno) AS blocks
    FROM ${quoted(schema)}.verify_heapam($1::regclass, check_toast => true)`;
  return storedTables(catalogue).map((table): Check => {
    const run: Check['run'] = ({ restored }) =>
      restored.within('plain', async (query) => {
        const { rows } = await query<{ count: number; blocks: number }>(sql, [tableSql(table)]);
        const { count, blocks } = rows[0] ?? { count: 0, blocks: 0 };
        if (count === 0) return pass('verification.table-intact', { table });
        return fail('verification.table-corrupt', { table, count, blocks });
      });
    return { name: `intact:${table}`, point: 'no-corruption', together: heapsIntact, run };
  });
}

/** Every block of every table is read, so that its checksum is tried where checksums are on. */
function tableChecks(catalogue: Catalogue): readonly Check[] {
  return storedTables(catalogue).map(
    (table): Check => ({
      name: `read:${table}`,
      point: 'no-corruption',
      together: tablesRead,
      run: async ({ restored }) => pass('verification.table-read', { table, rows: await countRows(restored, table) }),
    }),
  );
}

/** Those that have rows of their own and keep them in a restore. */
const storedTables = ({ things, unloggedTables }: Pick<Catalogue, 'things' | 'unloggedTables'>): readonly string[] =>
  [...things.tables.values()]
    .filter(({ definition }) => definition.startsWith('r'))
    .map(({ name }) => name)
    .filter((name) => !unloggedTables.includes(name));
