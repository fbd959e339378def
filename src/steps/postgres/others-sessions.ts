import type { Database } from '../../clients/postgres.ts';
import { permanent } from '../../domain/errors.ts';
import type { SessionNamed } from '../../domain/restore.ts';

const columns = `coalesce(usename, '') AS role, coalesce(application_name, '') AS application, coalesce(host(client_addr), '') AS address,
  coalesce(to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '') AS since`;

/** What PostgreSQL itself sends away when a database is renamed: no session of anybody. */
const others = `datid = $1::oid AND pid <> pg_backend_pid() AND backend_type IS DISTINCT FROM 'autovacuum worker'`;

export async function sessionsOn(server: Database, oid: number): Promise<readonly SessionNamed[]> {
  const { rows } = await server.query<SessionNamed>(
    `SELECT ${columns} FROM pg_catalog.pg_stat_activity WHERE ${others}`,
    [oid],
  );
  return rows;
}

/** Ends whoever is connected to it. @returns whom it told to end */
export async function endOthers(server: Database, oid: number): Promise<readonly SessionNamed[]> {
  const { rows } = await server.query<SessionNamed & { readonly told: boolean }>(
    `SELECT ${columns}, pg_terminate_backend(pid) AS told FROM pg_catalog.pg_stat_activity WHERE ${others}`,
    [oid],
  );
  return rows.filter(({ told }) => told).map(({ told: _, ...session }) => session);
}

/** As `pg_terminate_backend` decides: superusers end superusers, `pg_signal_backend` everybody else, a member its own. */
const unendable = `${others} AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
  AND (usesysid IS NULL
    OR (SELECT rolsuper FROM pg_catalog.pg_roles r WHERE r.oid = usesysid)
    OR NOT (pg_has_role(current_user, usesysid, 'USAGE') OR pg_has_role(current_user, 'pg_signal_backend', 'USAGE')))`;

/**
 * F42: who is connected, if all of them can be made to leave.
 * @throws PitcrewError `load.sessions-unendable` with the first who can't; `load.prepared-transactions`,
 *   `load.sessions-hidden`
 */
export async function refuseUnendable(
  server: Database,
  database: string,
  oid: number,
): Promise<readonly SessionNamed[]> {
  // Without it a session may be there and not be seen as what it is.
  const sees = await server.query<{ sees: boolean }>(
    `SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees`,
  );
  if (!sees.rows[0]?.sees) throw permanent('load.sessions-hidden', { database });
  const { rows: stuck } = await server.query<SessionNamed>(
    `SELECT ${columns} FROM pg_catalog.pg_stat_activity WHERE ${unendable}`,
    [oid],
  );
  const [first] = stuck;
  if (first) {
    const { role, application, address, since } = first;
    throw permanent('load.sessions-unendable', { database, sessions: stuck.length, role, application, address, since });
  }
  // They hold on to the database though nobody is connected any more, and only their own COMMIT or ROLLBACK ends them.
  const { rows: prepared } = await server.query<{ count: number }>(
    'SELECT count(*) AS count FROM pg_catalog.pg_prepared_xacts WHERE database = $1',
    [database],
  );
  const count = prepared[0]?.count ?? 0;
  if (count > 0) throw permanent('load.prepared-transactions', { database, count });
  return sessionsOn(server, oid);
}
