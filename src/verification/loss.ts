import { performance } from 'node:perf_hooks';
import type { DatabaseAddress } from '../clients/postgres.ts';
import type { ComparedTable, Comparison } from '../domain/comparison.ts';
import { PitcrewError, retryable } from '../domain/errors.ts';
import type { RestoreOutputs } from '../domain/restore.ts';
import type { RoleSecret } from '../domain/settings.ts';
import { instant } from '../domain/time.ts';
import type { DatabaseAccess } from './access.ts';
import { isOfTheCheck, type Query } from './check.ts';
import {
  byBytes,
  byValue,
  type CompareColumn,
  type Difference,
  type KeyedRow,
  mergeKeys,
  type NextBatch,
} from './merge-keys.ts';
import { qualifiedName, quoted, tableSql } from './names.ts';
import { openServing, openSnapshot, type ReadingSession, withSessions } from './reader.ts';

export interface LossQuestion {
  /** The old database. */
  readonly old: DatabaseAddress;
  /** It serves: it is read a table at a time, on one core, so that it is kept from nothing for longer than a table takes. */
  readonly serves?: true;
  readonly restored: DatabaseAddress;
  readonly verifyRole: RoleSecret;
  readonly tables: readonly string[];
  readonly budgetSeconds: number;
  readonly signal: AbortSignal;
}

export type Loss = RestoreOutputs['measure-loss'];

/** What the restore takes away and brings back, while nobody writes to either. @throws PitcrewError as `compareDatabases` */
export async function measureLossOf(access: DatabaseAccess, question: LossQuestion): Promise<Loss> {
  const { tables, lastLostAt, notCompared } = await compareDatabases(access, question);
  const counts = tables.map(({ newestLive: _, newestBeside: __, ...table }) => table);
  return { tables: counts, lastLostAt, notMeasured: notCompared };
}

export type Compared = Pick<Comparison, 'tables' | 'lastLostAt' | 'notCompared'>;

/**
 * Both databases table by table, by primary key: the keys and a hash of each row come here in batches, never the rows. A
 * table without a comparable primary key, and what the budget ended, is named as not compared.
 * @throws PitcrewError `database.*` when one of the databases can't be read
 */
export async function compareDatabases(access: DatabaseAccess, question: LossQuestion): Promise<Compared> {
  const began = performance.now();
  const remainingSeconds = () => question.budgetSeconds - (performance.now() - began) / 1000;
  const mayGoOn = () => {
    question.signal.throwIfAborted();
    if (remainingSeconds() <= 0) throw retryable('database.timeout');
    return remainingSeconds();
  };
  const options = { role: question.verifyRole, timeZone: 'UTC', remainingSeconds };
  return withSessions(question.signal, async (open) => {
    const opening = question.serves ? openServing : openSnapshot;
    const old = await open<ReadingSession>(opening(access, { ...options, address: question.old }));
    const restored = await open(openSnapshot(access, { ...options, address: question.restored }));
    const tables: ComparedTable[] = [];
    const notCompared: string[] = [];
    let last: number | null = null;
    for (const table of question.tables) {
      question.signal.throwIfAborted();
      const found = remainingSeconds() > 0 ? await compareTable(table, old, restored, mayGoOn) : undefined;
      if (!found) notCompared.push(table);
      else {
        const { lastLostAt, newestBefore, newestAfter, ...counts } = found;
        tables.push({ table, ...counts, newestLive: at(newestBefore), newestBeside: at(newestAfter) });
        if (lastLostAt !== null) last = Math.max(last ?? 0, lastLostAt);
      }
    }
    return { tables, lastLostAt: at(last), notCompared };
  });
}

const at = (milliseconds: number | null) => (milliseconds === null ? null : instant(milliseconds));

type TableDifference = Omit<Difference, 'changed'> & { readonly changed: number | null };

