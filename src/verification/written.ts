import type { DatabaseAddress } from '../clients/postgres.ts';
import type { WrittenRows } from '../domain/comparison.ts';
import type { SessionNamed } from '../domain/restore.ts';
import type { RoleSecret } from '../domain/settings.ts';
import { type DatabaseAccess, withDatabase } from './access.ts';

const statementTimeoutSeconds = 10;

/**
 * Rows of tables, of which vacuum and analyze write none; catalogues are left out, because they do. `since` names when
 * the counters began (their reset, and the start of the checkpointer, which a crash begins anew), and the files of the
 * tables: a TRUNCATE, a rewrite or a new table counts no row and changes those.
 */
const writtenQuery = `SELECT
  (SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int8 FROM pg_catalog.pg_stat_user_tables) AS rows,
  (SELECT coalesce(stats_reset::text, '') FROM pg_catalog.pg_stat_database WHERE datname = current_database())
    || '/' || coalesce((SELECT max(backend_start)::text FROM pg_catalog.pg_stat_activity WHERE backend_type = 'checkpointer'), '')
    || '/' || coalesce((SELECT md5(string_agg(oid || ':' || relfilenode, ',' ORDER BY oid)) FROM pg_catalog.pg_class
      WHERE relkind IN ('r', 'm') AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)), '') AS since`;

/** In any database of the instance: whoever bears the application's name, and whoever has begun to write. */
const writersQuery = `SELECT usename AS role, coalesce(application_name, '') AS application,
  coalesce(host(client_addr), '') AS address,
  to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS since
  FROM pg_catalog.pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND usename::text NOT LIKE 'rds%'
    AND (usename = $1 OR backend_xid IS NOT NULL)
  ORDER BY backend_start`;

/** How much was ever written to a database, as its own counters say. @throws PitcrewError `database.*` */
export function writtenTo(
  access: DatabaseAccess,
  address: DatabaseAddress,
  verifyRole: RoleSecret,
): Promise<WrittenRows> {
  return withDatabase(access, address, verifyRole, statementTimeoutSeconds, async (database) => {
    const { rows } = await database.query<WrittenRows>(writtenQuery);
    return rows[0] ?? { rows: 0, since: '' };
  });
}

/** Who could be writing to an instance that nobody should use. @throws PitcrewError `database.*` */
export function writersOn(
  access: DatabaseAccess,
  address: DatabaseAddress,
  verifyRole: RoleSecret,
  application: string,
): Promise<readonly SessionNamed[]> {
  return withDatabase(access, address, verifyRole, statementTimeoutSeconds, async (database) => {
    const { rows } = await database.query<SessionNamed>(writersQuery, [application]);
    return rows;
  });
}
