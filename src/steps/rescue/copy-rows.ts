import { z } from 'zod';
import type { Database } from '../../clients/postgres.ts';
import { PitcrewError, permanent, retryable } from '../../domain/errors.ts';
import type { Records } from '../../domain/records.ts';
import type { RescuedTable, RescueOutputs } from '../../domain/rescue.ts';
import { done, keptAsEvidence, type Step, type StepContext } from '../../domain/step.ts';
import { type DatabaseAccess, withDatabase } from '../../verification/access.ts';
import { inputOf } from '../step-input.ts';
import { insertRows, raiseSequences, stageRows } from './insert-rows.ts';
import { writeKeys } from './inserted-keys.ts';
import { type RescueInput, rescueInput } from './rescued-table.ts';
import { idleSeconds, openReading, openWriting } from './sessions.ts';

export interface CopyRowsGiven {
  readonly access: DatabaseAccess;
  readonly records: Records;
  /** Between two questions about a transaction that isn't over. */
  readonly againSeconds?: number;
  /** How long one is given to end by itself. */
  readonly settledSeconds?: number;
}

type Copied = RescueOutputs['copy-rows'];

const notedData = z.object({
  transaction: z.string().regex(/^\d+$/),
  tables: z.array(z.object({ table: z.string(), selected: z.number(), inserted: z.number(), there: z.number() })),
  keys: z.string(),
});

/**
 * One transaction in the live database. Its id stands in the chain before COMMIT, so that a run which finds no outcome
 * asks the database itself what became of it (8-protocol.md, "SQL with effects"). Nothing that is there is changed.
 */
export function copyRows(given: CopyRowsGiven): Step {
  return {
    id: 'copy-rows',
    fence: 'xid',
    async run(context) {
      const input = inputOf(rescueInput, context.input);
      const before = context.noted && notedData.parse(context.noted);
      if (before && (await isCommitted(given, input, before.transaction, context.signal)))
        return done<Copied>({ ...before, found: true });
      return done<Copied>({ ...(await copied(given, input, context)), found: false });
    },
    // Who has used the rows meanwhile nobody knows: their keys are written down, and people decide.
    undo: keptAsEvidence,
  };
}

/** @throws PitcrewError `rescue.not-settled` when it is still under way: its worker is frozen, not gone */
async function isCommitted(
  { access, againSeconds = 1, settledSeconds = idleSeconds + 10 }: CopyRowsGiven,
  { live, verifyRole }: RescueInput,
  transaction: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (let left = settledSeconds; ; left -= againSeconds) {
    signal.throwIfAborted();
    const status = await withDatabase(access, live, verifyRole, 10, (database) => statusOf(database, transaction));
    // Unknown: so old that the server has forgotten it. Copying again inserts only what isn't there.
    if (status !== 'in progress') return status === 'committed';
    if (left <= 0) throw retryable('rescue.not-settled', { transaction });
    await new Promise((resolve) => setTimeout(resolve, againSeconds * 1000));
  }
}

async function statusOf(database: Database, transaction: string): Promise<string | null> {
  try {
    const sql = 'SELECT pg_xact_status($1::xid8) AS status';
    return (await database.query<{ status: string | null }>(sql, [transaction])).rows[0]?.status ?? null;
  } catch (error) {
    // "is in the future": this server never gave it out.
    if (error instanceof PitcrewError && error.params.sqlState === '22023') return null;
    throw error;
  }
}

async function copied(
  { access, records }: CopyRowsGiven,
  input: RescueInput,
  { operation, epoch, signal, note }: StepContext,
): Promise<Omit<Copied, 'found'>> {
  const { verifyRole, application, budgetSeconds } = input;
  const opened: Database[] = [];
  const closeAll = () => Promise.all(opened.map((database) => database.close()));
  const stop = () => void closeAll();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const beside = await openReading(access, input.beside, verifyRole, budgetSeconds);
    opened.push(beside);
    const live = await openWriting(access, input.live, application, budgetSeconds);
    opened.push(live);
    const tables: RescuedTable[] = [];
    await live.query('SET CONSTRAINTS ALL DEFERRED');
    const staged = [];
    for (const [at, table] of input.tables.entries()) staged.push(await stageRows(beside, live, table, at));
    // Before any row: an id that the shop is given meanwhile must not be one of ours.
    for (const one of staged) await raiseSequences(live, one);
    for (const one of staged)
      tables.push({ table: one.table.table, selected: one.selected, ...(await insertRows(live, one)) });
    // What could still refuse the transaction does so now, and not at COMMIT.
    await live.query('SET CONSTRAINTS ALL IMMEDIATE');
    const { rows } = await live.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
    const transaction = rows[0]?.id ?? '';
    const keys = await writeKeys(records, live, staged, { operation, epoch, transaction });
    await note({ transaction, tables: tables.map((one) => ({ ...one })), keys });
    await live.query('COMMIT');
    return { transaction, tables, keys };
  } catch (error) {
    throw asRefused(error);
  } finally {
    signal.removeEventListener('abort', stop);
    await closeAll();
  }
}

/** A constraint that a row breaks (SQLSTATE class 23) is told by its name; the row stays where it is. */
function asRefused(error: unknown): unknown {
  const sqlState = error instanceof PitcrewError ? error.params.sqlState : undefined;
  if (!(error instanceof PitcrewError) || typeof sqlState !== 'string' || !sqlState.startsWith('23')) return error;
  const { table = '', constraint = '' } = (error.cause ?? {}) as {
    readonly table?: string;
    readonly constraint?: string;
  };
  return permanent('rescue.refused-by-constraint', { table, constraint, sqlState }, error);
}
