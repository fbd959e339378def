import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { manifestKey, manifestOf } from '../domain/dump.ts';
import { describeError } from '../messages/index.ts';
import { bucket, type JobGround, type JobProcess, openJobGround } from './jobs.fixture.ts';

let ground: JobGround;
beforeAll(async () => {
  ground = await openJobGround();
  await ground.database.sql('postgres', 'CREATE DATABASE shop');
  await ground.database.sql(
    'shop',
    'CREATE TABLE customers (id bigserial PRIMARY KEY, email text NOT NULL)',
    'CREATE TABLE orders (id bigserial PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, note text)',
    `INSERT INTO customers (email) SELECT 'c' || n || '@example.com' FROM generate_series(1, 1000) n`,
    // What gzip can't make small, so that there is something to send.
    `INSERT INTO orders (customer_id, note)
       SELECT n % 1000 + 1, encode(sha512(n::text::bytea), 'hex') || encode(sha512((-n)::text::bytea), 'hex')
       FROM generate_series(1, 120000) n`,
  );
});
afterAll(() => ground?.close());
afterEach(() => ground.aws.faults.clear());

let made = 0;
const another = () => {
  const operation = `op-${String(++made).padStart(12, '0')}`;
  return { operation, key: `database/production/${operation}.dump` };
};
const textOf = (key: string) => ground.s3.text({ bucket, key });
const manifestAt = async (key: string) => manifestOf((await textOf(manifestKey(key))) ?? '');
const unfinished = (key: string) => ground.s3.unfinished({ bucket, key });

/** Looks until it holds. */
async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; await sleep(20)) if (await holds()) return;
  throw new Error(`not within 30 s: ${what}`);
}

async function failed(job: JobProcess) {
  expect(await job.ended).toBe(1);
  const last = job.last();
  if (last?.said !== 'failed') throw new Error(`it said ${JSON.stringify(last)}`);
  const { what, hint } = describeError('en', { code: last.code, params: last.params });
  return { code: last.code, final: last.final, text: `${what} ${hint}` };
}

/** The rows of a dump, loaded as anybody would load it. */
async function loaded(key: string): Promise<{ orders: number; customers: number }> {
  const file = join(ground.database.household.folder, 'loaded.dump');
  writeFileSync(file, ground.store.read(bucket, key));
  await ground.database.sql('postgres', 'DROP DATABASE IF EXISTS scratch', 'CREATE DATABASE scratch');
  const { user, password } = await ground.database.credentials({
    region: '',
    secret: 'shop_app',
    keys: { user: '', password: '' },
  });
  await ground.database.sql(
    'scratch',
    'GRANT ALL ON SCHEMA public TO shop_app',
    'ALTER DATABASE scratch OWNER TO shop_app',
  );
  const args = ['--no-owner', '--no-privileges', '--exit-on-error', '-h', '127.0.0.1', '-d', 'scratch', file];
  const env = { PATH: process.env.PATH ?? '', PGPORT: String(ground.database.port), PGUSER: user };
  await promisify(execFile)('pg_restore', args, {
    env: { ...env, PGPASSWORD: password.reveal(), PGSSLMODE: 'require' },
  });
  const { rows } = await ground.database.sql(
    'scratch',
    'SELECT (SELECT count(*) FROM orders)::int AS orders, (SELECT count(*) FROM customers)::int AS customers',
  );
  return rows[0] as { orders: number; customers: number };
}

