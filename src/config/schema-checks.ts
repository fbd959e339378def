import { z } from 'zod';
import { expected } from '../messages/config-expected.ts';
import { between, cluster, column, link, list, namespace, table, text, whole, words } from './shapes.ts';

const expectation = z
  .strictObject({
    value: z
      .union([z.string(), z.number(), z.boolean()])
      .meta({ expected: expected.value, example: '0' })
      .exactOptional(),
    rows: whole(0, Number.MAX_SAFE_INTEGER, '0').exactOptional(),
    minimum: z.number().meta({ expected: expected.number, example: '1' }).exactOptional(),
    notOlderThanMinutes: between(0, 525_600, '30').exactOptional(),
    withinSeconds: between(0, 3600, '5').exactOptional(),
  })
  .refine((wanted) => Object.keys(wanted).length > 0)
  .meta({ expected: expected.expectation, example: '{ value: 0 }' });

const query = z
  .strictObject({
    name: words(expected.queryName, 'newest order'),
    sql: words(expected.sql, '"select count(*) from orders where total < 0"'),
    expect: expectation,
  })
  .meta({ example: '{ name: newest order, sql: "select max(created_at) from orders", expect: { minimum: 1 } }' });
const queries = (example: string) => list(query, expected.queries, example).default([]);

const relation = z
  .strictObject({ from: column('orders.customer_id'), to: column('customers.id') })
  .meta({ example: '{ from: orders.customer_id, to: customers.id }' });

const heartbeat = z
  .strictObject({ column: column('heartbeat.at'), withinSeconds: between(1, 86_400, '60').default(60) })
  .meta({ example: '{ column: heartbeat.at, withinSeconds: 60 }' });

const command = z
  .strictObject({
    image: text(/^[a-z0-9][^\s@]*(@sha256:[0-9a-f]{64})?$/, expected.image, 'acme/verify:1'),
    args: list(
      z.string().meta({ expected: expected.argument, example: '--strict' }),
      expected.arguments,
      '["--strict"]',
    ).default([]),
    cluster: cluster.exactOptional(),
    namespace: namespace.exactOptional(),
    withinMinutes: between(0.1, 1440, '15').default(15),
  })
  .meta({ example: '{ image: "acme/verify:1", args: [./scripts/verify-database-integrity.sh] }' });

export const checks = z
  .strictObject({
    gateMinutes: between(0.1, 120, '5').default(5),
    deepMinutes: between(0, 1440, '60').default(60),
    critical: list(table, expected.tables, '[customers, orders, order_items]').min(1),
    relations: list(relation, expected.relations, '[{ from: orders.customer_id, to: customers.id }]').default([]),
    queries: queries(
      '[{ name: newest order, sql: "select max(created_at) from orders", expect: { notOlderThanMinutes: 30 } }]',
    ),
    rules: queries(
      '[{ name: no negative total, sql: "select count(*) from orders where total < 0", expect: { value: 0 } }]',
    ),
    heartbeat: heartbeat.exactOptional(),
    migrations: words(expected.sql, '"select applied_at as at, script as name from deployed_scripts"').exactOptional(),
    command: command.exactOptional(),
    smokeUrl: link('https://shop.example.com/healthz').exactOptional(),
  })
  .meta({ example: '{ critical: [customers, orders, order_items] }' });
