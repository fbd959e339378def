import { beforeEach, describe, expect, it } from 'vitest';
import { userError } from '../domain/errors.ts';
import type { Instant } from '../domain/time.ts';
import type { LedgerStore, MarkerStore } from '../ledger/store.ts';
import { type Answer, giveWord, openDesk, purposeOf, type Shelf, type Word } from './desk.ts';
import { newLock, seal } from './sealed.ts';

const operation = 'op-0123456789ab';
const word: Word = { operation, gate: 'start', digest: 'a'.repeat(64), decision: 'approve', reason: 'as agreed' };
const token = 'a-session-token';

/** Signs by writing down what for; the real signature is clients/sts.test.ts's business. */
const identity = {
  sign: async (purpose: string) => ({ accessKeyId: 'AMIR', signedAt: 'now', signature: purpose, token }),
  callerOf: async (proof: { signature: string }, purpose: string) => {
    if (proof.signature !== purpose) throw userError('identity.refused', { code: 'SignatureDoesNotMatch' });
    return 'arn:aws:iam::123456789012:user/amir';
  },
};

/** A bucket that remembers everything that ever lay in it. */
function bucket(): Shelf & { readonly now: Map<string, Uint8Array>; ever: string } {
  const now = new Map<string, Uint8Array>();
  const times = new Map<string, Instant>();
  let puts = 0;
  const store: LedgerStore = {
    create: async () => 'created',
    read: async (key) => {
      const bytes = now.get(key);
      return bytes && { bytes, at: times.get(key) ?? '' };
    },
    list: async (prefix) => [...now.keys()].filter((key) => key.startsWith(prefix)).sort(),
  };
  const shelf = {
    now,
    ever: '',
    store,
    markers: {
      put: async (key, bytes) => {
        now.set(key, bytes);
        times.set(key, new Date(++puts * 1000).toISOString());
        shelf.ever += `${key} ${new TextDecoder().decode(bytes)}\n`;
      },
      remove: async (key) => void now.delete(key),
    } satisfies Pick<MarkerStore, 'put' | 'remove'>,
  };
  return shelf;
}

let shelf: ReturnType<typeof bucket>;
let taken: [Word, string][];
const take = async (given: Word, caller: string): Promise<Answer> => {
  taken.push([given, caller]);
  return { counted: true };
};
beforeEach(() => {
  shelf = bucket();
  taken = [];
});

/** Gives the word while the desk is served. */
async function given(desk: { serve(): Promise<void> }, wanted = word): Promise<Answer> {
  const answer = giveWord(shelf, wanted, identity, { withinSeconds: 5, eachSeconds: 5 });
  const serving = setInterval(() => void desk.serve(), 20);
  return answer.finally(() => clearInterval(serving));
}

