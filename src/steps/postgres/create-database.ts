import { z } from 'zod';
import type { Database } from '../../clients/postgres.ts';
import type { Rds } from '../../clients/rds.ts';
import { databaseShape, type LoadOutputs } from '../../domain/load.ts';
import type { InstanceIdentity } from '../../domain/restore.ts';
import { done, type Step, type StepContext, undoBy } from '../../domain/step.ts';
import { type DatabaseAccess, withDatabase } from '../../verification/access.ts';
import { dropOwn, isEmpty, makeDatabase, run } from '../../verification/new-database.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';
import { asMaster, masterRoleOf } from './master-of.ts';

/** The instance that a dump is loaded on, and its master user. */
export const loadPlaceInput = z.object({
  region: z.string().min(1),
  instance: z.string().min(1),
  /** Null: the instance that `await-instance` came to. */
  at: z.object({ host: z.string().min(1), port: z.number() }).nullable(),
  /** Where RDS doesn't manage the master's password itself. */
  masterRole: roleSecretInput.nullable(),
});
export type LoadPlaceInput = z.infer<typeof loadPlaceInput>;

export const createDatabaseInput = loadPlaceInput.extend({
  database: z.string().min(1),
  owner: z.string().min(1),
  shape: databaseShape,
});
export type CreateDatabaseInput = z.infer<typeof createDatabaseInput>;

export interface MasterClients {
  readonly access: DatabaseAccess;
  rds(region: string): Pick<Rds, 'findInstance'>;
}

/** A new database is copied from a template: that takes seconds, and on a busy disk more. */
const statementTimeoutSeconds = 300;

/** Makes the database that a dump is loaded into: empty, of the dump's encoding, known by its mark as this operation's. */
export function createDatabase(clients: MasterClients): Step {
  return {
    id: 'create-database',
    fence: 'derived-name+tag',
    async run(context) {
      const input = inputOf(createDatabaseInput, context.input);
      const { database, owner, shape } = input;
      const { place, made } = await onServer(clients, input, context, async (server, inside) => {
        await joinOwner(server, owner);
        context.signal.throwIfAborted();
        return makeDatabase(server, { name: database, owner, shape, operation: context.operation }, () =>
          inside(database, isEmpty),
        );
      });
      return done<LoadOutputs['create-database']>({ ...place, database, adopted: made === 'adopted' });
    },
    undo: undoBy(async (context) => {
      const input = inputOf(createDatabaseInput, context.input);
      // On an instance of its own it is kept with it, as evidence; beside the live one it is in the way.
      if (input.at === null) return done({ database: input.database, removed: false });
      const { made: removed } = await onServer(clients, input, context, (server) =>
        dropOwn(server, input.database, context.operation),
      );
      return done({ database: input.database, removed });
    }),
  };
}

/** The address that a plan names, or that of the instance which this operation made. */
export function placeOf({ at }: Pick<z.infer<typeof loadPlaceInput>, 'at'>, context: Pick<StepContext, 'output'>) {
  const { host, port } = at ?? (context.output('await-instance') as InstanceIdentity);
  return { host, port };
}

type Inside = <T>(database: string, work: (inside: Database) => Promise<T>) => Promise<T>;

async function onServer<T>(
  { access, rds }: MasterClients,
  input: z.infer<typeof loadPlaceInput>,
  context: StepContext,
  work: (server: Database, inside: Inside) => Promise<T>,
) {
  const place = placeOf(input, context);
  const role = await masterRoleOf(rds(input.region), input.region, input);
  const inside: Inside = (database, what) =>
    withDatabase(access, { ...place, database }, role, statementTimeoutSeconds, what);
  const made = await asMaster(access, place, role, statementTimeoutSeconds, (server) => work(server, inside));
  return { place, made };
}

/** Only a member of a role may make something that it owns. Up to PostgreSQL 15 the master user may join any role that is no superuser. */
export async function joinOwner(server: Database, owner: string): Promise<void> {
  const { rows } = await server.query<{ member: boolean }>(`SELECT pg_has_role(current_user, $1, 'MEMBER') AS member`, [
    owner,
  ]);
  if (rows[0]?.member) return;
  await run(server, 'GRANT %I TO CURRENT_USER', owner);
}
