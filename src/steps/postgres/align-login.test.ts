import { randomBytes } from 'node:crypto';
import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { region, startDatabaseCloud } from '../../clients/cloud.fixture.ts';
import type { Connect, DatabaseAddress } from '../../clients/postgres.ts';
import { type DatabaseInstance, rds } from '../../clients/rds.ts';
import { retryable } from '../../domain/errors.ts';
import { Secret } from '../../domain/secret.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import { contextOf, failure } from '../kubernetes/step-context.fixture.ts';
import { type AlignLoginGiven, alignLogin } from './align-login.ts';
import { access, availableInstance, secretOf, sent } from './overheard.fixture.ts';
import { isPlainPassword, scramVerifier } from './scram-verifier.ts';

const operation = 'op-0123456789ab';
const operationTag = 'pitcrew:operation';
const master = { user: 'shop_admin', password: 'of-the-snapshot' };
const fresh = () => randomBytes(9).toString('base64url');

let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
let instance: DatabaseInstance;
let address: DatabaseAddress;

beforeAll(async () => {
  cloud = await startDatabaseCloud();
  await new RDSClient({ region }).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'shop-r1',
      DBName: 'shop',
      Engine: 'postgres',
      DBInstanceClass: 'db.t4g.micro',
      AllocatedStorage: 20,
      MasterUsername: master.user,
      MasterUserPassword: master.password,
      BackupRetentionPeriod: 0,
      Tags: [{ Key: operationTag, Value: operation }],
    }),
  );
  instance = await availableInstance('shop-r1');
  address = { host: instance.endpoint?.host ?? '', port: instance.endpoint?.port ?? 0, database: 'shop' };
  for (const name of ['app', 'verify', 'fence', 'master'])
    cloud.secrets.create(`production/${name}`, JSON.stringify({ username: '-', password: '-' }));
});
afterAll(() => cloud?.close());

const secrets: Record<string, { username: string; password: string }> = {};
const keep = (name: string, username: string, password: string) => {
  secrets[name] = { username, password };
  cloud.secrets.put(`production/${name}`, JSON.stringify({ username, password }));
};
/** As the superuser, which on RDS nobody is. */
async function sql(...statements: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const { socketFolder: host = '', port = 0 } = cloud.rds.instance('shop-r1') ?? {};
  const client = new pg.Client({ host, port, user: 'rdsadmin', database: 'shop' });
  await client.connect();
  let rows: readonly Record<string, unknown>[] = [];
  for (const statement of statements) ({ rows } = await client.query(statement));
  await client.end();
  return rows;
}

/** The instance as a snapshot brought it: everybody has a password of then, and the secrets have those of now. */
beforeEach(async () => {
  sent.length = 0;
  for (const role of ['shop_app', 'pitcrew_verify', 'pitcrew_fence'])
    await sql(`DROP ROLE IF EXISTS ${role}`, `CREATE ROLE ${role} LOGIN PASSWORD 'then'`);
  await sql(`ALTER ROLE ${master.user} PASSWORD '${master.password}'`);
  keep('app', 'shop_app', fresh());
  keep('verify', 'pitcrew_verify', 'then');
  keep('fence', 'pitcrew_fence', 'then');
  keep('master', master.user, master.password);
});

const run = (over: object = {}, of = operation) => runWith({ access, rds: () => rds(region) }, over, of);
const runWith = (given: AlignLoginGiven, over: object = {}, of = operation) =>
  alignLogin({ resetSeconds: 20, ...given }).run(
    contextOf({
      operation: of,
      input: {
        region,
        instance: 'shop-r1',
        operationTag,
        database: 'shop',
        application: secretOf('app') as never,
        verifyRole: secretOf('verify') as never,
        fenceRole: secretOf('fence') as never,
        masterRole: secretOf('master') as never,
        ...over,
      },
      outputs: { 'await-instance': { id: 'shop-r1', arn: '', resourceId: '', ...instance.endpoint } as never },
    }),
  );
