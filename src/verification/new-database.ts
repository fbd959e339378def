import type { Database } from '../clients/postgres.ts';
import { permanent } from '../domain/errors.ts';
import type { DatabaseShape } from '../domain/load.ts';

/** A database that an operation makes beside others, for a dump to be loaded into. */
export interface WantedDatabase {
  readonly name: string;
  /** Whoever makes it must be a member of it. */
  readonly owner: string;
  readonly shape: DatabaseShape;
  readonly operation: string;
}

export interface FoundDatabase {
  readonly oid: number;
  /** Its comment. */
  readonly mark: string | null;
}

/**
 * By this comment a database is known as an operation's own, whatever its name becomes. Once it is loaded nobody may begin
 * it anew: it may serve.
 */
export const markOf = (operation: string, loaded = false) => `pitcrew:operation=${operation}${loaded ? ' loaded' : ''}`;
export const isOwn = ({ mark }: FoundDatabase, operation: string) =>
  mark === markOf(operation) || mark === markOf(operation, true);

export async function findDatabase(server: Database, name: string): Promise<FoundDatabase | undefined> {
  const { rows } = await server.query<FoundDatabase>(
    `SELECT oid::int8 AS oid, shobj_description(oid, 'pg_database') AS mark FROM pg_catalog.pg_database WHERE datname = $1`,
    [name],
  );
  return rows[0];
}

/** Runs a command in which names and values are quoted by the server: most of its commands take no parameters. */
export async function run(server: Database, command: string, ...given: readonly string[]): Promise<void> {
  const places = given.map((_, at) => `, $${at + 2}::text`).join('');
  const { rows } = await server.query<{ sql: string }>(`SELECT format($1${places}) AS sql`, [command, ...given]);
  await server.query(rows[0]?.sql ?? '');
}

/**
 * Makes it out of template0, empty, and marks it. CREATE DATABASE is no part of a transaction, so one that was killed between
 * the two leaves a database without a mark: then it is there already, and nobody but this operation can have made it empty.
 * @throws PitcrewError `load.name-taken` when the name is somebody else's; `database.*`
 */
export async function makeDatabase(
  server: Database,
  { name, owner, shape, operation }: WantedDatabase,
  isEmpty: () => Promise<boolean>,
): Promise<'made' | 'adopted'> {
  const found = await findDatabase(server, name);
  if (found && isOwn(found, operation)) return 'adopted';
  if (found && (found.mark !== null || !(await isEmpty())))
    throw permanent('load.name-taken', { database: name, mark: found.mark ?? '' });
  if (!found) {
    const { clauses, values } = localeOf(shape);
    await run(server, `CREATE DATABASE %I OWNER %I TEMPLATE template0${clauses}`, name, owner, ...values);
  }
  await run(server, 'COMMENT ON DATABASE %I IS %L', name, markOf(operation));
  return found ? 'adopted' : 'made';
}

function localeOf({ encoding, collation, ctype, provider, locale }: DatabaseShape) {
  const named = provider !== null && locale !== null;
  const given = [
    [' ENCODING %L', encoding],
    [' LC_COLLATE %L', collation],
    [' LC_CTYPE %L', ctype],
    [' LOCALE_PROVIDER %I', named ? provider : null],
    [provider === 'icu' ? ' ICU_LOCALE %L' : ' BUILTIN_LOCALE %L', named ? locale : null],
  ].filter((pair): pair is [string, string] => pair[1] !== null);
  return { clauses: given.map(([clause]) => clause).join(''), values: given.map(([, value]) => value) };
}

/** Removes it with whatever is connected to it, where it is this operation's. @returns whether there was one to remove */
export async function dropOwn(server: Database, name: string, operation: string): Promise<boolean> {
  const found = await findDatabase(server, name);
  if (!found || !isOwn(found, operation)) return false;
  await run(server, 'DROP DATABASE %I WITH (FORCE)', name);
  return true;
}

/** Relations that somebody made, in the database of this session. */
export async function isEmpty(database: Database): Promise<boolean> {
  // Ids below are of what initdb makes (PostgreSQL sources, transam.h, `FirstNormalObjectId`).
  const { rows } = await database.query<{ empty: boolean }>(
    'SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid >= 16384) AS empty',
  );
  return rows[0]?.empty ?? false;
}
