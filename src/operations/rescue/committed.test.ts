import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { userError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import { recordsInMemory } from '../../ledger/records.fixture.ts';
import { contextOf, failure } from '../../steps/kubernetes/step-context.fixture.ts';
import { copyRows } from '../../steps/rescue/copy-rows.ts';
import { rescueClients } from './rescue.fixture.ts';
import { openTwoShops, orders, rows, schema, type TwoShops } from './two-shops.fixture.ts';

let shops: TwoShops;
beforeAll(async () => {
  shops = await openTwoShops();
});
afterAll(() => shops?.close());
const both: TwoShops['both'] = (...statements) => shops.both(...statements);
const onLive: TwoShops['onLive'] = (...statements) => shops.onLive(...statements);
const plan: TwoShops['plan'] = (args) => shops.plan(args);
const deleteOrders = () => shops.deleteOrders();
const one: TwoShops['one'] = (...given) => shops.one(...given);

/** A worker that dies around COMMIT leaves what its chain noted, and nothing else. */
describe('F56: a run that finds no outcome asks the database what became of the transaction', () => {
  beforeEach(() => both(...schema, ...rows));
  const copy = async (over: object) => {
    const { bound } = await plan(orders);
    const input = bound.steps[1]?.input ?? {};
    return (given: object) =>
      shops
        .build()
        .steps.get('copy-rows')
        ?.run(contextOf({ input, ...over, ...given })) as Promise<unknown>;
  };
  const there = () => one(shops.live, 'SELECT count(*)::int FROM orders WHERE id <= 400');

  it('killed before COMMIT: rolled back, and copied by the next', async () => {
    await deleteOrders();
    let noted: JsonObject | undefined;
    const step = await copy({});
    const killed = step({
      note: async (data: JsonObject) => {
        noted = data;
        await shops.live.sql(
          'postgres',
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop_app'`,
        );
      },
    });
    await failure(killed);
    expect(await there()).toBe(0);
    expect(await step({ noted })).toMatchObject({
      output: { found: false, tables: [{ inserted: 400 }, { inserted: 1200 }] },
    });
    expect(await there()).toBe(400);
  });

  it('killed after COMMIT: found as it is, nothing is copied again, and the counts are those that it noted', async () => {
    await deleteOrders();
    let noted: JsonObject | undefined;
    const step = await copy({});
    await step({
      note: async (data: JsonObject) => {
        noted = data;
      },
    });
    await onLive('DELETE FROM order_items WHERE order_id = 9', 'DELETE FROM orders WHERE id = 9');
    expect(await step({ noted })).toMatchObject({
      output: { found: true, tables: [{ inserted: 400 }, { inserted: 1200 }] },
    });
    // Somebody deleted it since: it isn't the operation's to bring back twice.
    expect(await there()).toBe(399);
  });

  it('a note that is refused rolls everything back: whoever asked to stop before COMMIT has it', async () => {
    await deleteOrders();
    const step = await copy({});
    await failure(step({ note: () => Promise.reject(userError('operation.cancelled')) }));
    expect(await there()).toBe(0);
  });

  it('a worker that is frozen between its note and COMMIT: the next waits, bounded, and never copies beside it', async () => {
    await deleteOrders();
    const { bound } = await plan(orders);
    const input = bound.steps[1]?.input ?? {};
    const given = {
      ...rescueClients(shops.beside, shops.live, recordsInMemory()),
      againSeconds: 0.05,
      settledSeconds: 0.1,
    };
    const step = copyRows(given);
    let thaw: () => void = () => {};
    let seen: (noted: JsonObject) => void = () => {};
    const frozen = new Promise<void>((resolve) => {
      thaw = resolve;
    });
    const reached = new Promise<JsonObject>((resolve) => {
      seen = resolve;
    });
    const first = step.run(
      contextOf({
        input,
        note: (data) => {
          seen(data);
          return frozen;
        },
      }),
    );
    const noted = await reached;
    expect(await failure(step.run(contextOf({ input, noted })))).toMatchObject({
      code: 'rescue.not-settled',
      kind: 'retryable',
    });
    thaw();
    await first;
    expect(await step.run(contextOf({ input, noted }))).toMatchObject({ output: { found: true } });
    expect(await there()).toBe(400);
  });

  it('a transaction that the server never gave out, or has forgotten: the rows themselves are looked at', async () => {
    await deleteOrders();
    const step = await copy({});
    const noted = { transaction: '99999999999', tables: [], keys: 'rescues/x' };
    expect(await step({ noted })).toMatchObject({
      output: { found: false, tables: [{ inserted: 400 }, { inserted: 1200 }] },
    });
    expect(await step({ noted })).toMatchObject({
      output: { found: false, tables: [{ inserted: 0 }, { inserted: 0 }] },
    });
  });
});
