import { describe, expect, it } from 'vitest';
import { Chains } from '../ledger/chain.ts';
import { talkChain } from '../ledger/talk.ts';
import { closed, done, operation, run, turnedBack, voted, waiting, world } from './notifier.fixture.ts';
import type { Method } from './transport.fixture.ts';

describe('whatever happens to Slack', () => {
  it('F25: a post whose answer is lost leaves one card', async () => {
    const given = world();
    const digest = await waiting(given);
    let lost = 0;
    given.chat.fault = (method) => (method === 'post' && lost++ === 0 ? 'lost-after' : undefined);
    given.start();
    await expect.poll(async () => (await given.standing())[`approval:${digest}`]?.ts).toBeDefined();
    await expect.poll(() => given.chat.cards.length).toBe(3);
    expect(given.chat.of(`approval:${digest}`)).toHaveLength(1);
    expect((await given.standing())[`approval:${digest}`]?.ts).toBe(given.chat.of(`approval:${digest}`)[0]?.ts);
  });

  it('F25: a process that dies between post and note leaves one card, which the next one takes up', async () => {
    const given = world();
    const digest = await waiting(given);
    given.chat.fault = (method) => (method === 'post' ? 'lost-after' : method === 'find' ? 'unknown' : undefined);
    const first = given.start();
    await expect.poll(() => given.chat.cards.length).toBeGreaterThan(0);
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
      .poll(() => new Set(given.chat.cards.map(({ mark }) => mark.surface)).size, { timeout: 5000 })
      .toBe(given.chat.cards.length);
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

  it('F27: where no channel of the config can be written to, the person who asked is spoken to, once', async () => {
    const given = world();
    const digest = await waiting(given);
    given.chat.fault = (_, channel) => (channel.startsWith('C0') ? 'no-channel' : undefined);
    const notifier = given.start({}, (card, { displacedFrom = 'its own channel' }) => ({
      text: `${card.kind} from ${displacedFrom}`,
      blocks: [],
    }));
    const approval = () => given.chat.of(`approval:${digest}`);
    await expect.poll(() => approval()[0]?.place.channel).toBe('D-U0ROSA');
    expect(approval()[0]?.content.text).toBe('approval from C0INCPROD');
    await given.write(voted(digest), ...run);
    notifier.update(operation);
    await expect.poll(() => given.chat.of('progress')[0]?.place.channel).toBe('D-U0ROSA');
    expect(approval()).toHaveLength(1);
  });

  it('F27: an audit channel that is gone keeps nobody from anything', async () => {
    const given = world();
    const digest = await waiting(given);
    given.chat.fault = (_, channel) => (channel === 'C0AUDIT' ? 'no-channel' : undefined);
    const notifier = given.start();
    await given.write(voted(digest), ...run, turnedBack, closed);
    notifier.update(operation);
    await expect.poll(async () => (await given.cards.list()).length).toBe(0);
    expect(given.chat.of('outcome')).toHaveLength(1);
    // Asked for each line once, and not again for every card.
    const tries = given.chat.calls.filter(({ channel, method }) => channel === 'C0AUDIT' && method === 'post');
    expect(tries.length).toBeLessThanOrEqual(6);
  });

  it('F26: a decision is shown although the edits of a hundred clocks and steps wait', async () => {
    const given = world();
    const digest = await waiting(given);
    await given.write(voted(digest), ...run);
    const notifier = given.start({ editsPerMinute: 60, editBurst: 1, coalesceMs: 1, tickMs: 1 });
    await expect.poll(() => given.chat.of('progress').length).toBe(1);
    await given.write(done('stop-application'));
    notifier.update(operation);
    await given.write(turnedBack, closed);
    notifier.update(operation);
    // The outcome is a new card: no edit of the progress card stands before it.
    await expect.poll(() => given.chat.of('outcome').length, { timeout: 900 }).toBe(1);
  });

  it('update never throws and never waits, not even for a ledger that is away', () => {
    const given = world();
    const notifier = given.start();
    expect(notifier.update('op-unknown00000')).toBeUndefined();
  });
});
