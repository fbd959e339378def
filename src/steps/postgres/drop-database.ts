import { z } from 'zod';
import type { Database } from '../../clients/postgres.ts';
import type { Rds } from '../../clients/rds.ts';
import type { Secrets } from '../../clients/secrets.ts';
import type { DatabaseCleanupOutputs } from '../../domain/cleanup.ts';
import { PitcrewError, permanent, retryable } from '../../domain/errors.ts';
import { done, irreversible, nothingToUndo, type Step, type StepContext, wait } from '../../domain/step.ts';
import { instant, secondsBetween } from '../../domain/time.ts';
import { type DatabaseSeen, databasesBy, preparedOn } from '../../verification/left-database.ts';
import { run } from '../../verification/new-database.ts';
import { deleteInstanceInput, pointsTo, proveKept } from '../rds/delete-instance.ts';
import { inputOf } from '../step-input.ts';
import { loadPlaceInput, type MasterClients, placeOf } from './create-database.ts';
import { asMaster, masterRoleOf } from './master-of.ts';
import { sessionsOn } from './others-sessions.ts';

export const leftDatabaseInput = loadPlaceInput.extend({
  /** The name under which it was left. */
  name: z.string().min(1),
  oid: z.number().int().positive(),
  /** Its comment when people approved. */
  mark: z.string().nullable(),
  pollSeconds: z.number().positive(),
});
export type LeftDatabaseInput = z.infer<typeof leftDatabaseInput>;

const environment = deleteInstanceInput.shape.environments.element;
export const dropDatabaseInput = leftDatabaseInput.extend({
  resourceId: z.string().min(1),
  /** Of the snapshot without which nothing is dropped. */
  snapshot: z.string().min(1),
  /** Every environment of the config, and where its secret says which database it uses. */
  environments: z
    .array(environment.extend({ database: z.object({ key: z.string().min(1), name: z.string().min(1) }) }))
    .min(1),
});
export type DropDatabaseInput = z.infer<typeof dropDatabaseInput>;

/** Files of a large database take their time to go. */
const statementTimeoutSeconds = 300;
/** An error goes into the ledger, whose events are bounded. */
const mostNamed = 5;

/** Nobody is on the database: looked at twice, a poll apart, for a client may be between two sessions. */
export function proveDatabaseUnused(clients: MasterClients): Step {
  return {
    id: 'prove-database-unused',
    fence: 'read-only',
    polls: true,
    async run(context) {
      const input = inputOf(leftDatabaseInput, context.input);
      const found = await onServer(clients, input, context, async (server) => {
        const there = await sameDatabase(server, input);
        if (!there) throw permanent('cleanup.database-gone', { database: input.name, instance: input.instance });
        await refuseUsed(server, input);
        return there;
      });
      if (secondsBetween(context.since, instant(new Date())) < input.pollSeconds)
        return wait(input.pollSeconds, 'wait.unused', { instance: input.name });
      return done<DatabaseCleanupOutputs['prove-database-unused']>({ bytes: found.bytes });
    },
    undo: nothingToUndo,
  };
}

type Needed = Pick<MasterClients, 'access'> & {
  rds(region: string): Pick<Rds, 'findInstance' | 'findSnapshot'>;
  secrets(region: string): Pick<Secrets, 'current'>;
};

/**
 * The step that can't be taken back. Right before it is looked once more whether it is that database, by its id, name and
 * mark, whether its data is kept, whether anybody is on it, and which database every environment's secret names.
 * `DROP DATABASE` itself refuses while somebody is connected; nobody is sent away.
 */
export function dropDatabase(clients: Needed): Step {
  return {
    id: 'drop-database',
    fence: 'resource-id',
    publishes: true,
    undo: irreversible,
    async run(context) {
      const input = inputOf(dropDatabaseInput, context.input);
      const { name } = input;
      return onServer(clients, input, context, async (server) => {
        const found = await sameDatabase(server, input);
        if (!found) return done<Output>({ database: name, bytes: null, already: true });
        await proveKept(clients.rds(input.region), input);
        await refuseNamed(clients, input, placeOf(input, context));
        await refuseUsed(server, input);
        context.signal.throwIfAborted();
        await run(server, 'DROP DATABASE %I', name).catch(refusedDrop(input));
        return done<Output>({ database: name, bytes: found.bytes, already: false });
      });
    },
  };
}

type Output = DatabaseCleanupOutputs['drop-database'];

/** That it is gone, and that what serves is still there under its own name. */
export function proveDropped(clients: MasterClients): Step {
  return {
    id: 'prove-dropped',
    fence: 'read-only',
    async run(context) {
      const input = inputOf(leftDatabaseInput, context.input);
      const [found] = await onServer(clients, input, context, (server) => databasesBy(server, [input.oid]));
      if (found) throw retryable('cleanup.database-stays', { database: input.name, instance: input.instance });
      const { bytes } = context.output('drop-database') as Output;
      return done<DatabaseCleanupOutputs['prove-dropped']>({ freedBytes: bytes });
    },
    undo: nothingToUndo,
  };
}

/** @returns undefined where nothing has its id any more. @throws PitcrewError `cleanup.database-is-another` */
async function sameDatabase(
  server: Database,
  { name, oid, mark, instance }: LeftDatabaseInput,
): Promise<DatabaseSeen | undefined> {
  const [found] = await databasesBy(server, [oid]);
  if (found && (found.name !== name || found.mark !== mark))
    throw permanent('cleanup.database-is-another', { database: name, found: found.name, instance });
  return found;
}

/** @throws PitcrewError `cleanup.database-in-use` with who is on it, `cleanup.database-prepared` */
export async function refuseUsed(
  server: Database,
  { name, oid }: Pick<LeftDatabaseInput, 'name' | 'oid'>,
): Promise<void> {
  const who = await sessionsOn(server, oid);
  if (who.length > 0)
    throw permanent('cleanup.database-in-use', {
      ...{ database: name, sessions: who.length },
      who: who.slice(0, mostNamed).map((one) => ({ ...one })),
    });
  const count = await preparedOn(server, name);
  if (count > 0) throw permanent('cleanup.database-prepared', { database: name, count });
}

/**
 * A secret that can't be read proves nothing, so it refuses.
 * @throws PitcrewError `cleanup.database-live`, `secret.*`
 */
export async function refuseNamed(
  { secrets }: Pick<Needed, 'secrets'>,
  { name, environments }: Pick<DropDatabaseInput, 'name' | 'environments'>,
  address: { readonly host: string; readonly port: number },
): Promise<void> {
  for (const { name: where, region, secret, keys, database } of environments) {
    const { document } = await secrets(region).current(secret);
    const named = String(document[database.key] || database.name);
    if (named === name && pointsTo(document, keys, address))
      throw permanent('cleanup.database-live', { database: name, environment: where });
  }
}

/** PostgreSQL manual, appendix A: 55006 `object_in_use`. */
const refusedDrop =
  ({ name, instance }: DropDatabaseInput) =>
  (error: unknown): never => {
    const inUse = error instanceof PitcrewError && error.params.sqlState === '55006';
    throw inUse ? retryable('cleanup.database-held', { database: name, instance }, error) : error;
  };

async function onServer<T>(
  { access, rds }: MasterClients,
  input: LeftDatabaseInput,
  context: StepContext,
  work: (server: Database) => Promise<T>,
): Promise<T> {
  const role = await masterRoleOf(rds(input.region), input.region, input);
  return asMaster(access, placeOf(input, context), role, statementTimeoutSeconds, work);
}
