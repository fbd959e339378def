import { readFileSync } from 'node:fs';
import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { region, startDatabaseCloud } from '../src/clients/cloud.fixture.ts';
import { type DatabaseAddress, postgres } from '../src/clients/postgres.ts';
import { rds } from '../src/clients/rds.ts';
import { Secret } from '../src/domain/secret.ts';
import type { RoleSecret } from '../src/domain/settings.ts';
import type { VerificationReport } from '../src/domain/verification.ts';
import { contextOf, failure, undo } from '../src/steps/kubernetes/step-context.fixture.ts';
import { fenceOld } from '../src/steps/postgres/fence-old.ts';
import { grantsOf } from '../src/steps/postgres/own-roles.ts';
import { databaseSessions } from '../src/steps/postgres/sessions.ts';
import { verify, verifyDeeply } from '../src/verification/checklist.ts';
import { rolesOf } from '../src/verification/database-roles.ts';
import { dependentsOf } from '../src/verification/dependents.ts';
import { liveDatabase } from '../src/verification/live-database.ts';
import { measureLossOf } from '../src/verification/loss.ts';
import { measureAfter, measureBefore, settleCounters } from '../src/verification/measure.ts';
import { recoveryPoint, shopChecks, shopSchema } from '../src/verification/shop.fixture.ts';

// The SQL of docs/database-roles.md, run as it stands there by a master user who is no superuser, and then everything that
// pitcrew ever asks of a database, with the roles that came of it and no other right.

const page = readFileSync(new URL('../docs/database-roles.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql);
const block = (mark: string) => blocks.find((sql) => sql.startsWith(mark)) ?? `SELECT ${mark} is not on the page`;
const statements = (sql: string) =>
  sql
    .replaceAll(/^--.*$/gm, '')
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '');

const master = 'shop_admin';
const password = 'not-a-secret-1';
let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
let port: number;
const roleOf = (user: string): RoleSecret => ({ region, secret: user, keys: { user: 'u', password: 'p' } });
const access = {
  connect: postgres({ PGSSLMODE: 'require' }),
  credentials: async ({ secret }: RoleSecret) => ({ user: secret, password: new Secret(password) }),
};
const verifyRole = roleOf('pitcrew_verify');
const at = (database: string): DatabaseAddress => ({ host: '127.0.0.1', port, database });
const signal = new AbortController().signal;

async function as(user: string, database: string, sql: readonly string[], over: pg.ClientConfig = {}) {
  const ssl = { rejectUnauthorized: false };
  const client = new pg.Client({ ...at(database), user, password, ssl, ...over });
  client.on('error', () => {}); // it may be ended from the other side
  await client.connect();
  let rows: readonly Record<string, unknown>[] = [];
  for (const one of sql) ({ rows } = await client.query(one));
  return { rows, client, end: () => client.end() };
}
async function run(user: string, database: string, sql: readonly string[], over?: pg.ClientConfig) {
  const { rows, end } = await as(user, database, sql, over);
  await end();
  return rows;
}
/** As RDS itself, whose superuser nobody else is. */
const asRds = (database: string, sql: readonly string[]) =>
  run('rdsadmin', database, sql, { host: cloud.rds.instance('shop')?.socketFolder ?? '', ssl: false });

beforeAll(async () => {
  cloud = await startDatabaseCloud();
  await new RDSClient({ region }).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'shop',
      DBName: 'shop',
      Engine: 'postgres',
      DBInstanceClass: 'db.t4g.micro',
      AllocatedStorage: 20,
      MasterUsername: master,
      MasterUserPassword: password,
      BackupRetentionPeriod: 0,
    }),
  );
  while ((await rds(region).findInstance('shop'))?.status !== 'available')
    await new Promise((resolve) => setTimeout(resolve, 100));
  port = cloud.rds.instance('shop')?.port ?? 0;
  await run(master, 'shop', [`CREATE ROLE shop_app LOGIN PASSWORD '${password}'`, ...shopSchema]);
  await run(master, 'shop', statements(blocks[0] ?? ''));
  // What `\password` does.
  for (const role of ['pitcrew_verify', 'pitcrew_fence'])
    await run(master, 'shop', [`ALTER ROLE ${role} PASSWORD '${password}'`]);
  await run(master, 'postgres', ['CREATE DATABASE restored TEMPLATE shop', 'CREATE DATABASE less TEMPLATE shop']);
});
afterAll(() => cloud?.close());

