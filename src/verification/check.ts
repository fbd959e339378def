import type { Database } from '../clients/postgres.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { CheckSettings } from '../domain/settings.ts';
import type { Instant } from '../domain/time.ts';
import type { ChecklistPoint, CheckResult, Outcome } from '../domain/verification.ts';
import type { Catalogue } from './catalogue.ts';

/** Bounds of a table's count, from what was counted when the backup was made. */
export interface CountBounds {
  readonly atLeast: number;
  readonly atMost: number;
}

/** What all checks know before the first of them runs. */
export interface Facts {
  readonly settings: CheckSettings;
  readonly restored: Catalogue;
  /** Of the live database, the source; undefined when it doesn't answer. */
  readonly live: Catalogue | undefined;
  /** By table name as the config writes it. Empty for a backup without a baseline. */
  readonly baseline: Readonly<Record<string, CountBounds>>;
  /** The recovery point: how old the newest row is, is asked as of then. */
  readonly asOf: Instant;
}

export type Query = Database['query'];

/**
 * Reads in a savepoint of its own: a check that fails takes no other with it. `heap` reads without any index, so that a
 * corrupt one can't hide what it lost.
 */
export interface Reader {
  within<T>(how: 'plain' | 'heap', work: (query: Query) => Promise<T>): Promise<T>;
}

export interface Readers {
  readonly restored: Reader;
  /** Runs one reading at a time: the live database gets one session. */
  readonly live: (<T>(work: (reader: Reader) => Promise<T>) => Promise<T>) | undefined;
}

export interface Finding {
  readonly outcome: Outcome;
  readonly finding: string;
  readonly params: CheckResult['params'];
}

/** One check: what it is called, which point of the runbook's checklist it answers, and how. */
export interface Check {
  readonly name: string;
  readonly point: ChecklistPoint;
  run(readers: Readers): Promise<Finding>;
}

export const pass = (finding: string, params: Finding['params'] = {}): Finding => ({
  outcome: 'pass',
  finding,
  params,
});
export const fail = (finding: string, params: Finding['params'] = {}): Finding => ({
  outcome: 'fail',
  finding,
  params,
});
export const notProven = (finding: string, params: Finding['params'] = {}): Finding => ({
  outcome: 'not-proven',
  finding,
  params,
});

const shownNames = 5;

/** At most five of them: evidence, not a listing. */
export function some(names: readonly string[]): string {
  return names.slice(0, shownNames).join(', ') + (names.length > shownNames ? ', …' : '');
}

/** True for a failure that says something about this check alone: a missing right, a query that doesn't run. */
export function isOfTheCheck(error: unknown): error is PitcrewError {
  return error instanceof PitcrewError && /^database\.(denied|query-failed)$/.test(error.code);
}
