import type { Instant } from '../domain/time.ts';
import type { MarkerStore } from './store.ts';

/** `open/<op>`: operations that may still need work. Written before event 0, taken away after `closed`; never trusted. */
export class OpenMarkers {
  readonly #store: MarkerStore;
  constructor(store: MarkerStore) {
    this.#store = store;
  }
  put(operation: string): Promise<void> {
    return this.#store.put(`open/${operation}`, new Uint8Array());
  }
  remove(operation: string): Promise<void> {
    return this.#store.remove(`open/${operation}`);
  }
  async list(): Promise<readonly { operation: string; at: Instant }[]> {
    const found = await this.#store.list('open/');
    return found.map(({ key, at }) => ({ operation: key.slice('open/'.length), at }));
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
