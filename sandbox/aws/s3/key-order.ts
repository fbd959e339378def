/** S3 lists keys by their UTF-8 bytes, which is the order of code points and not that of JavaScript's strings. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Index of the first key that isn't before `key`. */
export function firstAtOrAfter(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] ?? '', key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function insertKey(keys: string[], key: string): void {
  keys.splice(firstAtOrAfter(keys, key), 0, key);
}

export function removeKey(keys: string[], key: string): void {
  const at = firstAtOrAfter(keys, key);
  if (keys[at] === key) keys.splice(at, 1);
}
