import { describe, expect, it } from 'vitest';
import { closed, planned, requested, vote } from '../../test/drafts.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import type { Draft } from '../domain/events.ts';
import { Chains, type StoredEvent } from './chain.ts';
import { acquire } from './locks.ts';
import { OpenMarkers, OperationIndex } from './markers.ts';
import { appendOperation, operationChain } from './operations.ts';
import { Plans } from './plans.ts';
import { talkChain } from './talk.ts';

const at = (time: string) => () => new Date(`2026-11-20T${time}Z`);

describe("an operation's chain", () => {
  it('F16: an event of a newer release makes it unreadable here, and nothing is appended', async () => {
    const store = new MemoryStore();
    const chains = new Chains({ store });
    await appendOperation(chains, 'op', () => requested());
    const newer = {
      ...operationChain,
      fold: (state: ReturnType<typeof operationChain.empty>) => ({ ...state, n: state.n + 1 }),
    };
    const { state } = await appendOperation(chains, 'op', () => planned());
    await new Chains({ store }).append(
      {
        ...newer,
        fold: (one, stored, sealed) =>
          stored.type === 'paused' ? { ...one, n: one.n + 1, head: sealed } : operationChain.fold(one, stored, sealed),
      },
      'op',
      () => ({ type: 'paused', actor: 'x', data: {} }),
    );
    await expect(new Chains({ store }).load(operationChain, 'op')).rejects.toMatchObject({
      code: 'ledger.unreadable',
      params: { chain: 'ops/op', seq: 2, type: 'paused' },
    });
    await expect(appendOperation(new Chains({ store }), 'op', () => vote('ann'))).rejects.toMatchObject({
      code: 'ledger.unreadable',
    });
    expect([state.n, store.objects.size]).toEqual([2, 3]);
  });

  it('an event that its reader could not take is refused before it is written', async () => {
    const store = new MemoryStore();
    const chains = new Chains({ store });
    await appendOperation(chains, 'op', () => requested());
    const empty: Draft = { type: 'planned', actor: 'worker', data: { digest: 'a'.repeat(64), steps: 0 } };
    await expect(appendOperation(chains, 'op', () => empty)).rejects.toMatchObject({
      code: 'event.malformed',
      kind: 'bug',
    });
    expect(store.objects.size).toBe(1);
  });

  it("F20: a vote that arrives too late by the store's clock is told so, and counts for nothing", async () => {
    let now = at('03:00:00');
    const store = new MemoryStore({ now: () => now() });
    const chains = new Chains({ store });
    await appendOperation(chains, 'op', () => requested({ required: 1 }));
    await appendOperation(chains, 'op', () => planned());
    now = at('03:30:01');
    expect(await appendOperation(chains, 'op', () => vote('ann'))).toMatchObject({
      kind: 'void',
      code: 'approval.expired',
      state: { phase: 'planned', votes: [] },
    });
  });

  it('F19: both approvers and a double click at one instant are two votes and one start', async () => {
    const store = new MemoryStore({ latencyMs: () => 1 });
    const chains = () => new Chains({ store });
    await appendOperation(chains(), 'op', () => requested());
    await appendOperation(chains(), 'op', () => planned());
    const told = await Promise.all(
      ['ann', 'ben', 'ann'].map((name) => appendOperation(chains(), 'op', () => vote(name))),
    );
    expect(told.filter(({ kind }) => kind === 'appended')).toHaveLength(2);
    expect(told.find(({ kind }) => kind !== 'appended')).toMatchObject({
      kind: 'refused',
      code: expect.stringMatching(/approval\.(already-voted|decided)/),
    });
    expect(await chains().load(operationChain, 'op')).toMatchObject({ phase: 'approved', n: 4, voided: [] });
  });
});

describe('locks', () => {
  it('taking one twice is taking it once', async () => {
    const store = new MemoryStore();
    const chains = new Chains({ store });
    for (let times = 0; times < 3; times++) expect(await acquire(chains, 'op', ['db', 'db'])).toEqual({ kind: 'mine' });
    expect(store.objects.size).toBe(1);
  });

  it('F18: a busy one names its holder, and what was taken before it is free again with the end of the second', async () => {
    const store = new MemoryStore();
    const chains = new Chains({ store });
    for (const op of ['op1', 'op2', 'op3']) await appendOperation(chains, op, () => requested());
    expect(await acquire(chains, 'op1', ['db'])).toEqual({ kind: 'mine' });
    expect(await acquire(chains, 'op2', ['db', 'app'])).toEqual({ kind: 'busy', resource: 'db', holder: 'op1' });
    expect(await acquire(chains, 'op3', ['app'])).toEqual({ kind: 'busy', resource: 'app', holder: 'op2' });
    await appendOperation(chains, 'op2', () => closed('refused'));
    expect(await acquire(chains, 'op3', ['app'])).toEqual({ kind: 'mine' });
  });
});

