/** The eight points of the runbook's "Verification Checklist". */
export const checklistPoints = [
  'accessible',
  'tables-present',
  'row-counts',
  'foreign-keys',
  'application-connects',
  'critical-queries',
  'business-logic',
  'no-corruption',
] as const;
export type ChecklistPoint = (typeof checklistPoints)[number];

export type Outcome = 'pass' | 'fail' | 'not-proven';

/** One check's result. Evidence is keys and counts, never row data: rows are personal data. */
export interface CheckResult {
  readonly point: ChecklistPoint;
  /** Names the check: `foreign-key:orders_customer_id_fkey`, `query:newest order`. */
  readonly check: string;
  readonly outcome: Outcome;
  /** A code of the message catalogue (`verification.orphans`) with its parameters. */
  readonly finding: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly seconds: number;
  /** Wrong, but wrong before the backup was made too: listed, not blamed on the restore, and it blocks nothing. */
  readonly known?: true;
}

export interface VerificationReport {
  readonly outcome: Outcome;
  readonly results: readonly CheckResult[];
  /** What did not fit the time budget, by name. */
  readonly notChecked: readonly string[];
  readonly seconds: number;
}

/** Fails if anything failed; passes if everything that gates was proven. "Not proven" is never shown green. */
export function overall(results: readonly CheckResult[]): Outcome {
  if (results.some(({ outcome }) => outcome === 'fail')) return 'fail';
  return results.some(({ outcome }) => outcome === 'not-proven') ? 'not-proven' : 'pass';
}
