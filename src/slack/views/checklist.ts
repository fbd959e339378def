import type { Locale } from '../../domain/people.ts';
import type { OperationState } from '../../domain/state.ts';
import {
  type ChecklistPoint,
  type CheckResult,
  checklistPoints,
  type Outcome,
  overall,
} from '../../domain/verification.ts';
import { describeFinding } from '../../messages/index.ts';
import { checklistTexts, outcomeTexts, resultTexts as texts } from '../../messages/outcome.ts';
import { header, type Message, message, sections } from './blocks.ts';
import { bold, code, escaped } from './mrkdwn.ts';
import { outputOf, type Situation } from './situation.ts';

const signs: Readonly<Record<Outcome, string>> = { pass: '✅', fail: '❌', 'not-proven': '❔' };

/** How many findings a point shows on the card; the rest stands in the thread. */
const findingsOnCard = 3;

export interface Point {
  readonly point: ChecklistPoint;
  readonly outcome: Outcome;
  readonly results: readonly CheckResult[];
  /** What the cut-over itself proved, beside the checks. */
  readonly evidence?: string;
}

/** The eight points with what stands for each. A point that nothing checked is not proven. */
export function pointsOf(state: OperationState, locale: Locale): readonly Point[] {
  const all = outputOf(state, 'verify-database')?.report.results ?? [];
  const onNew = outputOf(state, 'prove-on-new');
  return checklistPoints.map((point) => {
    const results = all.filter((one) => one.point === point);
    if (point === 'application-connects' && onNew) {
      const outcome = results.length === 0 ? ('pass' as const) : overall(results);
      return { point, outcome, results, evidence: texts.onNew(locale, onNew) };
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
    ...points.flatMap((one) => pointLines(one, locale)),
  ];
}

function pointLines({ point, outcome, results, evidence }: Point, locale: Locale): readonly string[] {
  const name = checklistTexts[point](locale);
  const said = outcomeTexts[outcome](locale);
  const proof = evidence ?? (results.length === 0 ? texts.noCheck(locale) : proofOf(results, locale));
  const line = `${signs[outcome]}  ${outcome === 'pass' ? name : bold(name)} · ${outcome === 'pass' ? said : bold(said)} · ${proof}`;
  const bad = results.filter((one) => one.outcome !== 'pass');
  const shown = bad.slice(0, findingsOnCard).map((one) => `      •  ${shortFinding(one, outcome, locale)}`);
  const rest = bad.length - shown.length;
  return [line, ...shown, ...(rest > 0 ? [`      ${texts.moreFindings(locale, { count: rest })}`] : [])];
}

/** One check says what it found; of several their number is said, each stands in the thread. */
function proofOf(results: readonly CheckResult[], locale: Locale): string {
  const [only] = results;
  return results.length === 1 && only?.outcome === 'pass'
    ? escaped(describeFinding(locale, only.finding, only.params))
    : texts.checks(locale, { count: results.length });
}

/** Below its point: the outcome is said again only where it is another one. */
function shortFinding({ check, outcome, finding, params }: CheckResult, ofPoint: Outcome, locale: Locale): string {
  const said = outcome === ofPoint ? '' : ` · ${outcomeTexts[outcome](locale)}`;
  return `${code(check)}${said}: ${escaped(describeFinding(locale, finding, params))}`;
}

export function findingLine({ check, outcome, finding, params }: CheckResult, locale: Locale): string {
  const said = outcome === 'pass' ? '' : ` · ${outcomeTexts[outcome](locale)}`;
  return `${signs[outcome]}  ${code(check)}${said}: ${escaped(describeFinding(locale, finding, params))}`;
}

/** What failed in the verification, for the failure card. */
export function failedFindings(state: OperationState): readonly CheckResult[] {
  return (outputOf(state, 'verify-database')?.report.results ?? []).filter(({ outcome }) => outcome === 'fail');
}

/** In the thread: every single check with its evidence and how long it took. */
export function checksDetail({ state, locale }: Situation): Message {
  const report = outputOf(state, 'verify-database')?.report;
  const lines = (report?.results ?? []).map(
    (one) => `${findingLine(one, locale)} (${texts.seconds(locale, { seconds: Math.round(one.seconds * 10) / 10 })})`,
  );
  const title = texts.allChecks(locale);
  const skipped = report?.notChecked ?? [];
  return message(title, [
    header(title),
    ...sections(lines),
    ...(skipped.length > 0 ? sections([texts.notChecked(locale, { names: skipped.map(code).join(', ') })]) : []),
  ]);
}
