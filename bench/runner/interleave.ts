/** What is measured side by side: each returns what a round came to, in a unit of its own choice. */
export type Candidates<Name extends string> = Readonly<Record<Name, (round: number) => Promise<number>>>;

/**
 * Round after round, each candidate once: what the machine suffers meanwhile, all of them suffer. Each round begins with
 * another one, so that none is always the one that finds the caches warm.
 * @returns samples of each candidate, in the order of rounds
 */
export async function interleaved<Name extends string>(
  rounds: number,
  candidates: Candidates<Name>,
  signal: AbortSignal,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(candidates) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of rotated(names, round)) {
      signal.throwIfAborted();
      samples[name].push(await candidates[name](round));
    }
  }
  return samples;
}

export function rotated<T>(all: readonly T[], by: number): readonly T[] {
  const at = all.length === 0 ? 0 : by % all.length;
  return [...all.slice(at), ...all.slice(0, at)];
}

/** Milliseconds that the work took, by a monotonic clock. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const fromMs = performance.now();
  await work();
  return performance.now() - fromMs;
}
