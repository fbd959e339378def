import { secondsBetween } from '../domain/time.ts';
import type { CheckResult } from '../domain/verification.ts';
import { describeError, describeFinding } from '../messages/index.ts';
import { checklistTexts, outcomeTexts } from '../messages/outcome.ts';
import { pictureTexts, reportTexts as texts, times } from '../messages/report.ts';
import { stepTitle } from '../messages/steps.ts';
import { showCount, showDuration } from '../messages/units.ts';
import { deepReport, knownFindings, pointsOf } from '../slack/views/checklist.ts';
import { outputOf, restorePlan } from '../slack/views/situation.ts';
import { bullets, code, fromCatalogue, literal, table } from './markdown.ts';
import { keptBy, members, person, type Reported, shown } from './reported.ts';
import { timelineOf } from './timeline.ts';

/** The eight points with what stands for each; nothing where nothing was verified. */
export function checklist({ state, locale }: Reported): readonly string[] {
  const verified = ['verify-database', 'check-database'].some(
    (id) => state.steps.find(({ step }) => step === id)?.output,
  );
  if (!verified) return [];
  const points = pointsOf(state, locale);
  const rows = points.map(({ point, outcome, results, evidence }) => [
    checklistTexts[point](locale),
    outcomeTexts[outcome](locale),
    [...(evidence ? [fromCatalogue(evidence)] : []), ...results.filter(passed).map((one) => finding(one, locale))].join(
      '; ',
    ),
  ]);
  const bad = [...points.flatMap(({ results }) => results), ...(deepReport(state)?.results ?? [])].filter(
    (one) => !passed(one) && !one.known,
  );
  const known = knownFindings(state);
  return [
    `## ${texts.checklist(locale)}`,
    '',
    ...table([texts.point(locale), texts.outcome(locale), texts.evidence(locale)], rows),
    ...(bad.length + known.length === 0 ? [] : [`### ${texts.notPassed(locale)}`, '']),
    ...bullets([
      ...bad.map((one) => `${code(one.check)}: ${outcomeTexts[one.outcome](locale)}. ${finding(one, locale)}`),
      ...known.map((one) => `${code(one.check)}: ${texts.known(locale)}. ${finding(one, locale)}`),
    ]),
  ];
}

const passed = ({ outcome, known }: CheckResult) => outcome === 'pass' && !known;
const finding = ({ finding: named, params }: CheckResult, locale: Reported['locale']) =>
  fromCatalogue(describeFinding(locale, named, params));

/** Every run of a step, with the chain's own times. */
export function stepTable(reported: Reported): readonly string[] {
  const { state, plan, locale } = reported;
  const stretches = timelineOf(reported)?.stretches ?? [];
  const rows = stretches.map(({ step, direction, from, to, failedAt, tries }) => [
    direction === 'undo' ? texts.takenBack(locale, { step: title(locale, step) }) : title(locale, step),
    shown(from),
    to ? shown(to) : texts.noOutcome(locale),
    to ? showDuration(secondsBetween(from, to), locale) : '',
    times(tries, locale),
    failedAt.length === 0 ? '' : String(failedAt.length),
  ]);
  const begun = new Set(state.steps.map(({ step }) => step));
  const never = (plan?.bound.steps ?? []).filter(({ id }) => !begun.has(id)).map(({ id }) => title(locale, id));
  const heads = [texts.step, texts.began, texts.ended, texts.took, texts.tries, texts.failures].map((head) =>
    head(locale),
  );
  return [
    `## ${texts.steps(locale)}`,
    '',
    ...table(heads, rows),
    ...(never.length === 0 ? [] : [`${texts.never(locale)}: ${never.join('; ')}.`, '']),
  ];
}

const title = (locale: Reported['locale'], step: string) => literal(stepTitle(locale, step));

