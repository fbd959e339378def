import { describe, expect, it } from 'vitest';
import { restorePlanOf } from '../slack/views/plans.fixture.ts';
import {
  closed,
  done,
  found,
  intent,
  operation,
  planned,
  run,
  turnedBack,
  verified,
  voted,
  waiting,
  world,
} from './notifier.fixture.ts';

describe('the cards of an operation', () => {
  it('stand where they belong, once each, and show the chain’s head', async () => {
    const given = world();
    const digest = await waiting(given);
    const notifier = given.start();
    await expect
      .poll(() => given.chat.cards.map(({ mark }) => mark.surface))
      .toEqual([`approval:${digest}`, `commands:${digest}`, `settings:${digest}`]);
    const [approval, ...replies] = given.chat.cards;
    expect(replies.map(({ place }) => place.thread)).toEqual([approval?.ts, approval?.ts]);
    await given.write(voted(digest), ...run);
    notifier.update(operation);
    await expect.poll(() => given.chat.of('progress')[0]?.content.text).toBe('progress at 6');
    await expect.poll(() => approval?.content.text).toBe('approval at 6');
    expect(given.chat.of('stakeholders:C0BUSINESS')[0]?.place.channel).toBe('C0BUSINESS');
  });

  it('have a line in the audit channel for each event that matters, once each and in order', async () => {
    const given = world();
    const digest = await waiting(given);
    const notifier = given.start();
    await given.write(voted(digest), ...run);
    notifier.update(operation);
    await given.write(turnedBack, closed);
    notifier.update(operation);
    await expect.poll(async () => (await given.cards.list()).length).toBe(0);
    const lines = given.chat.messages.filter(({ place }) => place.channel === 'C0AUDIT');
    expect(lines.map(({ mark }) => mark.surface)).toEqual([
      'audit:requested',
      'audit:approved',
      'audit:started',
      'audit:turned-back',
      'audit:closed',
    ]);
    expect(lines.every(({ edits }) => edits === 0)).toBe(true);
  });

  it('ask about findings in a card of their own, with the evidence in its thread', async () => {
    const given = world();
    const digest = await waiting(given);
    await given.write(voted(digest), ...found);
    given.start();
    await expect.poll(() => given.chat.of('findings').length).toBe(1);
    await expect.poll(() => given.chat.of('findings-checks')[0]?.place.thread).toBe(given.chat.of('findings')[0]?.ts);
  });

  it('say nothing of findings where there are none, although the gate opens for every judgement', async () => {
    const given = world();
    const digest = await waiting(given);
    const [begun, , asked] = found;
    if (!begun || !asked) throw new Error('the story is another one');
    await given.write(voted(digest), begun, verified('pass'), asked);
    given.start();
    await expect.poll(() => given.chat.of('progress')[0]?.content.text).toBe('progress at 6');
    expect(given.chat.of('findings')).toEqual([]);
  });

  it('are drawn once for a burst of changes, with the latest state', async () => {
    const given = world();
    const digest = await waiting(given);
    const notifier = given.start({ coalesceMs: 150, tickMs: 10_000, catchUpMs: 10_000 });
    await expect.poll(() => given.chat.cards.length).toBe(3);
    await given.write(voted(digest));
    for (let time = 0; time < 200; time++) notifier.update(operation);
    await given.write(...run);
    await expect
      .poll(() => given.chat.of(`approval:${digest}`)[0]?.content.text, { timeout: 2000 })
      .toBe('approval at 6');
    expect(given.chat.of(`approval:${digest}`)[0]?.edits).toBeLessThanOrEqual(2);
  });

  it('are not edited when nothing of them changed', async () => {
    const given = world();
    await waiting(given);
    const notifier = given.start();
    await expect.poll(() => given.chat.cards.length).toBe(3);
    for (let time = 0; time < 5; time++) {
      notifier.update(operation);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    expect(given.chat.calls.filter(({ method }) => method === 'update')).toEqual([]);
  });

  it('say what is waited for, and move their clock while nothing happens', async () => {
    const given = world();
    const digest = await waiting(given);
    await given.write(voted(digest), ...run);
    let drawn = 0;
    const notifier = given.start({}, (card, { waiting: steps }) => ({
      text: `${card.kind} ${steps[0]?.step ?? 'nothing'} ${++drawn}`,
      blocks: [],
    }));
    notifier.update(operation, [{ step: 'await-instance', because: { code: 'wait.rds-status', params: {} } }]);
    await expect.poll(() => given.chat.of('progress')[0]?.edits ?? 0, { timeout: 3000 }).toBeGreaterThan(3);
    expect(given.chat.of('progress')[0]?.content.text).toMatch(/^progress await-instance/);
  });

  it('show the head also when the chain grew while they were drawn, and nobody said so', async () => {
    const given = world();
    const digest = await waiting(given);
    await given.write(voted(digest), ...run);
    const notifier = given.start({ tickMs: 60_000, catchUpMs: 60_000 });
    await expect.poll(() => given.chat.of('progress').length).toBe(1);
    given.chat.latencyMs = 100;
    await given.write(done('stop-application'));
    notifier.update(operation);
    await expect.poll(() => given.chat.calls.filter(({ method }) => method === 'update').length).toBe(1);
    await given.write(intent('prove-stopped'));
    await expect.poll(() => given.chat.of('progress')[0]?.content.text, { timeout: 3000 }).toBe('progress at 8');
    await expect
      .poll(() => given.chat.of(`approval:${digest}`)[0]?.content.text, { timeout: 3000 })
      .toBe('approval at 8');
  });

  it('of an older plan say so when a newer plan asks', async () => {
    const given = world();
    const first = await waiting(given);
    const notifier = given.start({}, (card, { state }) => ({
      text:
        card.kind === 'approval'
          ? `${card.digest === state.plan?.digest ? 'asks' : 'void'} ${card.cardPlan ? 'with its own plan' : ''}`.trim()
          : card.kind,
      blocks: [],
    }));
    await expect.poll(() => given.chat.cards.length).toBe(3);
    const second = await given.plans.put(restorePlanOf({ onFailure: 'stay-stopped' }));
    await given.write(planned(second));
    notifier.update(operation);
    await expect.poll(() => given.chat.of(`approval:${second}`)[0]?.content.text).toBe('asks');
    expect(given.chat.of(`approval:${first}`)[0]?.content.text).toBe('void with its own plan');
  });

  it('are caught up after a restart, also those of an operation that is over', async () => {
    const given = world();
    const digest = await waiting(given);
    await given.write(voted(digest), ...run, turnedBack, closed);
    given.start();
    await expect.poll(async () => (await given.cards.list()).length).toBe(0);
    expect(given.chat.of('outcome')).toHaveLength(1);
  });
});
