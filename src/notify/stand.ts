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
  /** Where to go when the channel is gone, in order; at last to the person who asked. */
  readonly fallbacks: readonly string[];
  readonly requester: string;
  /** Since when the operation's messages can stand. */
  readonly since: string;
  /** What the card was last looked at with: where it shows this already, only its clock can have moved. */
  readonly version: string;
  /** Draws the newest state there is at this moment, for the channel in which the card stands. */
  draw(channel: string): Promise<Content>;
  readonly memory: Memory;
  /** Ends a wait for an edit that something more urgent of the same operation must not stand behind. */
  readonly signal: AbortSignal;
}

/** What this process remembers of one operation's cards. Losing it costs one edit a card. */
export interface Memory {
  /** What was drawn last, by surface. */
  readonly drawn: Map<string, string>;
  /** With which version of the state it was drawn. */
  readonly versions: Map<string, string>;
  /** Optional surfaces whose channel is gone. */
  readonly givenUp: Set<string>;
  /** Claims without a message, by nonce: since when they were seen, monotonic; `sure` when ours was certainly not posted. */
  readonly open: Map<string, { readonly sinceMs: number; readonly sure: boolean }>;
}

export const freshMemory = (): Memory => ({
  drawn: new Map(),
  versions: new Map(),
  givenUp: new Set(),
  open: new Map(),
});

export interface StandDependencies {
  readonly chains: Chains;
  readonly transport: Transport;
  readonly edits: Bucket;
  readonly posts: Turns;
  /** How long a claim of somebody unknown is waited for before it is taken over; longer than a post may last. */
  readonly claimMs: number;
  /** Ends everything: the process stops. */
  readonly signal: AbortSignal;
}

/**
 * Makes one card stand and show the newest state: claimed before it is posted, looked for before it is posted again,
 * edited in place, posted anew where it is gone (8-protocol.md, "Messages").
 * @returns false when somebody else is about to post it: look again later
 * @throws TransportError
 */
export async function stand(given: StandDependencies, what: Stand): Promise<boolean> {
  if (!what.surface.optional) return makeStand(given, what);
  const { memory, surface } = what;
  if (memory.givenUp.has(surface.name)) return true;
  try {
    return await makeStand(given, what);
  } catch (error) {
    if (!['no-channel', 'refused'].includes(failureOf(error))) throw error;
    memory.givenUp.add(surface.name);
    return true;
  }
}

async function makeStand(given: StandDependencies, what: Stand): Promise<boolean> {
  const talk = await given.chains.load(talkChain, what.operation);
  const stands = talk.surfaces[what.surface.name];
  const place = placeOf(what.surface, talk, stands);
  if (!place) return false;
  if (!stands) return claimAndPost(given, what, place, undefined, randomUUID());
  if (stands.ts === undefined) return recover(given, what, { ...place, channel: stands.channel }, stands);
  return what.surface.once ? true : edit(given, what, { ...stands, ts: stands.ts }, place);
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
  stands: Standing & { readonly ts: string },
  place: Place,
): Promise<boolean> {
  const { drawn, versions } = what.memory;
  const { name, urgency } = what.surface;
  if (drawn.get(name) === JSON.stringify(await what.draw(stands.channel))) {
    versions.set(name, what.version);
    return true;
  }
  if (versions.get(name) !== what.version) await given.edits.take(urgency, what.signal);
  else if (!(await given.edits.takeSpare())) return true;
  // Waiting for the token may have taken long: what is drawn is the state of now.
  const content = await what.draw(stands.channel);
  try {
    await given.transport.update(stands, content, mark(what, stands.nonce));
    shown(what, content);
    return true;
  } catch (error) {
    drawn.delete(name);
    versions.delete(name);
    const failure = failureOf(error);
    if (failure === 'later') given.edits.pause((error as TransportError).afterSeconds);
    if (failure === 'gone') return claimAndPost(given, what, place, stands.nonce, randomUUID());
    if (failure === 'no-channel') return elsewhere(given, what, place, stands.nonce, error);
    throw error;
  }
}

function shown({ memory, surface, version }: Stand, content: Content): void {
  memory.drawn.set(surface.name, JSON.stringify(content));
  memory.versions.set(surface.name, version);
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
  const { memory } = what;
  memory.open.set(nonce, { sinceMs: performance.now(), sure: true });
  await given.posts.take(place.channel, given.signal);
  const content = await what.draw(place.channel);
  memory.open.set(nonce, { sinceMs: performance.now(), sure: false });
  try {
    const { ts } = await given.transport.post(place, content, mark(what, nonce));
    shown(what, content);
    return await posted(given, what, place, nonce, ts);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === 'unknown') throw error;
    memory.open.set(nonce, { sinceMs: performance.now(), sure: true });
    if (failure === 'later') given.posts.pause(place.channel, (error as TransportError).afterSeconds);
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

/** A channel that is gone: the next one that isn't, at last the one in which only the person who asked is spoken to. */
async function elsewhere(
  given: StandDependencies,
  what: Stand,
  place: Place,
  replaces: string,
  error: unknown,
): Promise<boolean> {
  const { surface, fallbacks, requester } = what;
  // A reply goes where its root goes; the root moves first.
  if (surface.under !== undefined || surface.optional) throw error;
  const at = fallbacks.indexOf(place.channel);
  const next = at < 0 ? undefined : fallbacks[at + 1];
  const last = next ?? (await given.transport.direct(requester));
  if (last === place.channel) throw error;
  return claimAndPost(given, what, { channel: last }, replaces, randomUUID());
}

/** Claimed and not known to stand: it may have been posted, it may just be under way in another process, or never. */
async function recover(given: StandDependencies, what: Stand, place: Place, standing: Standing): Promise<boolean> {
  const { memory, surface, operation, since } = what;
  const seen = memory.open.get(standing.nonce);
  if (seen?.sure) return post(given, what, place, standing.nonce);
  if (!seen) memory.open.set(standing.nonce, { sinceMs: performance.now(), sure: false });
  const all = await given.transport.find(place, operation, since);
  const found = all.filter((one) => one.surface === surface.name);
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

/** Takes away every message of an operation but those that stand: one card survives, whatever was sent twice. */
export async function sweep(given: StandDependencies, all: readonly Stand[]): Promise<void> {
  const [first] = all;
  if (!first) return;
  const talk = await given.chains.load(talkChain, first.operation);
  const places = new Map<string, Place>();
  const standing = new Set<string>();
  for (const { surface } of all) {
    const stands = talk.surfaces[surface.name];
    const place = placeOf(surface, talk, stands);
    if (!stands?.ts || !place) continue;
    standing.add(`${surface.name} ${stands.ts}`);
    places.set(`${stands.channel} ${place.thread ?? ''}`, { ...place, channel: stands.channel });
  }
  for (const place of places.values())
    for (const { ts, surface } of await given.transport.find(place, first.operation, first.since))
      if (!standing.has(`${surface} ${ts}`) && all.some((one) => one.surface.name === surface))
        await given.transport.delete({ channel: place.channel, ts });
}