describe('a word that is given at a desk', () => {
  it('is taken once, whole, with who signed it, and leaves nothing', async () => {
    const desk = await openDesk(shelf, operation, identity, take);
    expect(await given(desk)).toEqual({ counted: true });
    await desk.serve();
    expect(taken).toEqual([[word, 'arn:aws:iam::123456789012:user/amir']]);
    await desk.close();
    expect([...shelf.now.keys()]).toEqual([]);
  });

  it('can be read by nobody who reads the bucket', async () => {
    const desk = await openDesk(shelf, operation, identity, take);
    await given(desk);
    for (const secret of [token, word.reason, word.digest, purposeOf(word)]) expect(shelf.ever).not.toContain(secret);
  });

  it('is refused, and said so, when it was signed for anything else', async () => {
    const desk = await openDesk(shelf, operation, identity, take);
    const other = { ...identity, sign: async () => identity.sign(purposeOf({ ...word, decision: 'deny' })) };
    const answer = giveWord(shelf, word, other, { withinSeconds: 5, eachSeconds: 5 });
    const serving = setInterval(() => void desk.serve(), 20);
    expect(await answer.finally(() => clearInterval(serving))).toMatchObject({
      counted: false,
      code: 'identity.refused',
    });
    expect(taken).toEqual([]);
  });

  it('can’t be carried to another desk, or laid there a second time under another name', async () => {
    const desk = await openDesk(shelf, operation, identity, take);
    const [key = ''] = [...shelf.now.keys()];
    const pending = giveWord(shelf, word, identity, { withinSeconds: 1, eachSeconds: 1 }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const [letter = ''] = [...shelf.now.keys()].filter((one) => one.includes('/letters/'));
    const copy = key.replace(/key$/, 'letters/another');
    await shelf.markers.put(copy, shelf.now.get(letter) ?? new Uint8Array());
    await shelf.markers.remove(letter);
    await desk.serve();
    await pending;
    expect(taken).toEqual([]);
    const answer = JSON.parse(new TextDecoder().decode(shelf.now.get(copy.replace('letters', 'answers'))));
    expect(answer).toMatchObject({ counted: false, code: 'identity.refused' });
  });

  it.each(['nonsense', '{}', JSON.stringify(seal('{}', newLock().key, 'elsewhere'))])(
    'is refused when it is no letter: %s',
    async (text) => {
      const desk = await openDesk(shelf, operation, identity, take);
      const [key = ''] = [...shelf.now.keys()];
      await shelf.markers.put(key.replace(/key$/, 'letters/x'), new TextEncoder().encode(text));
      await desk.serve();
      expect(taken).toEqual([]);
      expect([...shelf.now.keys()].filter((one) => one.includes('/letters/'))).toEqual([]);
    },
  );

  it('is not given where no desk is open, and taken back where nobody takes it', async () => {
    await expect(giveWord(shelf, word, identity, { withinSeconds: 1, eachSeconds: 1 })).rejects.toMatchObject({
      code: 'terminal.no-desk',
    });
    await openDesk(shelf, operation, identity, take);
    await expect(giveWord(shelf, word, identity, { withinSeconds: 1, eachSeconds: 1 })).rejects.toMatchObject({
      code: 'terminal.no-answer',
    });
    expect([...shelf.now.keys()].filter((key) => key.includes('/letters/'))).toEqual([]);
  });

  it('a desk whose lock is no lock keeps nobody from the others', async () => {
    const desk = await openDesk(shelf, operation, identity, take);
    await shelf.markers.put(`desk/${operation}/000/key`, new TextEncoder().encode('{"key":"x"}'));
    expect(await given(desk)).toEqual({ counted: true });
  });

  it('reaches one desk of several, so that it is counted once', async () => {
    const desks = [1, 2, 3].map(() => openDesk(shelf, operation, identity, take));
    for (const desk of desks) {
      const { serve } = await desk;
      setInterval(() => void serve(), 20).unref();
    }
    expect(await giveWord(shelf, word, identity, { withinSeconds: 5, eachSeconds: 5 })).toEqual({ counted: true });
    expect(taken).toHaveLength(1);
  });

  it('is given at the next desk when the worker of the first died, and to nobody twice', async () => {
    const alive = await openDesk(shelf, operation, identity, take);
    const dead = await openDesk(shelf, operation, identity, take);
    const serving = setInterval(() => void alive.serve(), 20);
    const answer = await giveWord(shelf, word, identity, { withinSeconds: 5, eachSeconds: 0.6 });
    clearInterval(serving);
    expect(answer).toEqual({ counted: true });
    await dead.serve();
    expect(taken).toHaveLength(1);
  });

  it('that two desks saw is told as counted, though the second refused it', async () => {
    let times = 0;
    const once = async (): Promise<Answer> =>
      ++times === 1 ? { counted: true } : { counted: false, code: 'approval.already-voted', params: {} };
    const quick = await openDesk(shelf, operation, identity, once);
    const slow = await openDesk(shelf, operation, identity, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return once();
    });
    for (const { serve } of [quick, slow]) setInterval(() => void serve(), 20).unref();
    const answer = await giveWord(shelf, word, identity, { withinSeconds: 6, eachSeconds: 0.6 });
    expect(answer).toEqual({ counted: true });
  });
});
