import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byBytes, byValue, type KeyedRow, mergeKeys, type NextBatch } from './merge-keys.ts';

type Table = ReadonlyMap<string, { readonly hash: string; readonly createdAt: number | null }>;

const row = fc.record({
  hash: fc.constantFrom('a', 'b', 'c'),
  createdAt: fc.option(fc.integer({ min: 1, max: 1e9 })),
});
const tableOf = (key: fc.Arbitrary<string>): fc.Arbitrary<Table> =>
  fc.array(fc.tuple(key, row), { maxLength: 60 }).map((entries) => new Map(entries));

function batches(table: Table, compare: (a: string, b: string) => number, size: number): NextBatch {
  const rows = [...table].sort(([a], [b]) => compare(a, b)).map(([key, one]): KeyedRow => ({ key: [key], ...one }));
  return async () => rows.splice(0, size);
}

/** What sets say, without any order. */
function expected(before: Table, after: Table) {
  const lost = [...before].filter(([key]) => !after.has(key));
  const times = lost.flatMap(([, { createdAt }]) => (createdAt ? [createdAt] : []));
  const newest = (table: Table) => {
    const all = [...table.values()].flatMap(({ createdAt }) => createdAt ?? []);
    return all.length > 0 ? Math.max(...all) : null;
  };
  return {
    before: before.size,
    after: after.size,
    lost: lost.length,
    returned: [...after.keys()].filter((key) => !before.has(key)).length,
    changed: [...before].filter(([key, { hash }]) => after.has(key) && after.get(key)?.hash !== hash).length,
    lastLostAt: times.length > 0 ? Math.max(...times) : null,
    newestBefore: newest(before),
    newestAfter: newest(after),
  };
}

describe('two streams of keys', () => {
  const integer = fc.oneof(
    fc.integer({ min: -50, max: 50 }).map(String),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }).map(String),
  );
  const text = fc.string({ unit: 'grapheme', maxLength: 3 });

  it.each([
    ['integers', integer, byValue],
    ['texts', text, byBytes],
  ] as const)('give the counts that the sets of their keys give: %s', async (_, key, compare) => {
    await fc.assert(
      fc.asyncProperty(tableOf(key), tableOf(key), fc.integer({ min: 1, max: 7 }), async (before, after, size) => {
        const found = await mergeKeys(batches(before, compare, size), batches(after, compare, size), [compare]);
        expect(found).toEqual(expected(before, after));
      }),
    );
  });

  it('are compared column by column where the key has several', async () => {
    const rows = (...keys: string[][]): NextBatch => {
      const all = keys.map((key) => ({ key, hash: 'a', createdAt: null }));
      return async () => all.splice(0, 1);
    };
    const found = await mergeKeys(rows(['9', 'a'], ['10', 'a'], ['10', 'b']), rows(['9', 'a'], ['10', 'b']), [
      byValue,
      byBytes,
    ]);
    expect(found).toMatchObject({ before: 3, after: 2, lost: 1, returned: 0, changed: 0 });
  });
});
