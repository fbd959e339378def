import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { bug, PitcrewError, permanent, retryable } from '../domain/errors.ts';
import { formatVersion } from '../domain/events.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { type Instant, laterOf } from '../domain/time.ts';
import type { LedgerStore } from './store.ts';

/** The largest event, in bytes. */
export const maxEventBytes = 64 * 1024;
const unansweredSeconds = 30;
/** Chains that are kept as they were read: far more than are ever under way at once. */
const keptChains = 20_000;

/** An event as it lies in the store. */
export interface StoredEvent {
  readonly v: number;
  readonly chain: string;
  readonly seq: number;
  readonly type: string;
  readonly nonce: string;
  /** Seals the event before: its hash, and the time that it counts from. */
  readonly prev: { readonly sha256: string; readonly at: Instant } | null;
  readonly actor: string;
  readonly run: string | null;
  readonly epoch: number | null;
  readonly data: JsonObject;
}

/** What an author wants to say; the ledger adds the rest. */
export interface EventDraft {
  readonly type: string;
  readonly data: JsonObject;
  readonly actor: string;
  readonly run?: string;
  readonly epoch?: number;
}

export interface ChainState {
  readonly n: number;
  readonly head?: { readonly sha256: string; readonly at: Instant };
}

/** A kind of chain: where it lies and how it folds. `fold` counts n and head itself; what it finds void it leaves without effect. */
export interface ChainKind<State extends ChainState> {
  readonly prefix: string;
  empty(id: string): State;
  fold(state: State, stored: StoredEvent, sealed: { at: Instant; sha256: string }): State;
  /** The code of the rule that the event with this number broke, if the fold found it void. */
  voided(state: State, seq: number): string | undefined;
}

export interface Refusal {
  readonly refused: string;
  readonly params?: Readonly<Record<string, Json>>;
}

export type Appended<State> =
  /** It stands. */
  | { readonly kind: 'appended'; readonly state: State }
  /** It was written, and the fold found it void: too late by the store's clock, say. */
  | { readonly kind: 'void'; readonly code: string; readonly state: State }
  /** The decision refused: nothing was written. */
  | { readonly kind: 'refused'; readonly code: string; readonly state: State; readonly params: JsonObject };

export interface LedgerOptions {
  readonly store: LedgerStore;
  /** Random ids of events. Only a model of the protocol has a reason to give its own. */
  readonly nonce?: () => string;
  /** Waits between tries while the store doesn't answer, and says when to give up; monotonic. */
  readonly patience?: () => { again(): Promise<boolean> };
  /** How many chains are kept as they were read; one that is not is read anew. */
  readonly kept?: number;
}

/** Compare-and-append on chains of immutable objects (8-protocol.md). Keeps what it has read, within bounds: a chain never changes. */
export class Chains {
  readonly #store: LedgerStore;
  readonly #nonce: () => string;
  readonly #patience: () => { again(): Promise<boolean> };
  readonly #kept: number;
  /** The one that was asked for last is the last. */
  readonly #cache = new Map<string, ChainState>();

  constructor({ store, nonce = randomUUID, patience = thirtySeconds, kept = keptChains }: LedgerOptions) {
    this.#store = store;
    this.#nonce = nonce;
    this.#patience = patience;
    this.#kept = kept;
  }

  /** The state up to the chain's end. One read when nothing is new. */
  async load<State extends ChainState>(kind: ChainKind<State>, id: string): Promise<State> {
    let state = this.known(kind, id);
    for (;;) {
      const stored = await this.#store.read(keyOf(kind, id, state.n));
      if (!stored) return state;
      state = this.#take(kind, id, state, stored.bytes, stored.at);
    }
  }

  /** What this process has seen of the chain, perhaps not its end. */
  known<State extends ChainState>(kind: ChainKind<State>, id: string): State {
    const chain = `${kind.prefix}/${id}`;
    const state = this.#cache.get(chain) as State | undefined;
    if (state) this.#keep(chain, state);
    return state ?? kind.empty(id);
  }

