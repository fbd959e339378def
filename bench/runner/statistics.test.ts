import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, percentile, ratios, slope, spreadOf } from './statistics.ts';

/** No measurement is minus zero, which is neither less than zero nor the same. */
const measured = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0);
const samples = fc.array(measured, { minLength: 1, maxLength: 50 });

describe('a spread', () => {
  it('has the middle of an odd number of samples, and the mean of both middles of an even one', () => {
    expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9, n: 3 });
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('lies within its samples whatever their order, and leaves them as they were', () => {
    fc.assert(
      fc.property(samples, (given) => {
        const before = [...given];
        const spread = spreadOf(given);
        expect(given).toEqual(before);
        expect(spread).toEqual(spreadOf(given.toReversed()));
        expect(spread.min).toBe(Math.min(...given));
        expect(spread.max).toBe(Math.max(...given));
        expect(spread.median >= spread.min && spread.median <= spread.max).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is refused for nothing and for what is no number', () => {
    expect(() => spreadOf([])).toThrow('nothing was measured');
    expect(() => spreadOf([1, Number.NaN])).toThrow('no number');
  });
});

describe('a percentile', () => {
  it('lies between its neighbours by their distance, and never falls while p grows', () => {
    expect(percentile([10, 20], 99)).toBeCloseTo(19.9);
    fc.assert(
      fc.property(samples, fc.nat(100), fc.nat(100), (given, p, q) => {
        const [low, high] = p < q ? [p, q] : [q, p];
        expect(percentile(given, low)).toBeLessThanOrEqual(percentile(given, high) + 1e-6);
      }),
    );
  });

  it('below 0 or above 100 is refused', () => {
    expect(() => percentile([1], 101)).toThrow(RangeError);
    expect(() => percentile([1], Number.NaN)).toThrow(RangeError);
  });
});

describe('ratios', () => {
  it('are taken within a round, and refused where a round is missing', () => {
    expect(ratios([30, 80], [10, 20])).toEqual([3, 4]);
    expect(() => ratios([1, 2], [1])).toThrow('side by side');
  });
});

describe('a slope', () => {
  it('is what y grows by when x grows by 1, noise between equal sides aside', () => {
    expect(
      slope([
        [0, 1],
        [1, 3],
        [2, 5],
      ]),
    ).toBeCloseTo(2);
    expect(
      slope([
        [0, 1],
        [1, 4],
        [2, 2],
        [3, 5],
        [4, 3],
      ]),
    ).toBeCloseTo(0.5);
    expect(
      slope([
        [1, 1],
        [1, 9],
      ]),
    ).toBe(0);
    expect(() => slope([[1, 1]])).toThrow('two points');
  });
});
