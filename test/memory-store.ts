import { setTimeout as sleep } from 'node:timers/promises';
import { retryable } from '../src/domain/errors.ts';
import type { Instant } from '../src/domain/time.ts';
import type { LedgerStore, MarkerStore, StoredObject } from '../src/ledger/store.ts';

/** One call of the store, as a fault decides about it. */
export interface StoreCall {
  /** Counted from 1 over all calls of this store. */
  readonly number: number;
  readonly kind: 'create' | 'read' | 'list' | 'put' | 'remove';
  readonly key: string;
}

/**
 * `lost-after`: it took effect and the answer is lost. `lost-before`: it never arrived. `delayed`: the answer is lost and
 * it takes effect with the next call of anybody. `unreachable`: no answer and no effect, said so.
 */
export type StoreFault = 'lost-after' | 'lost-before' | 'delayed' | 'unreachable';

export interface MemoryOptions {
  readonly latencyMs?: () => number;
  readonly fault?: (call: StoreCall) => StoreFault | undefined;
  /** The store's clock. */
  readonly now?: () => Date;
  /** What lies there already. */
  readonly objects?: ReadonlyMap<string, StoredObject>;
}

/** A ledger and its markers in memory: atomic creates, a clock of its own, latency and faults on demand. */
export class MemoryStore implements LedgerStore {
  readonly objects: Map<string, StoredObject>;
  readonly marks = new Map<string, Instant>();
  readonly calls: StoreCall[] = [];
  readonly #options: MemoryOptions;
  #delayed: (() => void)[] = [];

  constructor(options: MemoryOptions = {}) {
    this.#options = options;
    this.objects = new Map(options.objects);
  }

  async create(key: string, bytes: Uint8Array): Promise<'created' | 'exists' | 'unknown'> {
    const fault = await this.#enter('create', key);
    const effect = () => {
      if (this.objects.has(key)) return 'exists' as const;
      this.objects.set(key, { bytes: bytes.slice(), at: this.#now() });
      return 'created' as const;
    };
    if (fault === 'delayed') this.#delayed.push(effect);
    if (fault === 'lost-after') effect();
    return fault ? 'unknown' : effect();
  }

  async read(key: string): Promise<StoredObject | undefined> {
    if (await this.#enter('read', key)) throw retryable('ledger.unreachable');
    return this.objects.get(key);
  }

  async list(prefix: string): Promise<readonly string[]> {
    if (await this.#enter('list', prefix)) throw retryable('ledger.unreachable');
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  /** The same store's markers, beside the objects. */
  get markers(): MarkerStore {
    return {
      put: (key) => this.#mark('put', key, () => void this.marks.set(key, this.#now())),
      remove: (key) => this.#mark('remove', key, () => void this.marks.delete(key)),
      list: async (prefix) => {
        if (await this.#enter('list', prefix)) throw retryable('ledger.unreachable');
        return [...this.marks].filter(([key]) => key.startsWith(prefix)).map(([key, at]) => ({ key, at }));
      },
    };
  }

  async #mark(kind: 'put' | 'remove', key: string, effect: () => void): Promise<void> {
    const fault = await this.#enter(kind, key);
    if (fault === 'delayed') this.#delayed.push(effect);
    else if (fault !== 'lost-before' && fault !== 'unreachable') effect();
    if (fault) throw retryable('ledger.unreachable');
  }

  async #enter(kind: StoreCall['kind'], key: string): Promise<StoreFault | undefined> {
    const call = { number: this.calls.length + 1, kind, key };
    this.calls.push(call);
    const ms = this.#options.latencyMs?.() ?? 0;
    if (ms > 0) await sleep(ms);
    else await Promise.resolve();
    for (const land of this.#delayed.splice(0)) land();
    return this.#options.fault?.(call);
  }

  #now(): Instant {
    return (this.#options.now?.() ?? new Date()).toISOString();
  }
}
