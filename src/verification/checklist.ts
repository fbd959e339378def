import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { DatabaseAddress } from '../clients/postgres.ts';
import { PitcrewError, permanent } from '../domain/errors.ts';
import type { CheckSettings, RoleSecret } from '../domain/settings.ts';
import type { Instant } from '../domain/time.ts';
import { type CheckResult, overall, type VerificationReport } from '../domain/verification.ts';
import type { DatabaseAccess } from './access.ts';
import { readCatalogue } from './catalogue.ts';
import { type Check, type CountBounds, type Facts, fail, isOfTheCheck, notProven, type Readers } from './check.ts';
import { accessibleChecks } from './checks/accessible.ts';
import { catalogueFlagChecks } from './checks/catalogue-flags.ts';
import { duplicateChecks } from './checks/duplicates.ts';
import { foreignKeyChecks } from './checks/foreign-keys.ts';
import { configuredChecks } from './checks/queries.ts';
import { rowCountChecks } from './checks/row-counts.ts';
import { sequenceChecks } from './checks/sequences.ts';
import { structureChecks } from './checks/structure.ts';
import { openSnapshot, type SnapshotSession, withSessions } from './reader.ts';

export interface Verification {
  readonly restored: DatabaseAddress;
  /** The live database to compare with; null where there is none. */
  readonly live: DatabaseAddress | null;
  /** pitcrew's own role that only reads. */
  readonly verifyRole: RoleSecret;
  /** The application's own login. */
  readonly application: RoleSecret;
  readonly settings: CheckSettings;
  readonly baseline: Readonly<Record<string, CountBounds>>;
  /** The recovery point. */
  readonly asOf: Instant;
  readonly timeZone: string;
  /** Ends it at once. */
  readonly signal: AbortSignal;
}

/**
 * The runbook's checklist as far as a database can answer it by itself, within `gateMinutes`. What didn't fit is listed
 * by name, and then nothing is proven. Application connects is proven later, when there is an application.
 * @throws PitcrewError `database.*` when the restored database can't be read at all
 */
export async function verify(access: DatabaseAccess, verification: Verification): Promise<VerificationReport> {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const remainingSeconds = () => verification.settings.gateMinutes * 60 - elapsed();
  return withSessions(verification.signal, async (opening) => {
    const open = (address: DatabaseAddress, snapshot?: string) => {
      const { verifyRole: role, timeZone } = verification;
      const options = { address, role, timeZone, remainingSeconds, ...(snapshot ? { snapshot } : {}) };
      return opening(openSnapshot(access, options));
    };
    const first = await open(verification.restored);
    const live = verification.live ? await open(verification.live).catch(unavailable) : undefined;
    const facts = await gather(verification, first, live);
    const checks = checksFor(access, verification, facts);
    const others = Math.min(4, Math.max(2, availableParallelism()), checks.length) - 1;
    const sessions = [first];
    for (let n = 0; n < others; n++) sessions.push(await open(verification.restored, first.snapshot));
    const { results, notChecked } = await runAll(checks, sessions, live, remainingSeconds, verification.signal);
    const outcome = overall(results);
    const proven = outcome === 'pass' && notChecked.length > 0 ? 'not-proven' : outcome;
    return { outcome: proven, results, notChecked, seconds: rounded(elapsed()) };
  });
}

/** Whatever keeps pitcrew from reading the live database, nothing can be compared with it then, and that is said. */
function unavailable(error: unknown): undefined {
  if (!(error instanceof PitcrewError)) throw error;
}

async function gather(
  { settings, baseline, asOf }: Verification,
  { reader }: SnapshotSession,
  live: SnapshotSession | undefined,
): Promise<Facts> {
  const restored = await reader.within('plain', readCatalogue);
  return { settings, baseline, asOf, restored, live: await live?.reader.within('plain', readCatalogue) };
}

/** In the order of what they cost: when the budget ends, the long scans are what is missing. */
function checksFor(access: DatabaseAccess, { restored, application }: Verification, facts: Facts): readonly Check[] {
  return [
    ...accessibleChecks(access, restored, application),
    ...structureChecks(facts),
    ...catalogueFlagChecks(facts),
    ...sequenceChecks(facts),
    ...configuredChecks(facts),
    ...rowCountChecks(facts),
    ...foreignKeyChecks(facts),
    ...duplicateChecks(facts),
  ];
}

interface Checked {
  readonly results: readonly CheckResult[];
  readonly notChecked: readonly string[];
}

async function runAll(
  checks: readonly Check[],
  sessions: readonly SnapshotSession[],
  live: SnapshotSession | undefined,
  remainingSeconds: () => number,
  signal: AbortSignal,
): Promise<Checked> {
  const outcomes = new Array<CheckResult | undefined>(checks.length);
  const liveReader = live && oneAtATime(live);
  let next = 0;
  const work = async ({ reader }: SnapshotSession) => {
    while (next < checks.length) {
      signal.throwIfAborted();
      const at = next++;
      const check = checks[at];
      if (!check || remainingSeconds() <= 0) continue;
      outcomes[at] = await runOne(check, { restored: reader, live: liveReader }, remainingSeconds);
    }
  };
  await Promise.all(sessions.map(work));
  return {
    results: outcomes.filter((result) => result !== undefined),
    notChecked: checks.filter((_, at) => outcomes[at] === undefined).map(({ name }) => name),
  };
}

/** @returns undefined when the budget ended it */
async function runOne(
  { name, point, run }: Check,
  readers: Readers,
  remainingSeconds: () => number,
): Promise<CheckResult | undefined> {
  const began = performance.now();
  const finding = await run(readers).catch((error: unknown) => {
    if (error instanceof PitcrewError && error.code === 'database.timeout' && remainingSeconds() <= 1) return undefined;
    if (error instanceof PitcrewError && error.code === liveUnreadable) return fail('verification.live-not-readable');
    if (isOfTheCheck(error)) return notProven('verification.not-readable', { sqlState: sqlStateOf(error) });
    throw error;
  });
  return finding && { point, check: name, ...finding, seconds: rounded((performance.now() - began) / 1000) };
}

const sqlStateOf = ({ params, code }: PitcrewError) =>
  typeof params.sqlState === 'string' ? params.sqlState : code === 'database.denied' ? '42501' : '';

/** The live database is only asked about something that was found: if it can't be read, that stands as found. */
const liveUnreadable = 'database.live-not-readable';

function oneAtATime({ reader }: SnapshotSession): NonNullable<Readers['live']> {
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
