import { catalogueQueries } from '../catalogue-queries.ts';
import { isOfTheCheck, type Query, type Reader } from '../check.ts';
import { tableSql } from '../names.ts';
import type { Flag } from './flags.ts';

/** Things that the catalogue lists and that may not work all the same: tried without running any of them. */
export const stillValidFlags: readonly Flag[] = [
  {
    name: 'extensions',
    point: 'tables-present',
    findings: [
      'verification.extensions-load',
      'verification.pre-existing-extensions',
      'verification.extensions-broken',
    ],
    look: brokenExtensions,
  },
  {
    name: 'views',
    point: 'tables-present',
    findings: ['verification.views-valid', 'verification.pre-existing-views', 'verification.views-broken'],
    look: (reader, { things }) =>
      refused(reader, [...things.views.keys()], (query, view) => query(`EXPLAIN SELECT * FROM ${tableSql(view)}`)),
  },
  {
    name: 'functions',
    point: 'tables-present',
    findings: ['verification.functions-valid', 'verification.pre-existing-functions', 'verification.functions-broken'],
    // One that relies on the application's search_path, or on a table that it makes first, reads as broken and isn't.
    unsure: 'verification.functions-unsure',
    look: brokenFunctions,
  },
];

interface Named {
  readonly name: string;
  readonly oid: number;
}

/**
 * Libraries of extensions that don't load, and extensions that the server doesn't have any more. PostgreSQL's own
 * validator of C functions loads the library as a call of it would (manual, "Writing a Procedural Language Handler").
 */
async function brokenExtensions(reader: Reader): Promise<readonly string[]> {
  const { rows } = await reader.within('plain', (query) =>
    query<{ name: string; oid: number | null; available: boolean }>(catalogueQueries.extensionLibraries),
  );
  const gone = rows.filter(({ available }) => !available).map(({ name }) => name);
  const loadable = rows.filter((one): one is typeof one & Named => one.oid !== null);
  const broken = await refused(reader, loadable, (query, { oid }) =>
    query('SELECT pg_catalog.fmgr_c_validator($1::oid)', [oid]),
  );
  return [...new Set([...gone, ...broken.map(({ name }) => name)])].sort();
}

/** Bodies in SQL whose tables, columns or functions are gone, and in PL/pgSQL what doesn't parse: as CREATE FUNCTION would see it. */
async function brokenFunctions(reader: Reader): Promise<readonly string[]> {
  const { rows } = await reader.within('plain', (query) =>
    query<Named & { language: string }>(catalogueQueries.checkableFunctions),
  );
  const broken = await refused(reader, rows, (query, { oid, language }) =>
    query(`SELECT ${language === 'sql' ? 'fmgr_sql_validator' : 'plpgsql_validator'}($1::oid)`, [oid]),
  );
  return broken.map(({ name }) => name).sort();
}

/** Those that the server refuses. A missing right says nothing about the thing, and is no refusal. */
async function refused<T>(
  reader: Reader,
  all: readonly T[],
  attempt: (query: Query, one: T) => Promise<unknown>,
): Promise<readonly T[]> {
  const broken: T[] = [];
  let at = 0;
  while (at < all.length) {
    try {
      await reader.within('plain', async (query) => {
        for (; at < all.length; at++) await attempt(query, all[at] as T);
      });
    } catch (error) {
      if (!isOfTheCheck(error)) throw error;
      if (error.code !== 'database.denied') broken.push(all[at] as T);
      at++;
    }
  }
  return broken;
}