const output = (over: object = {}) => ({ repaired: [], created: [], left: [], masterReset: false, ...over });
/** By the driver alone, as the application would. */
async function logsIn(name: string): Promise<string> {
  const login = secrets[name] ?? { username: '', password: '' };
  const client = new pg.Client({
    ...address,
    user: login.username,
    password: login.password,
    ssl: { rejectUnauthorized: false },
  });
  try {
    await client.connect();
    const { rows } = await client.query('SELECT current_user AS me');
    return rows[0]?.me;
  } finally {
    await client.end();
  }
}

describe('a restored instance with passwords of the snapshot’s time', () => {
  it('nothing is touched where every login works', async () => {
    keep('app', 'shop_app', 'then');
    expect(await run({ masterRole: null })).toEqual({ kind: 'done', output: output() });
    expect(sent).toEqual([]);
  });

  it('the application’s password is brought in step with its secret, through the master user', async () => {
    await expect(logsIn('app')).rejects.toThrow(/authentication/);
    expect(await run()).toEqual({ kind: 'done', output: output({ repaired: ['shop_app'] }) });
    expect(await logsIn('app')).toBe('shop_app');
  });

  it('done twice it changes nothing more', async () => {
    await run();
    const before = await sql(`SELECT rolpassword FROM pg_authid WHERE rolname = 'shop_app'`);
    expect(await run()).toEqual({ kind: 'done', output: output() });
    expect(await sql(`SELECT rolpassword FROM pg_authid WHERE rolname = 'shop_app'`)).toEqual(before);
  });

  it('no statement holds a password: the server only ever sees what it keeps anyway', async () => {
    await run();
    const said = sent.join('\n');
    expect(said).toContain('SCRAM-SHA-256$4096:');
    for (const { password } of Object.values(secrets)) expect(said).not.toContain(password);
  });

  it('a role that was barred when the snapshot was taken may log in again', async () => {
    await sql('ALTER ROLE shop_app NOLOGIN');
    expect(await run()).toMatchObject({ output: { repaired: ['shop_app'] } });
    expect(await logsIn('app')).toBe('shop_app');
  });

  it('pitcrew’s own roles are brought in step too', async () => {
    keep('verify', 'pitcrew_verify', fresh());
    keep('fence', 'pitcrew_fence', fresh());
    const repaired = ['shop_app', 'pitcrew_verify', 'pitcrew_fence'];
    expect(await run()).toEqual({ kind: 'done', output: output({ repaired }) });
    expect(await logsIn('verify')).toBe('pitcrew_verify');
  });

  it('a snapshot from before pitcrew was installed gets its roles, with their grants', async () => {
    await sql('DROP ROLE pitcrew_verify', 'DROP ROLE pitcrew_fence');
    const created = ['pitcrew_verify', 'pitcrew_fence'];
    expect(await run()).toEqual({ kind: 'done', output: output({ repaired: ['shop_app'], created }) });
    const granted = await sql(`SELECT r.rolname AS role, g.rolname AS has FROM pg_auth_members m
      JOIN pg_roles r ON r.oid = m.member JOIN pg_roles g ON g.oid = m.roleid WHERE r.rolname LIKE 'pitcrew%' ORDER BY 1, 2`);
    expect(granted.map(({ role, has }) => `${role} ${has}`)).toEqual([
      'pitcrew_fence pg_signal_backend',
      'pitcrew_verify pg_monitor',
      'pitcrew_verify pg_read_all_data',
    ]);
    expect(await sql(`SELECT rolcreaterole FROM pg_roles WHERE rolname = 'pitcrew_fence'`)).toEqual([
      { rolcreaterole: true },
    ]);
    expect(await logsIn('verify')).toBe('pitcrew_verify');
  });

  it('the master’s own password, of the snapshot’s time as well, is set by RDS first', async () => {
    keep('master', master.user, 'younger-than-the-snapshot');
    expect(await run()).toEqual({ kind: 'done', output: output({ repaired: ['shop_app'], masterReset: true }) });
    expect([await logsIn('app'), await logsIn('master')]).toEqual(['shop_app', master.user]);
  });
});

