import { randomUUID } from 'node:crypto';
import type { Chains } from '../ledger/chain.ts';
import { type Surface as Standing, type TalkState, talkChain } from '../ledger/talk.ts';
import type { Bucket, Turns } from './pace.ts';
import type { Surface } from './surfaces.ts';
import {
  type Content,
  type Found,
  failureOf,
  type Mark,
  type Place,
  type Transport,
  type TransportError,
} from './transport.ts';

/** What making one card stand needs to know. */
export interface Stand {
  readonly operation: string;
  readonly surface: Surface;
  /** Where to go when the channel is gone, in order. */
  readonly fallbacks: readonly string[];
  /** Since when the operation's messages can stand. */
  readonly since: string;
  /** Draws the newest state there is at this moment. */
  draw(): Promise<Content>;
  readonly memory: Memory;
}

/** What this process remembers of one operation's cards. Losing it costs one edit a card. */
export interface Memory {
  /** What was drawn last, by surface. */
  readonly drawn: Map<string, string>;
  /** Claims without a message, by nonce: since when they were seen, monotonic; `sure` when ours was certainly not posted. */
  readonly open: Map<string, { readonly sinceMs: number; readonly sure: boolean }>;
}

export const freshMemory = (): Memory => ({ drawn: new Map(), open: new Map() });

export interface StandDependencies {
  readonly chains: Chains;
  readonly transport: Transport;
  readonly edits: Bucket;
  readonly posts: Turns;
  /** How long a claim of somebody unknown is waited for before it is taken over; longer than a post may last. */
  readonly claimMs: number;
  readonly signal: AbortSignal;
}

/**
 * Makes one card stand and show the newest state: claimed before it is posted, looked for before it is posted again,
 * edited in place, posted anew where it is gone (8-protocol.md, "Messages").
 * @returns false when somebody else is about to post it: look again later
 * @throws TransportError
 */
export async function stand(given: StandDependencies, what: Stand): Promise<boolean> {
  const talk = await given.chains.load(talkChain, what.operation);
  const standing = talk.surfaces[what.surface.name];
  const place = placeOf(what.surface, talk, standing);
  if (!place) return false;
  if (!standing) return claimAndPost(given, what, place, undefined, randomUUID());
  if (standing.ts === undefined) return recover(given, what, { ...place, channel: standing.channel }, standing);
  return what.surface.once ? true : edit(given, what, { ...standing, ts: standing.ts }, place);
}

/** Replies stand wherever their root stands now. */
function placeOf({ channel, under }: Surface, talk: TalkState, standing: Standing | undefined): Place | undefined {
  if (under === undefined) return { channel: standing?.channel ?? channel };
  const root = talk.surfaces[under];
  return root?.ts === undefined ? undefined : { channel: root.channel, thread: root.ts };
}

async function edit(
  given: StandDependencies,
  what: Stand,
  standing: Standing & { readonly ts: string },
  place: Place,
): Promise<boolean> {
  const { drawn } = what.memory;
  const { name } = what.surface;
  if (drawn.get(name) === JSON.stringify(await what.draw())) return true;
  await given.edits.take(given.signal);
  // Waiting for the token may have taken long: what is drawn is the state of now.
  const content = await what.draw();
  try {
    await given.transport.update(standing, content, mark(what, standing.nonce));
    drawn.set(name, JSON.stringify(content));
    return true;
  } catch (error) {
    drawn.delete(name);
    const failure = failureOf(error);
    if (failure === 'later') given.edits.pause((error as TransportError).afterSeconds);
    if (failure === 'gone') return claimAndPost(given, what, place, standing.nonce, randomUUID());
    if (failure === 'no-channel') return elsewhere(given, what, place, standing.nonce, error);
    throw error;
  }
}

const mark = ({ operation, surface }: Stand, nonce: string): Mark => ({ operation, surface: surface.name, nonce });

/** Claims the surface, unless somebody else did since it was looked at; whoever holds the claim posts. */
async function claimAndPost(
  given: StandDependencies,
  what: Stand,
  place: Place,
  replaces: string | undefined,
  nonce: string,
): Promise<boolean> {
  const { chains } = given;
  const { name } = what.surface;
  const claimed = await chains.append(talkChain, what.operation, ({ surfaces }) =>
    surfaces[name]?.nonce === replaces
      ? { type: 'claimed', actor: 'notifier', data: { surface: name, nonce, channel: place.channel } }
      : { refused: 'talk.claimed' },
  );
  return claimed.kind === 'appended' ? post(given, what, place, nonce) : false;
}

