import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { rescuePlanOf } from './views/rescue.fixture.ts';
import { openWorkspace, textOf } from './workspace.fixture.ts';

const { rosa } = sandboxWorkspace.users;
const { incident } = sandboxWorkspace.channels;
let world: Awaited<ReturnType<typeof openWorkspace>>;
beforeAll(async () => {
  world = await openWorkspace();
});
afterAll(() => world.close());

const requests = async () => (await world.operations()).map(({ request }) => request?.operation);
const answers = { reason: 'a script deleted orders', confirm: 'production' };

it('what was typed stands in the dialog, which says what is wrong at its field and records only what is whole', async () => {
  const person = world.person(rosa.id);
  await person.slash('/backup snapshot production', incident.id);
  await expect.poll(requests).toHaveLength(1);
  const of = (await world.operations())[0]?.id ?? '';
  await person.slash(`/backup rescue ${of} --table orders --table order_items --where "id <= 5"`, incident.id);
  const view = JSON.stringify(await person.waitForView('rescue'));
  expect(view).toContain(of);
  expect(view).toContain(String.raw`orders\norder_items`);
  expect(view).toContain('id <= 5');
  const wrong = await person.submit({ ...answers, operation: 'the last', tables: ' , ', confirm: 'staging' });
  expect(Object.keys(wrong.errors).sort()).toEqual(['confirm', 'operation', 'tables']);
  expect(await requests()).not.toContain('rescue');
  await person.submit({ ...answers, operation: of, tables: 'orders\norder_items', where: 'id <= 5' });
  await expect.poll(requests).toContain('rescue');
  const asked = (await world.operations()).find(({ request }) => request?.operation === 'rescue');
  expect(asked?.request).toMatchObject({
    environment: 'production',
    args: { of, tables: ['orders', 'order_items'], where: 'id <= 5' },
    reason: 'a script deleted orders',
    policy: { required: 2 },
  });
  await world.plan(asked?.id ?? '', rescuePlanOf());
  await waitForMessage(world.slack, incident.id, (one) => /39,997 rows would be copied/.test(textOf(one)));
});

it('bare it asks for everything, where the channel says which environment', async () => {
  const person = world.person(rosa.id);
  await person.slash('/backup rescue', incident.id);
  expect(JSON.stringify(await person.waitForView('rescue'))).toContain('op-0123456789ab');
});

it('bare it offers the operations that left an instance beside, and asks for the one that is chosen', async () => {
  const person = world.person(rosa.id);
  const known = (await world.operations()).length;
  await person.slash('/backup snapshot production', incident.id);
  await expect.poll(async () => (await world.operations()).length).toBe(known + 1);
  const of = (await world.operations()).at(-1)?.id ?? '';
  const signed = { actor: 'worker', run: 'run-1', epoch: 1 };
  const step = { step: 'await-instance', direction: 'do' } as const;
  await world.plan(of, rescuePlanOf());
  await world.append(
    of,
    { type: 'intent', ...signed, data: step },
    { type: 'done', ...signed, data: { ...step, output: { id: 'shop-new', resourceId: 'db-NEW' } } },
    { type: 'closed', ...signed, data: { outcome: 'succeeded', service: 'new-database' } },
  );
  await world.file(of);
  await person.slash('/backup rescue', incident.id);
  const dialog = async () => JSON.stringify(await person.waitForView('rescue'));
  // The dialog of before may still be open.
  await expect.poll(dialog).toContain('static_select');
  const view = await dialog();
  expect(view).toContain(`"value":"${of}"`);
  expect(view).not.toContain('placeholder":{"type":"plain_text","text":"op-');
  await person.submit({ ...answers, operation: of, tables: 'orders' });
  const asked = async () =>
    (await world.operations()).filter(({ request }) => request?.operation === 'rescue' && request.args.of === of);
  await expect.poll(async () => (await asked()).length).toBe(1);
});
