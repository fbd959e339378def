import { expect, test } from 'vitest';
import { type LiveDatabase, lossSince } from './loss.ts';

const point = '2026-11-20T02:00:00.000Z';
const askedAt = '2026-11-20T02:30:00.000Z';

/** Tables with the instants of their rows; null where a table doesn't say. */
function live(tables: Readonly<Record<string, readonly string[] | null>>) {
  const sessions = { open: 0 };
  const open = async (): Promise<LiveDatabase> => {
    sessions.open++;
    return {
      async newerRows(table, at) {
        const rows = tables[table];
        if (rows === undefined) throw new Error('relation does not exist');
        return rows === null ? null : rows.filter((row) => row > at).length;
      },
      unloggedTables: async () => ['public.carts'],
      close: async () => void sessions.open--,
    };
  };
  return { open, sessions };
}

test('what would be lost is told in seconds and, where tables say when, in rows', async () => {
  const { open, sessions } = live({
    orders: ['2026-11-20T01:59:00.000Z', '2026-11-20T02:10:00.000Z'],
    customers: null,
  });
  expect(await lossSince(point, askedAt, ['orders', 'customers'], open)).toEqual({
    loss: {
      seconds: 1800,
      live: 'answers',
      tables: [
        { table: 'orders', rows: 1 },
        { table: 'customers', rows: null },
      ],
    },
    unloggedTables: ['public.carts'],
  });
  expect(sessions.open).toBe(0);
});

test('a database that fails in between is "not available" as a whole, and its session is closed', async () => {
  const { open, sessions } = live({ orders: ['2026-11-20T02:10:00.000Z'] });
  const { loss } = await lossSince(point, askedAt, ['orders', 'gone'], open);
  expect(loss).toMatchObject({ seconds: 1800, live: 'not-available', tables: [{ rows: null }, { rows: null }] });
  expect(sessions.open).toBe(0);
});
