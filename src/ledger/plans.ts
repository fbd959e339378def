import { permanent, retryable } from '../domain/errors.ts';
import type { Plan } from '../domain/plan.ts';
import { sha256 } from './chain.ts';
import type { LedgerStore } from './store.ts';

/** Plans under the hash of their bytes. They are stored once and never serialised again, so the digest stays true. */
export class Plans {
  readonly #store: LedgerStore;
  constructor(store: LedgerStore) {
    this.#store = store;
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
    const stored = await this.#store.read(`plans/${digest}`);
    if (!stored) throw permanent('plan.missing', { digest });
    if (sha256(stored.bytes) !== digest) throw permanent('plan.tampered', { digest });
    return JSON.parse(new TextDecoder().decode(stored.bytes)) as Plan;
  }
}
