import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Database } from '../../clients/postgres.ts';
import { permanent, retryable } from '../../domain/errors.ts';
import type { LoadOutputs } from '../../domain/load.ts';
import type { SessionNamed } from '../../domain/restore.ts';
import { done, type Step, type StepContext, undoBy } from '../../domain/step.ts';
import { instant } from '../../domain/time.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { findDatabase, markOf, run } from '../../verification/new-database.ts';
import { inputOf } from '../step-input.ts';
import { loadPlaceInput, type MasterClients, placeOf } from './create-database.ts';
import { asMaster, masterRoleOf } from './master-of.ts';
import { endOthers, refuseUnendable, sessionsOn } from './others-sessions.ts';

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

/** Longer than PostgreSQL itself waits for the sessions to be gone (PostgreSQL sources, `CountOtherDBBackends`: 5 s). */
const statementTimeoutSeconds = 30;
const lockTimeoutSeconds = 5;
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
    const { ended, outageMs } = await rename(server, another, moved, { bar: kept, open: live });
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
    await rename(server, another, moved, { bar: restored, open: live });
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

const resultOf = (
  { live, kept }: SwapNamesInput,
  restored: { readonly oid: number },
  old: { readonly oid: number },
  ended: readonly SessionNamed[],
  outageMs: number | null,
): LoadOutputs['swap-names'] => ({
  ...{ database: live, oid: restored.oid, kept, keptOid: old.oid, at: instant(Date.now()), outageMs },
  ...{ ended: ended.slice(0, mostNamed), endedSessions: ended.length },
});

interface Move {
  readonly from: string;
  readonly to: string;
  readonly oid: number;
}

/**
 * A rename locks the database's name, so that whoever connects waits, and then for five seconds that all sessions end. A
 * second session ends them meanwhile: nobody comes back in between, for the first holds the door. All or nothing: whoever
 * dies here leaves the names as they were, and the waiting get in.
 */
async function rename(
  server: Database,
  another: () => Promise<Database>,
  moves: readonly Move[],
  { bar, open }: { readonly bar: string; readonly open: string },
): Promise<{ readonly ended: readonly SessionNamed[]; readonly outageMs: number }> {
  const ending = await another();
  const began = performance.now();
  try {
    await server.query('BEGIN');
    await server.query(`SET LOCAL lock_timeout = '${lockTimeoutSeconds}s'`);
    const ended: SessionNamed[] = [];
    for (const { from, to, oid } of moves) {
      let over = false;
      const renamed = run(server, 'ALTER DATABASE %I RENAME TO %I', from, to).finally(() => {
        over = true;
      });
      renamed.catch(() => {});
      while (!over) {
        ended.push(...(await endOthers(ending, oid)));
        await Promise.race([renamed.catch(() => {}), sleep(20)]);
      }
      await renamed;
    }
    await run(server, 'ALTER DATABASE %I ALLOW_CONNECTIONS false', bar);
    await run(server, 'ALTER DATABASE %I ALLOW_CONNECTIONS true', open);
    await server.query('COMMIT');
    return { ended, outageMs: Math.round(performance.now() - began) };
  } catch (error) {
    await server.query('ROLLBACK').catch(() => {});
    const left = (await Promise.all(moves.map(({ oid }) => sessionsOn(ending, oid).catch(() => [])))).flat();
    throw left.length > 0
      ? retryable('load.sessions-stay', { sessions: left.length, role: left[0]?.role ?? '' }, error)
      : error;
  } finally {
    await ending.close();
  }
}

async function onServer<T>(
  { access, rds }: MasterClients,
  input: SwapNamesInput,
  context: StepContext,
  work: (server: Database, another: () => Promise<Database>) => Promise<T>,
): Promise<T> {
  const place = placeOf(input, context);
  const role = await masterRoleOf(rds(input.region), input.region, input);
  const another = () => openServer(access, place, role);
  return asMaster(access, place, role, statementTimeoutSeconds, (server) => work(server, another));
}

async function openServer(
  { connect, credentials }: DatabaseAccess,
  place: { readonly host: string; readonly port: number },
  role: Parameters<DatabaseAccess['credentials']>[0],
): Promise<Database> {
  const address = { ...place, database: 'postgres' };
  return connect(address, await credentials(role), { statementTimeoutSeconds });
}
