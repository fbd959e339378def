import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../sandbox/slack/control.ts';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import type { Draft } from '../domain/events.ts';
import { restorePlanOf } from './views/plans.fixture.ts';
import { openWorkspace, textOf } from './workspace.fixture.ts';

const { incident } = sandboxWorkspace.channels;
const { rosa, amir, wei, mallory, dana } = sandboxWorkspace.users;
let world: Awaited<ReturnType<typeof openWorkspace>>;

beforeAll(async () => {
  world = await openWorkspace();
});
afterAll(() => world.close());

const signed = { actor: 'worker', run: 'run-1', epoch: 1 };
const intent = (step: string, direction: 'do' | 'undo' = 'do'): Draft => ({
  type: 'intent',
  ...signed,
  data: { step, direction },
});
const error = { code: 'restore.not-up', kind: 'permanent', params: {} } as const;

const told = (user: string, wanted: RegExp): Promise<Message> =>
  waitForMessage(
    world.slack,
    incident.id,
    (one) => one.subtype === 'ephemeral' && one.ephemeral_to === user && wanted.test(textOf(one)),
  );
const card = (operation: string, wanted: RegExp) =>
  waitForMessage(
    world.slack,
    incident.id,
    (one) => textOf(one).includes(operation) && wanted.test(textOf(one)) && one.subtype !== 'ephemeral',
  );

/** Asked for, approved by two, and its first steps begun. */
async function begun(): Promise<string> {
  const known = new Set((await world.operations()).map(({ id }) => id));
  const person = world.person(rosa.id);
  await person.slash('/backup restore production', incident.id);
  await person.waitForView('restore');
  await person.submit({ reason: 'orders are gone', confirm: 'production' });
  await expect.poll(async () => (await world.operations()).length).toBe(known.size + 1);
  const operation = (await world.operations()).find(({ id }) => !known.has(id))?.id ?? '';
  await world.plan(operation, restorePlanOf());
  const approval = await card(operation, /Approval needed/);
  await world.person(amir.id).click(approval, 'approve');
  await world.person(wei.id).click(approval, 'approve');
  await expect.poll(async () => (await world.state(operation)).phase).toBe('approved');
  await world.append(operation, intent('stop-application'));
  return operation;
}

async function parked(): Promise<string> {
  const operation = await begun();
  await world.append(
    operation,
    { type: 'turned-back', ...signed, data: { step: 'await-instance', error } },
    intent('stop-application', 'undo'),
    { type: 'parked', ...signed, data: { error } },
  );
  return operation;
}
const close = (operation: string) =>
  world.append(operation, { type: 'closed', ...signed, data: { outcome: 'failed', service: 'stopped' } });

describe('cancel', () => {
  it('by the button on the progress card: the requester may, a stranger may not; then the button is gone', async () => {
    const operation = await begun();
    const progress = await card(operation, /Under way/);
    await world.person(mallory.id).click(progress, 'cancel-operation');
    await told(mallory.id, /Only who asked for this operation, or may approve it/);
    await world.person(rosa.id).click(progress, 'cancel-operation');
    await told(rosa.id, /Your cancel stands/);
    const asked = await card(operation, /Asked to cancel/);
    await expect(world.person(amir.id).click(asked, 'cancel-operation')).rejects.toThrow('nothing to press');
    expect(await world.state(operation)).toMatchObject({
      cancelAskedBy: expect.stringContaining(rosa.id),
      refusals: [{ what: 'cancel', code: 'operation.not-yours' }],
    });
    await close(operation);
  });

  it('typed, is asked for once more, by name; too late is said at once', async () => {
    const operation = await begun();
    const person = world.person(amir.id);
    await person.slash(`/backup cancel ${operation}`, incident.id);
    const view = await person.waitForView('cancel-operation');
    expect(JSON.stringify(view.blocks)).toContain(operation);
    await person.submit({});
    await told(amir.id, /Your cancel stands/);
    await person.slash(`/backup cancel ${operation}`, incident.id);
    await told(amir.id, /Somebody has asked to cancel already/);
    await close(operation);
    await person.slash('/backup cancel op-ffffffffffff', incident.id);
    await told(amir.id, /There is no operation op-ffffffffffff/);
  });
});

describe('a parked operation', () => {
  it('is let go on by its button, and its card says by whom', async () => {
    const operation = await parked();
    const waits = await card(operation, /A person must decide/);
    await world.person(wei.id).click(waits, 'retry-operation');
    await told(wei.id, /已從失敗的地方繼續/);
    const again = await card(operation, /Taken up again/);
    expect(again.ts).toBe(waits.ts);
    expect(textOf(again)).toContain('<@U0WEI>');
    expect((await world.state(operation)).phase).toBe('undoing');
    await world.person(rosa.id).slash(`/backup retry ${operation}`, incident.id);
    await told(rosa.id, /It does not wait for a person/);
    await world.append(operation, {
      type: 'closed',
      actor: 'worker',
      run: 'run-2',
      epoch: 2,
      data: { outcome: 'failed', service: 'old-database' },
    });
    await world.person(rosa.id).slash(`/backup retry ${operation}`, incident.id);
    await told(rosa.id, /what is over is not taken up again/);
  });

  it('is given up by two others than who asked, on its own card; the same card says so', async () => {
    const operation = await parked();
    const waits = await card(operation, /A person must decide/);
    const asker = world.person(amir.id);
    await asker.slash('/backup supersede', incident.id);
    await asker.waitForView('supersede-operation');
    await asker.submit({ reason: 'the cluster is gone' });
    await told(amir.id, /Others decide on its card/);
    const asks = await card(operation, /Given up\?/);
    expect(asks.ts).toBe(waits.ts);
    await asker.click(asks, 'give-up-operation');
    await told(amir.id, /You asked for this, so you can’t approve it/);
    await world.person(mallory.id).click(asks, 'give-up-operation');
    await told(mallory.id, /not among those who may approve/);
    await world.press(asks, {
      action: 'give-up-operation',
      value: `${operation}:${'0'.repeat(64)}`,
      user: dana.id,
    });
    await told(dana.id, /It was asked anew since this card was drawn/);
    await world.person(wei.id).click(asks, 'give-up-operation');
    await world.person(dana.id).click(asks, 'give-up-operation');
    await told(dana.id, /last one needed. It is closed now/);
    const decided = await card(operation, /It was decided to give it up/);
    await expect(world.person(rosa.id).click(decided, 'retry-operation')).rejects.toThrow('nothing to press');
    const over = { code: 'operation.superseded', kind: 'user', params: {} } as const;
    const data = { outcome: 'failed', service: 'stopped', error: over } as const;
    await world.append(operation, { type: 'closed', ...signed, data });
    expect(textOf(await card(operation, /"Given up · /))).toContain('the cluster is gone');
  });

  it('F23: a button whose value nobody put there does nothing', async () => {
    const operation = await parked();
    const waits = await card(operation, /A person must decide/);
    for (const action of ['retry-operation', 'supersede-operation', 'cancel-operation', 'give-up-operation'])
      await world.press(waits, { action, value: `${operation}x`, user: rosa.id });
    await told(rosa.id, /carries something that pitcrew did not put there/);
    expect((await world.state(operation)).phase).toBe('parked');
  });
});
