import { z } from 'zod';
import { permanent } from '../../domain/errors.ts';
import type { LoadOutputs } from '../../domain/load.ts';
import { done, nothingToUndo, type Step, wait } from '../../domain/step.ts';
import { secondsBetween } from '../../domain/time.ts';
import { withDatabase } from '../../verification/access.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';
import { type MasterClients, placeOf } from './create-database.ts';
import { swapNamesInput } from './swap-names.ts';

export const proveSwappedInput = swapNamesInput.extend({
  /** The role that the application logs in as. */
  role: z.string().min(1),
  verifyRole: roleSecretInput,
  pollSeconds: z.number().positive(),
  withinSeconds: z.number().positive(),
});
export type ProveSwappedInput = z.infer<typeof proveSwappedInput>;

const statementTimeoutSeconds = 10;

/**
 * The application was not stopped: its pool connects again, by the same name, and what answers there must be the restored
 * database, by its own id. Nobody may be connected to the one that is kept.
 */
export function proveSwapped({ access }: Pick<MasterClients, 'access'>): Step {
  return {
    id: 'prove-swapped',
    fence: 'read-only',
    polls: true,
    async run(context) {
      const input = inputOf(proveSwappedInput, context.input);
      const { oid, keptOid } = context.output('swap-names') as LoadOutputs['swap-names'];
      const address = { ...placeOf(input, context), database: input.live };
      const { rows } = await withDatabase(access, address, input.verifyRole, statementTimeoutSeconds, (database) =>
        database.query<Seen>(
          `SELECT (SELECT oid::int8 FROM pg_catalog.pg_database WHERE datname = current_database()) AS oid,
             (count(*) FILTER (WHERE datid = $1::oid AND usename = $3))::int AS fresh,
             (count(*) FILTER (WHERE datid = $2::oid))::int AS stale,
             to_char(min(backend_start) FILTER (WHERE datid = $1::oid AND usename = $3) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS first,
             to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now
           FROM pg_catalog.pg_stat_activity`,
          [oid, keptOid, input.role],
        ),
      );
      const [seen] = rows;
      if (seen?.oid !== oid)
        throw permanent('load.names-changed', { live: input.live, restored: input.restored, kept: input.kept });
      if (seen.fresh > 0 && seen.stale === 0)
        return done<LoadOutputs['prove-swapped']>({ sessions: seen.fresh, firstSessionAt: seen.first });
      if (secondsBetween(context.since, seen.now) > input.withinSeconds)
        throw permanent('load.nobody-came', { role: input.role, database: input.live, stale: seen.stale });
      return wait(input.pollSeconds, 'wait.load-sessions', { role: input.role });
    },
    undo: nothingToUndo,
  };
}

interface Seen {
  readonly oid: number;
  readonly fresh: number;
  readonly stale: number;
  readonly first: string | null;
  readonly now: string;
}