describe('plans', () => {
  const plan = {
    bound: {
      operation: 'restore',
      environment: 'prod',
      account: '1',
      region: 'r',
      steps: [],
      resources: [],
      onFailure: 'return' as const,
      decided: {},
    },
    shown: { commands: {} },
  };

  it('a plan whose bytes were changed is not the plan that was approved', async () => {
    const store = new MemoryStore();
    const digest = await new Plans(store).put(plan);
    const there = store.objects.get(`plans/${digest}`);
    const text = new TextDecoder().decode(there?.bytes).replace('prod', 'test');
    store.objects.set(`plans/${digest}`, { bytes: new TextEncoder().encode(text), at: '' });
    await expect(new Plans(store).get(digest)).rejects.toMatchObject({ code: 'plan.tampered', kind: 'permanent' });
  });

  const named = (name: string) => ({ ...plan, bound: { ...plan.bound, environment: name } });
  const readsOf = ({ calls }: MemoryStore) => calls.filter(({ kind }) => kind === 'read').length;

  it('a plan is read from the store once, and who got it can’t change what the next one gets', async () => {
    const store = new MemoryStore();
    const digest = await new Plans(store).put(plan);
    const plans = new Plans(store);
    const first = await plans.get(digest);
    Object.assign(first.bound, { environment: 'another' });
    expect(await plans.get(digest)).toEqual(plan);
    expect(readsOf(store)).toBe(1);
  });

  it('of many plans those that were asked for last are kept, within so many bytes', async () => {
    const store = new MemoryStore();
    const digests: string[] = [];
    for (const name of ['one', 'two', 'six']) digests.push(await new Plans(store).put(named(name)));
    const [one = '', two = '', six = ''] = digests;
    const size = store.objects.get(`plans/${one}`)?.bytes.length ?? 0;
    const plans = new Plans(store, 2 * size + 1);
    for (const digest of [one, two, one, six, one]) await plans.get(digest);
    expect(readsOf(store)).toBe(3);
    expect((await plans.get(two)).bound.environment).toBe('two');
    expect(readsOf(store)).toBe(4);
  });

  it('a plan that may not have been written is not spoken of', async () => {
    await expect(
      new Plans(new MemoryStore({ fault: ({ kind }) => (kind === 'create' ? 'lost-before' : undefined) })).put(plan),
    ).rejects.toMatchObject({ code: 'ledger.unreachable', kind: 'retryable' });
    const lost = new MemoryStore({ fault: ({ kind }) => (kind === 'create' ? 'lost-after' : undefined) });
    expect(await new Plans(lost).get(await new Plans(lost).put(plan))).toEqual(plan);
  });
});

describe('what stands where', () => {
  const event = (type: string, data: StoredEvent['data']): StoredEvent => ({
    v: 1,
    chain: 'talk/op',
    seq: 0,
    type,
    nonce: '',
    prev: null,
    actor: '',
    run: null,
    epoch: null,
    data,
  });
  const head = { at: '', sha256: '' };
  const talk = (...events: StoredEvent[]) =>
    events.reduce((state, one) => talkChain.fold(state, one, head), talkChain.empty('op'));
  const claimed = (nonce: string) => event('claimed', { surface: 'progress', nonce, channel: 'C1' });
  const posted = (nonce: string) => event('posted', { surface: 'progress', nonce, ts: `ts of ${nonce}` });

  it('F25: a message stands once it is posted under the last claim; an older post is not it', () => {
    expect(talk(claimed('a')).surfaces).toEqual({ progress: { nonce: 'a', channel: 'C1' } });
    expect(talk(claimed('a'), posted('a')).surfaces.progress).toMatchObject({ ts: 'ts of a' });
    expect(talk(claimed('a'), claimed('b'), posted('a')).surfaces).toEqual({
      progress: { nonce: 'b', channel: 'C1' },
    });
    expect(talk(claimed('a'), posted('a'), claimed('b')).surfaces.progress).not.toHaveProperty('ts');
  });

  it('counts what it does not know', () => {
    expect(talk(event('painted', {}), posted('a'))).toMatchObject({ n: 2, surfaces: {} });
  });
});

describe('markers', () => {
  it('say which operations may need work, since when, and what was closed where', async () => {
    const { markers } = new MemoryStore({ now: at('03:00:00') });
    const open = new OpenMarkers(markers);
    await open.put('op1');
    await open.put('op2');
    await open.remove('op1');
    expect(await open.list()).toEqual([{ operation: 'op2', at: '2026-11-20T03:00:00.000Z' }]);
    const index = new OperationIndex(markers);
    await index.put('prod', '2026-11-20T03:00:00.000Z', 'op1');
    await index.put('prod-eu', '2026-11-20T03:00:00.000Z', 'op3');
    expect(await index.list('prod')).toEqual(['op1']);
  });
});
