import type { DatabaseAddress } from '../clients/postgres.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { RoleSecret } from '../domain/settings.ts';
import type { Instant } from '../domain/time.ts';
import { type DatabaseAccess, openAs } from './access.ts';
import { catalogueQueries } from './catalogue-queries.ts';
import { qualifiedName, tableSql } from './names.ts';

/** What a plan asks of the database that is in use: only reads, and little. */
export interface LiveDatabase {
  /** Rows with `created_at` after that instant; null when the table has no such column, or counting takes too long. */
  newerRows(table: string, at: Instant): Promise<number | null>;
  /** They will come back empty. Names with their schema. */
  unloggedTables(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Production must not wait for a plan. */
const statementTimeoutSeconds = 5;

/** @throws PitcrewError `database.*` when it doesn't answer, which a plan shows as "not available", never as 0 */
export async function liveDatabase(
  access: DatabaseAccess,
  address: DatabaseAddress,
  verifyRole: RoleSecret,
): Promise<LiveDatabase> {
  const database = await openAs(access, address, verifyRole, statementTimeoutSeconds);
  await database.query(`SELECT set_config('default_transaction_read_only', 'on', false)`);
  return {
    async newerRows(table, at) {
      try {
        const { rows } = await database.query<{ type: string }>(
          `SELECT format_type(atttypid, NULL) AS type FROM pg_catalog.pg_attribute
           WHERE attrelid = to_regclass($1) AND attname = 'created_at' AND NOT attisdropped`,
          [tableSql(qualifiedName(table))],
        );
        if (!/^timestamp/.test(rows[0]?.type ?? '')) return null;
        const counted = await database.query<{ count: number }>(
          `SELECT count(*) AS count FROM ${tableSql(table)} WHERE created_at > $1::timestamptz`,
          [at],
        );
        return counted.rows[0]?.count ?? null;
      } catch (error) {
        if (error instanceof PitcrewError && unanswerable.has(error.code)) return null;
        throw error;
      }
    },
    async unloggedTables() {
      const { rows } = await database.query<{ name: string }>(catalogueQueries.unloggedTables);
      return rows.map(({ name }) => name);
    },
    close: () => database.close(),
  };
}

const unanswerable = new Set(['database.timeout', 'database.denied', 'database.contention']);