const denied = ({ results }: VerificationReport) =>
  results
    .filter(({ finding }) => /not-readable|amcheck/.test(finding))
    .map(({ check, finding }) => `${check}: ${finding}`);
const wrong = ({ results }: VerificationReport) => results.filter(({ outcome }) => outcome === 'fail');
const verification = (database: string) => ({
  restored: at(database),
  live: at('shop'),
  verifyRole,
  application: roleOf('shop_app'),
  settings: { ...shopChecks, deepMinutes: 1 },
  baseline: undefined,
  asOf: recoveryPoint,
  timeZone: 'UTC',
  signal,
});

describe('the role that reads, with the grants of the page', () => {
  it('verifies, at the gate and deeply; only without amcheck something is said to lack', async () => {
    const gate = await verify(access, verification('restored'));
    expect([wrong(gate), denied(gate)]).toEqual([[], []]);
    const deep = await verifyDeeply(access, verification('restored'));
    expect([wrong(deep), denied(deep)]).toEqual([[], ['amcheck: verification.amcheck-missing']]);
  });

  it('with amcheck as the page grants it, reads indexes and tables block by block', async () => {
    const [create = '', ...grants] = statements(block('-- in each database'));
    await asRds('restored', [create, ...grants]);
    const deep = await verifyDeeply(access, verification('restored'));
    expect([wrong(deep), denied(deep)]).toEqual([[], []]);
    expect(deep.results.map(({ finding }) => finding)).toEqual(
      expect.arrayContaining(['verification.indexes-intact', 'verification.tables-intact']),
    );
  });

  it('measures a baseline, before and after', async () => {
    const measuring = { address: at('shop'), verifyRole, settings: shopChecks, timeZone: 'UTC', signal };
    const before = await measureBefore(access, measuring, 'op-1', undefined);
    const unreported = await settleCounters(access, measuring, before.at, 15);
    const after = await measureAfter(access, measuring, before, {
      snapshot: 's',
      snapshotAt: recoveryPoint,
      unreported,
    });
    expect(Object.values(after.tables).filter(({ rows }) => rows === null)).toEqual([]);
  });

  it('plans, measures the loss, and sees everybody’s sessions and what hangs on the database', async () => {
    const live = await liveDatabase(access, at('shop'), verifyRole);
    expect(await live.newerRows('orders', '2026-11-20T00:00:00Z')).toBe(500);
    expect(await live.unloggedTables()).toEqual(['public.carts']);
    await live.close();
    const question = {
      old: at('shop'),
      restored: at('restored'),
      verifyRole,
      tables: ['orders'],
      budgetSeconds: 30,
      signal,
    };
    expect(await measureLossOf(access, question)).toMatchObject({ tables: [{ lost: 0, changed: 0 }], notMeasured: [] });
    const open = await as('shop_app', 'shop', []);
    const who = { reader: verifyRole, application: 'shop_app', fence: roleOf('pitcrew_fence') };
    expect((await databaseSessions(access).on(at('shop'), who)).application).toHaveLength(1);
    await open.end();
    expect((await rolesOf(access, at('shop'), verifyRole)).map(({ name }) => name)).toContain('shop_app');
    expect(await dependentsOf(access, at('shop'), verifyRole)).toMatchObject({ slots: [] });
  });

  it('changes nothing, not even by a mistake in the config', async () => {
    await expect(run('pitcrew_verify', 'shop', ['DELETE FROM orders'])).rejects.toThrow(/read-only|denied/);
    await expect(
      run('pitcrew_verify', 'shop', ['SET default_transaction_read_only = off', 'DELETE FROM orders']),
    ).rejects.toThrow(/denied/);
  });

  it('says yes to the page’s own question', async () => {
    const [row] = await run('pitcrew_verify', 'shop', statements(block('-- as pitcrew_verify')));
    expect(row).toEqual({ sees_sessions: true, reads_orders: true });
  });
});

