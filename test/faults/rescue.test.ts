import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed } from '../../sandbox/incident.ts';
import type { LedgerEvent } from '../../sandbox/ledger.ts';
import type { Pitcrew } from '../../sandbox/pitcrew.ts';
import { names } from '../../sandbox/settings.ts';
import { type HeldDoor, openHeldDoor } from '../held-door.ts';
import { openStage, type Stage } from '../stage.ts';

const deleted = 10_000;
const tables = ['orders', 'order_items', 'payments'] as const;

let stage: Stage;
let door: HeldDoor;
beforeAll(async () => {
  stage = await openStage({ orders: deleted + 1_000 });
  await stage.snapshot();
  door = await openHeldDoor(Number(new URL(stage.world.aws.url).port));
});
afterAll(async () => {
  await door?.close();
  await stage?.close();
});

const number = async (instance: string, sql: string) => (await stage.sql<{ n: number }>(instance, sql))[0]?.n ?? -1;

const keyOf = (table: string) => (table === 'orders' ? 'id' : 'order_id');
/** Count and content of the rows that were deleted, to the last byte. */
const rowsOf = (instance: string, last: number) =>
  Promise.all(
    tables.map(async (table) => {
      const [row] = await stage.sql(
        instance,
        `SELECT count(*)::int AS rows, md5(string_agg(t::text, '|' ORDER BY t::text)) AS content FROM ${table} t WHERE ${keyOf(table)} <= ${last}`,
      );
      return row;
    }),
  );

const noted = (chain: readonly LedgerEvent[]) => chain.find(({ type }) => type === 'noted');
const copied = (chain: readonly LedgerEvent[]) =>
  chain.find(({ type, data }) => type === 'done' && data.step === 'copy-rows')?.data.output;
const throughDoor = () => stage.worker({ AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${door.port}` });
const kill = async ({ child }: Pitcrew) => {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
};

async function restored(): Promise<{ operation: string; live: string }> {
  const { incident } = stage;
  const before = await stage.instances();
  const worker = await stage.worker();
  const operation = await incident.restore('rosa', { reason: 'a migration went wrong' });
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  expect(await incident.until(operation, closed, 240)).toMatchObject({ outcome: 'succeeded' });
  await worker.stop();
  return { operation, live: (await stage.instances()).find((id) => !before.includes(id)) ?? '' };
}

function askedFor(of: string, where: string): Promise<string> {
  const typed = tables.map((table) => `--table ${table}`).join(' ');
  const answers = { operation: of, tables: tables.join('\n'), where, reason: 'a script deleted orders' };
  return stage.ask(`/backup rescue ${of} ${typed} --where "${where}"`, 'rescue', answers);
}

it('F56: 10,000 deleted orders come back while the shop runs; killed right before and right after COMMIT: all back, none doubled', async () => {
  const { incident } = stage;
  const { operation: of, live } = await restored();
  const beside = names.instance;
  const last = await number(
    live,
    `SELECT max(id)::int AS n FROM (SELECT id FROM orders ORDER BY id LIMIT ${deleted}) o`,
  );
  await stage.sql(
    live,
    ...['payments', 'order_items', 'orders'].map((table) => `DELETE FROM ${table} WHERE ${keyOf(table)} <= ${last}`),
  );
  expect(await number(live, `SELECT count(*)::int AS n FROM orders WHERE id <= ${last}`)).toBe(0);
  const whole = await rowsOf(beside, last);
  expect(whole[0]).toMatchObject({ rows: deleted });
  const ordersBefore = await number(live, 'SELECT count(*)::int AS n FROM orders');

  // The first worker dies with its transaction open: its note has been written, and it never heard so.
  const first = await throughDoor();
  const beforeCommit = door.holdAt('"type":"noted"', 'answer');
  const operation = await askedFor(of, `id <= ${last}`);
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  await beforeCommit;
  await incident.until(operation, noted);
  expect(await number(live, `SELECT count(*)::int AS n FROM orders WHERE id <= ${last}`)).toBe(0);
  await kill(first);

  // The second dies after COMMIT: the rows are there, and no chain says so.
  const afterCommit = door.holdAt('"type":"done"', 'request');
  const second = await throughDoor();
  await afterCommit;
  expect(await number(live, `SELECT count(*)::int AS n FROM orders WHERE id <= ${last}`)).toBe(deleted);
  await kill(second);
  expect(copied(await incident.ledger.chain(operation))).toBeUndefined();

  const third = await stage.worker();
  expect(await incident.until(operation, closed, 120)).toMatchObject({ outcome: 'succeeded', service: 'unchanged' });
  await third.stop();
  expect(await rowsOf(live, last)).toEqual(whole);
  const chain = await incident.ledger.chain(operation);
  expect(copied(chain)).toMatchObject({ found: true, tables: [{ inserted: deleted }, {}, {}] });
  expect(chain.filter(({ type }) => type === 'noted').length).toBe(2);
  // Everything that the shop took meanwhile is there as well, under numbers of its own.
  const ordersAfter = await number(live, 'SELECT count(*)::int AS n FROM orders');
  expect(ordersAfter).toBeGreaterThan(ordersBefore + deleted);
  expect(await number(live, 'SELECT (count(*) - count(DISTINCT id))::int AS n FROM orders')).toBe(0);
});
