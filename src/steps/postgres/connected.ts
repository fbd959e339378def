import type { DatabaseAddress } from '../../clients/postgres.ts';
import { permanent } from '../../domain/errors.ts';
import type { SessionNamed } from '../../domain/restore.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import type { Instant } from '../../domain/time.ts';
import { type DatabaseAccess, withDatabase } from '../../verification/access.ts';
import { providerRoles, sees } from './sessions.ts';

const statementTimeoutSeconds = 10;

/** In every database of the instance, those who follow its log included. */
const query = `SELECT usename AS role, host(client_addr) AS address, application_name AS application,
  to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS since
  FROM pg_catalog.pg_stat_activity
  WHERE backend_type IN ('client backend', 'walsender') AND pid <> pg_backend_pid()
    AND usename::text <> ALL ($1::text[])
  ORDER BY backend_start`;

/**
 * Who is connected to an instance, whichever its databases, but for RDS's own and pitcrew's roles: whoever only reads
 * there needs it too.
 * @throws PitcrewError `database.*`; `database.sessions-hidden` when the reading role may not see the others' sessions
 */
export function connectedTo(
  access: DatabaseAccess,
  address: DatabaseAddress,
  { verifyRole, fenceRole }: { readonly verifyRole: RoleSecret; readonly fenceRole: RoleSecret },
): Promise<readonly SessionNamed[]> {
  return withDatabase(access, address, verifyRole, statementTimeoutSeconds, async (database) => {
    const allowed = await database.query<{ sees: boolean }>(sees);
    if (!allowed.rows[0]?.sees) throw permanent('database.sessions-hidden', { ...address });
    const own = await Promise.all([verifyRole, fenceRole].map(async (role) => (await access.credentials(role)).user));
    const { rows } = await database.query<Row>(query, [[...providerRoles, ...own]]);
    return rows.map((row) => ({ ...row, address: row.address ?? '' }));
  });
}

interface Row {
  readonly role: string;
  readonly application: string;
  readonly address: string | null;
  readonly since: Instant;
}
