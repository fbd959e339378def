import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import type { Draft } from '../domain/events.ts';
import { verifyPlan } from './views/verify.fixture.ts';
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
const signed = { actor: 'worker', run: 'run-1', epoch: 1 };
const result = (check: string, outcome: 'pass' | 'fail') => ({
  point: 'row-counts',
  check,
  outcome,
  finding: 'verification.rows-all-gone',
  params: { table: check, rows: 0, had: 5 },
  seconds: 1,
});

/** A verification that was carried through, and what it found. */
async function verified(outcomes: readonly ('pass' | 'fail')[]): Promise<string> {
  const known = new Set((await world.operations()).map(({ id }) => id));
  await world.person(rosa.id).slash('/backup verify production --deep --instance shop-old', incident.id);
  await expect.poll(async () => (await world.operations()).length).toBe(known.size + 1);
  const operation = (await world.operations()).find(({ id }) => !known.has(id))?.id ?? '';
  await world.plan(operation, verifyPlan);
  const report = {
    outcome: outcomes.includes('fail') ? 'fail' : 'pass',
    results: outcomes.map((outcome, at) => result(`t${at}`, outcome)),
    notChecked: [],
    seconds: 1,
  };
  const drafts: readonly Draft[] = [
    { type: 'intent', ...signed, data: { step: 'check-database', direction: 'do' } },
    { type: 'done', ...signed, data: { step: 'check-database', direction: 'do', output: { report } } },
    { type: 'closed', ...signed, data: { outcome: 'succeeded', service: 'unchanged' } },
  ];
  await world.append(operation, ...drafts);
  await world.file(operation);
  return operation;
}

it('a verification waits for nobody, and its card says what it found, with every check in its thread', async () => {
  const operation = await verified(['fail', 'pass', 'fail']);
  const { request } = await world.state(operation);
  expect(request).toMatchObject({ operation: 'verify', args: { deep: true, instance: 'shop-old' } });
  expect(request?.policy.required).toBe(0);
  const card = await waitForMessage(world.slack, incident.id, (one) => /2 checks failed/.test(textOf(one)));
  expect(textOf(card)).not.toMatch(/✅ {2}Every|succeeded/);
  await waitForMessage(
    world.slack,
    incident.id,
    (one) => one.thread_ts === card.ts && /Every check with its evidence/.test(textOf(one)),
  );
});

it('history tells one person what was done, the newest first, what it found, and where its card stands', async () => {
  const before = (await world.operations()).map(({ id }) => id);
  const operation = await verified(['pass']);
  await waitForMessage(world.slack, incident.id, (one) => /Every check passed/.test(textOf(one)));
  await world.person(rosa.id).slash('/backup history', incident.id);
  const shown = textOf(await privately(rosa.id, /past operations/));
  expect(shown).toMatch(/Every check passed.*verification of production/);
  expect(shown).toContain('2 checks failed');
  expect(shown.indexOf(operation)).toBeLessThan(shown.indexOf(before[0] ?? '?'));
  expect(shown).toMatch(/https?:\/\/[^|]+\|its card/);
  await world.person(wei.id).slash('/backup history production', incident.id);
  await privately(wei.id, /過去的 operation/);
});
