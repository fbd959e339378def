import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PrivateDatabase, privateDatabase, roleSecret } from '../clients/private-database.fixture.ts';
import { needsOfArchive, needsReader } from './archive-needs.ts';
import { readNeeds } from './database-needs.ts';

let database: PrivateDatabase;
let file: string;
beforeAll(async () => {
  database = await privateDatabase();
  await database.sql(
    'postgres',
    'CREATE ROLE "Shop Owner"',
    'CREATE ROLE reporting',
    'CREATE ROLE auditor',
    'CREATE DATABASE shop OWNER "Shop Owner" TEMPLATE template0 ENCODING UTF8 LC_COLLATE "C" LC_CTYPE "C"',
    `ALTER DATABASE shop SET search_path TO "$user", 'Sales', public`,
    `ALTER DATABASE shop SET app.greeting TO 'it''s = 1; "x"'`,
    `ALTER ROLE analyst IN DATABASE shop SET work_mem TO '64MB'`,
    `ALTER ROLE analyst SET statement_timeout TO '5min'`,
    `ALTER ROLE "Shop Owner" SET search_path TO 'Sales', public`,
    // Owns nothing, and may act as one that does.
    'CREATE ROLE "night shift" IN ROLE "Shop Owner"',
    `ALTER ROLE "night shift" SET app.team TO 'it''s = 1'`,
    'CREATE ROLE elsewhere',
    `ALTER ROLE elsewhere SET work_mem TO '1GB'`,
    'CREATE ROLE almighty SUPERUSER',
    `ALTER ROLE almighty SET work_mem TO '2GB'`,
    'REVOKE CONNECT ON DATABASE shop FROM PUBLIC',
    'GRANT CONNECT ON DATABASE shop TO shop_app, pitcrew_reader',
    'GRANT CREATE ON DATABASE shop TO analyst WITH GRANT OPTION',
  );
  await database.sql(
    'shop',
    'CREATE SCHEMA extras',
    'CREATE EXTENSION pgcrypto WITH SCHEMA extras',
    'CREATE TABLE orders (id int PRIMARY KEY, note text)',
    'ALTER TABLE orders OWNER TO "Shop Owner"',
    'CREATE TABLE lines (id int)',
    'ALTER TABLE lines OWNER TO shop_app',
    'GRANT SELECT ON orders TO reporting WITH GRANT OPTION',
    'CREATE POLICY seen ON orders FOR SELECT TO auditor, shop_app USING (true)',
    `CREATE FUNCTION trap() RETURNS text LANGUAGE sql AS $$ SELECT '
GRANT SELECT ON TABLE public.orders TO nobody_at_all;
' $$`,
  );
  file = join(database.household.folder, 'shop.dump');
  const { user, password } = await database.credentials(roleSecret('pitcrew_reader'));
  await promisify(execFile)('pg_dump', ['-Fc', '-h', '127.0.0.1', '-f', file, 'shop'], {
    env: { PATH: process.env.PATH ?? '', PGPORT: String(database.port), PGUSER: user, PGPASSWORD: password.reveal() },
  });
});
afterAll(() => database?.close());

async function fromDatabase() {
  const session = await database.connect(
    database.address('shop'),
    await database.credentials(roleSecret('pitcrew_reader')),
    { statementTimeoutSeconds: 10 },
  );
  return readNeeds(session).finally(() => session.close());
}
const fromArchive = () => needsOfArchive('pg_restore', { kind: 'file', file }, new AbortController().signal);

describe('what a dump needs around it', () => {
  it('F43: the database itself says: roles, extensions, settings, grants, encoding', async () => {
    expect(await fromDatabase()).toMatchObject({
      shape: { encoding: 'UTF8', collation: 'C', ctype: 'C', provider: null, locale: null },
      owner: 'Shop Owner',
      roles: ['Shop Owner', 'analyst', 'auditor', 'pitcrew_reader', 'reporting', 'shop_app'],
      extensions: [{ name: 'pgcrypto', version: expect.stringMatching(/^\d/), schema: 'extras' }],
      settings: [
        { role: null, setting: `app.greeting=it's = 1; "x"` },
        { role: null, setting: 'search_path="$user", "Sales", public' },
        { role: 'analyst', setting: 'work_mem=64MB' },
      ],
      roleSettings: [
        { role: 'Shop Owner', setting: 'search_path="Sales", public' },
        { role: 'analyst', setting: 'statement_timeout=5min' },
        { role: 'night shift', setting: `app.team=it's = 1` },
      ],
      grants: expect.arrayContaining([
        { role: null, privilege: 'TEMPORARY', grantable: false },
        { role: 'shop_app', privilege: 'CONNECT', grantable: false },
        { role: 'analyst', privilege: 'CREATE', grantable: true },
      ]),
    });
  });

  it('F43: an archive that somebody else made says the same, but for the versions of its extensions', async () => {
    const [database, archive] = [await fromDatabase(), await fromArchive()];
    const order = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    expect(archive.shape).toEqual(database.shape);
    expect(archive.owner).toBe(database.owner);
    expect(archive.roles).toEqual(database.roles);
    expect(archive.extensions).toEqual([{ name: 'pgcrypto', version: null, schema: 'extras' }]);
    expect(archive.roleSettings).toBeNull();
    expect(archive.settings.toSorted(order)).toEqual(database.settings.toSorted(order));
    expect(archive.grants?.toSorted(order)).toEqual(database.grants?.toSorted(order));
  });

  it('what a function says in its body is taken for nothing', async () => {
    expect((await fromArchive()).roles).not.toContain('nobody_at_all');
  });

  it('any text is read without harm', () => {
    const reading = needsReader();
    for (const line of [
      '-- Name: a; Type: ACL; Schema: -; Owner: ',
      'GRANT',
      'GRANT ALL ON DATABASE x TO ;',
      '-- Name',
      '',
    ])
      reading.take(line);
    expect(reading.needs().roles).toEqual([]);
  });
});
