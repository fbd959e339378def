import type { JsonObject } from '../domain/json.ts';
import type { Records } from '../domain/records.ts';

/** Records that are kept in memory: write once, as in the bucket. */
export function recordsInMemory(): Records & { readonly all: ReadonlyMap<string, JsonObject> } {
  const all = new Map<string, JsonObject>();
  return {
    all,
    async write(key, document) {
      if (all.has(key)) return 'there';
      all.set(key, JSON.parse(JSON.stringify(document)) as JsonObject);
      return 'written';
    },
    read: async (key) => all.get(key),
    list: async (prefix) => [...all.keys()].filter((key) => key.startsWith(prefix)).sort(),
  };
}
