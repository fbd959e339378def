import type { Database, DatabaseAddress } from '../clients/postgres.ts';
import type { RoleSecret } from '../domain/settings.ts';
import { type DatabaseAccess, openAs } from './access.ts';
import type { Query, Reader } from './check.ts';

/** A session in a read-only transaction, on a snapshot of its own or on one that another exported. */
export interface SnapshotSession {
  readonly reader: Reader;
  readonly snapshot: string;
  close(): Promise<void>;
}

export interface SnapshotOptions {
  readonly address: DatabaseAddress;
  readonly role: RoleSecret;
  /** An IANA zone: what a timestamp without a zone is taken in. */
  readonly timeZone: string;
  /** What is left of the budget: no statement may run longer. */
  remainingSeconds(): number;
  /** Of another session of the same database; unset: a new one. */
  readonly snapshot?: string;
}

/**
 * Runs the work and closes every session that it opened; at once when it may no longer go on, whatever statement runs, so
 * that a worker which is told to go doesn't sit out a long scan.
 */
export async function withSessions<T>(
  signal: AbortSignal,
  work: (open: (session: Promise<SnapshotSession>) => Promise<SnapshotSession>) => Promise<T>,
): Promise<T> {
  const opened: SnapshotSession[] = [];
  const closeAll = () => Promise.all(opened.map((session) => session.close()));
  const stop = () => void closeAll();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await work(async (opening) => {
      signal.throwIfAborted();
      const session = await opening;
      opened.push(session);
      return session;
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await closeAll();
  }
}

const lockTimeoutSeconds = 5;

/** @throws PitcrewError `database.*` */
export async function openSnapshot(access: DatabaseAccess, options: SnapshotOptions): Promise<SnapshotSession> {
  const { address, role, timeZone, remainingSeconds, snapshot } = options;
  const database = await openAs(access, address, role, Math.max(1, Math.ceil(remainingSeconds())));
  try {
    await database.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    if (snapshot) await database.query(`SET TRANSACTION SNAPSHOT '${snapshot.replaceAll("'", "''")}'`);
    await set(database.query, 'lock_timeout', `${lockTimeoutSeconds}s`);
    await set(database.query, 'TimeZone', timeZone);
    // The server ends what it runs for a client that went away (PostgreSQL 14 and later know how).
    await database.query(
      `SELECT set_config(name, '1s', true) FROM pg_catalog.pg_settings WHERE name = 'client_connection_check_interval'`,
    );
    // Row-level security must not hide rows from a count: with this off, a query that it would cut is refused instead.
    await set(database.query, 'row_security', 'off');
    const exported = snapshot ?? (await exportSnapshot(database));
    return { reader: readerOf(database, remainingSeconds), snapshot: exported, close: () => database.close() };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function exportSnapshot(database: Database): Promise<string> {
  const { rows } = await database.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
  return rows[0]?.id ?? '';
}

const set = (query: Query, name: string, value: string) => query('SELECT set_config($1, $2, true)', [name, value]);

/** Costs, not bans: where sequential scans are "off" too, the planner would go back to the index. */
const heapOnly = Object.entries({
  enable_seqscan: 'on',
  enable_indexscan: 'off',
  enable_indexonlyscan: 'off',
  enable_bitmapscan: 'off',
});

function readerOf(database: Database, remainingSeconds: () => number): Reader {
  const query: Query = (sql, parameters) => database.query(sql, parameters);
  const within: Reader['within'] = async (how, work) => {
    await database.query('SAVEPOINT reading');
    try {
      await set(query, 'statement_timeout', `${Math.max(1, Math.round(remainingSeconds() * 1000))}ms`);
      if (how === 'heap') for (const [name, value] of heapOnly) await set(query, name, value);
      return await work(query);
    } finally {
      // Takes back the settings too, and a failed statement's hold over the transaction.
      await database.query('ROLLBACK TO SAVEPOINT reading').catch(() => {});
    }
  };
  return { within };
}
