import { performance } from 'node:perf_hooks';
import { PitcrewError, permanent } from '../domain/errors.ts';
import { type CheckResult, overall, type VerificationReport } from '../domain/verification.ts';
import { type Check, fail, isCorruption, isOfTheCheck, notProven, type Readers, sqlStateOf } from './check.ts';
import type { ReadingSession } from './reader.ts';

/** How long something has gone on, and what is left of its budget. */
export interface Budget {
  elapsedSeconds(): number;
  remainingSeconds(): number;
}

export function budgetOf(minutes: number): Budget {
  const began = performance.now();
  const elapsedSeconds = () => (performance.now() - began) / 1000;
  return { elapsedSeconds, remainingSeconds: () => minutes * 60 - elapsedSeconds() };
}

export interface Sessions {
  /** Of the restored database: checks run side by side on them. */
  readonly restored: readonly ReadingSession[];
  readonly live: ReadingSession | undefined;
}

/** Runs the checks in their order, as many at a time as there are sessions. What the budget ends is listed by name. */
export async function runChecks(
  checks: readonly Check[],
  { restored, live }: Sessions,
  budget: Budget,
  signal: AbortSignal,
): Promise<VerificationReport> {
  const outcomes = new Array<CheckResult | undefined>(checks.length);
  const liveReader = live && oneAtATime(live);
  let next = 0;
  const work = async ({ reader }: ReadingSession) => {
    while (next < checks.length) {
      signal.throwIfAborted();
      const at = next++;
      const check = checks[at];
      if (!check || budget.remainingSeconds() <= 0) continue;
      outcomes[at] = await runOne(check, { restored: reader, live: liveReader });
    }
  };
  await Promise.all(restored.map(work));
  const notChecked = checks.filter((_, at) => outcomes[at] === undefined).map(({ name }) => name);
  const results = gathered(checks, outcomes);
  const outcome = overall(results);
  const proven = outcome === 'pass' && notChecked.length > 0 ? 'not-proven' : outcome;
  return { outcome: proven, results, notChecked, seconds: rounded(budget.elapsedSeconds()) };
}

/** @returns undefined when the budget ended it, or somebody's lock stood in the way */
async function runOne({ name, point, run }: Check, readers: Readers): Promise<CheckResult | undefined> {
  const began = performance.now();
  const finding = await run(readers).catch((error: unknown) => {
    if (!(error instanceof PitcrewError)) throw error;
    if (error.code === 'database.timeout' || error.code === 'database.contention') return undefined;
    if (error.code === liveUnreadable) return fail('verification.live-not-readable');
    if (!isOfTheCheck(error)) throw error;
    const sqlState = sqlStateOf(error);
    return isCorruption(error)
      ? fail('verification.corrupt', { sqlState })
      : notProven('verification.not-readable', { sqlState });
  });
  return finding && { point, check: name, ...finding, seconds: rounded((performance.now() - began) / 1000) };
}

/** Of checks that there is one of for every table, those that passed are one line: a report must be read, and fit the ledger. */
function gathered(checks: readonly Check[], outcomes: readonly (CheckResult | undefined)[]): readonly CheckResult[] {
  const results: CheckResult[] = [];
  const lines = new Map<string, number>();
  for (const [at, result] of outcomes.entries()) {
    const together = checks[at]?.together;
    if (!result) continue;
    if (!together || result.outcome !== 'pass' || result.known) {
      results.push(result);
      continue;
    }
    const line = lines.get(together.name);
    const sum = line === undefined ? undefined : results[line];
    const { count = 0, rows = 0 } = (sum?.params ?? {}) as { count?: number; rows?: number };
    const params = { count: count + 1, rows: rows + Number(result.params.rows ?? 0) };
    const seconds = rounded((sum?.seconds ?? 0) + result.seconds);
    lines.set(together.name, line ?? results.length);
    results[line ?? results.length] = { ...result, check: together.name, finding: together.finding, params, seconds };
  }
  return results;
}

/** The live database is only asked about something that was found: if it can't be read, that stands as found. */
const liveUnreadable = 'database.live-not-readable';

function oneAtATime({ reader }: ReadingSession): NonNullable<Readers['live']> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last
      .then(() => work(reader))
      .catch((error: unknown) => {
        throw isOfTheCheck(error) ? permanent(liveUnreadable, {}, error) : error;
      });
    last = mine.catch(() => {});
    return mine;
  };
}

const rounded = (seconds: number) => Math.round(seconds * 1000) / 1000;