describe('the role that bars, with the grants of the page', () => {
  const step = fenceOld(access);
  const context = () =>
    contextOf({
      input: { role: 'shop_app', source: at('shop') as never, fenceRole: roleOf('pitcrew_fence') as never },
      outputs: { 'await-instance': { id: 'new', arn: '', resourceId: '', host: 'elsewhere', port: 1 } },
    });

  it('bars the application’s role, ends its sessions, and lets it in again', async () => {
    const open = await as('shop_app', 'shop', []);
    expect(await step.run(context())).toMatchObject({ output: { endedSessions: 1 } });
    await expect(run('shop_app', 'shop', [])).rejects.toThrow(/not permitted to log in/);
    await undo(step, context());
    await run('shop_app', 'shop', []);
    await open.end().catch(() => {});
  });

  it('reads no row', async () => {
    await expect(run('pitcrew_fence', 'shop', ['SELECT * FROM customers'])).rejects.toThrow(/permission denied/);
  });

  it('says yes to the page’s own question', async () => {
    const [row] = await run('pitcrew_fence', 'shop', statements(block('-- as pitcrew_fence')));
    expect(row).toEqual({ bars: true, ends_sessions: true });
  });

  it.each([
    ['CREATEROLE', 'ALTER ROLE pitcrew_fence NOCREATEROLE', 'ALTER ROLE pitcrew_fence CREATEROLE'],
    ['pg_signal_backend', 'REVOKE pg_signal_backend FROM pitcrew_fence', 'GRANT pg_signal_backend TO pitcrew_fence'],
  ])('without %s it is refused, as the page says', async (_, take, give) => {
    const open = await as('shop_app', 'shop', []);
    await run(master, 'shop', [take]);
    expect(await failure(step.run(context()))).toMatchObject({ code: 'database.denied' });
    await run(master, 'shop', [give, 'ALTER ROLE shop_app LOGIN']);
    await open.end().catch(() => {});
  });
});

describe('reading less', () => {
  it('without pg_read_all_data the checks that need it say so; with the page’s other grants none does', async () => {
    await run(master, 'less', ['REVOKE pg_read_all_data FROM pitcrew_verify']);
    expect(denied(await verify(access, verification('less'))).length).toBeGreaterThan(3);
    for (const database of ['less', 'shop'])
      await run(master, database, statements(block('-- instead of pg_read_all_data')));
    await run(master, 'less', ['CREATE TABLE later (id int)']);
    expect(denied(await verify(access, verification('less')))).toEqual([]);
    expect(await run('pitcrew_verify', 'less', ['SELECT * FROM later'])).toEqual([]);
    await run(master, 'less', ['GRANT pg_read_all_data TO pitcrew_verify']);
  });

  it('without pg_monitor nobody can be proven absent', async () => {
    await run(master, 'shop', ['REVOKE pg_monitor FROM pitcrew_verify']);
    const blind = databaseSessions(access).on(at('shop'), { reader: verifyRole, application: 'shop_app' });
    expect(await failure(blind)).toMatchObject({ code: 'database.sessions-hidden' });
    await run(master, 'shop', ['GRANT pg_monitor TO pitcrew_verify']);
  });
});

it('what pitcrew grants to a role that it makes is what the page grants, on 15 and on 16', () => {
  const said = page.replaceAll(/\s+/g, ' ');
  const plain = (sql: string) => sql.replaceAll('"', '');
  for (const version of [150_000, 160_000])
    for (const sql of [
      ...grantsOf('verifyRole', 'pitcrew_verify', 'ecommerce_app', version),
      ...grantsOf('fenceRole', 'pitcrew_fence', 'ecommerce_app', version),
    ])
      expect(said).toContain(
        plain(sql).replace(/^ALTER ROLE pitcrew_fence CREATEROLE$/, 'CREATE ROLE pitcrew_fence LOGIN CREATEROLE'),
      );
});
