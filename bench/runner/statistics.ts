/** What stands for many samples: their median, with the smallest and the largest beside it. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
}

/** @throws RangeError for no samples: nothing measured is not zero */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = ascending(samples);
  return { median: percentile(sorted, 50), min: percentile(sorted, 0), max: percentile(sorted, 100), n: sorted.length };
}

/**
 * The p-th percentile, between two neighbours by their distance (method 7 of Hyndman and Fan, R's default).
 * @throws RangeError for no samples, or a p outside of 0 to 100
 */
export function percentile(samples: readonly number[], p: number): number {
  if (!(p >= 0 && p <= 100)) throw new RangeError(`a percentile lies between 0 and 100, not at ${p}`);
  const sorted = ascending(samples);
  const at = ((sorted.length - 1) * p) / 100;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]] as [number, number];
  // What is rounded may come to lie beside the two.
  return Math.min(above, Math.max(below, below + (above - below) * (at - Math.floor(at))));
}

export const median = (samples: readonly number[]): number => percentile(samples, 50);

/** How many times longer the first took than the second, round by round: neighbours in time suffer the same machine. */
export function ratios(longer: readonly number[], shorter: readonly number[]): readonly number[] {
  if (longer.length !== shorter.length)
    throw new RangeError(`${longer.length} and ${shorter.length} samples were not measured side by side`);
  return longer.map((one, round) => one / (shorter[round] as number));
}

/** The steepness of the straight line that fits best: what y grows by when x grows by 1. @throws RangeError below 2 points */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  if (points.length < 2) throw new RangeError('a line needs two points');
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const across = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return across === 0 ? 0 : points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / across;
}

function ascending(samples: readonly number[]): readonly number[] {
  if (samples.length === 0) throw new RangeError('nothing was measured');
  if (samples.some((sample) => !Number.isFinite(sample))) throw new RangeError(`no number: ${samples.join(', ')}`);
  return [...samples].sort((a, b) => a - b);
}
