import { permanent, retryable } from '../domain/errors.ts';
import type { Plan } from '../domain/plan.ts';
import { sha256 } from './chain.ts';
import type { LedgerStore } from './store.ts';

/** What is kept of plans that were read: five thousand of them, where they are of the usual size. */
const keptBytes = 64 * 1024 * 1024;

/**
 * Plans under the hash of their bytes. They are stored once and never serialised again, so the digest stays true, and what was
 * read once need not be read again. Bytes are kept and not what they say: that is larger, and somebody could change it.
 */
export class Plans {
  readonly #store: LedgerStore;
  readonly #most: number;
  /** The one that was asked for last is the last. */
  readonly #kept = new Map<string, Uint8Array>();
  #keptBytes = 0;
  constructor(store: LedgerStore, most = keptBytes) {
    this.#store = store;
    this.#most = most;
  }

  /** Stores the plan and returns its digest. Storing the same plan twice is storing it once. */
  async put(plan: Plan): Promise<string> {
    const bytes = new TextEncoder().encode(JSON.stringify(plan));
    const digest = sha256(bytes);
    const answer = await this.#store.create(`plans/${digest}`, bytes);
    if (answer === 'unknown' && !(await this.#store.read(`plans/${digest}`))) throw retryable('ledger.unreachable');
    return digest;
  }

  /** @throws PitcrewError `plan.missing`, or `plan.tampered` when the bytes don't have that digest */
  async get(digest: string): Promise<Plan> {
    const bytes = this.#kept.get(digest) ?? (await this.#read(digest));
    this.#keep(digest, bytes);
    return JSON.parse(new TextDecoder().decode(bytes)) as Plan;
  }

  async #read(digest: string): Promise<Uint8Array> {
    const stored = await this.#store.read(`plans/${digest}`);
    if (!stored) throw permanent('plan.missing', { digest });
    if (sha256(stored.bytes) !== digest) throw permanent('plan.tampered', { digest });
    return stored.bytes;
  }

  #keep(digest: string, bytes: Uint8Array): void {
    if (!this.#kept.delete(digest)) this.#keptBytes += bytes.length;
    this.#kept.set(digest, bytes);
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= this.#most) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
  }
}
