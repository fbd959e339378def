import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { region, startDatabaseCloud } from '../../clients/cloud.fixture.ts';
import { type DatabaseInstance, rds } from '../../clients/rds.ts';
import { Secret } from '../../domain/secret.ts';
import { contextOf, failure } from '../kubernetes/step-context.fixture.ts';
import { createRoles } from './create-roles.ts';
import { access, availableInstance, secretOf, sent } from './overheard.fixture.ts';

const operation = 'op-0123456789ab';
const logins = { app: 'shop_app', verify: 'pitcrew_verify', fence: 'pitcrew_fence', master: 'shop_admin' };
const passwords = new Map(Object.keys(logins).map((name) => [name, randomBytes(9).toString('base64url')]));

let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
let instance: DatabaseInstance;

beforeAll(async () => {
  cloud = await startDatabaseCloud();
  await rds(region).createInstance(
    {
      DBInstanceIdentifier: 'shop-r1',
      Engine: 'postgres',
      DBInstanceClass: 'db.t4g.micro',
      AllocatedStorage: 20,
      MasterUsername: logins.master,
      BackupRetentionPeriod: 0,
      Tags: [{ Key: 'pitcrew:operation', Value: operation }],
    },
    new Secret(passwords.get('master') ?? ''),
  );
  instance = await availableInstance('shop-r1');
  for (const [name, username] of Object.entries(logins))
    cloud.secrets.create(`production/${name}`, JSON.stringify({ username, password: passwords.get(name) }));
});
afterAll(() => cloud?.close());
beforeEach(() => {
  sent.length = 0;
});

/** As the superuser, which on RDS nobody is. */
async function sql<Row extends object>(statement: string): Promise<readonly Row[]> {
  const { socketFolder: host = '', port = 0 } = cloud.rds.instance('shop-r1') ?? {};
  const client = new pg.Client({ host, port, user: 'rdsadmin', database: 'postgres' });
  await client.connect();
  const { rows } = await client.query(statement);
  await client.end();
  return rows;
}

const run = (over: object = {}) =>
  createRoles({ access, rds: () => rds(region) }).run(
    contextOf({
      operation,
      input: {
        region,
        instance: 'shop-r1',
        operationTag: 'pitcrew:operation',
        application: secretOf('app') as never,
        verifyRole: secretOf('verify') as never,
        fenceRole: secretOf('fence') as never,
        masterRole: secretOf('master') as never,
        roles: [
          { name: 'Staff of shop', attributes: [] },
          { name: 'reporting', attributes: ['NOINHERIT', 'CONNECTION LIMIT 3'] },
        ],
        memberships: [
          { member: 'reporting', group: 'Staff of shop' },
          { member: 'reporting', group: 'pg_read_all_data' },
          { member: 'shop_app', group: 'Staff of shop' },
          { member: 'reporting', group: 'nowhere' },
        ],
        ...over,
      },
      outputs: { 'await-instance': { id: 'shop-r1', arn: '', resourceId: '', ...instance.endpoint } as never },
    }),
  );

async function logsIn(name: keyof typeof logins): Promise<string> {
  const client = new pg.Client({
    ...instance.endpoint,
    user: logins[name],
    password: passwords.get(name),
    database: 'postgres',
    ssl: { rejectUnauthorized: false },
  });
  await client.connect();
  const { rows } = await client.query('SELECT current_user AS me');
  await client.end();
  return rows[0].me;
}

it('without a master user nothing is made, and the option that is missing is named', async () => {
  expect(await failure(run({ masterRole: null }))).toMatchObject({ code: 'restore.master-needed' });
  expect(await sql(`SELECT 1 FROM pg_roles WHERE rolname = 'reporting'`)).toEqual([]);
});

it('logins are those of the secrets, every other role is made without one, and what can’t be granted is told', async () => {
  expect(await run()).toEqual({
    kind: 'done',
    output: {
      logins: ['shop_app', 'pitcrew_verify', 'pitcrew_fence'],
      without: ['Staff of shop', 'reporting'],
      left: ['reporting → nowhere'],
    },
  });
  for (const name of ['app', 'verify', 'fence'] as const) expect(await logsIn(name)).toBe(logins[name]);
  const made = await sql(
    `SELECT rolname, rolcanlogin, rolinherit, rolconnlimit, rolpassword IS NULL AS without FROM pg_authid
      WHERE rolname IN ('reporting', 'Staff of shop') ORDER BY 1`,
  );
  expect(made).toEqual([
    { rolname: 'Staff of shop', rolcanlogin: false, rolinherit: true, rolconnlimit: -1, without: true },
    { rolname: 'reporting', rolcanlogin: false, rolinherit: false, rolconnlimit: 3, without: true },
  ]);
  const [member] = await sql<{ app: boolean; reads: boolean }>(
    `SELECT pg_has_role('shop_app', 'Staff of shop', 'MEMBER') AS app,
      pg_has_role('reporting', 'pg_read_all_data', 'MEMBER') AS reads`,
  );
  expect(member).toEqual({ app: true, reads: true });
  for (const password of passwords.values()) expect(sent.join('\n')).not.toContain(password);
});

it('done twice it is done once, and a role that is there keeps what it has', async () => {
  await sql(`ALTER ROLE reporting CONNECTION LIMIT 9`);
  expect(await run()).toMatchObject({ kind: 'done', output: { without: ['Staff of shop', 'reporting'] } });
  expect(await sql(`SELECT rolconnlimit FROM pg_roles WHERE rolname = 'reporting'`)).toEqual([{ rolconnlimit: 9 }]);
  expect(sent.join('\n')).not.toContain('CREATE ROLE');
});
