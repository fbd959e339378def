import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { recorded, userError } from '../domain/errors.ts';
import type { Gate } from '../domain/events.ts';
import type { Identity } from '../domain/identity.ts';
import type { JsonObject } from '../domain/json.ts';
import type { LedgerStore, MarkerStore } from '../ledger/store.ts';
import { newLock, type Sealed, seal } from './sealed.ts';

/** A word on one operation, as it is signed. */
export interface Word {
  readonly operation: string;
  readonly gate: Gate;
  readonly digest: string;
  readonly decision: 'approve' | 'deny';
  readonly reason: string;
}

/** All of the word is in what is signed: none of it can be exchanged for another. */
export function purposeOf({ operation, gate, digest, decision, reason }: Word): string {
  return [operation, gate, digest, decision, createHash('sha256').update(reason).digest('hex')].join('/');
}

export interface Answer {
  readonly counted: boolean;
  /** Why it does not count. */
  readonly code?: string;
  readonly params?: JsonObject;
}

export interface Shelf {
  readonly store: Pick<LedgerStore, 'create' | 'read' | 'list'>;
  readonly markers: Pick<MarkerStore, 'put' | 'remove'>;
}

const letterForm = z.strictObject({
  gate: z.enum(['start', 'findings']),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  decision: z.enum(['approve', 'deny']),
  reason: z.string().max(500),
  proof: z.strictObject({
    accessKeyId: z.string(),
    signedAt: z.string(),
    signature: z.string(),
    token: z.string().optional(),
  }),
});
const sealedForm = z.strictObject({ from: z.string(), iv: z.string(), tag: z.string(), text: z.string() });

const encoded = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const decoded = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
};

export interface Desk {
  /** Takes whatever lies there. */
  serve(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Where `pitcrew run` takes the words of approvers: they put letters there that only this process can open. `take` is asked
 * with what the letter says and with who signed it, as STS told this process itself.
 */
export async function openDesk(
  { store, markers }: Shelf,
  operation: string,
  identity: Pick<Identity, 'callerOf'>,
  take: (word: Word, caller: string) => Promise<Answer>,
): Promise<Desk> {
  const lock = newLock();
  const place = `desk/${operation}/${randomUUID()}`;
  const seen = new Set<string>();
  await markers.put(`${place}/key`, encoded({ key: lock.key }));

  async function answerTo(key: string): Promise<Answer> {
    const lying = await store.read(key);
    const sealed = sealedForm.safeParse(lying && decoded(lying.bytes));
    const opened = sealed.success ? lock.open(sealed.data, key) : undefined;
    const letter = letterForm.safeParse(opened === undefined ? undefined : decoded(new TextEncoder().encode(opened)));
    if (!letter.success) return { counted: false, code: 'identity.refused', params: { code: 'malformed' } };
    const { proof, ...said } = letter.data;
    const { token, ...signed } = proof;
    const word = { operation, ...said };
    const whole = { ...signed, ...(token === undefined ? {} : { token }) };
    return take(word, await identity.callerOf(whole, purposeOf(word)));
  }

  return {
    async serve() {
      for (const key of await store.list(`${place}/letters/`)) {
        if (seen.has(key)) continue;
        seen.add(key);
        const answer = await answerTo(key).catch((error: unknown): Answer => {
          const { code, params } = recorded(error);
          return { counted: false, code, params };
        });
        await markers.put(key.replace('/letters/', '/answers/'), encoded(answer));
        await markers.remove(key);
      }
    },
    async close() {
      for (const key of await store.list(`${place}/`)) await markers.remove(key);
    },
  };
}

/**
 * Gives a word in at every desk that is open for the operation, and waits for the first answer.
 * @throws PitcrewError `terminal.no-desk` where none is open, `terminal.no-answer` when nobody took it in time
 */
export async function giveWord(
  { store, markers }: Shelf,
  word: Word,
  identity: Pick<Identity, 'sign'>,
  withinSeconds = 45,
): Promise<Answer> {
  const keys = (await store.list(`desk/${word.operation}/`)).filter((key) => key.endsWith('/key'));
  if (keys.length === 0) throw userError('terminal.no-desk', { operation: word.operation });
  const { operation: _, ...said } = word;
  const letter = JSON.stringify({ ...said, proof: await identity.sign(purposeOf(word)) });
  const places: string[] = [];
  for (const key of keys) {
    const place = key.replace(/key$/, `letters/${randomUUID()}`);
    const sealed = await sealedFor(store, key, letter, place);
    if (!sealed) continue;
    await markers.put(place, encoded(sealed));
    places.push(place);
  }
  for (const end = performance.now() + withinSeconds * 1000; performance.now() < end; await sleep(500)) {
    for (const place of places) {
      const answer = await store.read(place.replace('/letters/', '/answers/'));
      if (answer) return decoded(answer.bytes) as Answer;
    }
  }
  // Nobody may take it later. Whoever may not remove has left something that opens nothing: the proof is over by now.
  for (const place of places) await markers.remove(place).catch(() => undefined);
  throw userError('terminal.no-answer', { operation: word.operation, seconds: withinSeconds });
}

async function sealedFor(
  store: Shelf['store'],
  key: string,
  letter: string,
  place: string,
): Promise<Sealed | undefined> {
  const lying = await store.read(key);
  const laidOpen = z.strictObject({ key: z.string() }).safeParse(lying && decoded(lying.bytes));
  try {
    return laidOpen.success ? seal(letter, laidOpen.data.key, place) : undefined;
  } catch {
    // No key: somebody else's business, and nobody's letter.
    return undefined;
  }
}
