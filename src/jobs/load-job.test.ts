import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DumpManifest, manifestKey, manifestOf } from '../domain/dump.ts';
import type { LoadTask } from '../domain/load.ts';
import { describeError } from '../messages/index.ts';
import { markOf } from '../verification/new-database.ts';
import { bucket, type JobGround, type JobProcess, openJobGround } from './jobs.fixture.ts';

let ground: JobGround;
let manifest: DumpManifest;
const master = { PGUSER: 'shop_master', PGPASSWORD: 'master password' };
beforeAll(async () => {
  ground = await openJobGround();
  const { sql } = ground.database;
  await sql(
    'postgres',
    // As on RDS: no superuser, who may create roles and databases.
    `CREATE ROLE shop_master LOGIN CREATEROLE CREATEDB PASSWORD '${master.PGPASSWORD}'`,
    'CREATE ROLE reporting',
    'CREATE DATABASE shop OWNER shop_master TEMPLATE template0 ENCODING UTF8 LC_COLLATE "C" LC_CTYPE "C"',
    `ALTER DATABASE shop SET search_path TO "$user", public`,
    `ALTER DATABASE shop SET application_name TO 'it''s "fine"'`,
    // Only a superuser may set this one, and on RDS there is none.
    'ALTER DATABASE shop SET log_statement TO ddl',
    `ALTER ROLE reporting IN DATABASE shop SET search_path TO 'Sales', public`,
    `ALTER ROLE reporting SET work_mem TO '64MB'`,
    'ALTER ROLE reporting SET log_min_duration_statement TO 250',
    `ALTER ROLE shop_app SET statement_timeout TO '30s'`,
    'REVOKE CONNECT ON DATABASE shop FROM PUBLIC',
    'GRANT CONNECT ON DATABASE shop TO shop_app, pitcrew_reader',
  );
  await sql(
    'shop',
    'CREATE SCHEMA extras AUTHORIZATION shop_master',
    'CREATE EXTENSION pgcrypto WITH SCHEMA extras',
    'SET ROLE shop_master',
    'CREATE TABLE customers (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE)',
    'CREATE TABLE orders (id bigserial PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, note text)',
    `INSERT INTO customers (email) SELECT 'c' || n || '@example.com' FROM generate_series(1, 1000) n`,
    `INSERT INTO orders (customer_id, note)
       SELECT n % 1000 + 1, encode(sha512(n::text::bytea), 'hex') FROM generate_series(1, 60000) n`,
    'GRANT SELECT, INSERT ON customers, orders TO shop_app',
    'GRANT SELECT ON orders TO reporting',
    'RESET ROLE',
  );
  const job = ground.start(ground.task());
  expect(await job.ended, job.log()).toBe(0);
  manifest = manifestOf((await ground.s3.text({ bucket, key: manifestKey(ground.task().key) })) ?? '') as DumpManifest;
});
afterAll(() => ground?.close());
afterEach(() => ground.aws.faults.clear());

let made = 0;
function task(more: Partial<LoadTask> = {}): LoadTask {
  const number = String(++made).padStart(12, '0');
  const { key, versionId, sizeBytes, sha256, needs } = manifest;
  const { region, environment, host, port, major } = ground.task();
  return {
    ...{ kind: 'load', operation: `op-${number}`, environment, region, bucket, key, versionId, sha256, sizeBytes },
    ...{ host, port, database: `shop_op_${number}`, major, jobs: 2, via: 'file', mode: 'new-database' },
    ...{ role: 'shop_master', shape: needs?.shape ?? never() },
    ...more,
  };
}
function never(): never {
  throw new Error('the manifest says nothing of what it needs');
}
const load = (one: LoadTask) => ground.start(one, master);

async function failed(job: JobProcess) {
  expect(await job.ended).toBe(1);
  const last = job.last();
  if (last?.said !== 'failed') throw new Error(`it said ${JSON.stringify(last)}`);
  const { what, hint } = describeError('en', { code: last.code, params: last.params });
  return { code: last.code, final: last.final, text: `${what} ${hint}` };
}

/** Everything that a row of the two tables is, in one text. */
const contents = `SELECT (SELECT md5(string_agg(c::text, '|' ORDER BY id)) FROM customers c) AS customers,
  (SELECT md5(string_agg(o::text, '|' ORDER BY id)) FROM orders o) AS orders`;
const fingerprint = async (database: string) => (await ground.database.sql(database, contents)).rows[0];
const exists = async (database: string) =>
  (await ground.database.sql('postgres', `SELECT 1 FROM pg_database WHERE datname = '${database}'`)).rowCount === 1;
const markIn = async (database: string) =>
  (
    await ground.database.sql(
      'postgres',
      `SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = '${database}'`,
    )
  ).rows[0]?.mark;