  #keep(chain: string, state: ChainState): void {
    this.#cache.delete(chain);
    this.#cache.set(chain, state);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > this.#kept && oldest !== undefined) this.#cache.delete(oldest);
  }

  /**
   * Decides on the folded state and writes at its next number; on a loss folds and decides again. A guard on a stale
   * cache is safe: winning number n proves that everything before n was seen.
   * @throws PitcrewError `ledger.unknown` after 30 s without an answer: it may have happened
   */
  async append<State extends ChainState>(
    kind: ChainKind<State>,
    id: string,
    decide: (state: State) => EventDraft | Refusal,
  ): Promise<Appended<State>> {
    const nonce = this.#nonce();
    const patience = this.#patience();
    let state = this.known(kind, id);
    let written = false;
    for (;;) {
      // Deciding anew on what is known to be stale only costs a lost race; after a put it is always the fresh state.
      const decision = decide(state);
      if ('refused' in decision) {
        if (written) throw retryable('ledger.unknown', { chain: `${kind.prefix}/${id}` });
        const fresh = await this.load(kind, id);
        if (fresh.n > state.n) {
          state = fresh;
          continue;
        }
        return { kind: 'refused', code: decision.refused, params: { ...decision.params }, state };
      }
      const seq = state.n;
      const bytes = encode(kind, id, state, decision, nonce);
      const answer = await this.#store.create(keyOf(kind, id, seq), bytes);
      written = answer === 'unknown';
      const mine = await this.#settle(kind, id, state, nonce, patience);
      if (mine.kind === 'mine') {
        const code = kind.voided(mine.state, seq);
        return code ? { kind: 'void', code, state: mine.state } : { kind: 'appended', state: mine.state };
      }
      // Somebody else holds this number, so ours can never be there: whatever was unknown is known now.
      if (mine.kind === 'other') written = false;
      state = mine.state;
    }
  }

  /** Reads from the number that was tried on: our nonce is there, or somebody else's event, or nothing yet. */
  async #settle<State extends ChainState>(
    kind: ChainKind<State>,
    id: string,
    before: State,
    nonce: string,
    patience: { again(): Promise<boolean> },
  ): Promise<{ kind: 'mine' | 'other' | 'nothing'; state: State }> {
    for (;;) {
      try {
        const stored = await this.#store.read(keyOf(kind, id, before.n));
        if (!stored) {
          if (!(await patience.again())) throw retryable('ledger.unknown', { chain: `${kind.prefix}/${id}` });
          return { kind: 'nothing', state: before };
        }
        const mine = parse(stored.bytes).nonce === nonce;
        const state = this.#take(kind, id, before, stored.bytes, stored.at);
        return mine ? { kind: 'mine', state } : { kind: 'other', state: await this.load(kind, id) };
      } catch (error) {
        if (!(error instanceof PitcrewError) || error.kind !== 'retryable' || error.code === 'ledger.unknown')
          throw error;
        if (!(await patience.again())) throw retryable('ledger.unknown', { chain: `${kind.prefix}/${id}` }, error);
      }
    }
  }

  #take<State extends ChainState>(
    kind: ChainKind<State>,
    id: string,
    state: State,
    bytes: Uint8Array,
    modifiedAt: Instant,
  ): State {
    const event = parse(bytes);
    const chain = `${kind.prefix}/${id}`;
    if (event.chain !== chain || event.seq !== state.n) throw permanent('ledger.misplaced', { chain, seq: state.n });
    const before = state.head;
    if (event.prev?.sha256 !== before?.sha256 || event.prev?.at !== before?.at)
      throw permanent('ledger.broken-chain', { chain, seq: state.n });
    const at = before ? laterOf(before.at, modifiedAt) : modifiedAt;
    const next = kind.fold(state, event, { at, sha256: sha256(bytes) });
    const cached = this.#cache.get(chain);
    if (!cached || cached.n < next.n) this.#keep(chain, next);
    return next;
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Numbers are padded so that a listing is in order. */
export function keyOf(kind: { readonly prefix: string }, id: string, seq: number): string {
  return `${kind.prefix}/${id}/${String(seq).padStart(8, '0')}`;
}

function encode(kind: { prefix: string }, id: string, state: ChainState, draft: EventDraft, nonce: string): Uint8Array {
  const event: StoredEvent = {
    v: formatVersion,
    chain: `${kind.prefix}/${id}`,
    seq: state.n,
    type: draft.type,
    nonce,
    prev: state.head ?? null,
    actor: draft.actor,
    run: draft.run ?? null,
    epoch: draft.epoch ?? null,
    data: draft.data,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(event));
  if (bytes.length > maxEventBytes) throw bug('ledger.event-too-large', { type: draft.type, bytes: bytes.length });
  return bytes;
}

/** @throws PitcrewError `ledger.unreadable`: the chain is not appended to by a process that can't read all of it */
function parse(bytes: Uint8Array): StoredEvent {
  try {
    const event = JSON.parse(new TextDecoder().decode(bytes)) as StoredEvent;
    if (event.v === formatVersion && typeof event.seq === 'number' && typeof event.nonce === 'string') return event;
  } catch (error) {
    throw permanent('ledger.unreadable', {}, error);
  }
  throw permanent('ledger.unreadable');
}

function thirtySeconds(): { again(): Promise<boolean> } {
  const began = performance.now();
  let pauseMs = 50;
  return {
    async again() {
      if (performance.now() - began > unansweredSeconds * 1000) return false;
      await sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, 2000);
      return true;
    },
  };
}