/** @returns undefined when it can't be measured: no primary key, another one than before, no right to read it, no time */
async function compareTable(
  table: string,
  old: ReadingSession,
  restored: ReadingSession,
  mayGoOn: () => number,
): Promise<TableDifference | undefined> {
  try {
    return await old.reader.within('plain', (oldQuery) =>
      restored.reader.within('plain', async (newQuery) => {
        const [before, after] = [await shapeOf(oldQuery, table), await shapeOf(newQuery, table)];
        if (before.key.length === 0 || JSON.stringify(before.key) !== JSON.stringify(after.key)) return undefined;
        // Rows of another shape hash to something else: who has changed can't be told then.
        const sameShape = JSON.stringify(before.columns) === JSON.stringify(after.columns);
        const oldRows = await rowsOf(oldQuery, table, before, mayGoOn);
        const newRows = await rowsOf(newQuery, table, after, mayGoOn);
        const found = await mergeKeys(oldRows, newRows, before.key.map(comparison));
        return { ...found, changed: sameShape ? found.changed : null };
      }),
    );
  } catch (error) {
    if (isOfTheCheck(error) || (error instanceof PitcrewError && error.code === 'database.timeout')) return undefined;
    throw error;
  }
}

interface KeyColumn {
  readonly name: string;
  readonly type: string;
}
interface Shape {
  readonly key: readonly KeyColumn[];
  readonly columns: readonly KeyColumn[];
  readonly createdAt: boolean;
}

async function shapeOf(query: Query, table: string): Promise<Shape> {
  const columns = await query<KeyColumn>(
    `SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_catalog.pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attname COLLATE "C"`,
    [tableSql(qualifiedName(table))],
  );
  const key = await query<KeyColumn>(
    `SELECT a.attname::text AS name, format_type(a.atttypid, NULL) AS type FROM pg_catalog.pg_constraint x
     CROSS JOIN LATERAL unnest(x.conkey) WITH ORDINALITY k(attnum, position)
     JOIN pg_catalog.pg_attribute a ON a.attrelid = x.conrelid AND a.attnum = k.attnum
     WHERE x.conrelid = to_regclass($1) AND x.contype = 'p' ORDER BY k.position`,
    [tableSql(qualifiedName(table))],
  );
  const createdAt = columns.rows.some(({ name, type }) => name === 'created_at' && /^timestamp.* with time/.test(type));
  return { key: key.rows, columns: columns.rows, createdAt };
}

const integers = new Set(['smallint', 'integer', 'bigint']);

const comparison = ({ type }: KeyColumn): CompareColumn => (integers.has(type) ? byValue : byBytes);

/** Integers and UUIDs in the order of their own index; anything else by its text in collation "C", the one order that both sides share with this program. */
const ordered = ({ name, type }: KeyColumn) =>
  integers.has(type) || type === 'uuid' ? `t.${quoted(name)}` : `t.${quoted(name)}::text COLLATE "C"`;

const batchRows = 10_000;
/** Rows come as texts in one array each: the key's columns, the hash, the time. */
type Row = { readonly key: string[]; readonly hash: string; readonly created: number | null };

/** Opens a cursor that both keeps the memory of this program bounded and lets the server start without sorting, where it can. */
async function rowsOf(query: Query, table: string, shape: Shape, mayGoOn: () => number): Promise<NextBatch> {
  const { key, columns, createdAt } = shape;
  const hashed = columns.map(({ name }) => `t.${quoted(name)}`).join(', ');
  const created = createdAt ? '(extract(epoch FROM t.created_at) * 1000)::float8' : 'NULL::float8';
  await query(`SELECT set_config('cursor_tuple_fraction', '1', true)`);
  await query(`DECLARE keyed NO SCROLL CURSOR FOR
    SELECT ARRAY[${key.map(({ name }) => `t.${quoted(name)}::text`).join(', ')}] AS key,
      md5(ROW(${hashed})::text) AS hash, ${created} AS created
    FROM ${tableSql(table)} t ORDER BY ${key.map(ordered).join(', ')}`);
  return async (): Promise<readonly KeyedRow[]> => {
    const left = `${Math.max(1, Math.round(mayGoOn() * 1000))}ms`;
    await query(`SELECT set_config('statement_timeout', $1, true)`, [left]);
    const { rows } = await query<Row>(`FETCH ${batchRows} FROM keyed`);
    return rows.map((row) => ({ key: row.key, hash: row.hash, createdAt: row.created }));
  };
}
