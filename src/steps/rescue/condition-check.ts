import { PitcrewError, userError } from '../../domain/errors.ts';
import type { Query } from '../../verification/check.ts';
import { conditionFault, longestCondition } from './condition.ts';
import { fromSql, type RescuedTableInput } from './rescued-table.ts';

/**
 * Whether the condition is one expression that says yes or no of a row: PostgreSQL itself is asked, without reading a row.
 * @throws PitcrewError `rescue.bad-condition` with what is wrong with it, or with PostgreSQL's message; never with a value of a row
 */
export async function refuseBadCondition(
  beside: Query,
  table: Pick<RescuedTableInput, 'table' | 'partitioned'>,
  condition: string,
): Promise<void> {
  const fault = conditionFault(condition);
  if (fault) throw userError('rescue.bad-condition', { fault, most: longestCondition });
  await beside('SAVEPOINT condition');
  try {
    // The extended protocol takes one statement only.
    await beside(`SELECT FROM ${fromSql(table)} WHERE (\n${condition}\n) LIMIT 0`);
  } catch (error) {
    const said = messageOf(error);
    if (said === undefined) throw error;
    throw userError('rescue.bad-condition', { fault: 'refused', said, table: table.table }, error);
  } finally {
    await beside('ROLLBACK TO SAVEPOINT condition');
  }
}

const longestMessage = 300;

/** Of what is wrong with the words (class 42): it quotes the condition and nothing else. Of a bad value only the SQLSTATE. */
function messageOf(error: unknown): string | undefined {
  if (!(error instanceof PitcrewError)) return undefined;
  const { code, message } = (error.cause ?? {}) as { readonly code?: string; readonly message?: string };
  if (error.code === 'database.denied') return message?.slice(0, longestMessage);
  if (error.code !== 'database.query-failed' || !code) return undefined;
  return code.startsWith('42') ? message?.slice(0, longestMessage) : `SQLSTATE ${code}`;
}
