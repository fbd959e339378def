import type { Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import { type RescueDecided, type RescueShown, rescueSteps } from '../../domain/rescue.ts';
import type { OperationState } from '../../domain/state.ts';
import {
  closed,
  done,
  failed,
  intent,
  noted,
  parked,
  planned,
  requested,
  told,
  turnedBack,
  vote,
} from './events.fixture.ts';
import { amir, wei } from './plans.fixture.ts';

// A script deleted orders; they come back from the instance that an earlier restore made and nobody uses.

const of = 'op-fedcba987654';
const identity = (id: string) => ({
  id,
  arn: `arn:aws:rds:eu-west-1:111122223333:db:${id}`,
  resourceId: `db-${id}`,
  host: `${id}.abc.eu-west-1.rds.amazonaws.com`,
  port: 5432,
});
const where = `created_at >= '2026-11-19 22:00Z' AND state = 'paid'`;
const args = { of, tables: ['orders', 'order_items'], where };
const selected = `("order_id") IN (SELECT "id" FROM "public"."orders" WHERE (${where}))`;

/** `plain`: nothing stands in the way of any row, and whole tables are meant. */
export function rescuePlanOf({ plain = false }: { readonly plain?: boolean } = {}): Plan {
  const decided: RescueDecided = {
    of,
    beside: identity('ecommerce-production-rfedcba98'),
    live: identity('ecommerce-production'),
    tables: ['public.orders', 'public.order_items'],
    where: plain ? null : where,
  };
  const orders = {
    table: 'public.orders',
    selected: 10_412,
    missing: 10_000,
    equal: 400,
    conflicts: 12,
    collisions: 3,
  };
  const items = {
    table: 'public.order_items',
    selected: 31_236,
    missing: 30_000,
    equal: 1_236,
    conflicts: 0,
    collisions: 0,
  };
  const shown: RescueShown = {
    commands: {
      'prove-beside': [['aws', 'rds', 'describe-db-instances', '--db-instance-identifier', decided.beside.id]],
      'copy-rows': [
        [
          'psql',
          '-h',
          decided.beside.host,
          '-c',
          `\\copy (SELECT "order_id", "line" FROM ONLY "public"."order_items" WHERE ${selected}) TO rows`,
        ],
        [
          'psql',
          '-h',
          decided.live.host,
          '-c',
          'BEGIN',
          '-c',
          'INSERT INTO "public"."order_items" … ON CONFLICT DO NOTHING',
          '-c',
          'COMMIT',
        ],
      ],
      'verify-rows': [
        [
          'psql',
          '-h',
          decided.beside.host,
          '-c',
          `SELECT "order_id", "line" FROM "public"."order_items" WHERE ${selected}`,
        ],
      ],
    },
    tables: plain
      ? [
          { ...orders, selected: 10_000, equal: 0, conflicts: 0, collisions: 0 },
          { ...items, selected: 30_000, equal: 0 },
        ]
      : [orders, items],
    triggers: plain ? [] : [{ table: 'public.orders', name: 'notify_warehouse' }],
    cautions: plain
      ? []
      : [{ code: 'rescue.columns-defaulted', params: { table: 'public.orders', names: 'priority' } }],
  };
  return {
    bound: {
      operation: 'rescue',
      environment: 'production',
      account: '111122223333',
      region: 'eu-west-1',
      steps: rescueSteps.map((step, at) => ({
        id: step,
        after: rescueSteps.slice(Math.max(0, at - 1), at),
        input: {},
      })),
      resources: [decided.beside.arn, decided.live.arn],
      onFailure: 'return',
      decided,
    },
    shown,
  };
}

const waiting = (language: Locale) => [requested('rescue', language, 2, args), planned(10)];
const begun = (language: Locale) => [
  ...waiting(language),
  vote(60, amir),
  vote(90, wei),
  intent(92, 'prove-beside'),
  done(93, 'prove-beside', { beside: 'ecommerce-production-rfedcba98', live: 'ecommerce-production' }),
  intent(94, 'copy-rows'),
];
const copied = {
  transaction: '48201733',
  tables: [
    { table: 'public.orders', selected: 10_412, inserted: 9_997, there: 412 },
    { table: 'public.order_items', selected: 31_236, inserted: 30_000, there: 1_236 },
  ],
  keys: 'rescues/op-0123456789ab/1-48201733',
};
const committed = (language: Locale, found: boolean) => [
  ...begun(language),
  noted(98, 'copy-rows', copied),
  done(found ? 131 : 99, 'copy-rows', { ...copied, found }),
  intent(found ? 132 : 100, 'verify-rows'),
];
const counts = [
  { table: 'public.orders', selected: 10_412, missing: 3, equal: 10_397, conflicts: 12, collisions: 3 },
  { table: 'public.order_items', selected: 31_236, missing: 0, equal: 31_236, conflicts: 0, collisions: 0 },
];
const constraint = { table: 'order_items', constraint: 'order_items_price_check', sqlState: '23514' };

/** Every state that the card of a rescue has to be drawn for. */
export const rescueStories: Readonly<Record<string, (language: Locale) => { state: OperationState; seconds: number }>> =
  {
    'rescue waits': (language) => ({ state: told(waiting(language)), seconds: 15 }),
    'rescue refused': (language) => ({
      state: told([
        requested('rescue', language, 2, { of, tables: ['orders'], where }),
        closed(5, 'refused', 'unchanged', {
          code: 'rescue.parents-missing',
          params: {
            name: 'orders_customer_id_fkey',
            from: 'public.orders',
            to: 'public.customers',
            rows: 41,
            others: 0,
          },
        }),
      ]),
      seconds: 6,
    }),
    'rescue running': (language) => ({ state: told(begun(language)), seconds: 97 }),
    'rows are back': (language) => ({
      state: told([
        ...committed(language, false),
        done(104, 'verify-rows', { tables: counts }),
        closed(105, 'succeeded', 'unchanged'),
      ]),
      seconds: 105,
    }),
    'rows are back, after a worker died': (language) => ({
      state: told([
        ...committed(language, true),
        done(136, 'verify-rows', { tables: counts }),
        closed(137, 'succeeded', 'unchanged'),
      ]),
      seconds: 137,
    }),
    'rescue rolled back': (language) => ({
      state: told([
        ...begun(language),
        failed(97, 'copy-rows', 'rescue.refused-by-constraint', constraint),
        turnedBack(98, 'copy-rows', 'rescue.refused-by-constraint', constraint),
        closed(99, 'failed', 'unchanged', { code: 'rescue.refused-by-constraint', params: constraint }),
      ]),
      seconds: 99,
    }),
    'rescue stopped after its commit': (language) => ({
      state: told([
        ...committed(language, false),
        turnedBack(101, '', 'operation.cancelled', {}),
        closed(102, 'cancelled', 'unchanged', { code: 'operation.cancelled', params: {} }),
      ]),
      seconds: 102,
    }),
    'rescue parked': (language) => ({
      state: told([...begun(language), noted(98, 'copy-rows', copied), parked(400, 'engine.poison')]),
      seconds: 410,
    }),
  };
