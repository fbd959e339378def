import { createHash } from 'node:crypto';

/** Something that is wrong, so many times; the keys are all of them, or none or some where they can't be told apart. */
export interface Wrong {
  readonly count: number;
  readonly keys: readonly string[];
}

/** More than so many are counted, but not told apart. */
export const comparedKeys = 10_000;

export const complete = ({ count, keys }: Wrong) => keys.length === count;

/** Primary keys may be somebody's e-mail address: a baseline keeps what can be compared and not read. */
export const fingerprint = (key: string) => createHash('sha256').update(key).digest('base64url').slice(0, 16);

/** As a baseline keeps it. */
export const fingerprinted = ({ count, keys }: Wrong) => ({ count, keys: keys.map(fingerprint) });

export type Where = 'baseline' | 'live';

/** Who had it before: the baseline, by fingerprints, and the live database, asked only about what the baseline doesn't explain. */
export interface Before {
  readonly baseline: Wrong | undefined;
  readonly live: (() => Promise<Wrong>) | undefined;
}

export interface Judged {
  /** What was not there before. */
  readonly fresh: Wrong;
  /** Of what is not fresh: who had it. */
  readonly where: Where;
}

/**
 * Which of what was found is new. By their keys where all are known, so that five old orphans don't excuse five new
 * ones; else by how many there were, and then the most that anybody had counts.
 */
export async function regressions(found: Wrong, { baseline, live }: Before): Promise<Judged> {
  const known: { readonly where: Where; readonly had: Wrong; has(key: string): boolean }[] = [];
  const freshNow = () => freshOf(found, known);
  if (baseline) {
    const keys = new Set(baseline.keys);
    known.push({ where: 'baseline', had: baseline, has: (key) => keys.has(fingerprint(key)) });
  }
  if (live && freshNow().count > 0) {
    const had = await live();
    const keys = new Set(had.keys);
    known.push({ where: 'live', had, has: (key) => keys.has(key) });
  }
  return { fresh: freshNow(), where: known.at(-1)?.where ?? 'baseline' };
}

function freshOf(found: Wrong, known: readonly { readonly had: Wrong; has(key: string): boolean }[]): Wrong {
  const comparable = complete(found) && known.every(({ had }) => complete(had));
  if (comparable) {
    const keys = found.keys.filter((key) => !known.some((one) => one.has(key)));
    return { count: keys.length, keys };
  }
  const most = Math.max(0, ...known.map(({ had }) => had.count));
  return { count: Math.max(0, found.count - most), keys: most === 0 ? found.keys : [] };
}
