import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PrivateDatabase, privateDatabase, roleSecret } from '../clients/private-database.fixture.ts';
import { rolesOf } from './database-roles.ts';
import { dependentsOf } from './dependents.ts';

let server: PrivateDatabase;
beforeAll(async () => {
  server = await privateDatabase();
  await server.sql(
    'postgres',
    `CREATE EXTENSION postgres_fdw`,
    `CREATE SERVER warehouse FOREIGN DATA WRAPPER postgres_fdw`,
    `SELECT pg_create_physical_replication_slot('reads')`,
    `CREATE SUBSCRIPTION from_erp CONNECTION 'dbname=nowhere password=pw-of-erp' PUBLICATION p
       WITH (connect = false, enabled = false, slot_name = NONE)`,
    `CREATE ROLE reporting NOLOGIN NOINHERIT`,
    `GRANT reporting, pg_read_all_data TO analyst`,
    `ALTER ROLE analyst CONNECTION LIMIT 3`,
    `CREATE DATABASE other`,
  );
});
afterAll(() => server?.close());

it('names what follows, is followed or starts by itself, and not those of another database, to a role that only reads', async () => {
  const reader = roleSecret('pitcrew_reader');
  expect(await dependentsOf(server, server.address('postgres'), reader)).toEqual({
    slots: ['reads'],
    subscriptions: ['from_erp'],
    foreignServers: ['warehouse'],
    cron: false,
  });
  expect(await dependentsOf(server, server.address('other'), reader)).toEqual({
    slots: ['reads'],
    subscriptions: [],
    foreignServers: [],
    cron: false,
  });
});

it('roles come with attributes and memberships, without anything that lets anybody log in', async () => {
  const roles = await rolesOf(server, server.address('postgres'), roleSecret('pitcrew_reader'));
  expect(roles).toEqual(
    expect.arrayContaining([
      { name: 'analyst', attributes: ['LOGIN', 'CONNECTION LIMIT 3'], memberOf: ['pg_read_all_data', 'reporting'] },
      { name: 'reporting', attributes: ['NOINHERIT'], memberOf: [] },
      {
        name: 'pitcrew_fence',
        attributes: ['CREATEROLE', 'LOGIN'],
        memberOf: expect.arrayContaining(['pg_monitor', 'pg_signal_backend']),
      },
    ]),
  );
  expect(JSON.stringify(roles)).not.toMatch(/SCRAM|md5|pass word/);
  expect(roles.some(({ name }) => name.startsWith('pg_'))).toBe(false);
});
