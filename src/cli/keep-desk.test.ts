import { expect, it } from 'vitest';
import type { Answer, Shelf, Word } from './desk.ts';
import { giveWord, openDesk } from './desk.ts';
import { keepDesk } from './keep-desk.ts';

const identity = {
  sign: async (signature: string) => ({ accessKeyId: 'AMIR', signedAt: 'now', signature }),
  callerOf: async () => 'arn:aws:iam::123456789012:user/amir',
};

/** A bucket with a clock of its own, and workers that keep desks in it. */
function stage() {
  const there = new Map<string, { bytes: Uint8Array; at: string }>();
  let atMs = Date.parse('2026-11-20T03:14:00Z');
  const listed: string[] = [];
  const shelf: Shelf = {
    store: {
      create: async () => 'created',
      read: async (key) => there.get(key),
      list: async (prefix) => {
        listed.push(prefix);
        return [...there.keys()].filter((key) => key.startsWith(prefix));
      },
    },
    markers: {
      put: async (key, bytes) => {
        atMs += 1000;
        there.set(key, { bytes, at: new Date(atMs).toISOString() });
      },
      remove: async (key) => void there.delete(key),
    },
  };
  const taken: Word[] = [];
  const take = async (word: Word): Promise<Answer> => {
    taken.push(word);
    return { counted: true };
  };
  return {
    ...{ shelf, taken, take, listed },
    worker: () => keepDesk(shelf, identity, take),
    later: (minutes: number) => {
      atMs += minutes * 60_000;
    },
    keys: () => [...there.keys()].filter((key) => key.endsWith('/key')),
    all: () => [...there.keys()],
  };
}

const wordOn = (operation: string): Word => ({
  ...{ operation, gate: 'start', digest: 'a'.repeat(64), decision: 'approve', reason: '' },
});
const patience = { withinSeconds: 5, eachSeconds: 5 };

it('every worker has one desk for all operations, and a word is taken at one of them, whoever’s operation it is', async () => {
  const { shelf, taken, worker, keys, all } = stage();
  const [one, other] = [worker(), worker()];
  const serve = () => Promise.all([one.serve(), other.serve()]);
  await serve();
  expect(keys()).toHaveLength(2);
  const serving = setInterval(() => void serve(), 20);
  for (const operation of ['op-a', 'op-b'])
    expect(await giveWord(shelf, wordOn(operation), identity, patience)).toEqual({ counted: true });
  clearInterval(serving);
  expect(taken).toEqual([wordOn('op-a'), wordOn('op-b')]);
  await Promise.all([one.close(), other.close()]);
  expect(all()).toEqual([]);
  await expect(giveWord(shelf, wordOn('op-a'), identity)).rejects.toMatchObject({ code: 'terminal.no-desk' });
});

it('a look of a worker is one listing, however many operations there are', async () => {
  const { worker, listed } = stage();
  const desk = worker();
  await desk.serve();
  listed.length = 0;
  await desk.serve();
  expect(listed).toEqual([expect.stringMatching(/^desk\/all\/.*\/letters\/$/)]);
});

it('a word on another operation is not taken by whoever drives one', async () => {
  const { shelf, taken, take, keys } = stage();
  const run = await openDesk(shelf, 'op-a', identity, take);
  const [key = ''] = keys();
  // Somebody lays the place of another operation's desk before an approver.
  const misled: Shelf = { ...shelf, store: { ...shelf.store, list: async () => [key] } };
  const serving = setInterval(() => void run.serve(), 20);
  const answer = await giveWord(misled, wordOn('op-b'), identity, patience);
  clearInterval(serving);
  expect(answer).toMatchObject({ counted: false, code: 'identity.refused' });
  expect(taken).toEqual([]);
});

it('what a worker that died left is cleared after an hour by one that starts; a living one’s stays', async () => {
  const { worker, keys, later } = stage();
  const dead = worker();
  await dead.serve();
  const [left = ''] = keys();
  later(50);
  await worker().serve();
  expect(keys()).toHaveLength(2);
  later(20);
  await worker().serve();
  expect(keys()).toHaveLength(2);
  expect(keys()).not.toContain(left);
});
