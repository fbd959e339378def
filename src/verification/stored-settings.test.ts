import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../clients/postgres.ts';
import { type PrivateDatabase, privateDatabase, roleSecret } from '../clients/private-database.fixture.ts';
import { PitcrewError } from '../domain/errors.ts';
import { settingName, storeSettings } from './stored-settings.ts';

let database: PrivateDatabase;
let server: Database;
beforeAll(async () => {
  database = await privateDatabase();
  await database.sql(
    'postgres',
    'CREATE ROLE "one of ""us"""',
    'CREATE ROLE another',
    'CREATE DATABASE "Shop = 1"',
    // As on RDS: may alter roles, and is no superuser.
    // Of a name that no extension has defined, that takes a grant (PostgreSQL 15 and later).
    'GRANT SET ON PARAMETER app.motto TO pitcrew_fence',
    'ALTER DATABASE "Shop = 1" OWNER TO pitcrew_fence',
  );
  const login = await database.credentials(roleSecret('pitcrew_fence'));
  server = await database.connect(database.address('postgres'), login, { statementTimeoutSeconds: 10 });
});
afterAll(async () => {
  await server?.close();
  await database?.close();
});

type Kept = { readonly role: string | null; readonly setting: string };

/** As PostgreSQL keeps them, of everybody, once these statements are done. */
async function keptAfter(...statements: readonly string[]) {
  const { rows } = await database.sql(
    'postgres',
    ...statements,
    `SELECT r.rolname AS role, d.datname AS database, setting FROM pg_db_role_setting
     LEFT JOIN pg_roles r ON r.oid = setrole LEFT JOIN pg_database d ON d.oid = setdatabase,
     unnest(setconfig) AS setting ORDER BY 1, 2, 3`,
  );
  return rows as readonly (Kept & { readonly database: string | null })[];
}
const none = [
  'ALTER ROLE "one of ""us""" RESET ALL',
  'ALTER ROLE "one of ""us""" IN DATABASE "Shop = 1" RESET ALL',
  'ALTER ROLE another RESET ALL',
  'ALTER DATABASE "Shop = 1" RESET ALL',
];
const role = 'one of "us"';
const literal = (text: string) => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const text = fc.string({ unit: fc.constantFrom(...`ab A"'\\,;=$%{}\n\té界-.`), maxLength: 12 });

/** Whatever was set, read back and set again, is to the letter what it was. */
const sameAgain = (name: string, values: readonly string[], where: 'role' | 'database' | 'both') => async () => {
  const whose = {
    role: 'ROLE "one of ""us"""',
    database: 'DATABASE "Shop = 1"',
    both: 'ROLE "one of ""us""" IN DATABASE "Shop = 1"',
  }[where];
  const before = await keptAfter(...none, `ALTER ${whose} SET ${name} TO ${values.map(literal).join(', ')}`);
  expect(before).toHaveLength(1);
  expect(await keptAfter(...none)).toEqual([]);
  const inDatabase = where === 'role' ? null : 'Shop = 1';
  const given = before.map((one) => ({ role: one.role, setting: one.setting }));
  expect(await storeSettings(server, given, inDatabase)).toEqual([]);
  expect(await keptAfter()).toEqual(before);
};

const places = fc.constantFrom('role' as const, 'database' as const, 'both' as const);

describe('what a role or a database begins its sessions with', () => {
  it('any text is set again to the letter', async () => {
    await fc.assert(
      fc.asyncProperty(text, places, (value, where) => sameAgain('app.motto', [value], where)()),
      { numRuns: 50 },
    );
  });

  it('any list of names is set again name by name: search_path', async () => {
    const names = fc.array(fc.oneof(text, fc.constantFrom('$user', 'public', 'Sales')), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(names, places, (list, where) => sameAgain('search_path', list, where)()),
      { numRuns: 50 },
    );
  });

  it.each([
    ['DateStyle', ['SQL, DMY']],
    ['TimeZone', ['Europe/Berlin']],
    ['work_mem', ['64MB']],
    ['default_transaction_read_only', ['on']],
    ['search_path', ['']],
    ['temp_tablespaces', ['']],
  ])('%s is set again', async (name, values) => {
    await sameAgain(name, values, 'role')();
    await sameAgain(name, values, 'both')();
  });

  it('what this login may not set, or nobody knows, is left and named; the rest is set', async () => {
    await keptAfter(...none);
    const given: readonly Kept[] = [
      { role, setting: 'log_statement=all' },
      { role, setting: 'app.other=1' },
      { role, setting: 'no_such_setting=1' },
      { role, setting: 'work_mem=a lot' },
      { role: 'nobody', setting: 'work_mem=64MB' },
      { role: 'another', setting: 'work_mem=32MB' },
    ];
    expect(await storeSettings(server, given, null)).toEqual([
      ...[
        `${role}: log_statement`,
        `${role}: app.other`,
        `${role}: no_such_setting`,
        `${role}: work_mem`,
        'nobody: work_mem',
      ],
    ]);
    expect(await keptAfter()).toEqual([{ role: 'another', database: null, setting: 'work_mem=32MB' }]);
    expect(settingName({ role: null, setting: 'search_path="a=b"' })).toBe('search_path');
  });

  it('a server that doesn’t answer is no refusal', async () => {
    const away = { query: () => Promise.reject(new PitcrewError('database.unreachable', 'retryable')) };
    const given = [{ role, setting: 'work_mem=64MB' }];
    await expect(storeSettings(away as unknown as Database, given, null)).rejects.toMatchObject({
      code: 'database.unreachable',
    });
  });
});