/** Bytes in S3 under a key of their own, with the manifest's own sums unless said otherwise. */
async function stored(key: string, bytes: Buffer): Promise<Pick<LoadTask, 'key' | 'versionId' | 'sizeBytes'>> {
  const { Readable } = await import('node:stream');
  const sizes = { partBytes: 5 * 1024 * 1024, partsAtOnce: 1 };
  await ground.s3.upload({ bucket, key }, Readable.from([bytes]), sizes, new AbortController().signal);
  const head = await ground.s3.head({ bucket, key });
  return { key, versionId: head?.versionId ?? null, sizeBytes: bytes.length };
}

describe.each(['file', 'stream'] as const)('a load from a %s', (via) => {
  it('brings every row back, with extensions, grants, settings and statistics, and leaves no file', async () => {
    const one = task({ via });
    const job = load(one);
    expect(await job.ended, job.log()).toBe(0);
    expect(await fingerprint(one.database)).toEqual(await fingerprint('shop'));
    const { rows } = await ground.database.sql(
      one.database,
      `SELECT (SELECT max(setting) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(setconfig) setting WHERE datname = current_database() AND setting LIKE 'app%') AS name, current_setting('search_path') AS path,
         (SELECT nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pgcrypto') AS schema,
         has_table_privilege('reporting', 'orders', 'SELECT') AS granted,
         has_database_privilege('shop_app', current_database(), 'CONNECT') AS app,
         has_database_privilege('analyst', current_database(), 'CONNECT') AS analyst,
         (SELECT tableowner FROM pg_tables WHERE tablename = 'orders') AS owner,
         (SELECT count(*) > 0 FROM pg_stats WHERE tablename = 'orders') AS analyzed,
         (SELECT datcollate FROM pg_database WHERE datname = current_database()) AS collation`,
    );
    expect(rows[0]).toEqual({
      ...{ name: `application_name=it's "fine"`, path: '"$user", public', schema: 'extras', granted: true, app: true },
      ...{ analyst: false, owner: 'shop_master', analyzed: true, collation: 'C' },
    });
    expect(await markIn(one.database)).toBe(markOf(one.operation, true));
    expect(readdirSync(ground.database.household.folder).filter((name) => name.includes(one.operation))).toEqual([]);
    expect(job.log()).not.toContain(master.PGPASSWORD);
  });

  it('sets again what was set, says what the master user may not set, and leaves the roles of a server that serves alone', async () => {
    const storedFor = async (role: string, database: string | null) => {
      const { rows } = await ground.database.sql(
        'postgres',
        `SELECT unnest(setconfig) AS setting FROM pg_db_role_setting LEFT JOIN pg_roles r ON r.oid = setrole
         LEFT JOIN pg_database d ON d.oid = setdatabase
         WHERE r.rolname = '${role}' AND d.datname IS NOT DISTINCT FROM ${database === null ? 'NULL' : `'${database}'`}`,
      );
      return rows.map(({ setting }) => setting);
    };
    await ground.database.sql('postgres', 'ALTER ROLE reporting RESET ALL', 'ALTER ROLE shop_app RESET ALL');
    const beside = task({ via });
    const first = load(beside);
    expect(await first.ended, first.log()).toBe(0);
    expect(first.last()).toEqual({ said: 'done', left: ['log_statement'] });
    expect(await storedFor('reporting', beside.database)).toEqual(['search_path="Sales", public']);
    expect(await storedFor('reporting', null)).toEqual([]);

    const own = task({ via, settingsOf: ['reporting'] });
    const second = load(own);
    expect(await second.ended, second.log()).toBe(0);
    expect(second.last()).toEqual({
      said: 'done',
      left: ['log_statement', 'reporting: log_min_duration_statement'],
    });
    expect(await storedFor('reporting', null)).toEqual(['work_mem=64MB']);
    expect(await storedFor('shop_app', null)).toEqual([]);
  });

  it('F41: an archive that breaks off in the middle leaves production as it was, and a database nobody would use', async () => {
    const before = await fingerprint('shop');
    const bytes = ground.store.read(bucket, manifest.key);
    const half = await stored(`database/half-${via}.dump`, bytes.subarray(0, bytes.length / 2));
    const one = task({ via, ...half });
    const { code, final } = await failed(load(one));
    expect({ code: code.replace('failed-silently', 'failed'), final }).toEqual({
      code: via === 'file' ? 'load.differs' : 'load.failed',
      final: true,
    });
    expect(await markIn(one.database)).not.toBe(markOf(one.operation, true));
    expect(await fingerprint('shop')).toEqual(before);
  });

  it('F40: bytes that are not those of the manifest are never served', async () => {
    const bytes = Buffer.from(ground.store.read(bucket, manifest.key));
    const at = bytes.length - 200;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const one = task({ via, ...(await stored(`database/flipped-${via}.dump`, bytes)) });
    expect((await failed(load(one))).final).toBe(true);
    expect(await markIn(one.database)).not.toBe(markOf(one.operation, true));
  });
});