async function post(given: StandDependencies, what: Stand, place: Place, nonce: string): Promise<boolean> {
  const { memory, surface } = what;
  await given.posts.take(place.channel, given.signal);
  const content = await what.draw();
  memory.open.set(nonce, { sinceMs: performance.now(), sure: false });
  try {
    const { ts } = await given.transport.post(place, content, mark(what, nonce));
    memory.drawn.set(surface.name, JSON.stringify(content));
    return await posted(given, what, place, nonce, ts);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === 'unknown') throw error;
    memory.open.set(nonce, { sinceMs: performance.now(), sure: true });
    if (failure === 'no-channel') return elsewhere(given, what, place, nonce, error);
    throw error;
  }
}

/** Writes down where it stands. Whoever was overtaken meanwhile takes their own message away again. */
async function posted(
  given: StandDependencies,
  what: Stand,
  place: Place,
  nonce: string,
  ts: string,
): Promise<boolean> {
  const { name } = what.surface;
  const { state } = await given.chains.append(talkChain, what.operation, ({ surfaces }) =>
    surfaces[name]?.nonce === nonce && surfaces[name]?.ts === undefined
      ? { type: 'posted', actor: 'notifier', data: { surface: name, nonce, ts } }
      : { refused: 'talk.overtaken' },
  );
  what.memory.open.delete(nonce);
  const now = state.surfaces[name];
  if (now?.ts === ts) return true;
  await given.transport.delete({ channel: place.channel, ts });
  return false;
}

/** A channel that is gone: the next one that isn't. */
function elsewhere(
  given: StandDependencies,
  what: Stand,
  place: Place,
  replaces: string,
  error: unknown,
): Promise<boolean> {
  // A reply goes where its root goes; the root moves first.
  const next = what.surface.under === undefined ? what.fallbacks[what.fallbacks.indexOf(place.channel) + 1] : undefined;
  if (next === undefined || next === place.channel) throw error;
  return claimAndPost(given, what, { channel: next }, replaces, randomUUID());
}

/** Claimed and not known to stand: it may have been posted, it may just be under way in another process, or never. */
async function recover(given: StandDependencies, what: Stand, place: Place, standing: Standing): Promise<boolean> {
  const { memory, surface, operation, since } = what;
  const seen = memory.open.get(standing.nonce);
  if (seen?.sure) return post(given, what, place, standing.nonce);
  if (!seen) memory.open.set(standing.nonce, { sinceMs: performance.now(), sure: false });
  const found = await given.transport.find(place, { operation, surface: surface.name }, since);
  const kept = found.find(({ nonce }) => nonce === standing.nonce) ?? found[0];
  if (kept) return adopt(given, what, place, standing, kept, found);
  if (performance.now() - (seen?.sinceMs ?? performance.now()) < given.claimMs) return false;
  return claimAndPost(given, what, place, standing.nonce, randomUUID());
}

/** A message of ours stands: it is the card from now on, and every double goes. */
async function adopt(
  given: StandDependencies,
  what: Stand,
  place: Place,
  standing: Standing,
  kept: Found,
  found: readonly Found[],
): Promise<boolean> {
  const { name } = what.surface;
  if (kept.nonce !== standing.nonce) {
    const claimed = await given.chains.append(talkChain, what.operation, ({ surfaces }) =>
      surfaces[name]?.nonce === standing.nonce
        ? { type: 'claimed', actor: 'notifier', data: { surface: name, nonce: kept.nonce, channel: place.channel } }
        : { refused: 'talk.claimed' },
    );
    if (claimed.kind !== 'appended') return false;
  }
  const stands = await posted(given, what, place, kept.nonce, kept.ts);
  if (stands) await removeDoubles(given, place.channel, kept.ts, found);
  // What it shows is not known: it is drawn anew on the next look.
  what.memory.drawn.delete(name);
  return false;
}

async function removeDoubles(
  { transport }: StandDependencies,
  channel: string,
  keptTs: string,
  found: readonly Found[],
): Promise<void> {
  for (const { ts } of found) if (ts !== keptTs) await transport.delete({ channel, ts });
}

/** Takes away every message of a surface but the one that stands: one card survives, whatever was sent twice. */
export async function sweep(given: StandDependencies, what: Stand): Promise<void> {
  const talk = await given.chains.load(talkChain, what.operation);
  const standing = talk.surfaces[what.surface.name];
  const place = placeOf(what.surface, talk, standing);
  if (!standing?.ts || !place) return;
  const wanted = { operation: what.operation, surface: what.surface.name };
  const found = await given.transport.find({ ...place, channel: standing.channel }, wanted, what.since);
  await removeDoubles(given, standing.channel, standing.ts, found);
}
