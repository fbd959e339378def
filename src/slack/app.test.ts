import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { control, type Message } from '../../sandbox/slack/control.ts';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { PitcrewError } from '../domain/errors.ts';
import { points, restorePlanOf } from './views/plans.fixture.ts';
import { openWorkspace, textOf } from './workspace.fixture.ts';

const { incident, business } = sandboxWorkspace.channels;
const { rosa, amir, wei, mallory, dana } = sandboxWorkspace.users;
let world: Awaited<ReturnType<typeof openWorkspace>>;

beforeAll(async () => {
  world = await openWorkspace();
});
afterAll(() => world.close());

/** What only this person is told, once it is there. */
async function told(user: string, wanted: RegExp, channel: string = incident.id): Promise<Message> {
  const message = await waitForMessage(
    world.slack,
    channel,
    (one) => one.subtype === 'ephemeral' && one.ephemeral_to === user && wanted.test(textOf(one)),
  );
  return message;
}

async function asked(): Promise<string> {
  const before = (await world.operations()).length;
  await world.person(rosa.id).slash('/backup restore production', incident.id);
  await world.person(rosa.id).waitForView('restore');
  await world.person(rosa.id).submit({ reason: 'orders are gone', confirm: 'production' });
  await expect.poll(async () => (await world.operations()).length).toBe(before + 1);
  const newest = [...(await world.operations())].sort((a, b) =>
    (a.request?.at ?? '') < (b.request?.at ?? '') ? 1 : -1,
  )[0];
  return newest?.id ?? '';
}

const card = (operation: string, wanted: RegExp) =>
  waitForMessage(
    world.slack,
    incident.id,
    (one) => textOf(one).includes(operation) && wanted.test(textOf(one)) && one.subtype !== 'ephemeral',
  );

