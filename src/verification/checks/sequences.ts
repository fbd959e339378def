import type { Sequence } from '../catalogue.ts';
import { type Check, type Facts, fail, pass, type Query, some } from '../check.ts';
import { quoted, tableSql } from '../names.ts';

/**
 * No sequence behind the column that it feeds: the next insert would fail on a duplicate key. Ahead is normal: after
 * crash recovery sequences run up to 32 values ahead (PostgreSQL manual, "Sequence Manipulation Functions").
 */
export function sequenceChecks({ restored, live }: Facts): readonly Check[] {
  if (restored.sequences.length === 0) return [];
  const inLive = new Set((live?.sequences ?? []).map(nameOf));
  return [
    {
      name: 'sequences',
      point: 'no-corruption',
      async run(readers) {
        const behind = await readers.restored.within('plain', (query) => behindOf(query, restored.sequences));
        const count = restored.sequences.length;
        if (behind.length === 0) return pass('verification.sequences-ahead', { count });
        const comparable = behind.filter((sequence) => inLive.has(nameOf(sequence)));
        const before = readers.live
          ? await readers.live((reader) => reader.within('plain', (query) => behindOf(query, comparable)))
          : [];
        const known = new Set(before.map(nameOf));
        const fresh = behind.map(nameOf).filter((name) => !known.has(name));
        if (fresh.length === 0) return pass('verification.pre-existing-sequences', { count: behind.length });
        return fail('verification.sequences-behind', { count: fresh.length, names: some(fresh) });
      },
    },
  ];
}

const nameOf = ({ name, table, column }: Sequence) => `${name} (${table}.${column})`;

async function behindOf(query: Query, sequences: readonly Sequence[]): Promise<readonly Sequence[]> {
  const behind: Sequence[] = [];
  for (const sequence of sequences) if (await isBehind(query, sequence)) behind.push(sequence);
  return behind;
}

async function isBehind(query: Query, { name, table, column, increment }: Sequence): Promise<boolean> {
  const [end, beyond, orAt] = increment > 0 ? ['max', '>', '>='] : ['min', '<', '<='];
  const { rows } = await query<{ behind: boolean | null }>(
    `SELECT CASE WHEN s.is_called THEN t.last ${beyond} s.last_value ELSE t.last ${orAt} s.last_value END AS behind
     FROM ${tableSql(name)} s, (SELECT ${end}(${quoted(column)})::int8 AS last FROM ${tableSql(table)}) t`,
  );
  return rows[0]?.behind ?? false;
}
