import type { RecordedError } from '../domain/errors.ts';
import type { Locale } from '../domain/people.ts';
import type { Because } from '../domain/step.ts';
import { applicationErrors } from './application.ts';
import { awsErrors, awsWaits } from './aws.ts';
import { handOverReasons } from './aws-hand-over.ts';
import { notProvenReasons, settingReasons } from './aws-settings.ts';
import { versionNotes } from './backups.ts';
import { droppedErrors } from './cleanup-database.ts';
import { cleanupErrors, cleanupWaits } from './cleanup-errors.ts';
import { cliErrors } from './cli.ts';
import { clusterErrors, clusterWaits, handOverTexts } from './cluster.ts';
import { conditionErrors } from './condition-errors.ts';
import { databaseErrors } from './database.ts';
import { loginErrors } from './database-login.ts';
import { adoptErrors, dumpErrors, dumpWaits } from './dump.ts';
import { besideErrors, cutOverGateErrors, cutOverWaits } from './errors-cut-over.ts';
import { ledgerErrors } from './errors-ledger.ts';
import { operationErrors } from './errors-operation.ts';
import { slackErrors } from './errors-slack.ts';
import { timeErrors } from './errors-time.ts';
import { waysOutErrors } from './errors-ways-out.ts';
import { findGaps } from './find.ts';
import { findErrors } from './find-errors.ts';
import { guardTexts } from './guards.ts';
import { inPlaceErrors } from './in-place.ts';
import { inspectionErrors, inspectionRemarks } from './inspection.ts';
import { loadBesideErrors, loadBesideNotes } from './load-beside.ts';
import { loadErrors, loadWaits } from './load-errors.ts';
import { rescueErrors } from './rescue-errors.ts';
import { cutOverErrors, rollbackErrors, rollbackNotes } from './rollback-errors.ts';
import { stoppedErrors } from './stopped.ts';
import { swapBackErrors } from './swap-back-errors.ts';
import type { Catalogue, ErrorCatalogue, ErrorText, Recorded } from './text.ts';
import { plain, text } from './text.ts';
import { showCount } from './units.ts';
import { verificationFindings } from './verification.ts';
import { verifyErrors } from './verify.ts';
import { engineWaits } from './waits.ts';

/** Every error that can reach a person. */
export const errors: ErrorCatalogue = {
  ...ledgerErrors,
  ...operationErrors,
  ...waysOutErrors,
  ...cliErrors,
  ...slackErrors,
  ...awsErrors,
  ...clusterErrors,
  ...databaseErrors,
  ...loginErrors,
  ...applicationErrors,
  ...stoppedErrors,
  ...timeErrors,
  ...cutOverErrors,
  ...cutOverGateErrors,
  ...besideErrors,
  ...rollbackErrors,
  ...swapBackErrors,
  ...cleanupErrors,
  ...droppedErrors,
  ...rescueErrors,
  ...conditionErrors,
  ...inspectionErrors,
  ...dumpErrors,
  ...inPlaceErrors,
  ...loadErrors,
  ...loadBesideErrors,
  ...adoptErrors,
  ...verifyErrors,
  ...findErrors,
};
/** What steps wait for. */
export const waits: Catalogue = {
  ...engineWaits,
  ...cutOverWaits,
  ...awsWaits,
  ...clusterWaits,
  ...dumpWaits,
  ...loadWaits,
  ...cleanupWaits,
};
/** What checks found, where settings come from, what can't be proven, what people have to see to. */
export const findings: Catalogue = {
  ...verificationFindings,
  ...settingReasons,
  ...notProvenReasons,
  ...handOverTexts,
  ...loadBesideNotes,
  ...findGaps,
  ...guardTexts,
  ...handOverReasons,
  ...rollbackNotes,
  ...versionNotes,
  ...inspectionRemarks,
};

export interface DescribedError {
  /** What failed and why, in a sentence or two. */
  readonly what: string;
  /** What to do. */
  readonly hint: string;
}

const unknownError: ErrorText = {
  what: text(
    (p) => `Something failed that this release has no words for (\`${String(p.code)}\`).`,
    (p) => `發生了這個版本沒有說明文字的錯誤（\`${String(p.code)}\`）。`,
  ),
  hint: plain('The log has the details under the operation’s id.', '細節在 log 中，請以 operation id 查詢。'),
};

/** What failed, why and what to do. A code without a text is named, never thrown over. */
export function describeError(
  locale: Locale,
  { code, params }: Pick<RecordedError, 'code' | 'params'>,
): DescribedError {
  const found = own(errors, code);
  if (found) return { what: found.what(locale, params), hint: found.hint(locale, params) };
  return { what: unknownError.what(locale, { code }), hint: unknownError.hint(locale, {}) };
}

/** What a step waits for. */
export function describeWait(locale: Locale, { code, params }: Because): string {
  return own(waits, code)?.(locale, params) ?? nameless(code, params);
}

/** What a check found, where a setting comes from, what can't be proven: any code of the catalogue. */
export function describeFinding(locale: Locale, code: string, params: Recorded = {}): string {
  return own(findings, code)?.(locale, grouped(params, locale)) ?? nameless(code, params);
}

/** Counts of a finding with grouped digits; small numbers stay numbers, for texts that tell one from many. */
function grouped(params: Recorded, locale: Locale): Recorded {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'number' && Math.abs(value) >= 1000 ? showCount(value, locale) : value,
    ]),
  );
}

/** A code that this release has no text for: shown as it is, with what it carries. */
function nameless(code: string, params: Recorded): string {
  const carried = Object.entries(params).map(([name, value]) => `${name} ${String(value)}`);
  return carried.length === 0 ? code : `${code} (${carried.join(', ')})`;
}

/** What comes from a chain may be named `constructor`: only the catalogue's own entries count. */
function own<T>(catalogue: Readonly<Record<string, T>>, code: string): T | undefined {
  return Object.hasOwn(catalogue, code) ? catalogue[code] : undefined;
}
