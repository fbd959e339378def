import type { DatabaseAddress } from '../clients/postgres.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { CheckSettings, RoleSecret } from '../domain/settings.ts';
import type { Instant } from '../domain/time.ts';
import type { CheckResult, VerificationReport } from '../domain/verification.ts';
import type { DatabaseAccess } from './access.ts';
import type { Baseline } from './baseline.ts';
import { readCatalogue } from './catalogue.ts';
import type { Check } from './check.ts';
import { deepChecks } from './checklist.ts';
import { catalogueFlags, checksumCheck } from './checks/catalogue-flags.ts';
import { criticalIndexChecks } from './checks/corruption.ts';
import { duplicateChecks } from './checks/duplicates.ts';
import { flagChecks } from './checks/flags.ts';
import { foreignKeyChecks } from './checks/foreign-keys.ts';
import { recentRowsChecks } from './checks/recent-rows.ts';
import { sequenceFlag } from './checks/sequences.ts';
import {
  answers,
  connectedCheck,
  inWordsOfNow,
  type StandingFacts,
  standingConfiguredChecks,
  standingCountChecks,
  standingStructureChecks,
} from './checks/standing.ts';
import { stillValidFlags } from './checks/still-valid.ts';
import { openServing, withSessions } from './reader.ts';
import { budgetOf, runChecks } from './run-checks.ts';

/** A database as it stands, in use or not: nothing was restored, so there is no other to compare it with. */
export interface Standing {
  readonly address: DatabaseAddress;
  /** pitcrew's own role that only reads. */
  readonly verifyRole: RoleSecret;
  /** The application's role, by its name. */
  readonly role: string;
  /** Whether the application uses it. */
  readonly serves: boolean;
  readonly settings: CheckSettings;
  /** The newest that was measured of it. */
  readonly baseline: Baseline | undefined;
  /** Now. */
  readonly asOf: Instant;
  readonly timeZone: string;
  /** Ends it at once. */
  readonly signal: AbortSignal;
}

/**
 * The checklist within `gateMinutes`, by one session of the role that reads, each reading a transaction of its own: the
 * application goes before. A database that doesn't answer is what was found, and no failure of the verification.
 * @throws PitcrewError `database.*` when it refuses pitcrew's role, or goes away meanwhile
 */
export const verifyStanding = (access: DatabaseAccess, standing: Standing): Promise<VerificationReport> =>
  look(access, standing, standing.settings.gateMinutes, gateChecks);

/**
 * Every table, every key, every index, within `deepMinutes`; as carefully.
 * @throws PitcrewError as `verifyStanding`
 */
export const verifyStandingDeeply = (access: DatabaseAccess, standing: Standing): Promise<VerificationReport> =>
  look(access, standing, standing.settings.deepMinutes, deepChecks);

function look(
  access: DatabaseAccess,
  { address, verifyRole, role, serves, settings, baseline, asOf, timeZone, signal }: Standing,
  minutes: number,
  checksOf: (facts: StandingFacts) => readonly Check[],
): Promise<VerificationReport> {
  return withSessions(signal, async (open) => {
    const budget = budgetOf(minutes);
    const { remainingSeconds } = budget;
    const opening = open(openServing(access, { address, role: verifyRole, timeZone, remainingSeconds }));
    const session = await opening.catch(away);
    if ('finding' in session) return unanswered(session, budget.elapsedSeconds());
    const restored = await session.reader.within('plain', readCatalogue);
    const facts = { settings, baseline, asOf, restored, live: undefined, serves, role, signal };
    return runChecks(inWordsOfNow(checksOf(facts), facts), { restored: [session], live: undefined }, budget, signal);
  });
}

/** In the order of what they cost: when the budget ends, the long scans are what is missing. */
function gateChecks(facts: StandingFacts): readonly Check[] {
  return [
    answers,
    connectedCheck(facts),
    ...standingStructureChecks(facts),
    ...flagChecks([...catalogueFlags, ...stillValidFlags], facts),
    checksumCheck,
    ...flagChecks([sequenceFlag], facts),
    ...standingConfiguredChecks(facts),
    ...standingCountChecks(facts),
    ...foreignKeyChecks(facts),
    ...duplicateChecks(facts),
    ...criticalIndexChecks(facts),
    ...recentRowsChecks(facts),
  ];
}

const silence: Readonly<Record<string, string>> = {
  'database.unreachable': 'verification.no-answer',
  'database.unknown': 'verification.no-such-database',
};

/** The database itself is not there. That pitcrew's role is refused says nothing of it. */
function away(error: unknown): { readonly finding: string } {
  const finding = error instanceof PitcrewError ? silence[error.code] : undefined;
  if (finding === undefined) throw error;
  return { finding };
}

function unanswered({ finding }: { readonly finding: string }, elapsedSeconds: number): VerificationReport {
  const seconds = Math.round(elapsedSeconds * 1000) / 1000;
  const result: CheckResult = {
    point: 'accessible',
    check: 'answers',
    outcome: 'fail',
    finding,
    params: {},
    seconds,
  };
  return { outcome: 'fail', results: [result], notChecked: [], seconds };
}
