import type { Locale } from '../../domain/people.ts';
import { type OperationState, stepState } from '../../domain/state.ts';
import {
  type ChecklistPoint,
  type CheckResult,
  checklistPoints,
  type Outcome,
  overall,
  type VerificationReport,
} from '../../domain/verification.ts';
import { describeFinding } from '../../messages/index.ts';
import { besideTexts } from '../../messages/load-beside.ts';
import { checklistTexts, outcomeTexts, resultTexts as texts } from '../../messages/outcome.ts';
import { showDuration } from '../../messages/units.ts';
import { header, type Message, message, sections } from './blocks.ts';
import { bold, code, escaped } from './mrkdwn.ts';
import { outputOf, type Situation } from './situation.ts';

const signs: Readonly<Record<Outcome, string>> = { pass: '✅', fail: '❌', 'not-proven': '❔' };
/** What is wrong and was so before is never shown green, and blocks nothing. */
const knownSign = '⚠️';

/** How many findings a point shows on the card; the rest stands in the thread. */
const findingsOnCard = 3;

export interface Point {
  readonly point: ChecklistPoint;
  readonly outcome: Outcome;
  readonly results: readonly CheckResult[];
  /** What the cut-over itself proved, beside the checks. */
  readonly evidence?: string;
}

/** What was looked at before a cut-over, or without any. */
const reportsBefore = (state: OperationState): readonly VerificationReport[] =>
  [outputOf(state, 'verify-database'), outputOf(state, 'check-database'), outputOf(state, 'check-deeply')].flatMap(
    (output) => (output ? [output.report] : []),
  );

/** Every check before the cut-over: the verification's own, and the Job of the team's. */
function resultsBefore(state: OperationState): readonly CheckResult[] {
  const job = stepState(state, 'await-check-job')?.output?.result as CheckResult | undefined;
  return [...reportsBefore(state).flatMap(({ results }) => results), ...(job ? [job] : [])];
}

/** What was checked after the cut-over, once it is. */
export const deepReport = (state: OperationState) =>
  stepState(state, 'verify-deeply')?.output?.report as VerificationReport | undefined;

/** The eight points with what stands for each. A point that nothing checked is not proven. */
export function pointsOf(state: OperationState, locale: Locale): readonly Point[] {
  const all = resultsBefore(state);
  const onNew = outputOf(state, 'prove-on-new') ?? outputOf(state, 'prove-in-place');
  const onRestored = outputOf(state, 'prove-swapped');
  return checklistPoints.map((point) => {
    const results = all.filter((one) => one.point === point);
    if (point === 'application-connects' && onNew) {
      const outcome = results.length === 0 ? ('pass' as const) : overall(results);
      const { log } = onNew;
      const seen = { ...onNew, ...(log ? { log: { ...log, kind: escaped(log.kind) } } : {}) };
      return { point, outcome, results, evidence: texts.onNew(locale, seen) };
    }
    if (point === 'application-connects' && onRestored) {
      const outcome = results.length === 0 ? ('pass' as const) : overall(results);
      return { point, outcome, results, evidence: besideTexts.onRestored(locale, onRestored) };
    }
    return { point, outcome: results.length === 0 ? ('not-proven' as const) : overall(results), results };
  });
}

/** The checklist for the card: a line a point, and what did not pass below it. */
export function checklistLines(state: OperationState, locale: Locale): readonly string[] {
  const points = pointsOf(state, locale);
  const count = (wanted: Outcome) => points.filter(({ outcome }) => outcome === wanted).length;
  const passed = count('pass');
  return [
    texts.checklist(locale, { passed, all: points.length, notProven: count('not-proven') }),
    ...points.flatMap((one) => pointLines(one, state.findings?.decision === 'approved', locale)),
  ];
}

