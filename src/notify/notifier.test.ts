import { afterEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../../test/memory-store.ts';
import type { Draft } from '../domain/events.ts';
import type { Plan } from '../domain/plan.ts';
import { Chains } from '../ledger/chain.ts';
import { OpenMarkers } from '../ledger/markers.ts';
import { appendOperation } from '../ledger/operations.ts';
import { Plans } from '../ledger/plans.ts';
import { talkChain } from '../ledger/talk.ts';
import { policy, production, restorePlanOf, rosa, settings } from '../slack/views/plans.fixture.ts';
import { createNotifier, type Notifier, type NotifierPaces } from './notifier.ts';
import type { Card, Situation } from './surfaces.ts';
import { FakeChat, type Method } from './transport.fixture.ts';

const operation = 'op-0123456789ab';
const fast: Partial<NotifierPaces> = {
  coalesceMs: 20,
  tickMs: 50,
  editsPerMinute: 60_000,
  editBurst: 100,
  postEveryMs: 0,
  claimMs: 200,
  firstRetryMs: 10,
  longestRetryMs: 40,
  catchUpMs: 50,
};

/** Enough to see what was drawn: the kind, and how far the chain was. */
const render = (card: Card, { state }: Situation) => ({ text: `${card.kind} at ${state.n}`, blocks: [] });

const open: Notifier[] = [];
afterEach(() => Promise.all(open.splice(0).map((notifier) => notifier.close())));

function world() {
  const store = new MemoryStore();
  const chat = new FakeChat();
  const cards = new OpenMarkers(store.markers, 'cards');
  const plans = new Plans(store);
  const write = (...drafts: readonly Draft[]) =>
    drafts.reduce(async (before, draft) => {
      await before;
      const appended = await appendOperation(new Chains({ store }), operation, () => draft);
      if (appended.kind !== 'appended') throw new Error(`not appended: ${JSON.stringify(appended)}`);
    }, Promise.resolve());
  /** Another process on the same ledger and the same chat. */
  const start = (paces: Partial<NotifierPaces> = {}, draw: typeof render = render) => {
    const notifier = createNotifier({
      chains: new Chains({ store }),
      plans,
      cards,
      transport: chat,
      render: draw,
      settings,
      log: { warn: () => undefined },
      paces: { ...fast, ...paces },
    });
    open.push(notifier);
    return notifier;
  };
  const standing = async () => (await new Chains({ store }).load(talkChain, operation)).surfaces;
  return { store, chat, cards, plans, write, start, standing };
}

const requested: Draft = {
  type: 'requested',
  actor: rosa.id,
  data: {
    operation: 'restore',
    environment: 'production',
    args: {},
    requester: rosa,
    reason: 'why',
    channel: production.channels.incident,
    language: 'en',
    policy: { ...policy, required: 1 },
  },
};
const planned = (digest: string): Draft => ({ type: 'planned', actor: 'worker', data: { digest, steps: 15 } });
const voted = (digest: string): Draft => ({
  type: 'vote',
  actor: 'T0PITCREW/U0AMIR',
  data: {
    gate: 'start',
    digest,
    human: { id: 'T0PITCREW/U0AMIR', slackUser: 'U0AMIR' },
    via: 'U0AMIR',
    decision: 'approve',
  },
});
const signed = { actor: 'worker', run: 'run-1', epoch: 1 };
const intent = (step: string): Draft => ({ type: 'intent', ...signed, data: { step, direction: 'do' } });
const done = (step: string): Draft => ({ type: 'done', ...signed, data: { step, direction: 'do', output: {} } });
const turnedBack: Draft = {
  type: 'turned-back',
  ...signed,
  data: { step: 'prove-stopped', error: { code: 'restore.not-stopped', kind: 'permanent', params: {} } },
};
const closed: Draft = { type: 'closed', ...signed, data: { outcome: 'failed', service: 'old-database' } };

async function waiting(given: ReturnType<typeof world>, plan: Plan = restorePlanOf()): Promise<string> {
  const digest = await given.plans.put(plan);
  await given.cards.put(operation);
  await given.write(requested, planned(digest));
  return digest;
}
const run = [intent('record-application'), done('record-application'), intent('stop-application')];

describe('the cards of an operation', () => {
  it('stand where they belong, once each, and show the chain’s head', async () => {
    const given = world();
    const digest = await waiting(given);
    const notifier = given.start();
    await expect
      .poll(() => given.chat.messages.map(({ mark }) => mark.surface))
      .toEqual([`approval:${digest}`, `commands:${digest}`, `settings:${digest}`]);
    const [approval, ...replies] = given.chat.messages;
    expect(replies.map(({ place }) => place.thread)).toEqual([approval?.ts, approval?.ts]);
    await given.write(voted(digest), ...run);
    notifier.update(operation);
    await expect.poll(() => given.chat.of('progress')[0]?.content.text).toBe('progress at 6');
    expect(approval?.content.text).toBe('approval at 6');
    expect(given.chat.of('stakeholders:C0BUSINESS')[0]?.place.channel).toBe('C0BUSINESS');
  });

  it('are drawn once for a burst of changes, with the latest state', async () => {
    const given = world();
    const digest = await waiting(given);
    const notifier = given.start({ coalesceMs: 150, tickMs: 10_000, catchUpMs: 10_000 });
    await expect.poll(() => given.chat.messages.length).toBe(3);
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
    await expect.poll(() => given.chat.messages.length).toBe(3);
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
    await expect.poll(() => given.chat.messages.length).toBe(3);
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

describe('whatever happens to Slack', () => {
  it('F25: a post whose answer is lost leaves one card', async () => {
    const given = world();
    const digest = await waiting(given);
    let lost = 0;
    given.chat.fault = (method) => (method === 'post' && lost++ === 0 ? 'lost-after' : undefined);
    given.start();
    await expect.poll(async () => (await given.standing())[`approval:${digest}`]?.ts).toBeDefined();
    await expect.poll(() => given.chat.messages.length).toBe(3);
    expect(given.chat.of(`approval:${digest}`)).toHaveLength(1);
    expect((await given.standing())[`approval:${digest}`]?.ts).toBe(given.chat.of(`approval:${digest}`)[0]?.ts);
  });

  it('F25: a process that dies between post and note leaves one card, which the next one takes up', async () => {
    const given = world();
    const digest = await waiting(given);
    given.chat.fault = (method) => (method === 'post' ? 'lost-after' : method === 'find' ? 'unknown' : undefined);
    const first = given.start();
    await expect.poll(() => given.chat.messages.length).toBeGreaterThan(0);
    await first.close();
    given.chat.fault = () => undefined;
    given.start();
    await expect.poll(async () => Object.values(await given.standing()).filter(({ ts }) => ts).length).toBe(3);
    expect(given.chat.of(`approval:${digest}`)).toHaveLength(1);
  });

  it('a claim that never became a message is taken over, but not before its post could have landed', async () => {
    const given = world();
    const digest = await waiting(given);
    const name = `approval:${digest}`;
    await new Chains({ store: given.store }).append(talkChain, operation, () => ({
      type: 'claimed',
      actor: 'notifier',
      data: { surface: name, nonce: 'of-a-dead-process', channel: 'C0INCPROD' },
    }));
    const startedMs = performance.now();
    given.start();
    await expect.poll(() => given.chat.of(name).length, { timeout: 3000 }).toBe(1);
    expect(performance.now() - startedMs).toBeGreaterThan(180);
  });

  it('a double that landed late is gone when the operation is over', async () => {
    const given = world();
    const digest = await waiting(given);
    await given.write(voted(digest), ...run);
    const notifier = given.start();
    await expect.poll(() => given.chat.of('progress').length).toBe(1);
    await given.chat.post(
      { channel: 'C0INCPROD' },
      { text: 'late', blocks: [] },
      { operation, surface: 'progress', nonce: 'late' },
    );
    await given.write(turnedBack, closed);
    notifier.update(operation);
    await expect.poll(async () => (await given.cards.list()).length).toBe(0);
    expect(given.chat.of('progress').map(({ content }) => content.text)).toEqual(['progress at 8']);
  });

  it('two processes keep one card between them, and it shows the head', async () => {
    const given = world();
    given.chat.latencyMs = 5;
    const digest = await waiting(given);
    const both = [given.start(), given.start(), given.start()];
    await given.write(voted(digest));
    for (const event of run) {
      await given.write(event);
      for (const notifier of both) notifier.update(operation);
    }
    await given.write(turnedBack, closed);
    for (const notifier of both) notifier.update(operation);
    await expect.poll(async () => (await given.cards.list()).length, { timeout: 5000 }).toBe(0);
    await expect
      .poll(() => new Set(given.chat.messages.map(({ mark }) => mark.surface)).size, { timeout: 5000 })
      .toBe(given.chat.messages.length);
    for (const name of [`approval:${digest}`, 'progress', 'outcome'])
      await expect.poll(() => given.chat.of(name).map(({ content }) => content.text.split(' ').at(-1))).toEqual(['8']);
  });

  it('F26: an outage of any length ends with the cards at the head, and costs few calls meanwhile', async () => {
    const given = world();
    const digest = await waiting(given);
    given.chat.fault = (_: Method, __, call) => (call % 2 === 0 ? 'later' : 'unknown');
    const notifier = given.start();
    await given.write(voted(digest));
    for (const event of run) {
      await given.write(event);
      for (let time = 0; time < 50; time++) notifier.update(operation);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(given.chat.calls.length).toBeLessThan(80);
    given.chat.fault = () => undefined;
    await expect.poll(() => given.chat.of('progress')[0]?.content.text, { timeout: 3000 }).toBe('progress at 6');
    expect(given.chat.of(`approval:${digest}`)).toHaveLength(1);
  });

  it('F26: all edits together keep to the limit of the workspace', async () => {
    const given = world();
    const digest = await waiting(given);
    await given.write(voted(digest), ...run);
    let drawn = 0;
    const notifier = given.start({ editsPerMinute: 600, editBurst: 2, coalesceMs: 1, tickMs: 1 }, (card) => ({
      text: `${card.kind} ${++drawn}`,
      blocks: [],
    }));
    const endMs = performance.now() + 1000;
    while (performance.now() < endMs) {
      notifier.update(operation);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(given.chat.calls.filter(({ method }) => method === 'update').length).toBeLessThanOrEqual(2 + 10 + 1);
  });

  it('F27: a deleted card is posted anew and goes on', async () => {
    const given = world();
    const digest = await waiting(given);
    await given.write(voted(digest), ...run);
    const notifier = given.start();
    await expect.poll(() => given.chat.of('progress').length).toBe(1);
    const [old] = given.chat.of('progress');
    given.chat.remove({ channel: 'C0INCPROD', ts: old?.ts ?? '' });
    await given.write(done('stop-application'));
    notifier.update(operation);
    await expect.poll(() => given.chat.of('progress')[0]?.content.text).toBe('progress at 7');
    expect(given.chat.of('progress')[0]?.ts).not.toBe(old?.ts);
  });

  it('F27: where a channel is gone the card goes to the environment’s incident channel, else to the audit channel', async () => {
    const given = world();
    const digest = await waiting(given);
    const gone = new Set(['C0BUSINESS']);
    given.chat.fault = (_, channel) => (gone.has(channel) ? 'no-channel' : undefined);
    await given.write(voted(digest), ...run);
    const notifier = given.start();
    await expect.poll(() => given.chat.of('stakeholders:C0BUSINESS')[0]?.place.channel).toBe('C0INCPROD');
    gone.add('C0INCPROD');
    await given.write(done('stop-application'));
    notifier.update(operation);
    await expect.poll(() => given.chat.of('progress').at(-1)?.place.channel, { timeout: 3000 }).toBe('C0AUDIT');
    expect(given.chat.of('progress').at(-1)?.content.text).toBe('progress at 7');
  });

  it('update never throws and never waits, not even for a ledger that is away', () => {
    const given = world();
    const notifier = given.start();
    expect(notifier.update('op-unknown00000')).toBeUndefined();
  });
});
