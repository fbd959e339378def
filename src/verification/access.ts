import type { Connect, Database, DatabaseAddress, DatabaseLogin } from '../clients/postgres.ts';
import type { RoleSecret } from '../domain/settings.ts';

/** User and password out of a secret: what `roleCredentials` of the secrets client of its region does. */
export type Credentials = (role: RoleSecret) => Promise<DatabaseLogin>;

/** How databases are reached, injected wherever SQL is spoken. */
export interface DatabaseAccess {
  readonly connect: Connect;
  readonly credentials: Credentials;
}

/** Opens a session as the role whose login the secret holds. */
export async function openAs(
  { connect, credentials }: DatabaseAccess,
  address: DatabaseAddress,
  role: RoleSecret,
  statementTimeoutSeconds: number,
): Promise<Database> {
  return connect(address, await credentials(role), { statementTimeoutSeconds });
}

/** Opens a session, does the work, and closes it whatever comes. */
export async function withDatabase<T>(
  access: DatabaseAccess,
  address: DatabaseAddress,
  role: RoleSecret,
  statementTimeoutSeconds: number,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openAs(access, address, role, statementTimeoutSeconds);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
