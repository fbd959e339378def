import type { Database } from '../../clients/postgres.ts';

/** What a role of pitcrew's is for: the same words as in pitcrew.yaml. */
export type OwnRole = 'verifyRole' | 'fenceRole';

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/**
 * The grants of pitcrew's own roles, as docs/database-roles.md has them for people to run. For a snapshot from before
 * pitcrew was installed: such a one has no roles of ours.
 */
export function grantsOf(use: OwnRole, role: string, application: string, serverVersion: number): readonly string[] {
  const own = identifier(role);
  if (use === 'verifyRole')
    return [`GRANT pg_read_all_data, pg_monitor TO ${own}`, `ALTER ROLE ${own} SET default_transaction_read_only = on`];
  const signal = `GRANT pg_signal_backend TO ${own}`;
  // Up to 15 CREATEROLE reaches every role that is no superuser; from 16 on only those that one has the ADMIN OPTION on.
  if (serverVersion < 160_000) return [`ALTER ROLE ${own} CREATEROLE`, signal];
  const admin = `GRANT ${identifier(application)} TO ${own} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`;
  return [`ALTER ROLE ${own} CREATEROLE`, admin, signal];
}

/** Gives a role the password that a verifier stands for, and lets it log in. The server quotes what has no parameter. */
export async function setPassword(database: Database, role: string, verifier: string): Promise<void> {
  await runFormatted(
    database,
    `SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text) AS sql`,
    role,
    verifier,
  );
}

/** Makes a role that is missing, with its grants. */
export async function createRole(
  database: Database,
  role: string,
  verifier: string,
  grants: readonly string[],
): Promise<void> {
  await database.query('BEGIN');
  try {
    await runFormatted(
      database,
      `SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', $1::text, $2::text) AS sql`,
      role,
      verifier,
    );
    for (const sql of grants) await database.query(sql);
    await database.query('COMMIT');
  } catch (error) {
    await database.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** What `CREATE ROLE` takes, as a role's attributes are written down; anything else is no attribute. */
const attribute = /^(NOINHERIT|CREATEROLE|CREATEDB|CONNECTION LIMIT \d+)$/;

/** Makes a role that nobody can log in as. */
export async function createWithoutLogin(
  database: Database,
  role: string,
  attributes: readonly string[],
): Promise<void> {
  const known = attributes.filter((one) => attribute.test(one)).join(' ');
  await runFormatted(database, `SELECT format('CREATE ROLE %I NOLOGIN ${known}', $1::text) AS sql`, role);
}

/** Done twice it is done once. */
export const grantMembership = (database: Database, group: string, member: string): Promise<void> =>
  runFormatted(database, `SELECT format('GRANT %I TO %I', $1::text, $2::text) AS sql`, group, member);

async function runFormatted(database: Database, format: string, ...names: readonly string[]): Promise<void> {
  const { rows } = await database.query<{ sql: string }>(format, [...names]);
  await database.query(rows[0]?.sql ?? '');
}

export async function roleExists(database: Database, role: string): Promise<boolean> {
  const { rows } = await database.query('SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1', [role]);
  return rows.length > 0;
}

/** As PostgreSQL counts it: 150013 for 15.13. */
export async function serverVersion(database: Database): Promise<number> {
  const { rows } = await database.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  return rows[0]?.version ?? 0;
}