function pointLines(
  { point, outcome, results, evidence }: Point,
  accepted: boolean,
  locale: Locale,
): readonly string[] {
  const name = checklistTexts[point](locale);
  const said = outcomeTexts[outcome](locale);
  const proof = evidence ?? (results.length === 0 ? texts.noCheck(locale) : proofOf(results, locale));
  const known = results.filter((one) => one.known).length;
  const already = known > 0 ? ` · ${texts.knownBefore(locale, { count: known })}` : '';
  const line = `${signs[outcome]}  ${outcome === 'pass' ? name : bold(name)} · ${outcome === 'pass' ? said : bold(said)} · ${proof}${already}`;
  // What people accepted stands above the checklist already.
  const bad = results.filter((one) => one.outcome !== 'pass' && !one.known && !(accepted && one.outcome === 'fail'));
  const shown = bad.slice(0, findingsOnCard).map((one) => `      •  ${shortFinding(one, outcome, locale)}`);
  const rest = bad.length - shown.length;
  return [line, ...shown, ...(rest > 0 ? [`      ${texts.moreFindings(locale, { count: rest })}`] : [])];
}

/** One check says what it found; of several their number is said, each stands in the thread. */
function proofOf(results: readonly CheckResult[], locale: Locale): string {
  const [only] = results;
  return results.length === 1 && only?.outcome === 'pass' && !only.known
    ? escaped(describeFinding(locale, only.finding, only.params))
    : texts.checks(locale, { count: results.length });
}

/** Below its point: the outcome is said again only where it is another one. */
function shortFinding({ check, outcome, finding, params }: CheckResult, ofPoint: Outcome, locale: Locale): string {
  const said = outcome === ofPoint ? '' : ` · ${outcomeTexts[outcome](locale)}`;
  return `${code(check)}${said}: ${escaped(describeFinding(locale, finding, params))}`;
}

export function findingLine({ check, outcome, finding, params, known }: CheckResult, locale: Locale): string {
  const said = outcome === 'pass' || known ? '' : ` · ${outcomeTexts[outcome](locale)}`;
  return `${known ? knownSign : signs[outcome]}  ${code(check)}${said}: ${escaped(describeFinding(locale, finding, params))}`;
}

/** What failed before the cut-over and was not so before the backup. */
export const failedFindings = (state: OperationState): readonly CheckResult[] =>
  resultsBefore(state).filter(({ outcome, known }) => outcome === 'fail' && !known);

/** What is wrong and was wrong before the backup already: nothing that the restore did. */
export const knownFindings = (state: OperationState): readonly CheckResult[] =>
  [...resultsBefore(state), ...(deepReport(state)?.results ?? [])].filter(({ known }) => known === true);

/** In the thread: every single check with its evidence and how long it took. */
export function checksDetail({ state, locale }: Situation): Message {
  const deep = deepReport(state);
  const title = texts.allChecks(locale);
  const skipped = reportsBefore(state).flatMap((report) => skippedLines(report, locale));
  return message(title, [
    header(title),
    ...sections([...detailLines(resultsBefore(state), locale), ...skipped]),
    ...(deep
      ? sections([deepLine(deep, locale), ...detailLines(deep.results, locale), ...skippedLines(deep, locale)])
      : []),
  ]);
}

const detailLines = (results: readonly CheckResult[], locale: Locale) =>
  results.map(
    (one) => `${findingLine(one, locale)} (${texts.seconds(locale, { seconds: Math.round(one.seconds * 10) / 10 })})`,
  );

export function skippedLines(report: VerificationReport | undefined, locale: Locale): readonly string[] {
  const skipped = report?.notChecked ?? [];
  return skipped.length > 0 ? [texts.notChecked(locale, { names: skipped.map(code).join(', ') })] : [];
}

export function deepLine({ results, seconds }: VerificationReport, locale: Locale): string {
  const passed = results.filter(({ outcome }) => outcome === 'pass').length;
  return texts.deep(locale, { passed, all: results.length, took: showDuration(seconds, locale) });
}
