import { type PrivateDatabase, privateDatabase } from '../../clients/private-database.fixture.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { RescueOutputs, RescueShown } from '../../domain/rescue.ts';
import { recordsInMemory } from '../../ledger/records.fixture.ts';
import { contextOf } from '../../steps/kubernetes/step-context.fixture.ts';
import { rescue } from './operation.ts';
import { besidePast, rescueClients } from './rescue.fixture.ts';

/** A shop whose tables refer to each other in every usual way. */
export const schema = [
  'CREATE TABLE customers (id bigserial PRIMARY KEY, email text NOT NULL)',
  'CREATE UNIQUE INDEX customers_email ON customers (lower(email)) WHERE email <> $$$$',
  'CREATE SEQUENCE order_number_seq',
  `CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint REFERENCES customers,
    number text NOT NULL DEFAULT 'EC-' || nextval('order_number_seq'), note text, twice bigint GENERATED ALWAYS AS (id * 2) STORED, made timestamptz NOT NULL DEFAULT '2026-11-20 01:02:03.456789Z')`,
  `CREATE TABLE order_items (order_id bigint REFERENCES orders, line int, price numeric(10, 2), tags text[], PRIMARY KEY (order_id, line))`,
];
export const rows = [
  `INSERT INTO customers (email) SELECT 'c' || n || '@example.com' FROM generate_series(1, 50) n`,
  `INSERT INTO orders (customer_id, note) SELECT n % 50 + 1, CASE WHEN n % 3 > 0 THEN 'n' || n END FROM generate_series(1, 1000) n`,
  `INSERT INTO order_items SELECT o, line, 9.5, ARRAY['a"b', NULL, '{}'] FROM generate_series(1, 1000) o, generate_series(1, 3) line`,
];
export const orders = { tables: ['orders', 'order_items'], where: 'id <= 400' };

/** Two servers: the one that a restore replaced, and the one that it made. */
export async function openTwoShops() {
  const [beside, live] = await Promise.all([privateDatabase(), privateDatabase()]);
  const fresh = async (server: PrivateDatabase, ...statements: readonly string[]) => {
    await server.sql('postgres', 'DROP DATABASE IF EXISTS shop WITH (FORCE)', 'CREATE DATABASE shop');
    await server.sql(
      'shop',
      ...statements,
      'GRANT ALL ON ALL TABLES IN SCHEMA public TO shop_app',
      'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO shop_app',
    );
  };
  const both = async (...statements: readonly string[]) => {
    await Promise.all([fresh(beside, ...statements), fresh(live, ...statements)]);
  };
  const onLive = (...statements: readonly string[]) => live.sql('shop', ...statements);
  const onBeside = (...statements: readonly string[]) => beside.sql('shop', ...statements);
  const one = async (server: PrivateDatabase, sql: string) =>
    Object.values((await server.sql('shop', sql)).rows[0] ?? {})[0];
  /** Everything that a table holds, in one text. */
  const content = (server: PrivateDatabase, table: string) =>
    one(server, `SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM ${table} t`);

  const request = (args: JsonObject) =>
    ({
      operationId: 'op-00000000000b',
      environment: 'production',
      args: { of: besidePast.id, ...args },
      requestedAt: '2026-11-20T09:00:00.000Z',
    }) as never;
  const build = (records = recordsInMemory()) => rescue.build(rescueClients(beside, live, records));
  const plan = (args: JsonObject) => build().plan(request(args), new AbortController().signal);
  const counts = async (args: JsonObject) => ((await plan(args)).shown as RescueShown).tables;

  async function run(args: JsonObject, over: object = {}, records = recordsInMemory()) {
    const { bound } = await plan(args);
    const operation = build(records);
    const outputs: Record<string, JsonObject> = {};
    for (const { id, input } of bound.steps) {
      const done = await operation.steps.get(id)?.run(contextOf({ input, outputs, ...over }));
      if (done?.kind !== 'done') throw new Error('it waits');
      outputs[id] = JSON.parse(JSON.stringify(done.output)) as JsonObject;
    }
    return outputs as unknown as RescueOutputs;
  }
  return {
    beside,
    live,
    both,
    onLive,
    onBeside,
    one,
    content,
    plan,
    build,
    counts,
    run,
    deleteOrders: () => onLive('DELETE FROM order_items WHERE order_id <= 400', 'DELETE FROM orders WHERE id <= 400'),
    close: () => Promise.all([beside.close(), live.close()]),
  };
}
export type TwoShops = Awaited<ReturnType<typeof openTwoShops>>;
