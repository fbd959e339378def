import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { openWorkspace } from './workspace.fixture.ts';

const { rosa } = sandboxWorkspace.users;
const { incident } = sandboxWorkspace.channels;
let world: Awaited<ReturnType<typeof openWorkspace>>;
beforeAll(async () => {
  world = await openWorkspace();
});
afterAll(() => world.close());

const minutesAgo = (minutes: number) => new Date(Math.floor(Date.now() / 1000 - minutes * 60) * 1000).toISOString();
const told = (wanted: RegExp) =>
  waitForMessage(world.slack, incident.id, (one) => wanted.test(JSON.stringify(one)) && one.subtype === 'ephemeral');
const newest = async () =>
  [...(await world.operations())].sort((a, b) => ((a.request?.at ?? '') < (b.request?.at ?? '') ? 1 : -1))[0]?.request;

it('asks in a dialog that shows what the log reaches, refuses at the field what can’t be one time, and says back what it took it for', async () => {
  const person = world.person(rosa.id);
  await person.slash('/backup pitr production', incident.id);
  const view = await person.waitForView('pitr');
  expect(JSON.stringify(view.blocks)).toContain('2026-11-18 02:10:00 UTC');
  const answers = { reason: 'rows are gone', confirm: 'production' };
  const before = (await world.operations()).length;
  for (const [to, said] of [
    ['yesterday at 9', /two times/],
    ['2999-01-01T00:00:00Z', /future/],
    ['soon', /not a time/],
  ] as const)
    expect((await person.submit({ ...answers, to })).errors.to).toMatch(said);
  expect((await person.submit({ ...answers, to: 'latest', incident: '9 o’clock' })).errors.incident).toBeDefined();
  expect((await world.operations()).length).toBe(before);
  const [to, began] = [minutesAgo(40), minutesAgo(35)];
  expect((await person.submit({ ...answers, to, incident: began })).errors).toEqual({});
  await told(/Go back to:.*\(40 min ago\)/);
  await told(/The incident began:.*\(35 min ago\)/);
  expect(await newest()).toMatchObject({
    operation: 'pitr',
    args: { to, typed: to, order: 'stop-first' },
    incidentAt: began,
    reason: 'rows are gone',
  });
});

it('typed in full: the moment is resolved and shown back, and only the environment’s name is still to be typed', async () => {
  const person = world.person(rosa.id);
  await person.slash('/backup pitr production --to "25 minutes ago" --reason "rows are gone"', incident.id);
  const view = await person.waitForView('pitr-confirm');
  expect(JSON.stringify(view.blocks)).toMatch(/\d\d:\d\d:\d\d UTC.*25 min ago/);
  expect((await person.submit({ confirm: 'staging' })).errors.confirm).toMatch(/This is not production/);
  const before = (await world.operations()).length;
  expect((await person.submit({ confirm: 'production' })).errors).toEqual({});
  await expect.poll(async () => (await world.operations()).length).toBe(before + 1);
  expect(await newest()).toMatchObject({
    operation: 'pitr',
    args: { to: expect.stringMatching(/^2.*Z$/), typed: '25 minutes ago' },
  });
});

it('a time that can’t be read is told at once, before anything else is asked', async () => {
  const person = world.person(rosa.id);
  await person.slash('/backup pitr production --to "昨天 9 點" --reason x', incident.id);
  await told(/could mean two times/);
  await person.slash('/backup restore production --incident-at 2999-01-01T00:00:00Z', incident.id);
  await told(/lies in the future/);
});

it('latest is taken as such, and the list shows what can be had', async () => {
  const person = world.person(rosa.id);
  await person.slash('/backup pitr production --to latest --reason "the volume is failing"', incident.id);
  await person.waitForView('pitr-confirm');
  const before = (await world.operations()).length;
  await person.submit({ confirm: 'production' });
  await expect.poll(async () => (await world.operations()).length).toBe(before + 1);
  expect((await newest())?.args).toMatchObject({ to: 'latest' });
  await person.slash('/backup list production', incident.id);
  await told(/can go back to any second of these/);
});
