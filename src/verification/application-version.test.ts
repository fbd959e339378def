import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PrivateDatabase, privateDatabase, roleSecret } from '../clients/private-database.fixture.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Records } from '../domain/records.ts';
import type { WorkloadRef } from '../domain/settings.ts';
import { readVersion, runningVersion, writeVersion } from './application-version.ts';

let server: PrivateDatabase;
beforeAll(async () => {
  server = await privateDatabase();
});
afterAll(() => server?.close());

const backend: WorkloadRef = { cluster: '', namespace: 'production', kind: 'deployment', name: 'backend' };
const cluster = {
  find: async () =>
    ({ spec: { template: { spec: { containers: [{ image: 'backend:7' }, { image: 'proxy:1' }] } } } }) as never,
};
let made = 0;

/** What is read of a database with these tables. */
async function migrationsOf(...statements: readonly string[]) {
  const database = `versions_${++made}`;
  await server.sql('postgres', `CREATE DATABASE ${database}`);
  await server.sql(database, ...statements, 'GRANT pg_read_all_data TO pitcrew_reader');
  return (await look(database)).migrations;
}

const look = (database: string, workloads: readonly WorkloadRef[] = [backend]) =>
  runningVersion(
    { cluster, access: server },
    {
      workloads,
      address: server.address(database),
      verifyRole: roleSecret('pitcrew_reader'),
      at: '2026-11-20T03:14:00.000Z',
    },
  );

describe('which version of the application runs', () => {
  it.each<[string, readonly string[], object | null]>([
    [
      'Rails, dbmate and golang-migrate: a later number is later, not a longer word',
      [`CREATE TABLE schema_migrations (version varchar)`, `INSERT INTO schema_migrations VALUES ('10'), ('9')`],
      { tool: 'schema_migrations', ids: ['9', '10'] },
    ],
    [
      'Flyway, without what failed and what repeats',
      [
        `CREATE TABLE flyway_schema_history (installed_rank int, version varchar, success boolean, description text, installed_on timestamp)`,
        `INSERT INTO flyway_schema_history VALUES (2, '1.1', true), (1, '1', true), (3, '2', false), (4, NULL, true)`,
      ],
      { tool: 'flyway_schema_history', ids: ['1', '1.1'] },
    ],
    [
      'Knex',
      [
        `CREATE TABLE knex_migrations (id int, name varchar, migration_time timestamptz)`,
        `INSERT INTO knex_migrations VALUES (2, 'b.js'), (1, 'z.js')`,
      ],
      { tool: 'knex_migrations', ids: ['z.js', 'b.js'] },
    ],
    [
      'Django',
      [
        `CREATE TABLE django_migrations (id int, app varchar, name varchar, applied timestamptz)`,
        `INSERT INTO django_migrations VALUES (1, 'auth', '0001'), (2, 'shop', '0001')`,
      ],
      { tool: 'django_migrations', ids: ['auth.0001', 'shop.0001'] },
    ],
    [
      'Prisma, without what was rolled back or never ended, in a schema of its own',
      [
        `CREATE SCHEMA app`,
        `CREATE TABLE app._prisma_migrations (migration_name varchar, started_at timestamptz, finished_at timestamptz, rolled_back_at timestamptz)`,
        `INSERT INTO app._prisma_migrations VALUES ('b', '2026-02-01', now(), NULL), ('a', '2026-01-01', now(), NULL),
           ('c', '2026-03-01', NULL, NULL), ('d', '2026-03-01', now(), now())`,
      ],
      { tool: '_prisma_migrations', ids: ['a', 'b'] },
    ],
    [
      'Alembic',
      [`CREATE TABLE alembic_version (version_num varchar)`, `INSERT INTO alembic_version VALUES ('a1b2')`],
      { tool: 'alembic_version', ids: ['a1b2'] },
    ],
    [
      'Liquibase, in the order in which it ran them',
      [
        `CREATE TABLE databasechangelog (id varchar, author varchar, dateexecuted timestamp, orderexecuted int)`,
        `INSERT INTO databasechangelog VALUES ('1', 'ann', now(), 2), ('2', 'ben', now(), 1)`,
      ],
      { tool: 'databasechangelog', ids: ['2', '1'] },
    ],
    [
      'Sequelize, whose names begin with when they were written',
      [`CREATE TABLE "SequelizeMeta" (name varchar)`, `INSERT INTO "SequelizeMeta" VALUES ('2-b.js'), ('1-a.js')`],
      { tool: 'SequelizeMeta', ids: ['1-a.js', '2-b.js'] },
    ],
    [
      'TypeORM',
      [
        `CREATE TABLE migrations (id int, timestamp bigint, name varchar)`,
        `INSERT INTO migrations VALUES (1, 9, 'Z9'), (2, 10, 'A10')`,
      ],
      { tool: 'migrations', ids: ['Z9', 'A10'] },
    ],
    ['a table of that name which is something else', [`CREATE TABLE schema_migrations (note text)`], null],
    ['none', [], null],
  ])('%s', async (_, statements, found) => {
    expect(await migrationsOf(...statements)).toEqual(found);
  });

  it('images are those of the pod template; a workload or a database that can’t be read is left out', async () => {
    const running = await look('nowhere', [backend]);
    expect(running).toMatchObject({
      images: [{ workload: expect.stringContaining('backend'), images: ['backend:7', 'proxy:1'] }],
      migrations: null,
    });
  });

  it('is written down once: a late worker changes nothing', async () => {
    const there = new Map<string, JsonObject>();
    const records: Records = {
      write: async (key, document) => {
        if (there.has(key)) return 'there';
        there.set(key, document);
        return 'written';
      },
      read: async (key) => there.get(key),
      list: async () => [...there.keys()],
    };
    const version = {
      at: '2026-11-20T03:14:00.000Z',
      images: [],
      migrations: { tool: 'knex_migrations', ids: ['a', 'b'] },
    };
    await writeVersion(records, 's3://backups/a.dump', 'op-1', version);
    await writeVersion(records, 's3://backups/a.dump', 'op-2', { ...version, migrations: null });
    expect(await readVersion(records, 's3://backups/a.dump')).toMatchObject({
      operation: 'op-1',
      migrations: { tool: 'knex_migrations', newest: 'b', count: 2 },
    });
    expect(await readVersion(records, 's3://backups/b.dump')).toBeUndefined();
  });
});
