import { z } from 'zod';
import type { Database } from '../../clients/postgres.ts';
import { permanent } from '../../domain/errors.ts';
import type { SwapBackOutputs } from '../../domain/rollback.ts';
import { done, nothingToUndo, type Step, undoBy } from '../../domain/step.ts';
import { type DatabaseSeen, databasesBy } from '../../verification/left-database.ts';
import { findDatabase } from '../../verification/new-database.ts';
import { inputOf } from '../step-input.ts';
import type { MasterClients } from './create-database.ts';
import { refuseUnendable } from './others-sessions.ts';
import { onServer, renameDatabases } from './rename-databases.ts';
import { resultOf, swapNamesInput } from './swap-names.ts';

const known = z.object({ oid: z.number().int().positive(), mark: z.string().nullable() });

/**
 * The names as a swap takes them: `restored` is the one that the database has which gets the live name, and `kept` the one
 * that the live database has afterwards. Here both are old names, so each database is known by its id and its mark too.
 */
export const swapBackInput = swapNamesInput.extend({
  resourceId: z.string().min(1),
  back: known,
  leaves: known,
});
export type SwapBackInput = z.infer<typeof swapBackInput>;

/** Both databases are what people approved, and so is the instance: looked at before anything else. */
export function proveKept(clients: MasterClients): Step {
  return {
    id: 'prove-kept',
    fence: 'read-only',
    async run(context) {
      const input = inputOf(swapBackInput, context.input);
      const { instance, resourceId } = input;
      const found = await clients.rds(input.region).findInstance(instance);
      if (!found) throw permanent('rollback.old-gone', { instance });
      if (found.resourceId !== resourceId)
        throw permanent('rollback.old-is-another', { instance, expected: resourceId, found: found.resourceId });
      const { back, isDone } = await onServer(clients, input, context, (server) => look(server, input));
      if (isDone) throw permanent('rollback.names-back', { operation: context.operation, database: input.live });
      return done<SwapBackOutputs['prove-kept']>({ bytes: back.bytes });
    },
    undo: nothingToUndo,
  };
}

/**
 * The publishing step: the live name goes back to the database that had it, and the one that has it now gets its former
 * name, in one transaction. Whichever of the two has which name says whether it was done already.
 */
export function swapBack(clients: MasterClients): Step {
  return {
    id: 'swap-back',
    fence: 'version-cas',
    publishes: true,
    async run(context) {
      const input = inputOf(swapBackInput, context.input);
      const { live, restored, kept, back, leaves } = input;
      const output = await onServer(clients, input, context, async (server, another) => {
        const { isDone } = await look(server, input);
        if (isDone) return resultOf(input, back, leaves, [], null);
        await refuseUnendable(server, live, leaves.oid);
        context.signal.throwIfAborted();
        const moves = [
          { from: live, to: kept, oid: leaves.oid },
          { from: restored, to: live, oid: back.oid },
        ];
        const { ended, outageMs } = await renameDatabases(server, another, moves, { bar: kept, open: live });
        return resultOf(input, back, leaves, ended, outageMs);
      });
      return done<SwapBackOutputs['swap-back']>(output);
    },
    // The names as they were when it began. Only while nobody else has renamed either of them.
    undo: undoBy(async (context) => {
      const input = inputOf(swapBackInput, context.input);
      const { live, restored, kept, back, leaves } = input;
      const swapped = await onServer(clients, input, context, async (server, another) => {
        const { isDone } = await look(server, input);
        if (!isDone) return false;
        const moves = [
          { from: live, to: restored, oid: back.oid },
          { from: kept, to: live, oid: leaves.oid },
        ];
        await renameDatabases(server, another, moves, { bar: restored, open: live });
        return true;
      });
      return done({ swapped });
    }),
  };
}

interface Looked {
  readonly back: DatabaseSeen;
  /** The database that is gone back to has the live name. */
  readonly isDone: boolean;
}

/** @throws PitcrewError `load.names-changed` unless each has the name that it has before the swap back, or after it */
async function look(server: Database, input: SwapBackInput): Promise<Looked> {
  const { live, restored, kept } = input;
  const seen = await databasesBy(server, [input.back.oid, input.leaves.oid]);
  const same = ({ oid, mark }: z.infer<typeof known>) => seen.find((one) => one.oid === oid && one.mark === mark);
  const [back, leaves] = [same(input.back), same(input.leaves)];
  if (back && back.name === live && leaves?.name === kept) return { back, isDone: true };
  if (back && back.name === restored && leaves?.name === live && !(await findDatabase(server, kept)))
    return { back, isDone: false };
  throw permanent('load.names-changed', { live, restored, kept });
}