/** Each failure with its reason, and what was taken back after it. */
export function failures({ events, locale }: Reported): readonly string[] {
  const lines = events.flatMap(({ event, at }) => {
    const told = (error: { readonly code: string; readonly params: Parameters<typeof describeError>[1]['params'] }) =>
      `${fromCatalogue(describeError(locale, error).what)} (${code(error.code)})`;
    switch (event.type) {
      case 'failed':
        return [`${shown(at)} · ${title(locale, event.data.step)}: ${told(event.data.error)}`];
      case 'turned-back':
      case 'parked':
        return [`${shown(at)} · ${pictureTexts.marks[event.type](locale)}: ${told(event.data.error)}`];
      case 'done':
        return event.data.direction === 'undo'
          ? [`${shown(at)} · ${texts.takenBack(locale, { step: title(locale, event.data.step) })}`]
          : [];
      case 'closed':
        return event.data.error
          ? [`${shown(at)} · ${pictureTexts.marks.closed(locale)}: ${told(event.data.error)}`]
          : [];
      default:
        return [];
    }
  });
  return [`## ${texts.failed(locale)}`, '', ...(lines.length > 0 ? bullets(lines) : [texts.nothingFailed(locale), ''])];
}

/** Words that were not taken, and events that came too late to count. */
export function refusals({ state, locale }: Reported): readonly string[] {
  const lines = [
    ...state.refusals.map(({ human, what, code: why, at }) => {
      const because = fromCatalogue(describeError(locale, { code: why, params: {} }).what);
      return `${shown(at)} · ${person(human.slackUser)} · ${literal(what)}: ${because}`;
    }),
    ...state.voided.map(
      ({ seq, type, code: why }) => `${code(`#${seq}`)} ${literal(type)}: ${texts.voided(locale)} (${code(why)})`,
    ),
  ];
  return [
    `## ${texts.refusals(locale)}`,
    '',
    ...(lines.length > 0 ? bullets(lines) : [texts.nothingRefused(locale), '']),
  ];
}

/** Counts by table, never a row. */
export function loss({ state, locale }: Reported): readonly string[] {
  const measured =
    outputOf(state, 'measure-loss') ??
    state.steps.find(({ step }) => ['measure-left', 'measure-written'].includes(step))?.output;
  const count = (value: unknown) => (typeof value === 'number' ? showCount(value, locale) : '?');
  const rows = members(measured?.tables).map((one) => [
    code(String(one.table ?? '?')),
    count(one.lost),
    count(one.returned),
    count(one.changed),
  ]);
  if (rows.length === 0) return [];
  const heads = [texts.table(locale), texts.lost(locale), texts.returned(locale), texts.changed(locale)];
  return [`## ${texts.loss(locale)}`, '', ...table(heads, rows)];
}

/** Where the new instance is not as its source was, or was not given what the source had. */
export function settings({ plan, locale }: Reported): readonly string[] {
  const restore = restorePlan(plan);
  if (!restore) return [];
  const rows = members(restore.shown.settings)
    .filter(({ because }) => because !== 'setting.from-source')
    .map(({ name, value, because, params }) => [
      code(String(name)),
      value ? code(String(value)) : '',
      fromCatalogue(describeFinding(locale, String(because), (params ?? {}) as Parameters<typeof describeFinding>[2])),
    ]);
  const heads = [texts.setting(locale), texts.value(locale), texts.why(locale)];
  return [
    `## ${texts.settings(locale)}`,
    '',
    ...(rows.length > 0 ? table(heads, rows) : [texts.settingsSame(locale), '']),
  ];
}

/** What stays, and what people have to see to. */
export function keptAndToDo(reported: Reported): readonly string[] {
  const { state, plan, locale } = reported;
  const { instances, made, snapshots } = keptBy(reported);
  const kept = [
    ...instances.map((instance) => texts.keptInstance(locale, { instance: code(instance) })),
    ...made.map((instance) => texts.madeInstance(locale, { instance: code(instance) })),
    ...snapshots.map((snapshot) => texts.keptSnapshot(locale, { snapshot: code(snapshot) })),
  ];
  const planned = members(restorePlan(plan)?.shown.handOver);
  const noted = outputOf(state, 'hand-over')?.notes ?? [];
  const notes = [
    ...planned.map((note) =>
      describeFinding(locale, String(note.code), (note.params ?? {}) as Parameters<typeof describeFinding>[2]),
    ),
    ...(planned.length > 0 || !Array.isArray(noted) ? [] : noted.map((name) => describeFinding(locale, String(name)))),
  ].map(fromCatalogue);
  return [
    `## ${texts.kept(locale)}`,
    '',
    ...(kept.length > 0 ? bullets(kept) : [texts.nothingKept(locale), '']),
    `## ${texts.handOver(locale)}`,
    '',
    ...(notes.length > 0 ? bullets(notes) : [texts.nothingByHand(locale), '']),
  ];
}
