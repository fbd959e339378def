import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../sandbox/slack/control.ts';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import type { Draft } from '../domain/events.ts';
import { compared, restoreFirstPlan } from './views/cut-over.fixture.ts';
import { badResults, report } from './views/events.fixture.ts';
import { restorePlanOf } from './views/plans.fixture.ts';
import { openWorkspace, textOf } from './workspace.fixture.ts';

const { incident, audit } = sandboxWorkspace.channels;
const { rosa, amir, wei, mallory, dana } = sandboxWorkspace.users;
let world: Awaited<ReturnType<typeof openWorkspace>>;

beforeAll(async () => {
  world = await openWorkspace();
});
afterAll(() => world.close());

const signed = { actor: 'worker', run: 'run-1', epoch: 1 };
const intent = (step: string, more: object = {}): Draft => ({
  type: 'intent',
  ...signed,
  data: { step, direction: 'do', ...more },
});
const done = (step: string, output: object = {}): Draft => ({
  type: 'done',
  ...signed,
  data: { step, direction: 'do', output: output as never },
});

async function told(user: string, wanted: RegExp): Promise<Message> {
  return waitForMessage(
    world.slack,
    incident.id,
    (one) => one.subtype === 'ephemeral' && one.ephemeral_to === user && wanted.test(textOf(one)),
  );
}
const card = (operation: string, wanted: RegExp) =>
  waitForMessage(
    world.slack,
    incident.id,
    (one) => textOf(one).includes(operation) && wanted.test(textOf(one)) && one.subtype !== 'ephemeral',
  );

/** Asked for and approved by two. */
async function approved(typed: string): Promise<string> {
  const known = new Set((await world.operations()).map(({ id }) => id));
  const person = world.person(rosa.id);
  await person.slash(typed, incident.id);
  await person.waitForView('restore');
  await person.submit({ reason: 'orders are gone', confirm: 'production' });
  await expect.poll(async () => (await world.operations()).length).toBe(known.size + 1);
  const operation = (await world.operations()).find(({ id }) => !known.has(id))?.id ?? '';
  await world.plan(operation, restorePlanOf());
  const approval = await card(operation, /Approval needed/);
  await world.person(amir.id).click(approval, 'approve');
  await world.person(wei.id).click(approval, 'approve');
  await expect.poll(async () => (await world.state(operation)).phase).toBe('approved');
  return operation;
}

const turnedBack: Draft = {
  type: 'turned-back',
  ...signed,
  data: { step: '', error: { code: 'operation.cancelled', kind: 'user', params: {} } },
};

/** Run up to a verification that found something. */
async function askedAboutFindings(): Promise<string> {
  const operation = await approved('/backup restore production');
  await world.append(
    operation,
    intent('verify-database'),
    done('verify-database', { report: report(badResults, 'fail') }),
    intent('stop-application'),
    intent('judge-verification', { gate: 'findings' }),
  );
  return operation;
}

