import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Database } from '../../clients/postgres.ts';
import { bug, retryable } from '../../domain/errors.ts';
import type { InstanceIdentity, RestoreOutputs, SessionNamed } from '../../domain/restore.ts';
import { done, type Step, type StepContext, undoBy } from '../../domain/step.ts';
import { type DatabaseAccess, withDatabase } from '../../verification/access.ts';
import { addressInput, inputOf, roleSecretInput } from '../step-input.ts';

export const fenceOldInput = z.object({
  /** The role that the application logs in as. */
  role: z.string().min(1),
  /** The old database; null when it is gone and there is nothing to bar. */
  source: addressInput.nullable(),
  fenceRole: roleSecretInput,
});
export type FenceOldInput = z.infer<typeof fenceOldInput>;

const statementTimeoutSeconds = 30;
const rounds = 20;
const roundSeconds = 0.25;
const mostNamed = 5;

/**
 * Bars the application's role from the old instance and ends its sessions, so that a forgotten pod or cron job can't write
 * to both. Barred first, then ended: nobody comes back in between. A role is barred from every database of the instance.
 */
export function fenceOld(access: DatabaseAccess): Step {
  return {
    id: 'fence-old',
    fence: 'idempotent-sql',
    async run(context) {
      const { role, source, fenceRole } = inputOf(fenceOldInput, context.input);
      if (!source) return done<RestoreOutputs['fence-old']>({ role, endedSessions: 0, ended: [] });
      isNotTheNew(source, context);
      const ended = await withDatabase(access, source, fenceRole, statementTimeoutSeconds, async (database) => {
        await setLogin(database, role, 'NOLOGIN');
        return endSessions(database, role);
      });
      return done<RestoreOutputs['fence-old']>({
        role,
        endedSessions: ended.length,
        ended: ended.slice(0, mostNamed),
      });
    },
    undo: undoBy(async ({ input }) => {
      const { role, source, fenceRole } = inputOf(fenceOldInput, input);
      if (source)
        await withDatabase(access, source, fenceRole, statementTimeoutSeconds, (database) =>
          setLogin(database, role, 'LOGIN'),
        );
      return done({ role });
    }),
  };
}

/** To bar the application from the database that it was just put on would be an outage by our own hand. */
function isNotTheNew({ host, port }: NonNullable<FenceOldInput['source']>, context: StepContext): void {
  const target = context.output('await-instance') as InstanceIdentity;
  if (target.host === host && target.port === port) throw bug('restore.same-instance', { host, port });
}

export async function setLogin(database: Database, role: string, login: 'LOGIN' | 'NOLOGIN'): Promise<void> {
  // The server quotes the name: there is no parameter in an ALTER ROLE.
  const { rows } = await database.query<{ sql: string }>(`SELECT format('ALTER ROLE %I ${login}', $1::text) AS sql`, [
    role,
  ]);
  await database.query(rows[0]?.sql ?? '');
}

/** @throws PitcrewError `database.sessions-stay` when a session doesn't end: barred it is all the same, so try again */
export async function endSessions(database: Database, role: string): Promise<readonly SessionNamed[]> {
  const ended = new Map<number, SessionNamed>();
  for (let round = 0; round < rounds; round++) {
    const { rows } = await database.query<SessionNamed & { readonly pid: number }>(
      `SELECT pid, usename AS role, coalesce(application_name, '') AS application, coalesce(host(client_addr), '') AS address,
         coalesce(to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '') AS since,
         pg_terminate_backend(pid)
       FROM pg_catalog.pg_stat_activity
       WHERE usename = $1 AND pid <> pg_backend_pid()`,
      [role],
    );
    if (rows.length === 0) return [...ended.values()];
    for (const { pid, role: of, application, address, since } of rows)
      ended.set(pid, { role: of, application, address, since });
    await sleep(roundSeconds * 1000);
  }
  throw retryable('database.sessions-stay', { role });
}