describe('a restore asked for in a modal', () => {
  it('takes the environment’s name as confirmation and nothing else', async () => {
    const person = world.person(rosa.id);
    await person.slash('/backup restore production', incident.id);
    const view = await person.waitForView('restore');
    expect(JSON.stringify(view.blocks)).toContain('2026-11-20 02:30 UTC');
    const before = (await world.operations()).length;
    const { errors } = await person.submit({ reason: 'orders are gone', confirm: 'staging' });
    expect(errors.confirm).toMatch(/This is not production/);
    expect((await world.operations()).length).toBe(before);
    await person.dismiss();
  });

  it('is recorded before it is said to be, and says where the card appears', async () => {
    const operation = await asked();
    await told(rosa.id, new RegExp(`Recorded as .*${operation}`));
    const said = (await world.person(rosa.id).ephemerals(incident.id)).map(textOf);
    const recording = said.findIndex((text) => text.startsWith('Recording your request'));
    expect(recording).toBeGreaterThanOrEqual(0);
    expect(recording).toBeLessThan(said.findIndex((text) => text.includes(`Recorded as ${operation}`)));
    expect((await world.state(operation)).request).toMatchObject({
      operation: 'restore',
      environment: 'production',
      reason: 'orders are gone',
      requester: { id: 'T0PITCREW/U0ROSA', slackUser: 'U0ROSA' },
      args: { from: 'latest', order: 'stop-first', onFailure: 'return' },
    });
  });

  it('is approved by two others; the requester, the same person again and a stranger are told why not, privately', async () => {
    const operation = await asked();
    await world.plan(operation, restorePlanOf());
    const approval = await card(operation, /Approval needed/);
    await world.person(rosa.id).click(approval, 'approve');
    await told(rosa.id, /You asked for this, so you can’t approve it/);
    await world.person(mallory.id).click(approval, 'approve');
    await told(mallory.id, /not among those who may approve/);
    await world.person(amir.id).click(approval, 'approve');
    await told(amir.id, /Your approval counts: 1 of 2/);
    await world.person(amir.id).click(approval, 'approve');
    await told(amir.id, /one person has one vote/);
    expect((await world.state(operation)).phase).toBe('planned');
    await expect
      .poll(async () => textOf(await card(operation, /Approval needed/)))
      .toContain('Approved so far:* <@U0AMIR>');
    await world.person(wei.id).click(approval, 'approve');
    await told(wei.id, /你的核准已計入，人數已足夠/);
    const state = await world.state(operation);
    expect([state.phase, state.refusals.map(({ code }) => code)]).toEqual([
      'approved',
      ['approval.own-request', 'approval.not-approver', 'approval.already-voted'],
    ]);
    const decided = await card(operation, /"Approved · /);
    expect(decided.ts).toBe(approval.ts);
    expect(textOf(decided)).not.toContain('"button"');
    await expect(world.person(dana.id).click(decided, 'approve')).rejects.toThrow('nothing to press');
  });

  it('is denied with a reason that stands on the card', async () => {
    const operation = await asked();
    await world.plan(operation, restorePlanOf());
    const approval = await card(operation, /Approval needed/);
    await world.person(amir.id).click(approval, 'deny');
    await world.person(amir.id).waitForView('deny');
    await world.person(amir.id).submit({ reason: 'only one <!here> table is hurt' });
    const denied = await card(operation, /"Denied · /);
    expect(textOf(denied)).toContain('only one &lt;!here&gt; table is hurt');
    expect((await world.state(operation)).phase).toBe('denied');
  });

  it('F23: a forged pointer is refused, and nothing is voted', async () => {
    const operation = await asked();
    await world.plan(operation, restorePlanOf());
    const approval = await card(operation, /Approval needed/);
    for (const value of ['op-000000000000:nonsense', '../../etc', '', `${operation}:${'0'.repeat(64)}`])
      await control(world.slack, 'interact', {
        channel: incident.id,
        messageTs: approval.ts,
        user: dana.id,
        action: { type: 'button', action_id: 'approve', block_id: 'decide', value },
      });
    await told(dana.id, /carries something that pitcrew did not put there/);
    await told(dana.id, /older plan/);
    expect((await world.state(operation)).votes).toEqual([]);
  });

  it('opens at once when RDS is slow, and fills in when it answers', async () => {
    world.rds.answer = () => new Promise((resolve) => setTimeout(() => resolve(points), 2500));
    try {
      const person = world.person(rosa.id);
      await person.slash('/backup restore production', incident.id);
      await person.waitForView('restore-loading');
      await person.waitForView('restore');
      await person.dismiss();
    } finally {
      world.rds.answer = async () => points;
    }
  });

  it('says in the modal when the snapshots can’t be read', async () => {
    world.rds.answer = () =>
      Promise.reject(new PitcrewError('aws.denied', 'permanent', { action: 'rds:DescribeDBSnapshots' }));
    try {
      await world.person(wei.id).slash('/backup restore production', incident.id);
      const view = await world.person(wei.id).waitForView('error');
      expect(JSON.stringify(view.blocks)).toContain('pitcrew 沒有權限呼叫');
      await world.person(wei.id).dismiss();
    } finally {
      world.rds.answer = async () => points;
    }
  });
});

describe('a command', () => {
  it('typed in full still asks for the environment’s name, then is recorded as typed', async () => {
    const person = world.person(rosa.id);
    await person.slash('/backup restore production --from before-migration-42 --reason "a table is gone"', incident.id);
    await person.waitForView('restore-confirm');
    expect((await person.submit({ confirm: 'prod' })).errors.confirm).toBeDefined();
    await person.submit({ confirm: 'production' });
    await expect
      .poll(async () => (await world.operations()).map(({ request }) => request?.args.from))
      .toContain('before-migration-42');
  });

  it('without anything, or unknown, gets help with what was probably meant', async () => {
    await world.person(dana.id).slash('/backup', incident.id);
    await told(dana.id, /What you can type/);
    await world.person(dana.id).slash('/backup restroe production', incident.id);
    await told(dana.id, /Did you mean \\"restore\\"/);
    await world.person(dana.id).slash('/backup retention production', incident.id);
    await told(dana.id, /retention` is not yet in this version/);
  });

  it('is answered in the person’s own language', async () => {
    await world.person(wei.id).slash('/backup help restore', incident.id);
    await told(wei.id, /把環境回復到某個 snapshot/);
  });

  it('is not taken in a channel that is not for it, and says where', async () => {
    await world.person(rosa.id).slash('/backup list', business.id);
    const refused = await told(rosa.id, /Commands are not taken in this channel/, business.id);
    expect(textOf(refused)).toContain(`<#${incident.id}>`);
  });

  it('list and status answer privately, with ages and what is under way', async () => {
    await world.person(dana.id).slash('/backup list production', incident.id);
    await told(dana.id, /before-migration-42/);
    await world.person(dana.id).slash('/backup status', incident.id);
    await told(dana.id, /under way/);
    const [first] = await world.operations();
    await world.person(dana.id).slash(`/backup status ${first?.id}`, incident.id);
    await told(dana.id, new RegExp(`${first?.id}`));
    await world.person(dana.id).slash('/backup status op-ffffffffffff', incident.id);
    await told(dana.id, /There is no operation op-ffffffffffff/);
  });

  it('one of hundreds is acknowledged while 32 are in hand, and each is taken in hand in the end', async () => {
    let [now, highest, begun] = [0, 0, 0];
    let answerAll: (() => void) | undefined;
    const slow = new Promise<void>((resolve) => {
      answerAll = resolve;
    });
    world.rds.answer = async () => {
      begun++;
      highest = Math.max(highest, ++now);
      await slow;
      now--;
      return points;
    };
    try {
      // Each of them returns once it is acknowledged, and none is answered before all are.
      await Promise.all(
        Array.from({ length: 40 }, () => world.person(dana.id).slash('/backup list production', incident.id)),
      );
      await expect.poll(() => now, { timeout: 10_000 }).toBe(32);
      answerAll?.();
      await expect.poll(() => begun, { timeout: 10_000 }).toBe(40);
      expect(highest).toBe(32);
    } finally {
      world.rds.answer = async () => points;
    }
  });

  it('snapshot is recorded without a modal when the environment is known', async () => {
    await world.person(rosa.id).slash('/backup snapshot production', incident.id);
    await expect
      .poll(async () => (await world.operations()).some(({ request }) => request?.operation === 'snapshot'))
      .toBe(true);
  });
});

it('nothing went wrong that nobody was told', () => {
  expect(JSON.stringify(world.logged)).not.toMatch(/could not be told|payload could not be handled|Bolt reports/);
});
