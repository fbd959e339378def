import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleSecret } from '../clients/private-database.fixture.ts';
import { verifyDeeply } from './checklist.ts';
import { recoveryPoint, shopChecks } from './shop.fixture.ts';
import { failed, found, one, openShop, type Shop } from './verified-shop.fixture.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.server.sql(
    'shop',
    'CREATE TABLE notes (id bigserial PRIMARY KEY, tag text)',
    `INSERT INTO notes (tag) SELECT 'tag-' || n FROM generate_series(1, 3000) n`,
    'CREATE UNIQUE INDEX notes_lower_tag ON notes (lower(tag)) WHERE id > 1000',
    'CREATE TABLE replies (id bigserial PRIMARY KEY, note_id bigint NOT NULL REFERENCES notes)',
    'INSERT INTO replies (note_id) SELECT n FROM generate_series(1, 3000) n',
  );
});
afterAll(() => shop?.server.close());

const amcheck = ['CREATE EXTENSION amcheck', 'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO pitcrew_reader'];
const deep = (restored: string, { live = null as string | null, minutes = 1 } = {}) =>
  verifyDeeply(shop.server, {
    restored: shop.server.address(restored),
    live: live === null ? null : shop.server.address(live),
    verifyRole: roleSecret('pitcrew_reader'),
    settings: { ...shopChecks, deepMinutes: minutes },
    baseline: undefined,
    asOf: recoveryPoint,
    timeZone: 'UTC',
    signal: new AbortController().signal,
  });

describe('the deep tier', () => {
  it('reads every table and every index, and tells that in a few lines', async () => {
    const report = await deep(await shop.copy(...amcheck));
    expect(report).toMatchObject({ outcome: 'pass', notChecked: [] });
    expect(report.results.map(({ check, params }) => [check, params.count])).toEqual([
      ['tables-read', 7],
      ['indexes-intact', expect.any(Number)],
      ['tables-intact', 7],
      ['foreign-keys', 3],
      ['duplicates', expect.any(Number)],
      ['checksums', undefined],
    ]);
    expect(one(report, 'tables-read')?.params.rows).toBe(200 + 500 + 1500 + 30 + 6000);
    // Those of the tables and those of the system's own catalogues.
    expect(one(report, 'indexes-intact')?.params.count).toBeGreaterThan(100);
  });

  it('says that without amcheck nothing is proven about indexes, and what to do', async () => {
    const report = await deep('shop');
    expect(report.outcome).toBe('not-proven');
    expect(one(report, 'amcheck')).toMatchObject({ finding: 'verification.amcheck-missing' });
    const notAllowed = await deep(await shop.copy('CREATE EXTENSION amcheck'));
    expect(one(notAllowed, 'amcheck')).toMatchObject({ finding: 'verification.amcheck-missing' });
  });

  const behindTheIndex = (index: string, statement: string) => [
    `UPDATE pg_index SET indisready = false WHERE indexrelid = '${index}'::regclass`,
    statement,
    `UPDATE pg_index SET indisready = true WHERE indexrelid = '${index}'::regclass`,
  ];

  it.each([
    [
      'an index that lost an entry',
      behindTheIndex('notes_pkey', `INSERT INTO notes (id, tag) VALUES (9000, 'lost')`),
      ['index:public.notes_pkey: verification.corrupt'],
    ],
    [
      'orphans behind a declared key of tables that nobody called critical',
      ['SET session_replication_role = replica', 'DELETE FROM notes WHERE id = 7'],
      ['foreign-key:public.replies.replies_note_id_fkey: verification.orphans'],
    ],
    [
      'doubles of a unique expression, of which none is shown',
      behindTheIndex('notes_lower_tag', `UPDATE notes SET tag = 'TAG-2001' WHERE id = 2000`),
      [
        'index:public.notes_lower_tag: verification.corrupt',
        'duplicates:public.notes.notes_lower_tag: verification.duplicates-of-index',
      ],
    ],
  ])('finds %s', async (_, damage, findings) => {
    const report = await deep(await shop.copy(...amcheck, ...damage));
    expect(found(report)).toEqual(findings);
    expect(JSON.stringify(report)).not.toMatch(/tag-2001/i);
  });

  it('finds a block that was damaged on its disk, by its checksum', async () => {
    const { name, file } = await onDisk('damaged');
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(8000) ^ 0xff, 8000);
    writeFileSync(file, bytes);
    const report = await deep(name);
    expect(found(report)).toContain('read:public.notes: verification.corrupt');
    expect(one(report, 'checksums')).toMatchObject({ finding: 'verification.checksum-failures' });
    expect(failed(report).filter(({ check }) => !/note|checksums/.test(check))).toEqual([]);
  });

  it('finds a row that is wrong in itself, whatever its block’s checksum says', async () => {
    const { name, file } = await onDisk('wrong');
    const bytes = readFileSync(file);
    const linePointers = 24;
    // Longer than the block: nobody who only counts would notice.
    const pointer = bytes.readUInt32LE(linePointers);
    bytes.writeUInt32LE(((pointer & 0x1ffff) | (8000 << 17)) >>> 0, linePointers);
    await shop.server.sql('postgres', 'CREATE EXTENSION IF NOT EXISTS pageinspect');
    const page = bytes.subarray(0, 8192).toString('hex');
    const { rows } = await shop.server.sql('postgres', `SELECT page_checksum('\\x${page}'::bytea, 0) AS checksum`);
    bytes.writeInt16LE(rows[0].checksum, 8);
    writeFileSync(file, bytes);
    expect(failed(await deep(name))).toMatchObject([
      { check: 'intact:public.notes', finding: 'verification.table-corrupt', params: { count: 1, blocks: 1 } },
    ]);
  });

  it('excuses what the old database has too', async () => {
    const damage = ['SET session_replication_role = replica', 'DELETE FROM notes WHERE id = 7'];
    const report = await deep(await shop.copy(...amcheck, ...damage), { live: await shop.copy(...damage) });
    expect(report.outcome).toBe('pass');
    expect(report.results.filter(({ known }) => known)).toMatchObject([{ params: { where: 'live', count: 1 } }]);
  });

  it('lists by name what its time did not reach', async () => {
    const report = await deep(await shop.copy(...amcheck), { minutes: 0.08 / 60 });
    expect(report.outcome).toBe('not-proven');
    expect(report.notChecked).toContain('duplicates:public.notes.notes_pkey');
  });

  it('leaves a database that serves free to vacuum: no transaction of its stays open', async () => {
    const restored = await shop.copy(...amcheck);
    const ages: number[] = [];
    const running = deep(restored);
    let over = false;
    void running.finally(() => {
      over = true;
    });
    while (!over) {
      const { rows } = await shop.server.sql(
        'postgres',
        `SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8 AS age FROM pg_stat_activity
         WHERE datname = '${restored}' AND usename = 'pitcrew_reader' AND state <> 'active'`,
      );
      ages.push(rows[0].age);
    }
    await running;
    expect(ages.length).toBeGreaterThan(3);
    expect(Math.max(...ages)).toBeLessThan(1);
  });
});

/** A copy that no buffer holds yet, and the file of its table of notes. */
async function onDisk(name: string): Promise<{ readonly name: string; readonly file: string }> {
  await shop.server.sql('postgres', `CREATE DATABASE ${name} TEMPLATE shop STRATEGY file_copy`);
  await shop.server.sql(name, ...amcheck);
  const { rows } = await shop.server.sql(name, `SELECT pg_relation_filepath('notes') AS path`);
  return { name, file: join(shop.server.household.folder, 'cluster/data', String(rows[0].path)) };
}
