import { retryable } from '../domain/errors.ts';
import type { LedgerStore } from './store.ts';

const folder = 'records/reports/';

/** A file of a report, by its name. */
export type Files = Readonly<Record<string, Uint8Array>>;

/**
 * Keeps the files of a report in the ledger's bucket, created once and never changed: one of a chain that has gone on since
 * lies beside the older one. The first to write wins, so whoever asks again is given the same bytes.
 * @param edition what tells reports of one operation apart: how much of its chain is in it, and the language
 * @returns the folder's key, and the files as they are kept
 * @throws PitcrewError `ledger.*`
 */
export async function keepReport(
  store: LedgerStore,
  { operation, edition }: { readonly operation: string; readonly edition: string },
  files: Files,
): Promise<{ readonly key: string; readonly files: Files }> {
  const key = `${folder}${operation}/${edition}/`;
  const kept = await Promise.all(
    Object.entries(files).map(async ([name, bytes]) => {
      const answer = await store.create(key + name, bytes);
      if (answer === 'created') return [name, bytes] as const;
      const stored = await store.read(key + name);
      if (!stored) throw retryable('ledger.unreachable');
      return [name, stored.bytes] as const;
    }),
  );
  return { key, files: Object.fromEntries(kept) };
}
