import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import { names } from '../../sandbox/settings.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.snapshot();
  await stage.worker();
});
afterAll(() => stage?.close());

const orders = async (instance: string) =>
  (await stage.sql<{ count: number }>(instance, 'SELECT count(*)::int AS count FROM orders'))[0]?.count ?? -1;
const mayLogIn = async (instance: string) => {
  const role = stage.secret().DB_USERNAME ?? '';
  const [row] = await stage.sql<{ may: boolean }>(
    instance,
    `SELECT rolcanlogin AS may FROM pg_roles WHERE rolname = '${role}'`,
  );
  return row?.may;
};
const portOf = (instance: string) => stage.world.rds.instance(instance)?.port;

async function restored(): Promise<{ operation: string; target: string }> {
  const { incident } = stage;
  const before = await stage.instances();
  const operation = await incident.restore('rosa', { reason: 'a migration went wrong' });
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  expect(await incident.until(operation, closed, 240)).toMatchObject({ outcome: 'succeeded', service: 'new-database' });
  const target = (await stage.instances()).find((id) => !before.includes(id)) ?? '';
  return { operation, target };
}

const askedBack = (of: string) => asks('rollback', of);

const asks = (command: 'rollback' | 'cleanup', typed: string) =>
  stage.ask(`/backup ${command} ${typed}`, command, { reason: 'the snapshot has the damage too' });

/** What stands in the incident channel about an operation, cards and their threads. */
async function toldAbout(operation: string): Promise<string> {
  const sam = stage.incident.person('sam');
  return JSON.stringify(
    (await sam.messages(incidentChannel)).filter((card) => JSON.stringify(card).includes(operation)),
  );
}

const refusal = async (of: string) =>
  (await stage.incident.until(await askedBack(of), closed)).error as { code: string };

it('after a restore the application goes back to the database it had; what was written since is counted and kept', async () => {
  const { incident } = stage;
  const secretBefore = stage.secret();
  const first = await restored();
  expect(await mayLogIn(names.instance)).toBe(false);
  const ordersOfOld = await orders(names.instance);
  const ordersAtCutOver = await orders(first.target);
  await eventually(
    'customers order on the new database',
    async () => (await orders(first.target)) > ordersAtCutOver + 20,
  );

  const back = await askedBack(first.operation);
  await incident.until(back, planned);
  await eventually('the card says what would be left behind', async () =>
    /left behind: \*\d+/.test(await toldAbout(back)),
  );
  await incident.approve('amir', back);
  expect((await incident.ledger.chain(back)).some(({ type }) => type === 'intent')).toBe(false);
  await incident.approve('wei', back);
  expect(await incident.until(back, closed, 240)).toMatchObject({ outcome: 'succeeded', service: 'old-database' });

  // The secret: the old address again, and every other key as it was.
  expect(stage.secret()).toEqual(secretBefore);
  expect(Number(stage.secret().DB_PORT)).toBe(portOf(names.instance));
  expect(await stage.replicas()).toEqual({ wanted: 2, ready: 2 });
  expect(await mayLogIn(names.instance)).toBe(true);
  expect(await mayLogIn(first.target)).toBe(false);
  await eventually('customers order on the old database', async () => (await orders(names.instance)) > ordersOfOld);

  // Left behind, counted by key: exactly what the left instance has and the old one, as it stood, doesn't.
  const chain = await incident.ledger.chain(back);
  const measured = chain.find(({ type, data }) => type === 'done' && data.step === 'measure-left')?.data.output as {
    tables: { table: string; before: number; after: number; lost: number }[];
  };
  const left = measured.tables.find(({ table }) => table === 'orders');
  expect(left?.before).toBe(await orders(first.target));
  expect(left?.after).toBe(ordersOfOld);
  const keys = async (instance: string) =>
    new Set((await stage.sql<{ id: string }>(instance, 'SELECT id::text AS id FROM orders')).map(({ id }) => id));
  const [kept, old] = [await keys(first.target), await keys(names.instance)];
  expect(left?.lost).toBeGreaterThanOrEqual([...kept].filter((id) => !old.has(id)).length);
  expect(await stage.instances()).toEqual([names.instance, first.target].sort());
  await eventually('the result says what was left behind, and that it is kept', async () => {
    const told = await toldAbout(back);
    return told.includes(`${left?.lost?.toLocaleString('en')} row`) && told.includes('Kept, untouched');
  });
});

it('what was left behind is cleaned up after: the instance that the restore had made, and no other', async () => {
  const { incident } = stage;
  const ids = await incident.ledger.operations();
  const requested = await Promise.all(ids.map(async (id) => ({ id, first: (await incident.ledger.chain(id))[0] })));
  const restore = requested.find(({ first }) => first?.data.operation === 'restore')?.id ?? '';
  const cleaning = await asks('cleanup', `${restore} --now`);
  await incident.until(cleaning, planned);
  await incident.approve('amir', cleaning);
  await incident.approve('wei', cleaning);
  expect(await incident.until(cleaning, closed, 240)).toMatchObject({ outcome: 'succeeded', service: 'unchanged' });
  expect(await stage.instances()).toEqual([names.instance]);
});

it('what can’t be taken back is refused before anybody is asked, with what to do', async () => {
  const { incident } = stage;
  const all = await incident.ledger.operations();
  const chains = await Promise.all(all.map(async (id) => ({ id, chain: await incident.ledger.chain(id) })));
  const of = (name: string) => chains.filter(({ chain }) => chain[0]?.data.operation === name).map(({ id }) => id);
  const [snapshot = ''] = of('snapshot');
  const [first = ''] = of('restore');
  expect((await refusal(snapshot)).code).toBe('cut-over.never-switched');
  expect((await refusal(first)).code).toBe('rollback.already-back');
  const second = await restored();
  const refused = await incident.until(await askedBack(first), closed);
  expect(refused).toMatchObject({
    outcome: 'refused',
    service: 'unchanged',
    error: { code: 'rollback.moved-on', params: { later: second.operation } },
  });
});