describe('a dump', () => {
  it('holds exactly the rows that were counted in its snapshot, though somebody writes all the while', async () => {
    const { operation, key } = another();
    const task = ground.task({ operation, key });
    const writer = await ground.database.session('pitcrew_reader', 'shop');
    let writing = true;
    const writes = (async () => {
      while (writing) await ground.database.sql('shop', `INSERT INTO customers (email) VALUES ('x@example.com')`);
    })();
    const job = ground.start(task);
    expect(await job.ended, job.log()).toBe(0);
    writing = false;
    await writes;
    await writer.end();
    const manifest = await manifestAt(key);
    expect(manifest).toMatchObject({ operation, bucket, key, database: 'shop', resourceId: 'db-ABC', adopted: false });
    expect(manifest?.counts?.['public.orders']).toBe(120_000);
    expect(manifest?.counts?.['public.customers']).toBeGreaterThanOrEqual(1000);
    expect(await loaded(key)).toEqual({
      orders: manifest?.counts?.['public.orders'],
      customers: manifest?.counts?.['public.customers'],
    });
    const head = await ground.s3.head({ bucket, key });
    expect(manifest).toMatchObject({ versionId: head?.versionId, sizeBytes: head?.sizeBytes });
    expect(manifest?.serverVersion).toMatch(/^15\.\d+$/);
    expect(job.last()).toEqual({ said: 'done' });
    expect(await unfinished(key)).toEqual([]);
  });

  it('names the password neither in its argv nor in what it says', async () => {
    const { operation, key } = another();
    const job = ground.start(ground.task({ operation, key }));
    const { password } = await ground.database.credentials({
      region: '',
      secret: 'pitcrew_reader',
      keys: { user: '', password: '' },
    });
    const seen: string[] = [];
    while (job.child.exitCode === null && seen.length < 200) {
      const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
      seen.push(stdout);
      await sleep(30);
    }
    expect(await job.ended).toBe(0);
    expect(seen.join('\n')).toContain('--snapshot=');
    expect(seen.join('\n')).not.toContain(password.reveal());
    expect(job.log()).not.toContain(password.reveal());
  });

  it('F38: killed in the middle leaves no dump; the next attempt makes it whole, and no parts are left over', async () => {
    const { operation, key } = another();
    const task = ground.task({ operation, key });
    ground.aws.faults.order({ service: 's3', action: 'UploadPart', fault: { kind: 'delay', seconds: 1 } });
    // Before its first part it shows the same of itself: it proves that it may write by an upload that it gives up again.
    const parts = () => ground.aws.faults.calls('s3', 'UploadPart');
    const before = parts();
    const job = ground.start(task);
    await until('parts are under way', async () => (await unfinished(key)).length > 0 && parts() > before);
    job.child.kill('SIGKILL');
    expect(await job.ended).toBeNull();
    ground.aws.faults.clear();
    expect(await manifestAt(key)).toBeUndefined();
    expect(await unfinished(key)).toHaveLength(1);

    expect(await ground.start(task).ended).toBe(0);
    expect(await manifestAt(key)).toBeDefined();
    expect(await unfinished(key)).toEqual([]);
    expect(await loaded(key)).toMatchObject({ orders: 120_000 });
  });

  it('F15: told to end in the middle, it ends within seconds and takes its parts with it', async () => {
    const { operation, key } = another();
    ground.aws.faults.order({ service: 's3', action: 'UploadPart', fault: { kind: 'delay', seconds: 1 } });
    const job = ground.start(ground.task({ operation, key }));
    await until('parts are under way', async () => (await unfinished(key)).length > 0);
    const asked = performance.now();
    job.child.kill('SIGTERM');
    expect(await failed(job)).toMatchObject({ code: 'dump.stopped', final: false });
    expect(performance.now() - asked).toBeLessThan(10_000);
    expect(await unfinished(key)).toEqual([]);
    expect(await manifestAt(key)).toBeUndefined();
  });

  it('that ended well before is not made again', async () => {
    const { operation, key } = another();
    const task = ground.task({ operation, key });
    expect(await ground.start(task).ended).toBe(0);
    const before = await manifestAt(key);
    expect(await ground.start(task).ended).toBe(0);
    expect(await manifestAt(key)).toEqual(before);
    expect((await ground.s3.head({ bucket, key }))?.versionId).toBe(before?.versionId);
  });

  it('whose pg_dump fails half-way is none: its end is not taken for its success', async () => {
    const { operation, key } = another();
    ground.aws.faults.order({ service: 's3', action: 'UploadPart', fault: { kind: 'delay', seconds: 1 } });
    const job = ground.start(ground.task({ operation, key }));
    await until('pg_dump reads', async () => {
      const ended = await ground.database.sql(
        'shop',
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND query LIKE 'COPY%orders%'`,
      );
      return (ended.rowCount ?? 0) > 0;
    });
    expect(await failed(job)).toMatchObject({ code: 'dump.pg-dump-failed', final: false });
    expect(await ground.s3.head({ bucket, key })).toBeUndefined();
    expect(await unfinished(key)).toEqual([]);
  });

  it('for which a right is missing says which, and is not tried again', async () => {
    const { operation, key } = another();
    await ground.database.sql('shop', 'CREATE SCHEMA closed', 'CREATE TABLE closed.t (a int)');
    await ground.database.sql('shop', 'REVOKE pg_read_all_data FROM pitcrew_reader');
    const job = ground.start(ground.task({ operation, key, critical: [] }));
    const { code, final, text } = await failed(job);
    await ground.database.sql('shop', 'GRANT pg_read_all_data TO pitcrew_reader', 'DROP SCHEMA closed CASCADE');
    expect({ code, final }).toEqual({ code: 'dump.denied', final: true });
    expect(text).toMatch(/table |schema /);
  });

  it('is refused by a bucket that may not be written to, before the database is touched', async () => {
    const { operation, key } = another();
    ground.aws.faults.order({ service: 's3', action: 'PutObject', fault: { kind: 'deny' } });
    const job = ground.start(ground.task({ operation, key, port: 1 }));
    expect(await failed(job)).toMatchObject({
      code: 'aws.denied',
      final: true,
      text: expect.stringContaining('s3:PutObject'),
    });
  });

  it('without a client of the server’s major version is refused', async () => {
    const job = ground.start(ground.task({ ...another(), major: 99 }));
    expect(await failed(job)).toMatchObject({ code: 'dump.client-missing', final: true });
  });
});

describe('memory', () => {
  it('F39: stays bounded when S3 takes bytes much slower than pg_dump makes them', async () => {
    await ground.database.sql('postgres', 'CREATE DATABASE big');
    await ground.database.sql(
      'big',
      `CREATE TABLE photos AS SELECT n AS id, (SELECT string_agg(sha512((n * 100000 + m)::text::bytea), ''::bytea)
         FROM generate_series(1, 16000) m) AS picture FROM generate_series(1, 80) n`,
    );
    const { operation, key } = another();
    ground.aws.faults.slow('s3', 2);
    const job = ground.start(ground.task({ operation, key, database: 'big', critical: ['photos'] }));
    let peak = 0;
    while (job.child.exitCode === null) {
      peak = Math.max(peak, residentOf(job.child.pid));
      const last = job.last();
      if (last?.said === 'progress' && last.phase === 'read') ground.aws.faults.slow('s3', 0);
      await sleep(50);
    }
    ground.aws.faults.slow('s3', 0);
    expect(await job.ended, job.log()).toBe(0);
    const { sizeBytes = 0 } = (await manifestAt(key)) ?? {};
    expect(sizeBytes).toBeGreaterThan(70e6);
    console.log(`peak of ${Math.round(peak / 1e6)} MB for a dump of ${Math.round(sizeBytes / 1e6)} MB`);
    expect(peak / 1e6).toBeLessThan(200);
  }, 180_000);
});

/** Bytes that a process holds in memory. */
function residentOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

describe('an adoption', () => {
  const archive = async (...args: readonly string[]) => {
    const file = join(ground.database.household.folder, 'by-hand.dump');
    const { user, password } = await ground.database.credentials({
      region: '',
      secret: 'pitcrew_reader',
      keys: { user: '', password: '' },
    });
    const address = ['-h', '127.0.0.1', '-p', String(ground.database.port), '-d', 'shop', '-f', file];
    const env = { PATH: process.env.PATH ?? '', PGUSER: user, PGPASSWORD: password.reveal(), PGSSLMODE: 'require' };
    await promisify(execFile)('pg_dump', [...address, ...args], { env });
    return readFileSync(file);
  };
  const put = async (key: string, bytes: Uint8Array) => {
    await ground.s3.put({ bucket, key }, 'x');
    ground.store.tamper(bucket, key, bytes);
  };
  const adopt = (key: string) => ground.start(ground.task({ kind: 'adopt', operation: another().operation, key }));

  it('reads a dump of the runbook whole and writes its manifest, counts not proven', async () => {
    const bytes = await archive('-Fc');
    await put('database/backup-20261120.dump', bytes);
    expect(await adopt('database/backup-20261120.dump').ended).toBe(0);
    expect(await manifestAt('database/backup-20261120.dump')).toMatchObject({
      ...{ adopted: true, counts: null, database: 'shop', sizeBytes: bytes.length },
      serverVersion: expect.stringMatching(/^15\./),
    });
  });

  it('F40: refuses what is truncated, damaged, foreign, empty or of a newer version, says why, and writes no manifest', async () => {
    const good = await archive('-Fc');
    const flipped = (at: number) => {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      return bytes;
    };
    const newer = Buffer.from(good);
    // Both versions stand in its head, each with that of its package.
    for (let at = newer.indexOf('15.'); at >= 0 && at < 200; at = newer.indexOf('15.', at)) newer.write('18.', at);
    const cases: readonly (readonly [string, Uint8Array, string])[] = [
      ['cut in the middle of its data', good.subarray(0, Math.floor(good.length / 2)), 'adopt.truncated'],
      ['cut by its last byte', good.subarray(0, -1), 'adopt.truncated'],
      ['one bit flipped in its data', flipped(Math.floor(good.length / 2)), 'adopt.damaged'],
      ['one bit flipped near its end', flipped(good.length - 2000), 'adopt.damaged'],
      ['a plain dump', await archive('-Fp'), 'adopt.foreign'],
      ['a tar', await archive('-Ft'), 'adopt.foreign'],
      ['something else', Buffer.from('PK\u0003\u0004 a zip'), 'adopt.foreign'],
      ['its head alone', good.subarray(0, 30), 'adopt.foreign'],
      ['made by a newer pg_dump', newer, 'adopt.newer'],
      ['empty', new Uint8Array(), 'adopt.empty'],
    ];
    for (const [what, bytes, code] of cases) {
      const key = `database/${what.replaceAll(' ', '-')}.dump`;
      await put(key, bytes);
      const job = adopt(key);
      expect(await job.ended, `${what}: ${job.log()}`).toBe(1);
      const refused = await failed(job);
      expect(refused, what).toMatchObject({ code, final: true });
      expect(refused.text, what).not.toContain('no words for');
      expect(await manifestAt(key), what).toBeUndefined();
    }
  }, 180_000);

  it('survives connections that break in the middle of the object', async () => {
    await put('database/broken-connections.dump', await archive('-Fc'));
    ground.aws.faults.order({ service: 's3', action: 'GetObject', times: 2, fault: { kind: 'cut-answer' } });
    expect(await adopt('database/broken-connections.dump').ended).toBe(0);
    expect(await manifestAt('database/broken-connections.dump')).toMatchObject({ adopted: true });
  });
});
