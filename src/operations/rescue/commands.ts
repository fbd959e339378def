import type { RescueOutputs, RescueShown } from '../../domain/rescue.ts';
import { awsCommand } from '../../planning/aws-command.ts';
import { psql } from '../../planning/typed-commands.ts';
import { columnList, fromSql, type RescuedTableInput } from '../../steps/rescue/rescued-table.ts';
import { quoted, tableSql } from '../../verification/names.ts';
import type { RescueFacts } from './facts.ts';

type Argv = readonly string[];

/** As one line, where the condition itself is one. */
const selected = (table: RescuedTableInput) =>
  `FROM ${fromSql(table)} WHERE ${table.where.replaceAll('(\n', '(').replaceAll('\n)', ')')}`;

/** The commands for every step, for people to read and, if all else fails, to type. Never executed. */
export function rescueCommands({ current, beside, tables }: RescueFacts): RescueShown['commands'] {
  const at = ({ host, port }: { readonly host: string; readonly port: number }, sql: string): Argv =>
    psql({ host, port: String(port), role: current.role, database: current.database }, sql);
  const all: { readonly [Step in keyof RescueOutputs]: readonly Argv[] } = {
    'prove-beside': [beside, current.identity].map(({ id }) =>
      awsCommand('rds', 'describe-db-instances', { DBInstanceIdentifier: id }),
    ),
    'copy-rows': tables.flatMap((table) => {
      const columns = columnList(table.columns);
      const name = tableSql(table.table);
      return [
        at(beside, `\\copy (SELECT ${columns} ${selected(table)}) TO rows`),
        [
          ...at(current.identity, 'BEGIN'),
          ...['-c', `CREATE TEMP TABLE r AS SELECT ${columns} FROM ${name} WITH NO DATA`, '-c', '\\copy r FROM rows'],
          '-c',
          `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT * FROM r ON CONFLICT DO NOTHING`,
          ...['-c', 'COMMIT'],
        ],
      ];
    }),
    'verify-rows': tables.map((table) => {
      const key = table.key.map(({ name }) => quoted(name)).join(', ');
      return at(beside, `SELECT ${key} ${selected(table)}`);
    }),
  };
  return all;
}
