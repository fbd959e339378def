import type { Locale } from '../domain/people.ts';
import { faultTexts } from '../messages/config-faults.ts';
import type { Fault } from './fault.ts';
import type { Notice } from './load.ts';

/** What the real services said against an option: what failed, and what to do. */
export interface Finding {
  readonly path: string;
  readonly code: string;
  readonly what: string;
  readonly hint: string;
}

export interface Report {
  readonly file: string;
  readonly faults: readonly Fault[];
  readonly notices: readonly Notice[];
  readonly environments: readonly string[];
  /** Only where the real services were asked. */
  readonly live?: {
    /** Each thing that was asked, and whether nothing was wrong with it. */
    readonly looks: readonly { readonly path: string; readonly ok: boolean; readonly what: string }[];
    readonly findings: readonly Finding[];
    /** Nothing wrong, but worth knowing. */
    readonly remarks: readonly { readonly path: string; readonly what: string }[];
  };
}

export const isFaultless = ({ faults, live }: Report) => faults.length + (live?.findings.length ?? 0) === 0;

/** The report for a person. */
export function describeReport(locale: Locale, report: Report): string {
  const { file, faults, notices, environments, live } = report;
  const count = faults.length + (live?.findings.length ?? 0);
  const head = isFaultless(report)
    ? faultTexts.none(locale, { file, environments, asked: live?.looks.length })
    : faultTexts.head(locale, { file, count });
  const found = [
    ...faults.map((fault) => describeFault(locale, fault)),
    ...(live?.findings ?? []).map(({ path, what, hint }) => faultTexts.finding(locale, { path, what, hint })),
  ];
  const said = [
    ...(live?.remarks ?? []).map((remark) => faultTexts.remark(locale, remark)),
    ...notices.map(({ path, what }) => faultTexts.notInForce(locale, { path, what: what(locale) })),
  ];
  return [[head, ...found].join('\n\n'), ...(said.length > 0 ? [said.join('\n')] : [])].join('\n\n');
}

/** One fault for a terminal: where and what, and below it what would be right. */
export function describeFault(locale: Locale, { problem, ...where }: Fault): string {
  return faultTexts.fault(locale, { ...where, problem: problem.says(locale) });
}

/** The report for a program: the same words, with the codes. */
export function reportObject(locale: Locale, report: Report): object {
  const { file, faults, notices, environments, live } = report;
  return {
    ok: isFaultless(report),
    file,
    environments,
    faults: [
      ...faults.map(({ path, line, problem: { code, says }, example }) => ({
        path,
        line,
        code: `config.${code}`,
        what: says(locale),
        example,
      })),
      ...(live?.findings ?? []),
    ],
    notInForce: notices.map(({ path, what }) => ({ path, what: what(locale) })),
    ...(live ? { asked: live.looks.length, looks: live.looks, remarks: live.remarks } : {}),
  };
}
