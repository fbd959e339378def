import type { Database } from '../clients/postgres.ts';
import { permanent } from '../domain/errors.ts';

/** A database as its server knows it, whatever its name. */
export interface DatabaseSeen {
  readonly oid: number;
  readonly name: string;
  /** Its comment. */
  readonly mark: string | null;
  readonly bytes: number;
}

/**
 * Databases by the id that PostgreSQL gave them when they were made. A name can be given to another one, an id isn't while
 * the database is (PostgreSQL manual, "Object Identifier Types").
 * @throws PitcrewError `load.sessions-hidden` where the login may see neither sizes nor sessions of others; `database.*`
 */
export async function databasesBy(server: Database, oids: readonly number[]): Promise<readonly DatabaseSeen[]> {
  const sees = await server.query<{ sees: boolean }>(
    `SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees`,
  );
  if (!sees.rows[0]?.sees) throw permanent('load.sessions-hidden', { database: oids.join(', ') });
  const { rows } = await server.query<DatabaseSeen>(
    `SELECT oid::int8 AS oid, datname::text AS name, shobj_description(oid, 'pg_database') AS mark,
       pg_database_size(oid) AS bytes
     FROM pg_catalog.pg_database WHERE oid = ANY ($1::oid[])`,
    [oids.map(String)],
  );
  return rows;
}

/** Transactions that hold on to a database though nobody is connected: only their own COMMIT or ROLLBACK ends them. */
export async function preparedOn(server: Database, name: string): Promise<number> {
  const { rows } = await server.query<{ count: number }>(
    'SELECT count(*) AS count FROM pg_catalog.pg_prepared_xacts WHERE database = $1',
    [name],
  );
  return rows[0]?.count ?? 0;
}
