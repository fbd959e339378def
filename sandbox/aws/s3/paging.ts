import { compareKeys, firstAtOrAfter } from './key-order.ts';

export interface Page<T> {
  /** What was asked for, in order. */
  readonly items: readonly T[];
  /** Keys rolled up to the delimiter, in order. */
  readonly prefixes: readonly string[];
  readonly truncated: boolean;
  /** Where the next page begins: after this item, or after all that begins with this prefix. */
  readonly last: { readonly item: T } | { readonly prefix: string } | undefined;
}

/**
 * One page of a listing, as all of S3's listings do it: items whose key has the prefix; those that hold the delimiter
 * behind it are rolled up into one common prefix, which counts as one entry.
 */
export function paginate<T extends { readonly key: string }>(
  items: Iterable<T>,
  { prefix, delimiter, limit, skipPrefix }: { prefix: string; delimiter: string; limit: number; skipPrefix?: string },
): Page<T> {
  const found: T[] = [];
  const prefixes: string[] = [];
  let last: Page<T>['last'];
  for (const item of items) {
    if (!item.key.startsWith(prefix)) continue;
    if (skipPrefix !== undefined && item.key.startsWith(skipPrefix)) continue;
    const at = delimiter === '' ? -1 : item.key.indexOf(delimiter, prefix.length);
    const common = at < 0 ? undefined : item.key.slice(0, at + delimiter.length);
    if (common !== undefined && common === prefixes.at(-1)) continue;
    if (found.length + prefixes.length >= limit) return { items: found, prefixes, truncated: limit > 0, last };
    if (common === undefined) {
      found.push(item);
      last = { item };
    } else {
      prefixes.push(common);
      last = { prefix: common };
    }
  }
  return { items: found, prefixes, truncated: false, last };
}

/** The sorted keys from `from` on (or behind it, if `exclusive`), as far as they begin with the prefix. */
export function* keysFrom(
  keys: readonly string[],
  prefix: string,
  from: string,
  exclusive: boolean,
): Generator<string> {
  const start = compareKeys(from, prefix) > 0 ? from : prefix;
  for (let at = firstAtOrAfter(keys, start); at < keys.length; at++) {
    const key = keys[at] ?? '';
    if (!key.startsWith(prefix)) return;
    if (!(exclusive && key === from)) yield key;
  }
}
