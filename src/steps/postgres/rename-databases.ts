import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../clients/postgres.ts';
import { PitcrewError, permanent, retryable } from '../../domain/errors.ts';
import type { SessionNamed } from '../../domain/restore.ts';
import type { StepContext } from '../../domain/step.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { findDatabase, run } from '../../verification/new-database.ts';
import { type LoadPlaceInput, type MasterClients, placeOf } from './create-database.ts';
import { asMaster, masterRoleOf, serverDatabase } from './master-of.ts';
import { endOthers, sessionsOn } from './others-sessions.ts';

/** Longer than PostgreSQL itself waits for the sessions to be gone (PostgreSQL sources, `CountOtherDBBackends`: 5 s). */
const statementTimeoutSeconds = 30;
const lockTimeoutSeconds = 5;

export interface Move {
  readonly from: string;
  readonly to: string;
  readonly oid: number;
}

/**
 * Renames databases in one transaction, bars one of them and opens another.
 *
 * A rename locks the database's name, so that whoever connects waits, and then for five seconds that all sessions end. A
 * second session ends them meanwhile: nobody comes back in between, for the first holds the door. All or nothing: whoever
 * dies here leaves the names as they were, and the waiting get in. Before COMMIT each must be the one that was looked at:
 * a name may have gone to another database in between.
 * @throws PitcrewError `load.sessions-stay`, `load.names-changed`; `database.*`
 */
export async function renameDatabases(
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
    for (const move of moves) ended.push(...(await renameOne(server, ending, move)));
    await refuseOthers(server, moves);
    await run(server, 'ALTER DATABASE %I ALLOW_CONNECTIONS false', bar);
    await run(server, 'ALTER DATABASE %I ALLOW_CONNECTIONS true', open);
    await server.query('COMMIT');
    return { ended, outageMs: Math.round(performance.now() - began) };
  } catch (error) {
    await server.query('ROLLBACK').catch(() => {});
    if (error instanceof PitcrewError && error.code === 'load.names-changed') throw error;
    const left = (await Promise.all(moves.map(({ oid }) => sessionsOn(ending, oid).catch(() => [])))).flat();
    throw left.length > 0
      ? retryable('load.sessions-stay', { sessions: left.length, role: left[0]?.role ?? '' }, error)
      : error;
  } finally {
    await ending.close();
  }
}

async function renameOne(
  server: Database,
  ending: Database,
  { from, to, oid }: Move,
): Promise<readonly SessionNamed[]> {
  const ended: SessionNamed[] = [];
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
  return ended;
}

async function refuseOthers(server: Database, moves: readonly Move[]): Promise<void> {
  for (const { to, oid } of moves)
    if ((await findDatabase(server, to))?.oid !== oid) {
      const [kept = '', live = ''] = moves.map((move) => move.to);
      throw permanent('load.names-changed', { live, restored: moves[1]?.from ?? '', kept });
    }
}

/** As the master user, and with a way to open a second session of it. */
export async function onServer<T>(
  { access, rds }: MasterClients,
  input: LoadPlaceInput,
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
  const address = { ...place, database: serverDatabase };
  return connect(address, await credentials(role), { statementTimeoutSeconds });
}
