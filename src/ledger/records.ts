import { retryable } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Records } from '../domain/records.ts';
import type { LedgerStore } from './store.ts';

const folder = 'records/';

/** Documents beside backups, in the ledger's bucket: created once, never changed, never deleted with the backup. */
export function records(store: LedgerStore): Records {
  return {
    async write(key, document) {
      const answer = await store.create(folder + key, new TextEncoder().encode(JSON.stringify(document)));
      if (answer === 'created') return 'written';
      if (answer === 'unknown' && !(await store.read(folder + key))) throw retryable('ledger.unreachable');
      return 'there';
    },
    async read(key) {
      const stored = await store.read(folder + key);
      return stored && (JSON.parse(new TextDecoder().decode(stored.bytes)) as JsonObject);
    },
    async list(prefix) {
      return (await store.list(folder + prefix)).map((key) => key.slice(folder.length));
    },
  };
}
