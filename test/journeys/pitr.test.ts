import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import { names } from '../../sandbox/settings.ts';
import type { VerificationReport } from '../../src/domain/verification.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.worker();
});
afterAll(() => stage?.close());

/** The shop's database that the secret points to, as the application's own user. */
async function sql<Row extends pg.QueryResultRow>(text: string): Promise<readonly Row[]> {
  const {
    DB_HOST: host = '',
    DB_PORT: port = '',
    DB_NAME: database = '',
    DB_USERNAME: user = '',
    ...rest
  } = stage.secret();
  const client = new pg.Client({ host, port: Number(port), database, user, password: rest.DB_PASSWORD ?? '' });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

interface Order {
  readonly id: string;
  readonly at: Date;
}
const orders = () => sql<Order>('SELECT id::text AS id, created_at AS at FROM orders ORDER BY id');
const ids = (all: readonly Order[]) => all.map(({ id }) => id);

async function approved(operation: string): Promise<void> {
  const { incident } = stage;
  await incident.until(operation, planned);
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  const end = await incident.until(operation, closed, 240);
  expect(end).toMatchObject({ outcome: 'succeeded', service: 'new-database' });
}

const iso = (at: Date) => at.toISOString();

/** Through the dialog, as somebody does who wants to see what it means first. */
async function ask(to: string, reason: string, incident = ''): Promise<string> {
  const { incident: people } = stage;
  const known = await people.ledger.operations();
  const rosa = people.person('rosa');
  await rosa.slash('/backup pitr production', incidentChannel);
  await rosa.waitForView('pitr', 10);
  const { errors } = await rosa.submit({ to, reason, confirm: 'production', ...(incident ? { incident } : {}) });
  if (Object.keys(errors).length > 0) throw new Error(JSON.stringify(errors));
  let operation: string | undefined;
  await eventually('it is recorded', async () => {
    operation = (await people.ledger.operations()).find((one) => !known.includes(one));
    return operation !== undefined;
  });
  return operation ?? '';
}

const refusal = async (operation: string) => {
  const end = await stage.incident.until(operation, closed);
  expect(end).toMatchObject({ outcome: 'refused' });
  return JSON.stringify(end);
};

it('times that can’t be, or could be two, are refused in the dialog with what to write', async () => {
  const rosa = stage.incident.person('rosa');
  await rosa.slash('/backup pitr production', incidentChannel);
  await rosa.waitForView('pitr', 10);
  const answer = async (to: string, incident = '') =>
    (await rosa.submit({ to, reason: 'a test', confirm: 'production', ...(incident ? { incident } : {}) })).errors;
  expect(await answer('yesterday at 9')).toMatchObject({ to: expect.stringContaining('two times') });
  expect(await answer('昨天 9 點')).toMatchObject({ to: expect.stringContaining('two times') });
  expect(await answer(iso(new Date(Date.now() + 3_600_000)))).toMatchObject({ to: expect.stringContaining('future') });
  expect(await answer('03/04 09:00')).toMatchObject({ to: expect.any(String) });
  const later = iso(new Date(Date.now() + 3_600_000));
  expect(await answer('latest', later)).toMatchObject({ incident: expect.stringContaining('future') });
  expect(await stage.incident.ledger.operations()).toEqual([]);
});

it('a time before the log is refused in the plan, with what can be had, and nothing is touched', async () => {
  const before = await stage.instances();
  const said = await refusal(await ask('2020-01-01T00:00:00Z', 'too early'));
  expect(said).toContain('pitr.outside-window');
  expect(said).toContain(names.instance);
  expect(await stage.instances()).toEqual(before);
});

/** What `/backup find` answers Rosa. */
async function find(typed: string, wanted: RegExp): Promise<string> {
  const rosa = stage.incident.person('rosa');
  await rosa.slash(`/backup find production ${typed}`, incidentChannel);
  let all: readonly string[] = [];
  const said = () => all.find((one) => wanted.test(one));
  await eventually('it is answered', async () => {
    all = (await rosa.ephemerals(incidentChannel)).map(({ blocks }) => JSON.stringify(blocks ?? []));
    return said() !== undefined;
  }).catch((error: Error) => {
    throw new Error(`${error.message}; the last were ${all.slice(-3).join('\n')}`);
  });
  return said() ?? '';
}

it('the finder proves the last second before an UPDATE that spoiled prices: the parameter group has commit times on', async () => {
  const [{ at: before, dearest } = { at: new Date(), dearest: 0 }] = await sql<{ at: Date; dearest: number }>(
    'SELECT clock_timestamp() AS at, ceil(max(price))::int AS dearest FROM products',
  );
  await sql(`UPDATE products SET price = price + ${dearest} WHERE id <= 20`);
  const [{ at: after } = { at: new Date() }] = await sql<{ at: Date }>('SELECT clock_timestamp() AS at');
  const said = await find(`--table products --where "price > ${dearest}"`, /the commit that wrote|the first commit/);
  expect(said).toContain('*proven*');
  const value = /production (\S+?\.000Z)/.exec(said)?.[1] ?? '';
  expect(Date.parse(value)).toBeLessThan(after.getTime());
  expect(Date.parse(value)).toBeGreaterThanOrEqual(before.getTime() - 1000);
  await sql(`UPDATE products SET price = price - ${dearest} WHERE id <= 20`);
});

it('one second before a DELETE: exactly the rows before it are back, none after; then latest, which loses nothing', async () => {
  // What is counted here bounds what must be back later.
  await stage.incident.until(await stage.incident.snapshot('rosa'), closed, 120);
  // Orders arrive all the time; somebody deletes them by hand, and more arrive after it.
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  const full = await orders();
  const [{ at: deletedAt } = { at: new Date() }] = await sql<{ at: Date }>('SELECT clock_timestamp() AS at');
  await sql('BEGIN; DELETE FROM payments; DELETE FROM order_items; DELETE FROM orders; COMMIT');
  const target = new Date(Math.floor(deletedAt.getTime() / 1000) * 1000 - 1000);
  await new Promise((resolve) => setTimeout(resolve, 14_000));
  expect((await orders()).length).toBeLessThan(full.length);
  // A DELETE leaves no row to date: pitcrew says between which two looks it was, and claims no more.
  const said = await find('--since "10 minutes ago"', /between two counts/);
  expect(said).toContain('public.orders');
  expect(said).not.toContain('*proven*');

  const began = iso(new Date(target.getTime() + 1000));
  const operation = await ask(iso(target), 'orders were deleted', began);
  await approved(operation);
  const chain = await stage.incident.ledger.chain(operation);
  expect(chain[0]?.data).toMatchObject({ operation: 'pitr', incidentAt: began, args: { to: iso(target) } });
  const measured = chain.find(({ type, data }) => type === 'done' && data.step === 'measure-loss');
  expect(JSON.stringify(measured)).toContain('orders');

  const verified = chain.find(({ type, data }) => type === 'done' && data.step === 'verify-database')?.data.output as
    | { readonly report: VerificationReport }
    | undefined;
  const how = (check: string) => {
    const { outcome, finding } = verified?.report.results.find((one) => one.check === check) ?? {};
    return `${outcome} ${finding}`;
  };
  expect(how('heartbeat')).toBe('pass verification.heartbeat');
  expect(how('nothing-after:orders')).toBe('pass verification.nothing-after');
  expect(how('row-count:orders')).toBe('pass verification.count-around');

  // Row by row: what was ordered until then, and nothing of the ten seconds after it. An order of the very moment may
  // have been committed on either side of it.
  const edge = (at: Date) => Math.abs(at.getTime() - target.getTime()) < 100;
  const until = target.getTime() + 10_000;
  const back = (await orders()).filter(({ at }) => at.getTime() < until && !edge(at));
  const before = full.filter(({ at }) => at <= target && !edge(at));
  expect(full.filter(({ at }) => at > target).length).toBeGreaterThan(0);
  expect(ids(back)).toEqual(ids(before));
  const [{ lines } = { lines: 0 }] = await sql<{ lines: number }>(
    `SELECT count(*)::int AS lines FROM orders o WHERE NOT EXISTS (SELECT FROM order_items i WHERE i.order_id = o.id)`,
  );
  expect(lines).toBe(0);

  // The lineage goes on: from the new instance to one more, with all that was ordered since.
  await eventually('the new instance has a log', async () => {
    const rosa = stage.incident.person('rosa');
    await rosa.slash('/backup list production', incidentChannel);
    const shown = JSON.stringify(await rosa.messages(incidentChannel));
    return new RegExp(`${names.instance}-r[0-9a-f]{8}`).test(shown);
  });
  const moving = await ask('latest', 'the volume is failing');
  await stage.incident.until(moving, planned);
  await approved(moving);
  const steps = await stage.incident.ledger.chain(moving);
  const output = (step: string) =>
    steps.find(({ type, data }) => type === 'done' && data.step === step)?.data.output as
      | Readonly<Record<string, unknown>>
      | undefined;
  const log = output('await-log');
  expect(String(log?.restorable) > String(log?.at)).toBe(true);
  const loss = output('measure-loss') as { tables: readonly { lost: number; returned: number }[] } | undefined;
  expect(loss?.tables.map(({ lost, returned }) => [lost, returned])).toEqual(loss?.tables.map(() => [0, 0]));
  const intents = steps.filter(({ type }) => type === 'intent').map(({ data }) => data.step);
  expect(intents.indexOf('restore-instance')).toBeGreaterThan(intents.indexOf('await-log'));
});
