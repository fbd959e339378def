import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LoadOutputs } from '../../domain/load.ts';
import type { SwapBackOutputs } from '../../domain/rollback.ts';
import { contextOf } from '../kubernetes/step-context.fixture.ts';
import { measureWritten } from './measure-written.ts';
import { reader, type SwappedShop, swappedShop } from './swapped.fixture.ts';

let shop: SwappedShop;
let swapped: LoadOutputs['swap-names'];
const back = 'op-ba9876543210';

beforeAll(async () => {
  shop = await swappedShop();
});
afterAll(() => shop?.server.close());
beforeEach(async () => {
  swapped = await shop.swap();
});

describe('what was written since the swap', () => {
  const measured = async (more: object = {}) => {
    const given = contextOf({
      operation: back,
      input: {
        ...{
          at: shop.place.at,
          live: 'live',
          tables: ['orders'],
          budgetSeconds: 20,
          oids: [swapped.oid, swapped.keptOid],
        },
        verifyRole: reader,
        ...{ rowsAtSwap: { orders: 40 }, returned: { orders: 1 } },
        ...more,
      },
    });
    const { output } = (await measureWritten(shop.clients.access).run(given)) as unknown as {
      output: SwapBackOutputs['measure-written'];
    };
    return output;
  };
  const orders = async (...statements: readonly string[]) => {
    await shop.server.sql('live', ...statements);
    return (await measured()).tables;
  };

  it('is nothing right after it, however often the table was vacuumed', async () => {
    expect(await orders('VACUUM (FREEZE, ANALYZE) orders')).toEqual([
      { table: 'orders', rows: 40, lost: 0, returned: 1, changed: 0 },
    ]);
  });

  it('is every row that was entered or changed since, and none that was there, whatever was done to the others', async () => {
    const deed = fc.record({
      does: fc.constantFrom('enter', 'change', 'lock', 'delete', 'vacuum', 'roll back'),
      id: fc.integer({ min: 1, max: 44 }),
    });
    const said: Readonly<Record<string, (id: number) => string>> = {
      enter: () => `INSERT INTO orders (id, note) SELECT max(id) + 1, 'new' FROM orders`,
      change: (id) => `UPDATE orders SET note = note || '+' WHERE id = ${id}`,
      lock: (id) => `SELECT FROM orders WHERE id = ${id} FOR UPDATE`,
      delete: (id) => `DELETE FROM orders WHERE id = ${id}`,
      vacuum: () => 'VACUUM (FREEZE) orders',
      'roll back': (id) => `BEGIN; UPDATE orders SET note = 'no' WHERE id = ${id}; ROLLBACK`,
    };
    // What happened in earlier runs has happened: the model goes on with the table.
    const rows = new Map(Array.from({ length: 40 }, (_, at) => [at + 1, 'old']));
    const happens = async ({ does, id }: { does: string; id: number }) => {
      await shop.server.sql('live', said[does]?.(id) ?? '');
      if (does === 'enter') rows.set(Math.max(...rows.keys()) + 1, 'new');
      if (does === 'change' && rows.has(id)) rows.set(id, 'new');
      if (does === 'delete') rows.delete(id);
    };
    const all = () => [...rows];
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 6 }), async (deeds) => {
        for (const one of deeds) await happens(one);
        const lost = all().filter(([, age]) => age === 'new').length;
        const old = all().filter(([, age]) => age === 'old').length;
        expect((await measured()).tables).toEqual([
          { table: 'orders', rows: rows.size, lost, returned: 1, changed: 40 - old },
        ]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
    expect(new Set(rows.values()).size).toBe(2);
  }, 60_000);

  it('of the rows that the swap brought it is told how many are no more as they were', async () => {
    expect(
      await orders(
        `UPDATE orders SET note = 'changed' WHERE id = 1`,
        'DELETE FROM orders WHERE id = 2',
        `INSERT INTO orders (note) VALUES ('new'), ('new')`,
      ),
    ).toEqual([{ table: 'orders', rows: 41, lost: 3, returned: 1, changed: 2 }]);
  });

  it.each([
    ['the one that serves', 'GRANT CONNECT ON DATABASE live TO analyst'],
    ['the kept one', 'GRANT CONNECT ON DATABASE live_before TO analyst'],
  ])('is said to be unknown, never too little, once somebody altered %s', async (_, sql) => {
    await shop.server.sql('live', `INSERT INTO orders (note) VALUES ('new')`);
    await shop.server.sql('postgres', sql);
    expect((await measured()).tables).toEqual([{ table: 'orders', rows: 41, lost: null, returned: 1, changed: null }]);
  });

  it('a table that isn’t there, or whose rows don’t say who wrote them, is named, and takes nothing else with it', async () => {
    await shop.server.sql('live', 'CREATE VIEW payments AS SELECT * FROM orders');
    const { tables, notMeasured } = await measured({ tables: ['payments', 'nowhere', 'orders'] });
    expect([tables.map(({ table }) => table), notMeasured]).toEqual([['orders'], ['payments', 'nowhere']]);
  });
});
