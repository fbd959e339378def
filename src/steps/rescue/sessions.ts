import type { Database, DatabaseAddress } from '../../clients/postgres.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import { type DatabaseAccess, openAs } from '../../verification/access.ts';

/** A shop that runs doesn't wait for us longer than this for a lock. */
const lockTimeoutSeconds = 5;
/** The server ends a transaction of ours that nobody goes on with: its worker is frozen or cut off. */
export const idleSeconds = 30;

/** How values are written must not depend on what a role or a database has set; row-level security must not hide rows. */
const settings = {
  row_security: 'off',
  standard_conforming_strings: 'on',
  client_encoding: 'UTF8',
  extra_float_digits: '1',
  bytea_output: 'hex',
  xmloption: 'content',
  lock_timeout: `${lockTimeoutSeconds}s`,
};

/** A transaction that only reads, of one instant. @throws PitcrewError `database.*` */
export async function openReading(
  access: DatabaseAccess,
  address: DatabaseAddress,
  role: RoleSecret,
  budgetSeconds: number,
): Promise<Database> {
  const database = await openAs(access, address, role, budgetSeconds);
  return begun(database, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', settings);
}

/** The one transaction that writes; row-level security holds for it as for the application. @throws PitcrewError `database.*` */
export async function openWriting(
  access: DatabaseAccess,
  address: DatabaseAddress,
  role: RoleSecret,
  budgetSeconds: number,
): Promise<Database> {
  const database = await openAs(access, address, role, budgetSeconds);
  const { row_security: _, ...rest } = settings;
  const idle = { idle_in_transaction_session_timeout: `${idleSeconds}s`, default_transaction_read_only: 'off' };
  return begun(database, 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE', { ...rest, ...idle });
}

async function begun(database: Database, begin: string, to: Readonly<Record<string, string>>): Promise<Database> {
  try {
    await database.query(begin);
    for (const [name, value] of Object.entries(to))
      await database.query('SELECT set_config($1, $2, true)', [name, value]);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
