import type { Database, DatabaseAddress } from '../clients/postgres.ts';
import type { RoleSecret } from '../domain/settings.ts';
import { type DatabaseAccess, openAs } from './access.ts';
import type { Query, Reader } from './check.ts';

/** A session that only reads. */
export interface ReadingSession {
  readonly reader: Reader;
  close(): Promise<void>;
}

/** One in a single transaction, on a snapshot of its own or on one that another exported. */
export interface SnapshotSession extends ReadingSession {
  readonly snapshot: string;
}

export interface ReadingOptions {
  readonly address: DatabaseAddress;
  readonly role: RoleSecret;
  /** An IANA zone: what a timestamp without a zone is taken in. */
  readonly timeZone: string;
  /** What is left of the budget: no statement may run longer. */
  remainingSeconds(): number;
}

export interface SnapshotOptions extends ReadingOptions {
  /** Of another session of the same database; unset: a new one. */
  readonly snapshot?: string;
}

/**
 * Runs the work and closes every session that it opened; at once when it may no longer go on, whatever statement runs, so
 * that a worker which is told to go doesn't sit out a long scan.
 */
export async function withSessions<T>(
  signal: AbortSignal,
  work: (open: <Session extends ReadingSession>(session: Promise<Session>) => Promise<Session>) => Promise<T>,
): Promise<T> {
  const opened: ReadingSession[] = [];
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
  const { snapshot } = options;
  const database = await opened(access, options);
  try {
    await database.query(beginReading);
    if (snapshot) await database.query(`SET TRANSACTION SNAPSHOT '${snapshot.replaceAll("'", "''")}'`);
    const exported = snapshot ?? (await exportSnapshot(database));
    const reader = readerOf(database, options, ['SAVEPOINT reading', 'ROLLBACK TO SAVEPOINT reading']);
    return { reader, snapshot: exported, close: () => database.close() };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * A session that reads a database which serves: every reading is a transaction of its own, because one that stays open for
 * minutes keeps vacuum from its work, and runs on one core, because the others are the application's.
 * @throws PitcrewError `database.*`
 */
export async function openServing(access: DatabaseAccess, options: ReadingOptions): Promise<ReadingSession> {
  const database = await opened(access, options);
  try {
    await set(database.query, 'max_parallel_workers_per_gather', '0', false);
    return { reader: readerOf(database, options, [beginReading, 'ROLLBACK']), close: () => database.close() };
  } catch (error) {
    await database.close();
    throw error;
  }
}

const beginReading = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

async function opened(access: DatabaseAccess, options: ReadingOptions): Promise<Database> {
  const { address, role, timeZone, remainingSeconds } = options;
  const database = await openAs(access, address, role, Math.max(1, Math.ceil(remainingSeconds())));
  try {
    await set(database.query, 'lock_timeout', `${lockTimeoutSeconds}s`, false);
    await set(database.query, 'TimeZone', timeZone, false);
    // Where a string ends must not depend on what a role or a database has set.
    await set(database.query, 'standard_conforming_strings', 'on', false);
    // The server ends what it runs for a client that went away (PostgreSQL 14 and later know how).
    await database.query(
      `SELECT set_config(name, '1s', false) FROM pg_catalog.pg_settings WHERE name = 'client_connection_check_interval'`,
    );
    // Row-level security must not hide rows from a count: with this off, a query that it would cut is refused instead.
    await set(database.query, 'row_security', 'off', false);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function exportSnapshot(database: Database): Promise<string> {
  const { rows } = await database.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
  return rows[0]?.id ?? '';
}

const set = (query: Query, name: string, value: string, local = true) =>
  query('SELECT set_config($1, $2, $3)', [name, value, local]);

/** Costs, not bans: where sequential scans are "off" too, the planner would go back to the index. */
const heapOnly = Object.entries({
  enable_seqscan: 'on',
  enable_indexscan: 'off',
  enable_indexonlyscan: 'off',
  enable_bitmapscan: 'off',
});

function readerOf(
  database: Database,
  { remainingSeconds }: ReadingOptions,
  [begin, end]: readonly [string, string],
): Reader {
  const query: Query = (sql, parameters) => database.query(sql, parameters);
  const within: Reader['within'] = async (how, work, atMostSeconds = Number.POSITIVE_INFINITY) => {
    await database.query(begin);
    try {
      const seconds = Math.min(remainingSeconds(), atMostSeconds);
      await set(query, 'statement_timeout', `${Math.max(1, Math.round(seconds * 1000))}ms`);
      if (how === 'heap') for (const [name, value] of heapOnly) await set(query, name, value);
      return await work(query);
    } finally {
      // Takes back the settings too, and a failed statement's hold over the transaction.
      await database.query(end).catch(() => {});
    }
  };
  return { within };
}