describe('what the verification found', () => {
  it('is taken on by two others than the requester; who may not is told why, privately', async () => {
    const operation = await askedAboutFindings();
    const asks = await card(operation, /Decision needed: findings/);
    expect(textOf(asks)).toContain('1,312 orphaned records');
    await world.person(rosa.id).click(asks, 'accept-findings');
    await told(rosa.id, /You asked for this, so you can’t approve it/);
    await world.person(mallory.id).click(asks, 'accept-findings');
    await told(mallory.id, /not among those who may approve/);
    await world.person(amir.id).click(asks, 'accept-findings');
    await told(amir.id, /Your word counts: 1 of 2 accept the findings/);
    await expect.poll(async () => textOf(await card(operation, /Decision needed/))).toContain('<@U0AMIR>');
    await world.person(dana.id).click(asks, 'accept-findings');
    await told(dana.id, /last one needed. It goes on now/);
    expect((await world.state(operation)).findings).toMatchObject({ decision: 'approved' });
    const decided = await card(operation, /"Cut over with findings · /);
    expect(decided.ts).toBe(asks.ts);
    expect(textOf(decided)).not.toContain('"button"');
    await waitForMessage(world.slack, audit.id, (one) => /findings accepted/.test(textOf(one)));
    expect((await world.state(operation)).refusals.map(({ what, code }) => [what, code])).toEqual([
      ['findings:approve', 'approval.own-request'],
      ['findings:approve', 'approval.not-approver'],
    ]);
  });

  it('is refused by one word, and the card says by whose', async () => {
    const operation = await askedAboutFindings();
    const asks = await card(operation, /Decision needed: findings/);
    await world.person(wei.id).click(asks, 'refuse-findings');
    await told(wei.id, /你決定不要繼續/);
    const decided = await card(operation, /"Not cut over · /);
    expect(textOf(decided)).toContain('<@U0WEI> decided at');
    await expect(world.person(amir.id).click(decided, 'accept-findings')).rejects.toThrow('nothing to press');
    expect((await world.state(operation)).findings).toMatchObject({ decision: 'denied' });
  });

  it('F23: a vote on the plan is none on the findings, and the other way round', async () => {
    const operation = await askedAboutFindings();
    const state = await world.state(operation);
    const asks = await card(operation, /Decision needed: findings/);
    for (const value of [`${operation}:${state.plan?.digest}`, `${operation}:${'0'.repeat(64)}`, operation])
      await world.press(asks, { action: 'accept-findings', value, user: dana.id });
    await told(dana.id, /These are not the findings/);
    await told(dana.id, /carries something that pitcrew did not put there/);
    await world.press(asks, { action: 'approve', value: `${operation}:${state.findings?.digest}`, user: dana.id });
    await told(dana.id, /decided already/);
    expect((await world.state(operation)).findings).toMatchObject({ votes: [] });
  });
});

/** Restored first, compared, and waiting for the word on the cut-over. */
async function askedForCutOver(): Promise<string> {
  const known = new Set((await world.operations()).map(({ id }) => id));
  const person = world.person(rosa.id);
  await person.slash('/backup restore production', incident.id);
  await person.waitForView('restore');
  await person.submit({ order: 'restore-first', reason: 'orders are gone', confirm: 'production' });
  await expect.poll(async () => (await world.operations()).length).toBe(known.size + 1);
  const operation = (await world.operations()).find(({ id }) => !known.has(id))?.id ?? '';
  expect((await world.state(operation)).request?.args).toMatchObject({ order: 'restore-first' });
  await world.plan(operation, restoreFirstPlan());
  const approval = await card(operation, /Approval needed/);
  expect(textOf(approval)).toContain('Order: restore first.');
  await world.person(amir.id).click(approval, 'approve');
  await world.person(wei.id).click(approval, 'approve');
  await expect.poll(async () => (await world.state(operation)).phase).toBe('approved');
  await world.append(
    operation,
    intent('compare'),
    done('compare', compared),
    intent('approve-cut-over', { gate: 'cut-over' }),
  );
  return operation;
}

describe('the cut-over of a restore-first', () => {
  it('is approved on the card of its comparison by another than the requester; who may not is told why', async () => {
    const operation = await askedForCutOver();
    const asks = await card(operation, /Decision needed: cut-over/);
    expect(textOf(asks)).toMatch(/98,110 live, 98,796 beside.*lost: 1,204/);
    await world.person(rosa.id).click(asks, 'approve-cut-over');
    await told(rosa.id, /You asked for this, so you can’t approve it/);
    await world.person(mallory.id).click(asks, 'keep-beside');
    await told(mallory.id, /not among those who may approve/);
    await world.person(dana.id).click(asks, 'approve-cut-over');
    await told(dana.id, /last one needed: the cut-over begins/);
    expect((await world.state(operation)).cutOver).toMatchObject({ decision: 'approved' });
    const decided = await card(operation, /"Cut-over approved · /);
    expect(decided.ts).toBe(asks.ts);
    expect(textOf(decided)).not.toContain('"button"');
    await waitForMessage(world.slack, audit.id, (one) => /cut-over approved/.test(textOf(one)));
    expect((await world.state(operation)).refusals.map(({ what, code }) => [what, code])).toEqual([
      ['cut-over:approve', 'approval.own-request'],
      ['cut-over:deny', 'approval.not-approver'],
    ]);
  });

  it('is kept from happening by one word, in the language of whoever says it', async () => {
    const operation = await askedForCutOver();
    const asks = await card(operation, /Decision needed: cut-over/);
    await world.person(wei.id).click(asks, 'keep-beside');
    await told(wei.id, /instance 保留在旁邊/);
    const decided = await card(operation, /"Kept beside, not cut over · /);
    expect(textOf(decided)).toContain('<@U0WEI> decided at');
    expect((await world.state(operation)).cutOver).toMatchObject({ decision: 'denied' });
  });

  it('F23: a vote on the plan is none on the cut-over, and the other way round', async () => {
    const operation = await askedForCutOver();
    const state = await world.state(operation);
    const asks = await card(operation, /Decision needed: cut-over/);
    await world.press(asks, {
      action: 'approve-cut-over',
      value: `${operation}:${state.plan?.digest}`,
      user: dana.id,
    });
    await told(dana.id, /not the comparison that people decide on/);
    await world.press(asks, { action: 'approve', value: `${operation}:${state.cutOver?.digest}`, user: dana.id });
    await told(dana.id, /decided already/);
    expect((await world.state(operation)).cutOver).toMatchObject({ votes: [] });
  });
});

describe('an operation that is over', () => {
  it('is asked for anew from its card, as it was asked for, as a new request', async () => {
    const operation = await askedAboutFindings();
    await world.append(operation, turnedBack, {
      type: 'closed',
      ...signed,
      data: { outcome: 'failed', service: 'old-database' },
    });
    const failed = await card(operation, /"Failed · /);
    const person = world.person(dana.id);
    await person.click(failed, 'ask-again');
    const view = await person.waitForView('restore');
    expect(JSON.stringify(view.blocks)).toContain('orders are gone');
    const before = (await world.operations()).length;
    await person.submit({ confirm: 'production' });
    await expect.poll(async () => (await world.operations()).length).toBe(before + 1);
    const newest = (await world.operations()).find(({ request }) => request?.requester.slackUser === dana.id);
    expect(newest?.request).toMatchObject({ reason: 'orders are gone', operation: 'restore' });
  });

  it('of a dump: of that dump and to that place again, not of the newest snapshot', async () => {
    const operation = await approved('/backup restore production --from database/production/op-1.dump --beside');
    await world.append(operation, intent('verify-database'), turnedBack, {
      type: 'closed',
      ...signed,
      data: { outcome: 'failed', service: 'unchanged' },
    });
    const person = world.person(dana.id);
    await person.click(await card(operation, /"Failed · /), 'ask-again');
    const view = JSON.stringify((await person.waitForView('restore')).blocks);
    for (const value of ['database/production/op-1.dump', 'beside'])
      expect(view).toMatch(new RegExp(`"initial_option":\\{"text":\\{[^}]*\\},"value":"${value}"`));
    await person.dismiss();
  });
});

describe('the Home tab', () => {
  const home = async (user: string) => {
    await world.person(user).openHome();
    await expect.poll(async () => (await world.person(user).home()) !== undefined).toBe(true);
    return JSON.stringify((await world.person(user).home())?.blocks);
  };

  it('shows health, what is under way with a link to its card, what was, and how to start, in the person’s language', async () => {
    const operation = await askedAboutFindings();
    await card(operation, /Decision needed: findings/);
    const shown = await home(amir.id);
    expect(shown).toContain('over the RPO');
    expect(shown).toContain(operation);
    expect(shown).toMatch(/<http[^|]*archives[^|]*\|its card>/);
    expect(shown).toContain('/backup restore');
    const chinese = await home(wei.id);
    expect(chinese).toContain('超過 RPO');
    expect(chinese).toContain('進行中');
  });

  it('says so where RDS can’t be read, and shows the rest', async () => {
    const { answer } = world.rds;
    world.rds.answer = () => Promise.reject(new Error('away'));
    try {
      const shown = await home(dana.id);
      expect(shown).toContain('can’t be read');
      expect(shown).toContain('Under way');
    } finally {
      world.rds.answer = answer;
    }
  });

  it('shows no environment to whoever is not in its channels', async () => {
    world.front.fault = ({ method }) =>
      method === 'users.conversations' ? { kind: 'error', error: 'missing_scope' } : undefined;
    try {
      const shown = await home(mallory.id);
      expect(shown).toContain('doesn’t say in which channels you are');
      expect(shown).not.toContain('production');
    } finally {
      world.front.fault = () => undefined;
    }
    // Mallory may approve nothing, and is in the incident channel all the same.
    await expect.poll(async () => await home(mallory.id)).toContain('production');
  });
});

it('nothing went wrong that nobody was told', () => {
  expect(JSON.stringify(world.logged)).not.toMatch(/could not be told|payload could not be handled|Bolt reports/);
});
