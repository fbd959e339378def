import { performance } from 'node:perf_hooks';
import type { DatabaseAddress } from '../clients/postgres.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { RoleSecret } from '../domain/settings.ts';
import type { DatabaseAccess } from './access.ts';
import { isOfTheCheck, type Query } from './check.ts';
import { tableSql } from './names.ts';
import { openServing, withSessions } from './reader.ts';

export interface WrittenQuestion {
  /** The database that serves. */
  readonly address: DatabaseAddress;
  readonly verifyRole: RoleSecret;
  readonly tables: readonly string[];
  /** Of the databases whose names one transaction swapped. */
  readonly oids: readonly number[];
  readonly budgetSeconds: number;
  readonly signal: AbortSignal;
}

export interface Written {
  readonly table: string;
  readonly rows: number;
  /** New or changed since the swap; null where the swap's transaction can't be told any more. */
  readonly written: number | null;
}

/** Half of what a transaction id can tell apart is 2^31 (PostgreSQL manual, "Preventing Transaction ID Wraparound Failures"). */
const oldest = 1_000_000_000;

/**
 * How many rows of a table are new or changed since the transaction that swapped the names: a row names the transaction
 * that wrote it, and the catalogue's rows of both databases name the swap, as long as nobody has altered either since.
 * Each table is read in a transaction of its own, while the application writes on.
 * @throws PitcrewError `database.*` when the database can't be read
 */
export async function writtenSinceSwap(
  access: DatabaseAccess,
  { address, verifyRole, tables, oids, budgetSeconds, signal }: WrittenQuestion,
): Promise<{ readonly tables: readonly Written[]; readonly notMeasured: readonly string[] }> {
  const began = performance.now();
  const remainingSeconds = () => budgetSeconds - (performance.now() - began) / 1000;
  return withSessions(signal, async (open) => {
    const { reader } = await open(
      openServing(access, { address, role: verifyRole, timeZone: 'UTC', remainingSeconds }),
    );
    const found: Written[] = [];
    const notMeasured: string[] = [];
    for (const table of tables) {
      signal.throwIfAborted();
      const one =
        remainingSeconds() > 0
          ? await reader.within('plain', (query) => countOf(query, table, oids)).catch(unread)
          : undefined;
      if (one) found.push(one);
      else notMeasured.push(table);
    }
    return { tables: found, notMeasured };
  });
}

/** A table that is too large to be read in time, or that the role may not read, takes nothing else with it. */
function unread(error: unknown): undefined {
  if (isOfTheCheck(error) || (error instanceof PitcrewError && error.code === 'database.timeout')) return undefined;
  throw error;
}

async function countOf(query: Query, table: string, oids: readonly number[]): Promise<Written> {
  const { rows: swaps } = await query<{ age: number; xids: number }>(
    `SELECT max(age(xmin))::int AS age, count(DISTINCT xmin::text)::int AS xids
     FROM pg_catalog.pg_database WHERE oid = ANY ($1::oid[])`,
    [oids.map(String)],
  );
  const { age = 0, xids = 0 } = swaps[0] ?? {};
  // A rename by hand, a GRANT on either of them, or too long a time: then nobody can tell.
  const isKnown = xids === 1 && age >= 0 && age <= oldest;
  const { rows } = await query<{ rows: number; written: number }>(
    `SELECT count(*) AS rows,
       count(*) FILTER (WHERE age(t.xmin) < (SELECT age(d.xmin) FROM pg_catalog.pg_database d WHERE d.oid = $1::oid)) AS written
     FROM ${tableSql(table)} t`,
    [String(oids[0])],
  );
  const counted = rows[0] ?? { rows: 0, written: 0 };
  return { table, rows: counted.rows, written: isKnown ? counted.written : null };
}
