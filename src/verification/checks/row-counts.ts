import {
  type Check,
  type CountBounds,
  type Facts,
  type Finding,
  fail,
  notProven,
  pass,
  type Readers,
} from '../check.ts';
import { qualifiedName, tableSql } from '../names.ts';

/**
 * Counts the critical tables, always with `count(*)`: the statistics of a restored instance say 0 for everything. What the
 * count must be is known only where it was counted when the backup was made.
 */
export function rowCountChecks({ settings, restored, live, baseline }: Facts): readonly Check[] {
  const there = settings.critical.filter((table) => restored.things.tables.has(qualifiedName(table)));
  return there.map(
    (table): Check => ({
      name: `row-count:${table}`,
      point: 'row-counts',
      async run(readers) {
        if (restored.unloggedTables.includes(qualifiedName(table)))
          return pass('verification.unlogged-exempt', { table });
        const inLive = live?.things.tables.has(qualifiedName(table)) ?? false;
        return count(table, readers, baseline[table], inLive);
      },
    }),
  );
}

async function count(
  table: string,
  { restored, live }: Readers,
  bounds: CountBounds | undefined,
  inLive: boolean,
): Promise<Finding> {
  const answer = await restored.within('heap', (query) =>
    query<{ rows: number }>(`SELECT count(*) AS rows FROM ${tableSql(table)}`),
  );
  const rows = answer.rows[0]?.rows ?? 0;
  if (bounds) {
    const { atLeast, atMost } = bounds;
    const expected = rows >= atLeast && rows <= atMost;
    return (expected ? pass : fail)(expected ? 'verification.count-as-expected' : 'verification.count-unexpected', {
      table,
      rows,
      atLeast,
      atMost,
    });
  }
  if (rows === 0 && inLive && live && (await hasRows(table, live)))
    return fail('verification.table-emptied', { table });
  return notProven('verification.count-without-baseline', { table, rows });
}

async function hasRows(table: string, live: NonNullable<Readers['live']>): Promise<boolean> {
  const { rows } = await live((reader) =>
    reader.within('plain', (query) => query<{ any: boolean }>(`SELECT EXISTS (SELECT FROM ${tableSql(table)}) AS any`)),
  );
  return rows[0]?.any ?? false;
}
