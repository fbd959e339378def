import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { recorded, userError } from '../domain/errors.ts';
import type { Gate } from '../domain/events.ts';
import type { Identity } from '../domain/identity.ts';
import type { JsonObject } from '../domain/json.ts';
import { milliseconds } from '../domain/time.ts';
import type { LedgerStore, MarkerStore } from '../ledger/store.ts';
import { gates } from './gates.ts';
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
  operation: z.string().regex(/^op-[\w-]{1,60}$/),
  gate: z.enum(gates),
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

/** How often a desk shows that somebody is behind it. */
const shownEveryMs = 20_000;
/** A desk that was not shown for so long is nobody's: an hour, in milliseconds. */
const leftForMs = 3_600_000;
/** Until then whoever gave the word has read the answer to it, or gone away; in milliseconds. */
const answerLastsMs = 600_000;
/** Where a desk stands that takes words on whatever operation; no operation is called so. */
export const everyOperation = 'all';

/**
 * Where a worker, or `pitcrew run`, takes the words of approvers: they put letters there that only this process can open.
 * `pitcrew run` takes them on its one operation, a worker on every one. `take` is asked with what the letter says and with who
 * signed it, as STS told this process itself.
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
  /** The oldest first. */
  const answers: { readonly key: string; readonly atMs: number }[] = [];
  const show = () => markers.put(`${place}/key`, encoded({ key: lock.key }));
  await show();
  let shownAt = performance.now();

  async function answerTo(key: string): Promise<Answer> {
    const lying = await store.read(key);
    const sealed = sealedForm.safeParse(lying && decoded(lying.bytes));
    const opened = sealed.success ? lock.open(sealed.data, key) : undefined;
    const letter = letterForm.safeParse(opened === undefined ? undefined : decoded(new TextEncoder().encode(opened)));
    if (!letter.success || ![letter.data.operation, everyOperation].includes(operation))
      return { counted: false, code: 'identity.refused', params: { code: 'malformed' } };
    const { proof, ...word } = letter.data;
    const { token, ...signed } = proof;
    const whole = { ...signed, ...(token === undefined ? {} : { token }) };
    return take(word, await identity.callerOf(whole, purposeOf(word)));
  }

  return {
    async serve() {
      if (performance.now() - shownAt >= shownEveryMs) {
        await show();
        shownAt = performance.now();
      }
      for (const key of await store.list(`${place}/letters/`)) {
        if (seen.has(key)) continue;
        seen.add(key);
        const answer = await answerTo(key).catch((error: unknown): Answer => {
          const { code, params } = recorded(error);
          return { counted: false, code, params };
        });
        const place = key.replace('/letters/', '/answers/');
        await markers.put(place, encoded(answer));
        answers.push({ key: place, atMs: performance.now() });
        await markers.remove(key);
      }
      for (let [old] = answers; old && performance.now() - old.atMs > answerLastsMs; [old] = answers) {
        await markers.remove(old.key);
        answers.shift();
      }
    },
    async close() {
      for (const key of await store.list(`${place}/`)) await markers.remove(key);
    },
  };
}

interface Patience {
  readonly withinSeconds: number;
  /** How long one desk has, while there are others. */
  readonly eachSeconds: number;
}

/**
 * Gives a word in at the desks that are open for the operation, one at a time, since each would count it: first where
 * somebody showed themselves last, for a worker that died leaves its desk behind.
 * @throws PitcrewError `terminal.no-desk` where none is open, `terminal.no-answer` when nobody took it in time
 */
export async function giveWord(
  { store, markers }: Shelf,
  word: Word,
  identity: Pick<Identity, 'sign'>,
  { withinSeconds, eachSeconds }: Patience = { withinSeconds: 45, eachSeconds: 12 },
): Promise<Answer> {
  const desks = await desksOf(store, word.operation);
  if (desks.length === 0) throw userError('terminal.no-desk', { operation: word.operation });
  const end = performance.now() + withinSeconds * 1000;
  const places: string[] = [];
  for (const [at, { folder, key }] of desks.entries()) {
    const place = `${folder}/letters/${randomUUID()}`;
    // Signed anew for each: a proof doesn't live long.
    const sealed = sealedFor(JSON.stringify({ ...word, proof: await identity.sign(purposeOf(word)) }), key, place);
    if (!sealed) continue;
    await markers.put(place, encoded(sealed));
    places.push(place);
    const until = at + 1 === desks.length ? end : Math.min(end, performance.now() + eachSeconds * 1000);
    const answer = await answerAt(store, places, until);
    if (answer) return answer;
    // Nobody may take it later. Whoever may not remove has left something that opens nothing: the proof is over by then.
    await markers.remove(place).catch(() => undefined);
    if (performance.now() >= end) break;
  }
  throw userError('terminal.no-answer', { operation: word.operation, seconds: withinSeconds });
}

const lookAgainMs = 500;

/** Of two answers to one word the one that counted it is right: the other desk saw it a second time. */
async function answerAt(store: Shelf['store'], places: readonly string[], until: number): Promise<Answer | undefined> {
  let refused: Answer | undefined;
  for (; performance.now() < until; await sleep(lookAgainMs)) {
    const before = refused;
    for (const place of places) {
      const lying = await store.read(place.replace('/letters/', '/answers/'));
      const answer = lying && (decoded(lying.bytes) as Answer);
      if (answer?.counted) return answer;
      refused ??= answer;
    }
    if (refused && (before || places.length === 1)) return refused;
  }
  return refused;
}

interface DeskThere {
  readonly folder: string;
  readonly key: string;
  readonly at: string;
}

/** Takes away what workers left that ended without a word: by the store's clock, beside one that was shown just now. */
export async function clearLeftDesks({ store, markers }: Shelf): Promise<void> {
  const [newest, ...others] = await desksAt(store, everyOperation);
  if (!newest) return;
  for (const { folder, at } of others) {
    if (milliseconds(newest.at) - milliseconds(at) < leftForMs) continue;
    for (const key of await store.list(`${folder}/`)) await markers.remove(key);
  }
}

/** Those that showed themselves last come first. */
async function desksOf(store: Shelf['store'], operation: string): Promise<readonly DeskThere[]> {
  const [own, all] = await Promise.all([desksAt(store, operation), desksAt(store, everyOperation)]);
  return [...own, ...all].sort((a, b) => (a.at < b.at ? 1 : -1));
}

async function desksAt(store: Shelf['store'], place: string): Promise<readonly DeskThere[]> {
  const keys = (await store.list(`desk/${place}/`)).filter((key) => key.endsWith('/key'));
  const desks = await Promise.all(
    keys.map(async (name): Promise<readonly DeskThere[]> => {
      const lying = await store.read(name);
      const laidOpen = z.strictObject({ key: z.string() }).safeParse(lying && decoded(lying.bytes));
      if (!lying || !laidOpen.success) return [];
      return [{ folder: name.slice(0, -'/key'.length), key: laidOpen.data.key, at: lying.at }];
    }),
  );
  return desks.flat().sort((a, b) => (a.at < b.at ? 1 : -1));
}

function sealedFor(letter: string, key: string, place: string): Sealed | undefined {
  try {
    return seal(letter, key, place);
  } catch {
    // No key: somebody else's business, and nobody's letter.
    return undefined;
  }
}
