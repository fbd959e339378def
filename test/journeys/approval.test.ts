import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closed, incidentChannel, type Name, planned } from '../../sandbox/incident.ts';
import type { LedgerEvent } from '../../sandbox/ledger.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

/** Long enough to vote in, short enough to wait for. */
const approveWithinMinutes = 0.3;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ config: { approveWithinMinutes } });
  await stage.snapshot();
  await stage.worker();
});
afterAll(() => stage?.close());

const refusals = (chain: readonly LedgerEvent[]) =>
  chain
    .filter(({ type }) => type === 'refused')
    .map(({ data }) => [(data.human as { slackUser: string }).slackUser, data.code]);

async function plannedRestore(): Promise<string> {
  const operation = await stage.incident.restore('rosa', { reason: 'a drill' });
  await stage.incident.until(operation, planned);
  return operation;
}

/** Presses Approve and returns what pitcrew said to that person alone. */
async function pressAndHear(name: Name, operation: string): Promise<string> {
  const { incident } = stage;
  const heard = (await incident.person(name).ephemerals(incidentChannel)).length;
  await incident.approve(name, operation);
  let said = '';
  await eventually(`${name} is told something`, async () => {
    const all = await incident.person(name).ephemerals(incidentChannel);
    said = JSON.stringify(all.slice(heard));
    return all.length > heard;
  });
  return said;
}

describe('who may not approve is told why, privately, nothing starts, and the chain keeps it', () => {
  it('F20: the requester, one approver twice, somebody who is no approver, anybody after the decision', async () => {
    const { incident } = stage;
    const operation = await plannedRestore();
    expect(await pressAndHear('rosa', operation)).toMatch(/own request|yourself|you asked/i);
    expect(await pressAndHear('mallory', operation)).toMatch(/approver/i);
    await incident.approve('amir', operation);
    await incident.until(operation, (chain) => chain.find(({ type }) => type === 'vote'));
    expect(await pressAndHear('amir', operation)).toMatch(/already/i);
    expect(refusals(await incident.ledger.chain(operation))).toEqual([
      ['U0ROSA', 'approval.own-request'],
      ['U0MALLORY', 'approval.not-approver'],
      ['U0AMIR', 'approval.already-voted'],
    ]);
    expect((await incident.ledger.chain(operation)).some(({ type }) => type === 'intent')).toBe(false);
    await incident.person('dana').slash('/backup status', incidentChannel);

    await incident.approve('wei', operation);
    await incident.until(operation, (chain) => chain.filter(({ type }) => type === 'vote').length === 2 || undefined);
    const end = await incident.until(operation, closed);
    expect(end).toMatchObject({ outcome: 'succeeded' });
    const voters = (await incident.ledger.chain(operation))
      .filter(({ type }) => type === 'vote')
      .map(({ data }) => data.human);
    expect(voters).toMatchObject([{ slackUser: 'U0AMIR' }, { slackUser: 'U0WEI' }]);
  });

  it('F20: after expiry the approval is refused and the operation ends unstarted', async () => {
    const { incident } = stage;
    const before = await stage.instances();
    const operation = await plannedRestore();
    const card = await cardOf(operation);
    await incident.until(operation, closed, 60);
    await incident
      .person('amir')
      .click({ channel: incidentChannel, ts: card }, 'approve')
      .catch(() => undefined);
    await sleep(1_000);
    const chain = await incident.ledger.chain(operation);
    expect(chain.find(({ type }) => type === 'closed')?.data).toMatchObject({
      outcome: 'expired',
      service: 'unchanged',
    });
    expect(chain.some(({ type }) => type === 'intent')).toBe(false);
    expect(await stage.instances()).toEqual(before);
    expect(await stage.replicas()).toEqual({ wanted: 2, ready: 2 });
  });

  it('a denial with its reason ends it, for everybody to see', async () => {
    const { incident } = stage;
    const operation = await plannedRestore();
    const ts = await cardOf(operation);
    await incident.person('dana').click({ channel: incidentChannel, ts }, 'deny');
    await incident.person('dana').waitForView('deny');
    await incident.person('dana').submit({ reason: 'the newest snapshot has the damage in it' });
    expect(await incident.until(operation, closed)).toMatchObject({ outcome: 'denied' });
    await eventually('the card says who denied, and why', async () =>
      JSON.stringify(await incident.person('sam').messages(incidentChannel)).includes('has the damage in it'),
    );
    expect((await incident.ledger.chain(operation)).some(({ type }) => type === 'intent')).toBe(false);
  });
});

async function cardOf(operation: string): Promise<string> {
  let ts = '';
  await eventually('the approval card stands', async () => {
    const cards = await stage.incident.person('sam').messages(incidentChannel);
    ts = cards.find(({ blocks }) => JSON.stringify(blocks ?? []).includes(`"${operation}:`))?.ts ?? '';
    return ts !== '';
  });
  return ts;
}
