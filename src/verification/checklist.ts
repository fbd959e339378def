import { availableParallelism } from 'node:os';
import type { DatabaseAddress } from '../clients/postgres.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { CheckSettings, RoleSecret } from '../domain/settings.ts';
import type { Instant } from '../domain/time.ts';
import type { VerificationReport } from '../domain/verification.ts';
import type { DatabaseAccess } from './access.ts';
import { type Around, boundsAround } from './around.ts';
import type { Baseline } from './baseline.ts';
import { readCatalogue } from './catalogue.ts';
import type { Check, Counts, Facts } from './check.ts';
import { accessibleChecks } from './checks/accessible.ts';
import { catalogueFlags, checksumCheck, unloggedChecks } from './checks/catalogue-flags.ts';
import { allCorruptionChecks, criticalIndexChecks } from './checks/corruption.ts';
import { allDuplicateChecks, duplicateChecks } from './checks/duplicates.ts';
import { flagChecks } from './checks/flags.ts';
import { allForeignKeyChecks, foreignKeyChecks } from './checks/foreign-keys.ts';
import { momentChecks } from './checks/moment.ts';
import { configuredChecks } from './checks/queries.ts';
import { recentRowsChecks } from './checks/recent-rows.ts';
import { rowCountChecks } from './checks/row-counts.ts';
import { sequenceFlag } from './checks/sequences.ts';
import { stillValidFlags } from './checks/still-valid.ts';
import { structureChecks } from './checks/structure.ts';
import { openServing, openSnapshot, type ReadingSession, withSessions } from './reader.ts';
import { type Budget, budgetOf, runChecks } from './run-checks.ts';

export interface Verification {
  readonly restored: DatabaseAddress;
  /** The live database to compare with; null where there is none. */
  readonly live: DatabaseAddress | null;
  /** pitcrew's own role that only reads. */
  readonly verifyRole: RoleSecret;
  /** The application's own login. */
  readonly application: RoleSecret;
  readonly settings: CheckSettings;
  /** What was measured when the backup was made. */
  readonly baseline: Baseline | undefined;
  /** Rows of the very snapshot that was restored, where it was counted. */
  readonly counts?: Counts | undefined;
  /** The recovery point. */
  readonly asOf: Instant;
  /** Of a point-in-time recovery: whether it must stop at exactly that instant, and what was measured around it. */
  readonly moment?: { readonly exact: boolean; readonly around: Around | undefined } | undefined;
  readonly timeZone: string;
  /** Ends it at once. */
  readonly signal: AbortSignal;
}

/**
 * The gate: the runbook's checklist as far as a database can answer it by itself, within `gateMinutes`. What didn't fit is
 * listed by name, and then nothing is proven. That the application connects is proven later, when there is one.
 * @throws PitcrewError `database.*` when the restored database can't be read at all
 */
export function verify(access: DatabaseAccess, verification: Verification): Promise<VerificationReport> {
  const { signal, settings, verifyRole: role, timeZone } = verification;
  return withSessions(signal, async (open) => {
    const budget = budgetOf(settings.gateMinutes);
    const options = { role, timeZone, remainingSeconds: budget.remainingSeconds };
    const at = { ...options, address: verification.restored };
    const first = await open(openSnapshot(access, at));
    const { live: address } = verification;
    const live = address ? await open(openSnapshot(access, { ...options, address })).catch(unavailable) : undefined;
    const gathered = await gather(verification, first, live);
    const facts = { ...gathered, moment: await momentOf(access, verification, options) };
    const inMoment = await first.reader.within('plain', (query) => momentChecks(facts, query));
    const checks = gateChecks(access, verification, facts, inMoment);
    const restored: ReadingSession[] = [first];
    while (restored.length < Math.min(4, Math.max(2, availableParallelism()), checks.length))
      restored.push(await open(openSnapshot(access, { ...at, snapshot: first.snapshot })));
    return runChecks(checks, { restored, live }, budget, signal);
  });
}

/**
 * Everything that a gate has no time for, within `deepMinutes`: every table, every key, every index. The database serves
 * meanwhile: what the application writes is no finding, so counts are compared with nothing here.
 * @throws PitcrewError `database.*` when the restored database can't be read at all
 */
export function verifyDeeply(
  access: DatabaseAccess,
  verification: Omit<Verification, 'application'>,
): Promise<VerificationReport> {
  const { signal, settings, verifyRole: role, timeZone } = verification;
  return withSessions(signal, async (open) => {
    const budget: Budget = budgetOf(settings.deepMinutes);
    const options = { role, timeZone, remainingSeconds: budget.remainingSeconds };
    const at = { ...options, address: verification.restored };
    const first = await open(openServing(access, at));
    const { live: address } = verification;
    const live = address ? await open(openServing(access, { ...options, address })).catch(unavailable) : undefined;
    const facts = await gather(verification, first, live);
    const restored = [first, await open(openServing(access, at))];
    return runChecks(deepChecks(facts), { restored, live }, budget, signal);
  });
}

/** Whatever keeps pitcrew from reading the live database, nothing can be compared with it then, and that is said. */
function unavailable(error: unknown): undefined {
  if (!(error instanceof PitcrewError)) throw error;
}

async function gather(
  { settings, baseline, counts, asOf }: Omit<Verification, 'application'>,
  { reader }: ReadingSession,
  live: ReadingSession | undefined,
): Promise<Facts> {
  const restored = await reader.within('plain', readCatalogue);
  return { settings, baseline, counts, asOf, restored, live: await live?.reader.within('plain', readCatalogue) };
}

async function momentOf(
  access: DatabaseAccess,
  { moment, signal }: Verification,
  options: Parameters<typeof boundsAround>[2],
): Promise<Facts['moment']> {
  if (!moment) return undefined;
  const { exact, around } = moment;
  return { exact, around: around ? await boundsAround(access, around, options, signal) : () => undefined };
}

/** In the order of what they cost: when the budget ends, the long scans are what is missing. */
function gateChecks(
  access: DatabaseAccess,
  { restored, application }: Verification,
  facts: Facts,
  inMoment: readonly Check[],
): readonly Check[] {
  return [
    ...accessibleChecks(access, restored, application),
    ...structureChecks(facts),
    ...flagChecks([...catalogueFlags, ...stillValidFlags], facts),
    ...unloggedChecks(facts),
    checksumCheck,
    ...flagChecks([sequenceFlag], facts),
    ...configuredChecks(facts),
    ...inMoment,
    ...rowCountChecks(facts),
    ...foreignKeyChecks(facts),
    ...duplicateChecks(facts),
    ...criticalIndexChecks(facts),
    ...recentRowsChecks(facts),
  ];
}

/** Checksums come last: every block has been read then. */
export function deepChecks(facts: Facts): readonly Check[] {
  return [...allCorruptionChecks(facts), ...allForeignKeyChecks(facts), ...allDuplicateChecks(facts), checksumCheck];
}
