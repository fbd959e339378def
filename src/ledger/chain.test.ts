import { describe, expect, it } from 'vitest';
import { counter, say } from '../../test/counter.ts';
import { ledgerContract } from '../../test/ledger-contract.ts';
import { type MemoryOptions, MemoryStore, type StoreFault } from '../../test/memory-store.ts';
import { Chains, keyOf, maxEventBytes } from './chain.ts';

const again = () => ({ again: async () => true });
const tries = (most: number) => () => {
  let left = most;
  return { again: async () => left-- > 0 };
};
const open = (store: MemoryStore, patience = again) => new Chains({ store, patience });
const key = (seq: number) => keyOf(counter, 'c', seq);
const failing = (faults: Partial<Record<number, StoreFault>>, options: MemoryOptions = {}) => {
  let creates = 0;
  return new MemoryStore({ ...options, fault: ({ kind }) => (kind === 'create' ? faults[++creates] : undefined) });
};

describe('a store in memory', () => {
  const store = new MemoryStore({ latencyMs: () => 1 });
  ledgerContract(() => store);
});

describe('what a process keeps of chains', () => {
  it('is bounded: those that were asked for last stay, the others are read anew and are the same', async () => {
    const store = new MemoryStore();
    for (const id of ['a', 'b', 'd']) await new Chains({ store }).append(counter, id, say('once'));
    const chains = new Chains({ store, kept: 2 });
    for (const id of ['a', 'b', 'a', 'd']) expect(await chains.load(counter, id)).toMatchObject({ n: 1 });
    expect(['a', 'b', 'd'].map((id) => chains.known(counter, id).n)).toEqual([1, 0, 1]);
    expect(await chains.append(counter, 'b', say('again'))).toMatchObject({ kind: 'appended', state: { n: 2 } });
    expect(chains.known(counter, 'b')).toEqual(await new Chains({ store }).load(counter, 'b'));
  });
});

describe('append', () => {
  it('F46: recognises its own event when the answer was lost', async () => {
    const store = failing({ 1: 'lost-after' });
    expect(await open(store).append(counter, 'c', say('once'))).toMatchObject({ kind: 'appended', state: { n: 1 } });
    expect(store.objects.size).toBe(1);
  });

  it.each(['lost-before', 'delayed'] as const)('F14: writes once when the request was %s', async (fault) => {
    const store = failing({ 1: fault });
    const appended = await open(store).append(counter, 'c', say('once'));
    expect(appended).toMatchObject({ kind: 'appended', state: { n: 1, said: ['once'] } });
    expect(store.objects.size).toBe(1);
  });

  it('F14: with every second answer lost, in every way, 12 writers say their word exactly once', async () => {
    const ways: (StoreFault | undefined)[] = [
      'lost-after',
      undefined,
      'lost-before',
      undefined,
      'delayed',
      undefined,
      undefined,
    ];
    let call = 0;
    const store = new MemoryStore({
      latencyMs: () => 1,
      fault: ({ kind }) => (kind === 'list' ? undefined : ways[call++ % 7]),
    });
    const words = Array.from({ length: 12 }, (_, n) => `word ${n}`);
    const told = await Promise.all(words.map((word) => open(store).append(counter, 'c', say(word))));
    expect(told.map(({ kind }) => kind)).toEqual(words.map(() => 'appended'));
    const keys = [...store.objects.keys()].sort();
    expect(keys).toEqual(words.map((_, seq) => key(seq)));
    const said = keys.map((one) => JSON.parse(new TextDecoder().decode(store.objects.get(one)?.bytes)).data.word);
    expect(said.sort()).toEqual([...words].sort());
  });

  it('says that it may have happened when nothing answers, never that it did not', async () => {
    const store = new MemoryStore({ fault: ({ kind }) => (kind === 'create' ? 'lost-after' : 'unreachable') });
    await expect(open(store, tries(3)).append(counter, 'c', say('once'))).rejects.toMatchObject({
      code: 'ledger.unknown',
      kind: 'retryable',
    });
    expect(store.objects.size).toBe(1);
  });

  it('decides again on what came first, and then refuses', async () => {
    const store = new MemoryStore();
    const stale = open(store);
    await stale.load(counter, 'c');
    await open(store).append(counter, 'c', say('same'));
    expect(await stale.append(counter, 'c', say('same'))).toMatchObject({
      kind: 'refused',
      code: 'said.already',
      state: { n: 1 },
    });
    expect(store.objects.size).toBe(1);
  });

  it('a refusal on what was known long ago is looked at again before it is told', async () => {
    const store = new MemoryStore();
    const stale = open(store);
    await stale.append(counter, 'c', say('first'));
    await open(store).append(counter, 'c', say('second'));
    const needsTwo = ({ said }: { said: readonly string[] }) =>
      said.length < 2 ? { refused: 'too-early' } : { type: 'said', actor: 'x', data: { word: 'third' } };
    expect(await stale.append(counter, 'c', needsTwo)).toMatchObject({ kind: 'appended', state: { n: 3 } });
  });

  it('tells its author when the fold finds the event void', async () => {
    const store = new MemoryStore();
    await open(store).append(counter, 'c', say('same'));
    const blind = () => ({ type: 'said', actor: 'x', data: { word: 'same' } });
    expect(await open(store).append(counter, 'c', blind)).toMatchObject({
      kind: 'void',
      code: 'said.twice',
      state: { n: 2 },
    });
  });

  it('an event larger than 64 KB is refused before anything is written', async () => {
    const store = new MemoryStore();
    const large = () => ({ type: 'said', actor: 'x', data: { word: 'x'.repeat(maxEventBytes) } });
    await expect(open(store).append(counter, 'c', large)).rejects.toMatchObject({ code: 'ledger.event-too-large' });
    expect(store.objects.size).toBe(0);
  });

  it("F17: an event counts from the later of the store's clock and the event before it", async () => {
    let now = new Date('2026-11-20T03:00:00Z');
    const store = new MemoryStore({ now: () => now });
    const chains = open(store);
    await chains.append(counter, 'c', say('a'));
    now = new Date('2026-11-20T02:00:00Z');
    expect((await chains.append(counter, 'c', say('b'))).state.head?.at).toBe('2026-11-20T03:00:00.000Z');
    now = new Date('2026-11-20T04:00:00Z');
    expect((await chains.append(counter, 'c', say('c'))).state.head?.at).toBe('2026-11-20T04:00:00.000Z');
  });
});