describe('a load', () => {
  it('that was killed in the middle is begun anew by the next attempt, and ends with the same rows', async () => {
    const one = task({ via: 'stream' });
    ground.aws.faults.order({ service: 's3', action: 'GetObject', fault: { kind: 'delay', seconds: 0.3 } });
    const first = load(one);
    for (const end = performance.now() + 30_000; performance.now() < end && !(await exists(one.database)); )
      await sleep(20);
    await sleep(700);
    first.child.kill('SIGKILL');
    await first.ended;
    ground.aws.faults.clear();
    const second = load(one);
    expect(await second.ended, second.log()).toBe(0);
    expect(await fingerprint(one.database)).toEqual(await fingerprint('shop'));
  });

  it('that was done already is not begun anew: the database may serve by now', async () => {
    const one = task();
    expect(await load(one).ended).toBe(0);
    await ground.database.sql(one.database, `INSERT INTO customers (email) VALUES ('new@example.com')`);
    expect(await load(one).ended).toBe(0);
    const { rows } = await ground.database.sql(one.database, `SELECT 1 FROM customers WHERE email = 'new@example.com'`);
    expect(rows).toHaveLength(1);
  });

  it('F43: of a role that is missing after all names it and the thing it is wanted for, and no row', async () => {
    await ground.database.sql('shop', 'CREATE ROLE passing', 'GRANT SELECT ON customers TO passing');
    const operation = 'op-00000000f430';
    const dump = ground.start({ ...ground.task({ operation, key: `database/production/${operation}.dump` }) });
    expect(await dump.ended, dump.log()).toBe(0);
    await ground.database.sql('shop', 'DROP OWNED BY passing', 'DROP ROLE passing');
    const key = `database/production/${operation}.dump`;
    const { versionId, sizeBytes, sha256 } = manifestOf(
      (await ground.s3.text({ bucket, key: manifestKey(key) })) ?? '',
    ) as DumpManifest;
    const job = load(task({ key, versionId, sizeBytes, sha256 }));
    const { code, text } = await failed(job);
    expect(code).toBe('load.failed');
    expect(text).toContain('role "passing" does not exist');
    expect(job.log()).not.toContain('@example.com');
  });

  it('says nothing of rows where one of them is why it failed', async () => {
    await ground.database.sql(
      'shop',
      'CREATE TABLE cards (holder text)',
      'ALTER TABLE cards OWNER TO shop_master',
      `INSERT INTO cards VALUES ('Mallory Secret')`,
      `ALTER TABLE cards ADD CONSTRAINT named CHECK (holder = 'nobody') NOT VALID`,
      `UPDATE pg_constraint SET convalidated = true WHERE conname = 'named'`,
    );
    const operation = 'op-00000000f410';
    const key = `database/production/${operation}.dump`;
    const dump = ground.start(ground.task({ operation, key }));
    expect(await dump.ended, dump.log()).toBe(0);
    await ground.database.sql('shop', 'DROP TABLE cards');
    const { versionId, sizeBytes, sha256 } = manifestOf(
      (await ground.s3.text({ bucket, key: manifestKey(key) })) ?? '',
    ) as DumpManifest;
    const job = load(task({ key, versionId, sizeBytes, sha256 }));
    const { text } = await failed(job);
    expect(text).toMatch(/TABLE DATA public cards|violates check constraint "named"/);
    expect(job.log()).not.toContain('Mallory');
  });

  it('touches no database that another made under its name', async () => {
    const one = task();
    await ground.database.sql('postgres', `CREATE DATABASE ${one.database} OWNER shop_master`);
    await ground.database.sql(one.database, 'CREATE TABLE theirs (id int)', 'ALTER TABLE theirs OWNER TO shop_master');
    expect(await failed(load(one))).toMatchObject({ code: 'load.name-taken', final: true });
    expect((await ground.database.sql(one.database, 'SELECT * FROM theirs')).rowCount).toBe(0);
  });

  it('in place is all or nothing: a database that clashes keeps every row', async () => {
    await ground.database.sql('postgres', 'CREATE DATABASE live TEMPLATE shop OWNER shop_master');
    await ground.database.sql('live', `INSERT INTO customers (email) VALUES ('late@example.com')`);
    const good = task({ mode: 'in-place', database: 'live', jobs: 1 });
    const job = load(good);
    expect(await job.ended, job.log()).toBe(0);
    expect(await fingerprint('live')).toEqual(await fingerprint('shop'));
    await ground.database.sql(
      'live',
      'CREATE VIEW notes AS SELECT note FROM orders',
      'UPDATE orders SET note = NULL WHERE id = 7',
    );
    const before = await fingerprint('live');
    const { code } = await failed(load(task({ mode: 'in-place', database: 'live', jobs: 1 })));
    expect(code).toMatch(/^load\.failed/);
    expect(await fingerprint('live')).toEqual(before);
  });
});
