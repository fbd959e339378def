import type { DatabaseAddress } from '../../clients/postgres.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import { type DatabaseAccess, withDatabase } from '../../verification/access.ts';

export interface Contents {
  /** Changes when any table, view or sequence is made anew, whatever its name; the rows don't matter. */
  readonly fingerprint: string;
  readonly tables: number;
}

const statementTimeoutSeconds = 30;

/** PostgreSQL gives an identity (`pg_class.oid`) only once while a thing is there, and a thing that is made anew gets another. */
const query = `SELECT md5(coalesce(string_agg(c.oid::text || ' ' || n.nspname || '.' || c.relname, ',' ORDER BY c.oid), '')) AS fingerprint,
  count(*) FILTER (WHERE c.relkind IN ('r', 'p'))::int AS tables
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/**
 * Which tables, views and sequences a database has, by their identities. A load with `--clean` drops and makes each of
 * them in one transaction: so the same contents before and after say that it did not commit.
 * @throws PitcrewError `database.*`
 */
export async function contentsOf(access: DatabaseAccess, at: DatabaseAddress, role: RoleSecret): Promise<Contents> {
  return withDatabase(access, at, role, statementTimeoutSeconds, async (database) => {
    const { rows } = await database.query<Contents>(query);
    const { fingerprint = '', tables = 0 } = rows[0] ?? {};
    return { fingerprint, tables };
  });
}