describe('what can’t be repaired fails before the cut-over, with what to do', () => {
  const refused = (promise: Promise<unknown>, because: string, user = 'shop_app') =>
    expect(promise).rejects.toMatchObject({
      code: 'restore.login-refused',
      kind: 'permanent',
      params: { because, user },
    });

  it('no master user is configured', () => refused(run({ masterRole: null }), 'no-master'));
  it('the application’s role wasn’t there yet', async () => {
    await sql('DROP ROLE shop_app');
    await refused(run(), 'missing');
  });
  it('the master may not: the role is a superuser’s', async () => {
    await sql('ALTER ROLE shop_app SUPERUSER');
    await refused(run(), 'not-permitted');
    await sql('ALTER ROLE shop_app NOSUPERUSER');
  });
  it('a password that clients don’t send alike', async () => {
    keep('app', 'shop_app', 'Kennwört');
    await refused(run(), 'not-ascii');
  });
  it('it is refused for another reason than its password', async () => {
    await sql(`ALTER ROLE shop_app VALID UNTIL '2020-01-01'`);
    await refused(run(), 'still-refused');
  });

  it('without a master, a refused role that only bars the old instance stops no restore: it is named', async () => {
    keep('app', 'shop_app', 'then');
    keep('fence', 'pitcrew_fence', fresh());
    expect(await run({ masterRole: null })).toEqual({ kind: 'done', output: output({ left: ['pitcrew_fence'] }) });
  });

  it('the configured login is not the master user’s: nothing is asked of RDS', async () => {
    keep('master', 'somebody', 'else');
    expect(await failure(run())).toMatchObject({ code: 'restore.master-refused', params: { master: master.user } });
  });

  it('an instance that another operation made keeps its master’s password', async () => {
    keep('master', master.user, 'younger-than-the-snapshot');
    expect(await failure(run({}, 'op-of-another'))).toMatchObject({ code: 'restore.name-taken' });
  });
});

describe('where RDS manages the master’s password', () => {
  const managed = (password: string) => {
    keep('master', master.user, password);
    const secretArn = `arn:aws:secretsmanager:${region}:123456789012:secret:production/master-`;
    const inRegion = rds(region);
    return {
      access: {
        ...access,
        credentials: (role: RoleSecret) =>
          access.credentials({ ...role, secret: role.secret.replace(/^arn:.*?:secret:(.*)-$/, '$1') }),
      },
      rds: () => ({
        ...inRegion,
        findInstance: async () => ({ ...instance, master: { user: master.user, secretArn } }),
        modifyInstance: () => Promise.reject(new Error('RDS refuses MasterUserPassword here')),
      }),
    };
  };

  it('its own secret is taken, without any in the config', async () => {
    expect(await runWith(managed(master.password), { masterRole: null })).toMatchObject({
      output: { repaired: ['shop_app'] },
    });
  });
  it('while RDS hasn’t set it yet, it is tried again, and RDS is asked nothing that it refuses', async () => {
    const early = await failure(runWith(managed('soon'), { masterRole: null }));
    expect(early).toMatchObject({ code: 'restore.master-resetting', kind: 'retryable' });
  });
});

describe('what is no matter of passwords', () => {
  it('a database that doesn’t answer is tried again, and nothing is changed', async () => {
    const away = { ...access, connect: (() => Promise.reject(retryable('database.unreachable'))) as Connect };
    expect(await failure(runWith({ access: away, rds: () => rds(region) }))).toMatchObject({
      code: 'database.unreachable',
    });
  });
  it('a database that is missing is the verification’s to find', async () => {
    keep('app', 'shop_app', 'then');
    expect(await run({ database: 'gone', masterRole: null })).toEqual({ kind: 'done', output: output() });
  });
});

it('a verifier is, to the last byte, what PostgreSQL itself keeps of the same password', async () => {
  const printable = fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(printable, async (password) => {
      await sql(`ALTER ROLE shop_app PASSWORD ${pg.escapeLiteral(password)}`);
      const kept = String((await sql(`SELECT rolpassword AS kept FROM pg_authid WHERE rolname = 'shop_app'`))[0]?.kept);
      const salt = Buffer.from(/^SCRAM-SHA-256\$4096:([^$]+)\$/.exec(kept)?.[1] ?? '', 'base64');
      expect(isPlainPassword(new Secret(password))).toBe(true);
      expect(await scramVerifier(new Secret(password), salt)).toBe(kept);
    }),
    { numRuns: 40 },
  );
});
