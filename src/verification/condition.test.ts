import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PrivateDatabase, privateDatabase } from '../clients/private-database.fixture.ts';
import { conditionFault, longestCondition } from '../domain/condition.ts';
import { quoted, tableSql } from './names.ts';

describe('what can’t be one expression', () => {
  it.each([
    ['', 'empty'],
    [' \n', 'empty'],
    ['x'.repeat(longestCondition + 1), 'too-long'],
    ['true; DROP TABLE t', 'semicolon'],
    ['true -- and', 'comment'],
    ['true /* and */', 'comment'],
    ['true) OR (true', 'parentheses'],
    ['(id = 1', 'parentheses'],
    [`note = 'open`, 'quotes'],
    ['"note = 1', 'quotes'],
    ['note = $$x$$', 'dollar'],
    ['id = $1', 'dollar'],
    [`note = E'\\''`, 'escape-string'],
    [`note = e'x'`, 'escape-string'],
    ['u&"no\\0074e" = 1', 'escaped-name'],
    ['id = 1\u0000', 'control-character'],
  ])('%j is refused', (text, fault) => expect(conditionFault(text)).toBe(fault));

  it.each([
    `note = 'it''s; --; /* ('`,
    `"odd "";)" = 1`,
    `created_at >= '2026-11-20 03:14Z'\n  AND id IN (SELECT order_id FROM order_items)`,
    `note LIKE'x'`,
    `name = U&'d\\0061ta'`,
  ])('%j may be one', (text) => expect(conditionFault(text)).toBeUndefined());
});

let server: PrivateDatabase;
let client: pg.Client;
beforeAll(async () => {
  server = await privateDatabase();
  await server.sql(
    'postgres',
    'CREATE TABLE t (id int, "it\'s" text)',
    'CREATE TABLE secret (id int)',
    'INSERT INTO secret VALUES (1)',
  );
  client = await server.session('pitcrew_reader', 'postgres');
}, 60_000);
afterAll(async () => {
  await client?.end();
  await server?.close();
});

const piece = fc.oneof(
  fc.constantFrom(
    ...`true|false| |(|)|'|''|"|;|--|/*|*/|$$|\\|E'|e'|U&'|\n|UNION SELECT id FROM secret|1=1) UNION SELECT id FROM secret WHERE (1=1|OR|AND|1=1|LIMIT 0|,|NOT|NULL|[|]|::bool|\u00a0|\u2028`.split(
      '|',
    ),
  ),
  fc.string({ maxLength: 4 }),
);

describe('a condition that is let through', () => {
  it('is one expression within its parentheses, whatever it is made of: the query around it stays as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const condition = pieces.join('');
        if (conditionFault(condition)) return;
        // Behind it stands what only an untouched query ends in; the table has no row, so that nothing else can come.
        const sql = `SELECT id FROM t WHERE (\n${condition}\n) AND 'whole' = 'whole' /* end */`;
        const found = await client.query(sql).catch(() => undefined);
        expect(found === undefined || (!Array.isArray(found) && found.rows.length === 0)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});

it('any name is one identifier, as PostgreSQL reads it back', async () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((text) => !text.includes('\u0000') && Buffer.byteLength(text) <= 63 && text.isWellFormed());
  await fc.assert(
    fc.asyncProperty(name, async (text) => {
      const { fields } = await client.query(`SELECT 1 AS ${quoted(text)}`);
      expect(fields.map((field) => field.name)).toEqual([text]);
    }),
    { numRuns: 300 },
  );
  expect(tableSql('a.b"."c')).toBe('"a"."b"".""c"');
});
