import type { Database, DatabaseAddress } from '../../clients/postgres.ts';
import { PitcrewError } from '../../domain/errors.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import { type DatabaseAccess, withDatabase } from '../access.ts';
import { type Check, type Finding, fail, notProven, pass } from '../check.ts';

const statementTimeoutSeconds = 15;

/**
 * The database is accessible: to the application's own role, with the password that its secret holds now, over TLS. A
 * restored instance has the passwords of the snapshot's time, which may not be today's.
 */
export function accessibleChecks(
  access: DatabaseAccess,
  address: DatabaseAddress,
  application: RoleSecret,
): readonly Check[] {
  return [
    {
      name: 'accessible',
      point: 'accessible',
      async run() {
        try {
          return await withDatabase(access, address, application, statementTimeoutSeconds, look);
        } catch (error) {
          if (!(error instanceof PitcrewError)) throw error;
          const finding = refusals[error.code];
          if (!finding) throw error;
          return fail(finding, { user: String(error.params.user ?? '') });
        }
      },
    },
  ];
}

const refusals: Readonly<Record<string, string>> = {
  'database.login-refused': 'verification.login-refused',
  'database.denied': 'verification.login-refused',
  'database.unknown': 'verification.database-missing',
  'database.tls': 'verification.tls-not-verified',
};

/** Taking a transaction id is a write, the smallest there is: a standby and a full disk refuse it. */
async function look(database: Database): Promise<Finding> {
  const { rows } = await database.query<{ user: string; version: string; recovering: boolean; readOnly: string }>(
    `SELECT current_user AS user, current_setting('server_version') AS version, pg_is_in_recovery() AS recovering,
       current_setting('transaction_read_only') AS "readOnly"`,
  );
  const { user = '', version = '', recovering = true, readOnly = 'on' } = rows[0] ?? {};
  if (recovering) return fail('verification.in-recovery', { version });
  if (readOnly === 'on') return fail('verification.not-writable', { user });
  await database.query('SELECT pg_current_xact_id()');
  if (!database.tlsVerified) return notProven('verification.without-tls', { user, version });
  return pass('verification.accessible', { user, version });
}
