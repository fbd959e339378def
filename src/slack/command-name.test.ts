import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { restorePlanOf } from './views/plans.fixture.ts';
import { openWorkspace, textOf } from './workspace.fixture.ts';

const { incident, audit } = sandboxWorkspace.channels;
const { rosa, wei } = sandboxWorkspace.users;
let world: Awaited<ReturnType<typeof openWorkspace>>;
beforeAll(async () => {
  world = await openWorkspace({ command: '/dbops' });
});
afterAll(() => world.close());

const told = (user: string, wanted: RegExp) =>
  waitForMessage(
    world.slack,
    incident.id,
    (one) => one.subtype === 'ephemeral' && one.ephemeral_to === user && wanted.test(textOf(one)),
  );

it('a workspace that calls the command /dbops reads /dbops everywhere: answers, hints, cards, the audit line, Home', async () => {
  const person = world.person(rosa.id);
  await person.slash('/dbops', incident.id);
  await told(rosa.id, /\/dbops restore/);
  await person.slash('/dbops help rescue', incident.id);
  await told(rosa.id, /\/dbops rescue op-0123456789ab --table orders/);
  await person.slash('/dbops restroe production', incident.id);
  await told(rosa.id, /\/dbops help/);
  await world.person(wei.id).slash('/dbops status op-ffffffffffff', incident.id);
  await told(wei.id, /\/dbops status` 會列出/);

  await person.slash(
    '/dbops restore production --from before-migration-42 --reason "typed /backup restore"',
    incident.id,
  );
  await person.submit({ confirm: 'production' });
  await expect.poll(async () => (await world.operations()).length).toBe(1);
  const [operation] = await world.operations();
  const id = operation?.id ?? '';
  await world.plan(id, restorePlanOf());
  await waitForMessage(world.slack, incident.id, (one) => /\/dbops rollback/.test(textOf(one)));
  await person.openHome();
  await expect.poll(async () => JSON.stringify((await person.home())?.blocks) ?? '').toContain('/dbops restore');
  const home = JSON.stringify((await person.home())?.blocks);

  const all = [...(await world.messages(incident.id)), ...(await world.messages(audit.id))].map(textOf);
  expect(all.length).toBeGreaterThan(6);
  // Once on its cards and in the audit channel: what Rosa wrote is hers.
  const ours = [...all, home].map((text) => text.replaceAll(/typed \u2060?\/backup restore/g, ''));
  expect(ours.filter((text) => text.includes('/backup '))).toEqual([]);
  expect(all.join('\n')).toMatch(/typed \u2060?\/backup restore/);
});
