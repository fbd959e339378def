import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PrivateDatabase, privateDatabase, type Role, roleSecret } from '../clients/private-database.fixture.ts';
import { Secret } from '../domain/secret.ts';
import type { Environment, RoleSecret } from '../domain/settings.ts';
import type { CurrentInstance } from '../planning/current-instance.ts';
import { inspectDatabase } from './database.ts';
import { inspectMaster } from './master.ts';
import { createRecorder, type LookEnd } from './recorder.ts';

let database: PrivateDatabase;
const managedSecret = 'rds!db-1';
beforeAll(async () => {
  database = await privateDatabase();
  await database.sql('postgres', 'CREATE DATABASE shop');
  await database.sql(
    'shop',
    'CREATE TABLE heartbeat (at timestamptz, writer text, "Beat At" timestamp)',
    'CREATE TABLE hidden (at timestamptz)',
  );
});
afterAll(() => database?.close());

const access = () => ({
  connect: database.connect,
  async credentials(role: RoleSecret) {
    // RDS's own secret, with its own words for its keys.
    if (role.secret !== managedSecret) return database.credentials(role);
    expect(role.keys).toEqual({ user: 'username', password: 'password' });
    return database.credentials(roleSecret('shop_app'));
  },
});
const currentOf = (secretArn?: string) =>
  ({
    instance: { id: 'ecommerce-production', master: { user: 'master', ...(secretArn ? { secretArn } : {}) } },
    identity: { host: '127.0.0.1', port: database.port },
    database: 'shop',
    role: 'shop_app',
  }) as CurrentInstance;
const environmentOf = (more: { masterRole?: RoleSecret; runner?: 'job' | 'exec'; heartbeat?: string }) =>
  ({
    name: 'production',
    region: 'eu-west-1',
    database: {
      verifyRole: roleSecret('pitcrew_reader'),
      fenceRole: roleSecret('pitcrew_fence'),
      ...(more.masterRole ? { masterRole: more.masterRole } : {}),
    },
    checks: {
      ...{ critical: [], relations: [], queries: [], rules: [] },
      ...(more.heartbeat ? { heartbeat: { column: more.heartbeat, withinSeconds: 30 } } : {}),
    },
    ...(more.runner ? { dumps: { bucket: 'b', prefix: 'd/', runner: more.runner } } : {}),
  }) as unknown as Environment;

function recording() {
  const ends: LookEnd[] = [];
  const recorder = createRecorder((end) => ends.push(end));
  const found = () =>
    recorder.faults.map(({ path, error }) => ({
      path: path.replace('environments.production.', ''),
      code: error.code,
      params: error.params,
    }));
  return { recorder, ends, found };
}

describe('the master user’s login', () => {
  async function inspect(given: { masterRole?: RoleSecret; runner?: 'job' | 'exec' }, secretArn?: string) {
    const { recorder, ends, found } = recording();
    await inspectMaster(recorder, access(), environmentOf(given), currentOf(secretArn));
    return { found: found(), looks: ends.map(({ what }) => what), remarks: recorder.remarks };
  }
  const alter = (role: Role, attributes: string) => database.sql('postgres', `ALTER ROLE ${role} ${attributes}`);

  it('may make databases and roles, or what to give it is said', async () => {
    const given = { masterRole: roleSecret('shop_app'), runner: 'job' } as const;
    expect((await inspect(given)).found).toMatchObject([
      {
        path: 'database.masterRole',
        code: 'inspection.grant-missing',
        params: { role: 'shop_app', statement: 'ALTER ROLE "shop_app" CREATEDB CREATEROLE;' },
      },
    ]);
    await alter('shop_app', 'CREATEROLE');
    expect((await inspect(given)).found).toMatchObject([{ params: { statement: 'ALTER ROLE "shop_app" CREATEDB;' } }]);
    // Only a load makes databases.
    expect((await inspect({ masterRole: roleSecret('shop_app') })).found).toEqual([]);
    await alter('shop_app', 'CREATEDB');
    const { found, looks } = await inspect(given);
    expect(found).toEqual([]);
    expect(looks.sort()).toEqual(['login', 'master-grants']);
    await alter('shop_app', 'NOCREATEDB NOCREATEROLE');
  });

  it('is RDS’s own secret where RDS manages the password, whatever the config names', async () => {
    await alter('shop_app', 'CREATEDB CREATEROLE');
    const { found } = await inspect({ masterRole: roleSecret('analyst'), runner: 'job' }, managedSecret);
    await alter('shop_app', 'NOCREATEDB NOCREATEROLE');
    expect(found).toEqual([]);
  });

  it('that is refused is one fault', async () => {
    const refused = { ...access(), credentials: async () => ({ user: 'shop_app', password: new Secret('another') }) };
    const { recorder, found } = recording();
    const environment = environmentOf({ masterRole: roleSecret('shop_app'), runner: 'job' });
    await inspectMaster(recorder, refused, environment, currentOf());
    expect(found()).toMatchObject([{ path: 'database.masterRole', code: 'database.login-refused' }]);
  });

  it('that is nowhere is told to whom dumps matter, and is no fault: dumps can be made without', async () => {
    const { found, remarks } = await inspect({ runner: 'job' });
    expect(found).toEqual([]);
    expect(remarks.map(({ path, note }) => `${path} ${note.code}`)).toEqual([
      'environments.production.database.masterRole inspection.no-master',
    ]);
    for (const given of [{}, { runner: 'exec' }] as const)
      expect(await inspect(given)).toEqual({ found: [], looks: [], remarks: [] });
  });
});

describe('the heartbeat', () => {
  async function inspect(heartbeat: string) {
    const { recorder, found } = recording();
    await inspectDatabase(recorder, access(), environmentOf({ heartbeat }), currentOf());
    return found().filter(({ path }) => path === 'checks.heartbeat.column');
  }

  it.each(['heartbeat.at', 'public.heartbeat.Beat At'])('%s can be read as a time', async (column) => {
    expect(await inspect(column)).toEqual([]);
  });

  it.each([
    ['no such table', 'heartbeats.at', 'inspection.no-table'],
    ['no such column', 'heartbeat.when', 'inspection.no-column'],
    ['a column of another kind', 'pg_catalog.pg_class.relhasindex', 'inspection.statement-fails'],
  ])('%s is a fault', async (_, column, code) => {
    expect(await inspect(column)).toMatchObject([{ code }]);
  });

  it('a table that the role may not read is a fault with the statement that gives it', async () => {
    await database.sql('postgres', 'REVOKE pg_read_all_data FROM pitcrew_reader');
    const found = await inspect('hidden.at');
    await database.sql('postgres', 'GRANT pg_read_all_data TO pitcrew_reader');
    expect(found).toMatchObject([
      {
        code: 'inspection.grant-missing',
        params: { statement: 'GRANT SELECT ON "public"."hidden" TO "pitcrew_reader";' },
      },
    ]);
  });
});
