import { describe, expect, it } from 'vitest';
import { emptyOperation, type OperationState } from '../domain/state.ts';
import { situationOf } from '../slack/views/cards.fixture.ts';
import type { Answer, Shelf, Word } from './desk.ts';
import { giveWord } from './desk.ts';
import { isAnyGateOpen } from './gates.ts';
import { keepDesks } from './keep-desks.ts';

const identity = {
  sign: async (signature: string) => ({ accessKeyId: 'AMIR', signedAt: 'now', signature }),
  callerOf: async () => 'arn:aws:iam::123456789012:user/amir',
};

/** Workers on one bucket, with operations that are in these states. */
function stage(states: ReadonlyMap<string, () => Promise<OperationState>>, now: () => string) {
  const there = new Map<string, Uint8Array>();
  const shelf: Shelf = {
    store: {
      create: async () => 'created',
      read: async (key) => {
        const bytes = there.get(key);
        return bytes && { bytes, at: '2026-11-20T03:14:00.000Z' };
      },
      list: async (prefix) => [...there.keys()].filter((key) => key.startsWith(prefix)),
    },
    markers: {
      put: async (key, bytes) => void there.set(key, bytes),
      remove: async (key) => void there.delete(key),
    },
  };
  const taken: Word[] = [];
  const failed: string[] = [];
  const worker = () =>
    keepDesks({
      shelf,
      identity,
      operations: async () => [...states.keys()],
      state: (operation) => states.get(operation)?.() ?? Promise.reject(new Error('gone')),
      take: async (word): Promise<Answer> => {
        taken.push(word);
        return { counted: true };
      },
      failed: (operation) => void failed.push(operation),
      now: () => new Date(now()),
    });
  return { shelf, taken, failed, worker, keys: () => [...there.keys()].filter((key) => key.endsWith('/key')) };
}

const word: Word = { operation: 'op-a', gate: 'start', digest: 'a'.repeat(64), decision: 'approve', reason: '' };
const told = (name: string) => situationOf(name, 'en');
const asking = ['waiting for approval', 'asked about findings', 'asked to give up'];
const notAsking = ['planning', 'running', 'succeeded', 'parked', 'about to be given up', 'not given up'];

describe('the desks of a worker', () => {
  it.each(asking)('one is open while an operation is %s', (name) => {
    const { state, now } = told(name);
    expect(isAnyGateOpen(state, now)).toBe(true);
    expect(isAnyGateOpen(state, '2026-11-25T00:00:00.000Z')).toBe(false);
  });

  it.each(notAsking)('none is open while it is %s', (name) => {
    const { state, now } = told(name);
    expect(isAnyGateOpen(state, now)).toBe(false);
  });

  it('are opened when a gate opens, take words whoever’s worker it is, and are gone when it closes', async () => {
    const { state: waiting, now } = told('waiting for approval');
    let state: OperationState = emptyOperation('op-a');
    const { shelf, taken, worker, keys } = stage(new Map([['op-a', async () => state]]), () => now);
    const [one, other] = [worker(), worker()];
    const look = () => Promise.all([one.look(), other.look()]);
    await look();
    expect(keys()).toEqual([]);
    state = waiting;
    await look();
    await look();
    expect(keys()).toHaveLength(2);
    const serving = setInterval(() => void Promise.all([one.serve(), other.serve()]), 20);
    expect(await giveWord(shelf, word, identity, { withinSeconds: 5, eachSeconds: 5 })).toEqual({ counted: true });
    clearInterval(serving);
    expect(taken).toEqual([word]);
    state = told('succeeded').state;
    await look();
    expect(keys()).toEqual([]);
    await expect(giveWord(shelf, word, identity)).rejects.toMatchObject({ code: 'terminal.no-desk' });
  });

  it('an operation that can’t be read takes no desk from the others', async () => {
    const { state, now } = told('waiting for approval');
    const unreadable = () => Promise.reject(new Error('away'));
    const { failed, worker, keys } = stage(
      new Map([
        ['op-b', unreadable],
        ['op-a', async () => state],
      ]),
      () => now,
    );
    const desks = worker();
    await desks.look();
    expect(failed).toEqual(['op-b']);
    expect(keys()).toEqual([expect.stringContaining('desk/op-a/')]);
    await desks.close();
    expect(keys()).toEqual([]);
  });
});
