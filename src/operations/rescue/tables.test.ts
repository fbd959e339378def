import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../domain/json.ts';
import type { RescueShown } from '../../domain/rescue.ts';
import { failure } from '../../steps/kubernetes/step-context.fixture.ts';
import { openTwoShops, type TwoShops } from './two-shops.fixture.ts';

let shops: TwoShops;
beforeAll(async () => {
  shops = await openTwoShops();
});
afterAll(() => shops?.close());
const both: TwoShops['both'] = (...statements) => shops.both(...statements);
const onLive: TwoShops['onLive'] = (...statements) => shops.onLive(...statements);
const plan: TwoShops['plan'] = (args) => shops.plan(args);
const run: TwoShops['run'] = (...given) => shops.run(...given);
const content: TwoShops['content'] = (...given) => shops.content(...given);

describe('tables of every kind', () => {
  const refusal = (args: JsonObject) => failure(plan(args));

  it('partitioned tables, tables with children, circles that may wait, and a table that refers to itself', async () => {
    await both(
      'CREATE TABLE logs (day date, id int, line text, PRIMARY KEY (day, id)) PARTITION BY RANGE (day)',
      `CREATE TABLE logs_a PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2026-07-01')`,
      `CREATE TABLE logs_b PARTITION OF logs FOR VALUES FROM ('2026-07-01') TO ('2027-01-01')`,
      `INSERT INTO logs SELECT date '2026-01-01' + n, n, NULL FROM generate_series(0, 360) n`,
      'CREATE TABLE parent (id int PRIMARY KEY)',
      'CREATE TABLE child () INHERITS (parent)',
      'INSERT INTO parent VALUES (1)',
      'INSERT INTO child VALUES (2)',
      'CREATE TABLE a (id int PRIMARY KEY, b int)',
      'CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a DEFERRABLE, up int REFERENCES b)',
      'ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE',
      'BEGIN',
      'SET CONSTRAINTS ALL DEFERRED',
      'INSERT INTO a VALUES (1, 1), (2, 2)',
      'INSERT INTO b VALUES (2, 2, 1), (1, 1, 2)',
      'COMMIT',
    );
    await onLive(`DELETE FROM logs WHERE day > '2026-06-15'`, 'TRUNCATE parent, a, b');
    const { 'copy-rows': copied } = await run({ tables: ['logs', 'parent', 'a', 'b'] });
    expect(copied.tables.map(({ table, inserted }) => [table, inserted])).toEqual([
      ['public.logs', 195],
      ['public.parent', 1],
      ['public.a', 2],
      ['public.b', 2],
    ]);
    expect(await content(shops.live, 'logs')).toBe(await content(shops.beside, 'logs'));
    expect(await content(shops.live, 'b')).toBe(await content(shops.beside, 'b'));
  });

  it('names and values that need every quoting there is', async () => {
    await both(
      'CREATE SCHEMA "Od d"',
      `CREATE TABLE "Od d"."we""ird;--.table" ("id'" text PRIMARY KEY, "sel ect" jsonb, "ü" bytea, e text)`,
      `INSERT INTO "Od d"."we""ird;--.table" VALUES ('it''s', '{"a": null}', '\\x00ff', E'\\\\N\t\n'), ('\\N', NULL, NULL, NULL), ('', 'null', '', '')`,
      'GRANT USAGE ON SCHEMA "Od d" TO shop_app',
      'GRANT ALL ON ALL TABLES IN SCHEMA "Od d" TO shop_app',
    );
    await onLive('DELETE FROM "Od d"."we""ird;--.table"');
    const args = { tables: ['Od d.we"ird;--.table'], where: `"id'" <> 'a;--b'` };
    expect((await run(args))['verify-rows'].tables[0]).toMatchObject({ selected: 3, equal: 3 });
    const odd = '"Od d"."we""ird;--.table"';
    expect(await content(shops.live, odd)).toBe(await content(shops.beside, odd));
  });

  it('columns that only one of them has are left out or take their default, and approvers are told', async () => {
    await both(
      'CREATE TABLE t (id int PRIMARY KEY, old text, same int)',
      `INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 2)`,
    );
    await onLive('DELETE FROM t', 'ALTER TABLE t DROP old', `ALTER TABLE t ADD new text NOT NULL DEFAULT 'fresh'`);
    await onLive('CREATE UNIQUE INDEX t_new ON t (new) WHERE id > 5');
    const { cautions } = (await plan({ tables: ['t'] })).shown as RescueShown;
    expect(cautions.map(({ code, params }) => [code, params?.names])).toEqual([
      ['rescue.columns-left', 'old'],
      ['rescue.columns-defaulted', 'new'],
      ['rescue.indexes-not-counted', 't_new'],
    ]);
    await run({ tables: ['t'] });
    expect(await content(shops.live, 't')).toBe('(1,1,fresh)\n(2,2,fresh)');
  });

  it('triggers are named before they fire', async () => {
    await both('CREATE TABLE t (id int PRIMARY KEY)', 'INSERT INTO t VALUES (1)');
    await onLive(
      'DELETE FROM t',
      `CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
      'CREATE TRIGGER mails BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION nothing()',
      'CREATE TRIGGER of_updates BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION nothing()',
    );
    expect(((await plan({ tables: ['t'] })).shown as RescueShown).triggers).toEqual([
      { table: 'public.t', name: 'mails' },
    ]);
  });

  it('what can’t be copied safely is refused in the plan, by name', async () => {
    await both(
      'CREATE TABLE plain (id int)',
      'CREATE TABLE late (id int PRIMARY KEY DEFERRABLE)',
      'CREATE TABLE typed (id int PRIMARY KEY, x int)',
      'CREATE TABLE needs (id int PRIMARY KEY)',
      'CREATE VIEW v AS SELECT * FROM needs',
      'CREATE TABLE a (id int PRIMARY KEY, b int)',
      'CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a)',
      'ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b',
      'INSERT INTO typed VALUES (1, 0)',
    );
    await onLive('ALTER TABLE typed ALTER x TYPE bigint', 'ALTER TABLE needs ADD y int NOT NULL', 'DROP TABLE plain');
    await onLive(
      'CREATE TABLE only_live (id int PRIMARY KEY)',
      'CREATE TABLE plain (id int)',
      'REVOKE INSERT ON a FROM shop_app',
    );
    const codeOf = async (...tables: string[]) => (await refusal({ tables })).code;
    expect(await codeOf('only_live')).toBe('rescue.no-table');
    expect(await codeOf('plain')).toBe('rescue.no-key');
    expect(await codeOf('late')).toBe('rescue.deferrable-key');
    expect(await codeOf('typed')).toBe('rescue.column-type');
    expect(await codeOf('needs')).toBe('rescue.column-needed');
    expect(await codeOf('v')).toBe('rescue.not-a-table');
    expect((await refusal({ tables: ['a', 'b'] })).params).toMatchObject({ grants: ['INSERT ON "public"."a"'] });
    await onLive('GRANT INSERT ON a TO shop_app');
    expect(await codeOf('a', 'b')).toBe('rescue.cycle');
    expect((await refusal({ tables: ['b', 'late'], where: 'true' })).code).toBe('rescue.deferrable-key');
  });
});
