import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import type { LedgerEvent } from '../../sandbox/ledger.ts';
import { downtime, readAttempts } from '../../sandbox/shop/attempts.ts';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.snapshot();
  await stage.worker();
});
afterAll(() => stage?.close());

/** Through the dialog, with the order chosen there. */
async function ask(kind: 'restore' | 'pitr', answers: Readonly<Record<string, string>>): Promise<string> {
  const { incident } = stage;
  const operation = await stage.ask(`/backup ${kind} production`, kind, { order: 'restore-first', ...answers });
  await incident.until(operation, planned);
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  return operation;
}

/** For `until`: the step that asks for the cut-over began; returns what its words must name and when. */
const asksForCutOver = (chain: readonly LedgerEvent[]) =>
  chain.find(({ type, data }) => type === 'intent' && data.gate === 'cut-over');

async function comparisonCard(operation: string) {
  const { slack } = stage.world;
  if (!slack) throw new Error('this world has no Slack');
  return waitForMessage(slack, incidentChannel, (message) => {
    const text = JSON.stringify(message.blocks ?? []);
    return text.includes(operation) && text.includes('approve-cut-over');
  });
}

const outputOf = (chain: readonly LedgerEvent[], step: string) =>
  chain.find(({ type, data }) => type === 'done' && data.step === step)?.data.output as
    | Readonly<Record<string, unknown>>
    | undefined;

const intents = (chain: readonly LedgerEvent[]) =>
  chain.filter(({ type }) => type === 'intent').map(({ data }) => data.step);

const failedSince = (at: Date) =>
  readAttempts(stage.world.attemptsFile).filter((one) => !one.ok && Date.parse(one.at) >= at.getTime());

it('kept beside: compared while the shop serves, and not one order was refused', async () => {
  const { incident } = stage;
  const began = new Date();
  const before = { secret: stage.secret(), instances: await stage.instances() };
  const operation = await ask('restore', { reason: 'orders look wrong' });
  await incident.until(operation, asksForCutOver, 240);
  const card = await comparisonCard(operation);
  expect(JSON.stringify(card)).toMatch(/orders.*lost: [1-9]/);

  // Whoever asked for it can't let it go on; one approver's no is enough to keep it beside.
  await incident.person('rosa').click({ channel: incidentChannel, ts: card.ts }, 'approve-cut-over');
  await incident.until(operation, (chain) =>
    chain.find(({ type, data }) => type === 'refused' && data.code === 'approval.own-request'),
  );
  await incident.person('wei').click({ channel: incidentChannel, ts: card.ts }, 'keep-beside');
  const end = await incident.until(operation, closed);
  expect(end).toMatchObject({ outcome: 'denied', service: 'beside-only', error: { code: 'cut-over.denied' } });

  const chain = await incident.ledger.chain(operation);
  expect(intents(chain)).not.toContain('stop-application');
  expect(stage.secret()).toEqual(before.secret);
  expect(await stage.replicas()).toEqual({ wanted: 2, ready: 2 });
  expect(failedSince(began)).toEqual([]);
  // Who works on from it finds it in the closed chain.
  const made = outputOf(chain, 'await-instance');
  expect(await stage.instances()).toEqual([...before.instances, String(made?.id)].sort());
  expect(made).toMatchObject({ arn: expect.stringContaining(':db:'), resourceId: expect.stringMatching(/^db-/) });
  await eventually('its card says that it was kept', async () => {
    const told = JSON.stringify(await incident.person('sam').messages(incidentChannel));
    return told.includes('Kept beside, not cut over') && told.includes('An approver decided against the cut-over');
  });
});

/** Approves the cut-over of what waits for it, and gives back how long no order was taken. */
async function cutOver(operation: string): Promise<{ chain: readonly LedgerEvent[]; downMs: number }> {
  const { incident, world } = stage;
  const asked = new Date();
  await incident.until(operation, asksForCutOver, 240);
  const card = await comparisonCard(operation);
  const pressed = new Date();
  expect(failedSince(asked).filter(({ at }) => Date.parse(at) < pressed.getTime())).toEqual([]);
  await incident.person('amir').click({ channel: incidentChannel, ts: card.ts }, 'approve-cut-over');
  expect(await incident.until(operation, closed, 240)).toMatchObject({
    outcome: 'succeeded',
    service: 'new-database',
  });
  const { longestMs } = downtime(world.attemptsFile, pressed);
  console.log(`${operation}: no order was taken for ${(longestMs / 1000).toFixed(1)} s`);
  return { chain: await incident.ledger.chain(operation), downMs: longestMs };
}

it('a snapshot, restored first: the shop is down for the switch alone, below 30 s by its own customers', async () => {
  const operation = await ask('restore', { reason: 'orders were changed' });
  const { chain, downMs } = await cutOver(operation);
  expect(downMs).toBeLessThan(30_000);
  const order = intents(chain);
  for (const [first, then] of [
    ['judge-verification', 'compare'],
    ['compare', 'approve-cut-over'],
    ['approve-cut-over', 'record-application'],
    ['stop-application', 'prove-unwritten'],
    ['start-application', 'rescue-snapshot'],
  ])
    expect(order.indexOf(then)).toBeGreaterThan(order.indexOf(first));
  const compared = outputOf(chain, 'compare') as { tables: readonly { table: string; lost: number }[] } | undefined;
  const measured = outputOf(chain, 'measure-loss') as typeof compared;
  const lost = (of: typeof compared) => of?.tables.find(({ table }) => table === 'orders')?.lost ?? 0;
  // Orders went on coming in while people decided: what was measured at the stop is never less than what was compared.
  expect(lost(compared)).toBeGreaterThan(0);
  expect(lost(measured)).toBeGreaterThanOrEqual(lost(compared));
  expect(outputOf(chain, 'approve-cut-over')).toEqual({ by: [expect.any(String)] });
});

it('a point in time, restored first; and the latest moment is refused in that order, with why', async () => {
  const rosa = stage.incident.person('rosa');
  await rosa.slash('/backup pitr production', incidentChannel);
  await rosa.waitForView('pitr', 10);
  const latest = { to: 'latest', order: 'restore-first', reason: 'a test', confirm: 'production' };
  const { errors } = await rosa.submit(latest);
  expect(errors).toEqual({ order: expect.stringContaining('nothing writes any more') });
  await rosa.dismiss();

  // The new instance has a log of its own, which has to reach the moment.
  const moment = new Date(Math.floor(Date.now() / 1000) * 1000 - 1000);
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  const operation = await ask('pitr', { to: moment.toISOString(), reason: 'orders were deleted' });
  const { chain, downMs } = await cutOver(operation);
  expect(chain[0]?.data).toMatchObject({ operation: 'pitr', args: { order: 'restore-first' } });
  expect(downMs).toBeLessThan(30_000);
});
