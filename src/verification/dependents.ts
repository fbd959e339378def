import type { DatabaseAddress } from '../clients/postgres.ts';
import type { RoleSecret } from '../domain/settings.ts';
import { type DatabaseAccess, withDatabase } from './access.ts';

/** What in a database follows others, is followed, or starts by itself: a copy of it does the same. Names only. */
export interface Dependents {
  readonly slots: readonly string[];
  readonly subscriptions: readonly string[];
  readonly foreignServers: readonly string[];
  /** pg_cron is there. Which jobs it has, only their owners may see. */
  readonly cron: boolean;
}

/** Production must not wait for a plan. */
const statementTimeoutSeconds = 5;

/** All of it is open to every role but a subscription's connection string (PostgreSQL documentation, "System Catalogs"). */
const query = `SELECT
  ARRAY(SELECT slot_name::text FROM pg_catalog.pg_replication_slots WHERE NOT temporary ORDER BY 1) AS slots,
  ARRAY(SELECT subname::text FROM pg_catalog.pg_subscription
    WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) ORDER BY 1) AS subscriptions,
  ARRAY(SELECT srvname::text FROM pg_catalog.pg_foreign_server ORDER BY 1) AS "foreignServers",
  EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'pg_cron') AS cron`;

/** @throws PitcrewError `database.*` */
export async function dependentsOf(
  access: DatabaseAccess,
  address: DatabaseAddress,
  verifyRole: RoleSecret,
): Promise<Dependents> {
  return withDatabase(access, address, verifyRole, statementTimeoutSeconds, async (database) => {
    const { rows } = await database.query<Dependents>(query);
    return rows[0] ?? { slots: [], subscriptions: [], foreignServers: [], cron: false };
  });
}
