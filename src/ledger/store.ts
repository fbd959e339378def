import type { Instant } from '../domain/time.ts';

export interface StoredObject {
  readonly bytes: Uint8Array;
  /** The store's own time of the write (S3: LastModified, whole seconds). */
  readonly at: Instant;
}

/**
 * All that the ledger asks of its store: objects that are created once and never changed. A table with
 * `primary key (chain, seq)` could take S3's place.
 */
export interface LedgerStore {
  /**
   * Creates the object unless there is one. `unknown`: the answer was lost, it may or may not have happened.
   * @throws PitcrewError `ledger.denied` on a misconfiguration, which is never "exists"
   */
  create(key: string, bytes: Uint8Array): Promise<'created' | 'exists' | 'unknown'>;
  /** @throws PitcrewError `ledger.denied` on 403: never taken for "absent"; `ledger.unreachable` when there is no answer */
  read(key: string): Promise<StoredObject | undefined>;
  /** Keys under a prefix in lexical order. */
  list(prefix: string): Promise<readonly string[]>;
}

/** Markers are repairable hints in a prefix that allows deletes; nothing is ever decided by one. */
export interface MarkerStore {
  put(key: string, bytes: Uint8Array): Promise<void>;
  list(prefix: string): Promise<readonly { readonly key: string; readonly at: Instant }[]>;
  remove(key: string): Promise<void>;
}
