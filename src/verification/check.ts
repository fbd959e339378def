import type { Database } from '../clients/postgres.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { CheckSettings } from '../domain/settings.ts';
import type { Instant } from '../domain/time.ts';
import type { ChecklistPoint, CheckResult, Outcome } from '../domain/verification.ts';
import type { BoundsAround } from './around.ts';
import type { Baseline } from './baseline.ts';
import type { Catalogue } from './catalogue.ts';
import { qualifiedName } from './names.ts';

/** What all checks know before the first of them runs. */
export interface Facts {
  readonly settings: CheckSettings;
  readonly restored: Catalogue;
  /** Of the live database, the source; undefined when it doesn't answer. */
  readonly live: Catalogue | undefined;
  /** What was measured when the backup was made; undefined for a backup without one. */
  readonly baseline: Baseline | undefined;
  /** Rows by `schema.table`, counted in the very snapshot that was restored: a dump's manifest has them. */
  readonly counts?: Counts | undefined;
  /** Of a point-in-time recovery: whether it must stop at exactly `asOf`, and what bounds its counts. */
  readonly moment?: { readonly exact: boolean; readonly around: BoundsAround } | undefined;
  /** The recovery point: how old the newest row is, is asked as of then. */
  readonly asOf: Instant;
}

export type Counts = Readonly<Record<string, number>>;

export type Query = Database['query'];

/**
 * Reads in a savepoint or a transaction of its own: a check that fails takes no other with it. `heap` reads without any
 * index, so that a corrupt one can't hide what it lost.
 */
export interface Reader {
  within<T>(how: 'plain' | 'heap', work: (query: Query) => Promise<T>, atMostSeconds?: number): Promise<T>;
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
  readonly known?: true;
}

/** One check: what it is called, which point of the runbook's checklist it answers, and how. */
export interface Check {
  readonly name: string;
  readonly point: ChecklistPoint;
  /** Of a check that there is one of for every table: those that pass are told together, as one. */
  readonly together?: Together;
  run(readers: Readers): Promise<Finding>;
}

/** How many passed is `count`; their `rows`, where they say any, are added up. */
export interface Together {
  readonly name: string;
  readonly finding: string;
}

const outcomeOf =
  (outcome: Outcome) =>
  (finding: string, params: Finding['params'] = {}): Finding => ({ outcome, finding, params });
export const pass = outcomeOf('pass');
export const fail = outcomeOf('fail');
export const notProven = outcomeOf('not-proven');
/** Wrong, but it was so before: listed, and nobody is blamed. */
export const known = (finding: string, params: Finding['params'] = {}): Finding => ({
  ...pass(finding, params),
  known: true,
});

const shownNames = 5;

/** At most five of them: evidence, not a listing. */
export function some(names: readonly string[]): string {
  return names.slice(0, shownNames).join(', ') + (names.length > shownNames ? ', …' : '');
}

/** The tables that the config calls critical and that are there, as the config writes them. */
export const criticalThere = ({ settings, restored }: Pick<Facts, 'settings' | 'restored'>): readonly string[] =>
  settings.critical.filter((table) => restored.things.tables.has(qualifiedName(table)));

/** True for a failure that says something about this check alone: a missing right, a query that doesn't run. */
export function isOfTheCheck(error: unknown): error is PitcrewError {
  return error instanceof PitcrewError && /^database\.(denied|query-failed)$/.test(error.code);
}

/** SQLSTATE of such a failure; a denial is one too. */
export const sqlStateOf = ({ params, code }: PitcrewError): string =>
  typeof params.sqlState === 'string' ? params.sqlState : code === 'database.denied' ? '42501' : '';

/** The server's own word that data or an index is corrupt (PostgreSQL manual, appendix A, class XX). */
export const isCorruption = (error: PitcrewError) => ['XX001', 'XX002'].includes(sqlStateOf(error));
