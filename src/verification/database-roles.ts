import type { DatabaseAddress } from '../clients/postgres.ts';
import type { RoleSecret } from '../domain/settings.ts';
import { type DatabaseAccess, withDatabase } from './access.ts';

/** A role of the server, without anything that lets anybody log in. */
export interface DatabaseRole {
  readonly name: string;
  /** As `CREATE ROLE` takes them; what PostgreSQL would give by itself is left out. */
  readonly attributes: readonly string[];
  readonly memberOf: readonly string[];
}

const statementTimeoutSeconds = 10;

/** `pg_roles` shows no password; PostgreSQL's own roles and RDS's are on every server. */
const query = `SELECT rolname::text AS name,
  ARRAY(SELECT attribute FROM (VALUES
    (rolsuper, 'SUPERUSER'), (NOT rolinherit, 'NOINHERIT'), (rolcreaterole, 'CREATEROLE'), (rolcreatedb, 'CREATEDB'),
    (rolcanlogin, 'LOGIN'), (rolreplication, 'REPLICATION'), (rolbypassrls, 'BYPASSRLS'),
    (rolconnlimit >= 0, 'CONNECTION LIMIT ' || rolconnlimit)) AS all_of (has, attribute) WHERE has) AS attributes,
  ARRAY(SELECT g.rolname::text FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
    WHERE m.member = r.oid ORDER BY 1) AS "memberOf"
  FROM pg_catalog.pg_roles r WHERE rolname !~ '^(pg_|rds)' ORDER BY 1`;

/** @throws PitcrewError `database.*` */
export async function rolesOf(
  access: DatabaseAccess,
  address: DatabaseAddress,
  verifyRole: RoleSecret,
): Promise<readonly DatabaseRole[]> {
  return withDatabase(access, address, verifyRole, statementTimeoutSeconds, async (database) => {
    return (await database.query<DatabaseRole>(query)).rows;
  });
}
