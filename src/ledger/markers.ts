import type { Instant } from '../domain/time.ts';
import type { MarkerStore } from './store.ts';

/**
 * Hints that are never trusted: `open/<op>` for operations that may still need work (written before event 0, taken away
 * after `closed`), `cards/<op>` for those whose last card may not stand yet.
 */
export class OpenMarkers {
  readonly #store: MarkerStore;
  readonly #folder: 'open' | 'cards';
  constructor(store: MarkerStore, folder: 'open' | 'cards' = 'open') {
    this.#store = store;
    this.#folder = folder;
  }
  put(operation: string): Promise<void> {
    return this.#store.put(`${this.#folder}/${operation}`, new Uint8Array());
  }
  remove(operation: string): Promise<void> {
    return this.#store.remove(`${this.#folder}/${operation}`);
  }
  async list(): Promise<readonly { operation: string; at: Instant }[]> {
    const found = await this.#store.list(`${this.#folder}/`);
    return found.map(({ key, at }) => ({ operation: key.slice(this.#folder.length + 1), at }));
  }
}

/** `index/<env>/<date>/<op>`: closed operations by day, so that a history is a listing and not a scan. */
export class OperationIndex {
  readonly #store: MarkerStore;
  constructor(store: MarkerStore) {
    this.#store = store;
  }
  put(environment: string, closedAt: Instant, operation: string): Promise<void> {
    return this.#store.put(`index/${environment}/${closedAt.slice(0, 10)}/${operation}`, new Uint8Array());
  }
  async list(environment: string): Promise<readonly string[]> {
    const found = await this.#store.list(`index/${environment}/`);
    return found.map(({ key }) => key.slice(key.lastIndexOf('/') + 1));
  }
}
