import { z } from 'zod';
import type { Database } from '../../clients/postgres.ts';
import { permanent } from '../../domain/errors.ts';
import type { LoadOutputs } from '../../domain/load.ts';
import type { SessionNamed } from '../../domain/restore.ts';
import { done, type Step, type StepContext, undoBy } from '../../domain/step.ts';
import { instant } from '../../domain/time.ts';
import { findDatabase, markOf } from '../../verification/new-database.ts';
import { inputOf } from '../step-input.ts';
import { loadPlaceInput, type MasterClients } from './create-database.ts';
import { refuseUnendable } from './others-sessions.ts';
import { onServer, renameDatabases } from './rename-databases.ts';

const words = z.string().min(1);

export const swapNamesInput = loadPlaceInput.extend({
  /** The name that the application knows. */
  live: words,
  /** The name of the database that the dump was loaded into. */
  restored: words,
  /** The name that the live database has afterwards. */
  kept: words,
});
export type SwapNamesInput = z.infer<typeof swapNamesInput>;

const mostNamed = 5;

/** F42: whether everybody who is connected to the live database can be made to leave it; looked at before anything is touched. */
export function proveSwappable(clients: MasterClients): Step {
  return {
    id: 'prove-swappable',
    fence: 'read-only',
    async run(context) {
      const input = inputOf(swapNamesInput, context.input);
      const sessions = await onServer(clients, input, context, async (server) => {
        const live = await findDatabase(server, input.live);
        return live ? refuseUnendable(server, input.live, live.oid) : [];
      });
      return done<LoadOutputs['prove-swappable']>({ sessions: sessions.length });
    },
    undo: { kind: 'none', because: 'read-only' },
  };
}

/**
 * The publishing step: the live name goes to the restored database and the live one keeps another, in one transaction. What
 * isn't as it should be, by each database's own mark, is a swap that was done already, or none of ours.
 */
export function swapNames(clients: MasterClients): Step {
  return {
    id: 'swap-names',
    fence: 'version-cas',
    publishes: true,
    async run(context) {
      const input = inputOf(swapNamesInput, context.input);
      return done<LoadOutputs['swap-names']>(await swap(clients, input, context));
    },
    // The names as they were: the same swap, the other way round. Only while nobody else has renamed either of them.
    undo: undoBy(async (context) => {
      const input = inputOf(swapNamesInput, context.input);
      return done({ swapped: await swapBack(clients, input, context) });
    }),
  };
}

async function swap(clients: MasterClients, input: SwapNamesInput, context: StepContext) {
  const { live, restored, kept } = input;
  return onServer(clients, input, context, async (server, another) => {
    const names = await namesOn(server, input);
    const mine = (one: { readonly mark: string | null } | undefined) => one?.mark === markOf(context.operation, true);
    if (names.live && mine(names.live) && names.kept && !names.restored)
      return resultOf(input, names.live, names.kept, [], null);
    const { restored: fresh } = names;
    if (!names.live || !fresh || !mine(fresh) || names.kept)
      throw permanent('load.names-changed', { live, restored, kept });
    await refuseUnendable(server, live, names.live.oid);
    context.signal.throwIfAborted();
    const moved = [
      { from: live, to: kept, oid: names.live.oid },
      { from: restored, to: live, oid: fresh.oid },
    ];
    const { ended, outageMs } = await renameDatabases(server, another, moved, { bar: kept, open: live });
    return resultOf(input, fresh, names.live, ended, outageMs);
  });
}

async function swapBack(clients: MasterClients, input: SwapNamesInput, context: StepContext): Promise<boolean> {
  const { live, restored, kept } = input;
  return onServer(clients, input, context, async (server, another) => {
    const names = await namesOn(server, input);
    if (names.live?.mark !== markOf(context.operation, true) || !names.kept || names.restored) return false;
    const moved = [
      { from: live, to: restored, oid: names.live.oid },
      { from: kept, to: live, oid: names.kept.oid },
    ];
    await renameDatabases(server, another, moved, { bar: restored, open: live });
    return true;
  });
}

async function namesOn(server: Database, { live, restored, kept }: SwapNamesInput) {
  return {
    live: await findDatabase(server, live),
    restored: await findDatabase(server, restored),
    kept: await findDatabase(server, kept),
  };
}

/** `restored`: the one that has the live name now; `old`: the one that had it. */
export const resultOf = (
  { live, kept }: Pick<SwapNamesInput, 'live' | 'kept'>,
  restored: { readonly oid: number },
  old: { readonly oid: number },
  ended: readonly SessionNamed[],
  outageMs: number | null,
): LoadOutputs['swap-names'] => ({
  ...{ database: live, oid: restored.oid, kept, keptOid: old.oid, at: instant(Date.now()), outageMs },
  ...{ ended: ended.slice(0, mostNamed), endedSessions: ended.length },
});