describe('F54: a chain that is not whole', () => {
  async function chain(): Promise<MemoryStore> {
    const store = new MemoryStore();
    for (const word of ['a', 'b', 'c']) await open(store).append(counter, 'c', say(word));
    return store;
  }
  const rewrite = (store: MemoryStore, seq: number, change: (event: Record<string, unknown>) => unknown) => {
    const there = store.objects.get(key(seq));
    const event = JSON.parse(new TextDecoder().decode(there?.bytes));
    store.objects.set(key(seq), {
      at: there?.at ?? '',
      bytes: new TextEncoder().encode(JSON.stringify(change(event))),
    });
  };
  const cases: readonly (readonly [string, (store: MemoryStore) => void, string])[] = [
    ['an event replaced', (store) => rewrite(store, 1, (event) => ({ ...event, actor: 'eve' })), 'ledger.broken-chain'],
    [
      'another time sealed',
      (store) =>
        rewrite(store, 2, (event) => ({ ...event, prev: { ...Object(event.prev), at: '2020-01-01T00:00:00.000Z' } })),
      'ledger.broken-chain',
    ],
    ['an event of another place', (store) => rewrite(store, 1, (event) => ({ ...event, seq: 7 })), 'ledger.misplaced'],
    [
      'an event of another chain',
      (store) => rewrite(store, 1, (event) => ({ ...event, chain: 'ops/d' })),
      'ledger.misplaced',
    ],
    ['another version', (store) => rewrite(store, 2, (event) => ({ ...event, v: 2 })), 'ledger.unreadable'],
    [
      'no JSON',
      (store) => void store.objects.set(key(2), { at: '', bytes: new TextEncoder().encode('{') }),
      'ledger.unreadable',
    ],
  ];
  it.each(cases)('%s: nobody reads past it and nobody appends to it', async (_, hurt, code) => {
    const store = await chain();
    hurt(store);
    await expect(open(store).load(counter, 'c')).rejects.toMatchObject({ code, kind: 'permanent' });
    await expect(open(store).append(counter, 'c', say('d'))).rejects.toMatchObject({ code });
    expect(store.objects.size).toBe(3);
  });
});
