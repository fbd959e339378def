import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { recoverActions } from './views/find.ts';
import { openWorkspace, textOf } from './workspace.fixture.ts';

const { rosa, wei } = sandboxWorkspace.users;
const { incident } = sandboxWorkspace.channels;
let world: Awaited<ReturnType<typeof openWorkspace>>;
beforeAll(async () => {
  world = await openWorkspace();
});
afterAll(() => world.close());

const privately = (user: string, wanted: RegExp) =>
  waitForMessage(
    world.slack,
    incident.id,
    (one) => one.subtype === 'ephemeral' && one.ephemeral_to === user && wanted.test(textOf(one)),
  );

it('what was found is told to whoever asked, in their language, and nothing is asked for', async () => {
  await world.person(rosa.id).slash('/backup find production --since "2 hours ago"', incident.id);
  await privately(rosa.id, /the first commit of the 1,231 matching rows/);
  await world.person(wei.id).slash('/backup find production', incident.id);
  await privately(wei.id, /資料最後正確的時間點/);
  expect(await world.operations()).toEqual([]);
});

it('its button opens the dialog of a point-in-time recovery to that moment, and asks for nothing by itself', async () => {
  const person = world.person(rosa.id);
  await person.slash('/backup find production --table orders --where "total > 10000"', incident.id);
  const answer = await privately(rosa.id, /02:40:15 UTC/);
  await world.press(
    { channel: incident.id, ts: answer.ts },
    {
      user: rosa.id,
      action: recoverActions[0] ?? '',
      value: 'production 2026-11-20T02:40:15.000Z',
    },
  );
  const view = await person.waitForView('pitr', 10);
  expect(JSON.stringify(view)).toContain('2026-11-20T02:40:15.000Z');
  expect(JSON.stringify(view)).toContain('Don’t know the moment?');
  expect(await world.operations()).toEqual([]);
});

it.each(['production yesterday', 'elsewhere 2026-11-20T02:40:15.000Z', ''])(
  'a forged button (%s) opens nothing',
  async (value) => {
    const answer = await privately(rosa.id, /02:40:15 UTC/);
    await world.press(
      { channel: incident.id, ts: answer.ts },
      { user: rosa.id, action: recoverActions[0] ?? '', value },
    );
    await privately(rosa.id, /button/i);
    expect(await world.operations()).toEqual([]);
  },
);
