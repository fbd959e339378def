import type { DatabaseAddress } from '../../clients/postgres.ts';
import { permanent } from '../../domain/errors.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import type { Instant } from '../../domain/time.ts';
import { type DatabaseAccess, withDatabase } from '../../verification/access.ts';

export interface Session {
  readonly role: string;
  /** Absent for a session over a local socket. */
  readonly clientAddress?: string;
  readonly startedAt: Instant;
  /** By the database's own clock. */
  readonly ageSeconds: number;
  readonly applicationName: string;
}

export interface SessionsSeen {
  /** Of the application's role, on this database. */
  readonly application: readonly Session[];
  /** Of anybody else but pitcrew, RDS itself and those who only read, on this database. */
  readonly foreign: readonly Session[];
}

export interface WhoIsWho {
  /** pitcrew's reading role: it looks, and is not counted. */
  readonly reader: RoleSecret;
  readonly application: string;
  /** pitcrew's other role, which is not counted either; unset where nobody asks for strangers. */
  readonly fence?: RoleSecret;
  /** Roles that only read: they are no strangers. */
  readonly readers?: readonly string[];
}

/** Who is connected to a database, seen through pitcrew's reading role. */
export interface Sessions {
  /** @throws PitcrewError `database.sessions-hidden` when the reading role may not see the others' sessions */
  on(address: DatabaseAddress, who: WhoIsWho): Promise<SessionsSeen>;
}

const statementTimeoutSeconds = 10;
/** RDS's own roles: its agent is connected to every database, always. */
export const providerRoles: readonly string[] = ['rdsadmin', 'rdsrepladmin', 'rdsproxyadmin'];

/** Client backends only: background workers and WAL senders hold no application's work. */
const query = `SELECT usename AS role, host(client_addr) AS address, application_name AS name,
  to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS started,
  extract(epoch FROM clock_timestamp() - backend_start)::float8 AS age
  FROM pg_catalog.pg_stat_activity
  WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    AND usename <> current_user AND usename::text <> ALL ($1::text[])`;

/** Without `pg_read_all_stats` (it comes with `pg_monitor`) the columns of other roles' sessions are null: no proof. */
export const sees = `SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees`;

interface Row {
  readonly role: string;
  readonly address: string | null;
  readonly name: string;
  readonly started: Instant;
  readonly age: number;
}

export function databaseSessions(access: DatabaseAccess): Sessions {
  return {
    on: async (address, { reader, application, fence, readers = [] }) => {
      const all = await withDatabase(access, address, reader, statementTimeoutSeconds, async (database) => {
        const allowed = await database.query<{ sees: boolean }>(sees);
        if (!allowed.rows[0]?.sees) throw permanent('database.sessions-hidden', { ...address });
        const { rows } = await database.query<Row>(query, [[...providerRoles, ...readers]]);
        return rows.map(({ role, address: clientAddress, name, started, age }) => ({
          role,
          ...(clientAddress ? { clientAddress } : {}),
          startedAt: started,
          ageSeconds: age,
          applicationName: name,
        }));
      });
      const others = all.filter(({ role }) => role !== application);
      // Whose name a session bears it says itself; by which role it came, the server says.
      const own = fence && others.length > 0 ? (await access.credentials(fence)).user : undefined;
      return {
        application: all.filter(({ role }) => role === application),
        foreign: others.filter(({ role }) => role !== own),
      };
    },
  };
}
