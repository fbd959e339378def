import type { Catalogue, Sequence } from '../catalogue.ts';
import type { Reader } from '../check.ts';
import { quoted, tableSql } from '../names.ts';
import type { Flag } from './flags.ts';

/**
 * No sequence behind the column that it feeds: the next insert would fail on a duplicate key. Ahead is normal: after
 * crash recovery sequences run up to 32 values ahead (PostgreSQL manual, "Sequence Manipulation Functions").
 */
export const sequenceFlag: Flag = {
  name: 'sequences',
  point: 'no-corruption',
  findings: ['verification.sequences-ahead', 'verification.pre-existing-sequences', 'verification.sequences-behind'],
  look: behindIn,
};

async function behindIn(reader: Reader, { sequences, unloggedTables }: Catalogue): Promise<readonly string[]> {
  const behind: string[] = [];
  for (const sequence of sequences.filter(({ table }) => !unloggedTables.includes(table)))
    if (await isBehind(reader, sequence)) behind.push(nameOf(sequence));
  return behind;
}

const nameOf = ({ name, table, column }: Sequence) => `${name} (${table}.${column})`;

async function isBehind(reader: Reader, { name, table, column, increment }: Sequence): Promise<boolean> {
  const [end, beyond, orAt] = increment > 0 ? ['max', '>', '>='] : ['min', '<', '<='];
  const { rows } = await reader.within('plain', (query) =>
    query<{ behind: boolean | null }>(
      `SELECT CASE WHEN s.is_called THEN t.last ${beyond} s.last_value ELSE t.last ${orAt} s.last_value END AS behind
       FROM ${tableSql(name)} s, (SELECT ${end}(${quoted(column)})::int8 AS last FROM ${tableSql(table)}) t`,
    ),
  );
  return rows[0]?.behind ?? false;
}
