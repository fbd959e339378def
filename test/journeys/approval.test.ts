import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closed, incidentChannel, type Name, planned } from '../../sandbox/incident.ts';
import type { LedgerEvent } from '../../sandbox/ledger.ts';
import type { Pitcrew } from '../../sandbox/pitcrew.ts';
import { control } from '../../sandbox/slack/control.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

/** Long enough to vote in, short enough to wait for. */
const approveWithinMinutes = 0.3;

let stage: Stage;
let worker: Pitcrew;
beforeAll(async () => {
  stage = await openStage({ config: { approveWithinMinutes } });
  await stage.snapshot();
  worker = await stage.worker();
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
async function pressAndHear(
  name: Name,
  operation: string,
  press = () => stage.incident.approve(name, operation),
): Promise<string> {
  const { incident } = stage;
  const heard = (await incident.person(name).ephemerals(incidentChannel)).length;
  await press();
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
    // Her answer comes in its own time: what she hears next is about her vote.
    await eventually(
      'dana is told what is under way',
      async () => (await incident.person('dana').ephemerals(incidentChannel)).length > 0,
    );

    // Two press at the same instant: one vote decides, the other comes after the decision.
    const told = await Promise.all(['wei', 'dana'].map((name) => pressAndHear(name as Name, operation)));
    expect(told.filter((said) => /decided already|已經決定/.test(said))).toHaveLength(1);
    const late = refusals(await incident.ledger.chain(operation)).at(-1);
    expect(late?.[1]).toBe('approval.decided');
    const end = await incident.until(operation, closed);
    expect(end).toMatchObject({ outcome: 'succeeded' });
    const voters = (await incident.ledger.chain(operation)).filter(({ type }) => type === 'vote');
    expect(voters).toHaveLength(2);
    expect(voters[0]?.data.human).toMatchObject({ slackUser: 'U0AMIR' });
  });

  it('F20: a vote after expiry stands in the chain without effect, its author is told, nothing starts', async () => {
    const { incident } = stage;
    const before = await stage.instances();
    const operation = await plannedRestore();
    const ts = await cardOf(operation);
    // Nobody is there to close it in time, and his page still shows the button, whether or not pitcrew has drawn it anew.
    await worker.stop();
    await sleep(approveWithinMinutes * 60_000 + 2_000);
    const [, plan] = await incident.ledger.chain(operation);
    const { slack } = stage.world;
    if (!slack) throw new Error('a stage has a Slack');
    const press = () =>
      control(slack, 'interact', {
        channel: incidentChannel,
        messageTs: ts,
        user: incident.person('amir').userId,
        action: {
          type: 'button',
          action_id: 'approve',
          block_id: 'decide',
          value: `${operation}:${plan?.data.digest}`,
        },
      });
    expect(await pressAndHear('amir', operation, press)).toMatch(/expired|too late|over/i);
    expect((await incident.ledger.chain(operation)).map(({ type }) => type)).toEqual(['requested', 'planned', 'vote']);
    worker = await stage.worker();
    const end = await incident.until(operation, closed, 60);
    expect(end).toMatchObject({ outcome: 'expired', service: 'unchanged' });
    expect((await incident.ledger.chain(operation)).some(({ type }) => type === 'intent')).toBe(false);
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
