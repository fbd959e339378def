import { type Locale, slashOf } from '../../domain/people.ts';
import type { Note } from '../../domain/restore.ts';
import { type OperationState, stepState } from '../../domain/state.ts';
import { secondsBetween } from '../../domain/time.ts';
import type { CheckResult } from '../../domain/verification.ts';
import { inPlaceTexts } from '../../messages/in-place.ts';
import { describeError } from '../../messages/index.ts';
import { besideTexts } from '../../messages/load-beside.ts';
import { resultTexts as texts } from '../../messages/outcome.ts';
import { bothClocks, showClock, showDuration, showInstant, showMoment, showSize } from '../../messages/units.ts';
import { baselineTexts } from '../../messages/verification.ts';
import { whatOf } from './approval.ts';
import { type Block, columns, context, header, type Message, message, section, sections } from './blocks.ts';
import { noteLine, toDo } from './cautions.ts';
import {
  checklistLines,
  deepLine,
  deepReport,
  failedFindings,
  findingLine,
  knownFindings,
  skippedLines,
} from './checklist.ts';
import { cleanupPlan, cleanupResult } from './cleanup.ts';
import { backAt, downtimeSeconds, rpo, rtoBegan, rtoSeconds } from './clocks.ts';
import { dumpResult } from './dump.ts';
import { bold, code, escaped } from './mrkdwn.ts';
import { whoApproved } from './people.ts';
import { afterwards } from './report-button.ts';
import { rescuePlan, rescueResult } from './rescue.ts';
import { rollbackButton, rollbackPlan, rollbackResult } from './rollback.ts';
import {
  environmentName,
  outputOf,
  pointAt,
  type RestorePlan,
  restorePlan,
  type Situation,
  timeZoneOf,
} from './situation.ts';
import { verifyResult } from './verify.ts';

/** The card of an operation that reached its goal. */
export function resultCard(situation: Situation): Message {
  const restore = restorePlan(situation.plan);
  const rollback = rollbackPlan(situation.plan);
  if (rollback) return rollbackResult(situation, rollback, witness(situation));
  if (restore) return restoreResult(situation, restore);
  const rescue = rescuePlan(situation.plan);
  if (rescue) return rescueResult(situation, rescue, witness(situation));
  const cleanup = cleanupPlan(situation.plan);
  if (cleanup) return cleanupResult(situation, cleanup, witness(situation));
  const line = witness(situation);
  return verifyResult(situation, line) ?? dumpResult(situation, line) ?? snapshotResult(situation);
}

function restoreResult(situation: Situation, restore: RestorePlan): Message {
  const { state, locale } = situation;
  const environment = escaped(environmentName(situation));
  const foundDeep = deepReport(state)?.outcome === 'fail';
  const blemished = foundDeep || state.findings?.decision === 'approved';
  const title = (blemished ? texts.acceptedTitle : texts.restoredTitle)(locale, {
    environment: environmentName(situation),
  });
  const timeZone = timeZoneOf(situation);
  const closedAt = endOf(situation);
  const show = restore.decided.recoveryPoint.kind === 'snapshot' ? showInstant : showMoment;
  const line = texts.restoredLine(locale, {
    environment,
    at: bothClocks(show(pointAt(situation) ?? closedAt, timeZone, closedAt, locale)),
    since: showClock(backAt(state) ?? closedAt, timeZone),
    instance: code(restore.decided.targetId),
  });
  return message(`${title}. ${line.replaceAll(/[*`]/g, '')}`, [
    header(title),
    section(line),
    ...columns(measured(situation)),
    ...sections(lossLines(situation)),
    ...sections(acceptedLines(situation)),
    ...(foundDeep ? sections(deepLines(situation)) : []),
    ...sections(checklistLines(state, locale)),
    ...sections(skippedLines(outputOf(state, 'verify-database')?.report, locale)),
    ...(foundDeep ? [] : sections(deepLines(situation))),
    ...sections(knownLines(situation)),
    ...sections(keptLines(situation, restore)),
    ...afterwards(situation, rollbackButton(situation)),
    witness(situation),
  ]);
}

/** When it was over; the card stands already while every table is still looked at. */
const endOf = ({ state, now }: Situation) => state.closed?.at ?? stepState(state, 'hand-over')?.endedAt ?? now;

/** RTO, RPO and downtime with what each is measured from; what wasn't measured is said to be so. */
function measured(situation: Situation): readonly string[] {
  const { state, locale, environment, now } = situation;
  const against = (seconds: number, minutes: number | undefined) => {
    const length = showDuration(seconds, locale);
    return minutes === undefined
      ? bold(length)
      : texts.objective(locale, {
          measured: length,
          objective: showDuration(minutes * 60, locale),
          met: seconds <= minutes * 60,
        });
  };
  const rto = rtoSeconds(state, now);
  const began = rtoBegan(state);
  const point = rpo(situation);
  const down = downtimeSeconds(state);
  const took = secondsBetween(state.request?.at ?? now, endOf(situation));
  const none = texts.notMeasured(locale);
  const requested = showClock(state.request?.at ?? now, timeZoneOf(situation));
  const fact = (name: string, value: string, from: string) => `${bold(name)}\n${value}${from ? `\n${from}` : ''}`;
  return [
    fact(
      texts.rto(locale),
      rto === undefined ? none : against(rto, environment?.objectives.rtoMinutes),
      began ? texts.rtoFrom(locale, began) : '',
    ),
    fact(
      texts.rpo(locale),
      point ? against(point.seconds, environment?.objectives.rpoMinutes) : none,
      point ? texts.rpoFrom(locale, point) : '',
    ),
    fact(
      texts.downtime(locale),
      down === undefined ? none : bold(showDuration(down, locale)),
      down === undefined ? '' : (outputOf(state, 'swap-names') ? besideTexts.downtimeFrom : texts.downtimeFrom)(locale),
    ),
    fact(texts.whole(locale), bold(showDuration(took, locale)), texts.wholeFrom(locale, { at: requested })),
  ];
}

function lossLines({ state, locale }: Situation): readonly string[] {
  const loss = outputOf(state, 'measure-loss');
  if (!loss) return [];
  const touched = loss.tables.filter(({ lost, returned, changed }) => lost > 0 || returned > 0 || (changed ?? 0) > 0);
  return [
    texts.lossTitle(locale),
    ...(touched.length === 0 && loss.tables.length > 0 ? [`•  ${texts.lossNone(locale)}`] : []),
    ...touched.map((one) => `•  ${texts.lossRow(locale, { ...one, table: code(one.table) })}`),
    ...(loss.notMeasured.length > 0
      ? [`•  ${texts.lossNotMeasured(locale, { tables: loss.notMeasured.map(code).join(', ') })}`]
      : []),
  ];
}

const findingsOnCard = 6;

function foundLines(all: readonly CheckResult[], locale: Locale): readonly string[] {
  const rest = all.length - findingsOnCard;
  return [
    ...all.slice(0, findingsOnCard).map((one) => findingLine(one, locale)),
    ...(rest > 0 ? [texts.moreFindings(locale, { count: rest })] : []),
  ];
}

/** What people took on when they said to cut over all the same: it stands above what passed. */
function acceptedLines({ state, locale }: Situation): readonly string[] {
  if (state.findings?.decision !== 'approved') return [];
  const accepted = failedFindings(state);
  const people = whoApproved(state.findings.votes, locale);
  return [texts.accepted(locale, { people, count: accepted.length }), ...foundLines(accepted, locale)];
}

function deepLines({ state, plan, locale }: Situation): readonly string[] {
  const deep = deepReport(state);
  const planned = plan?.bound.steps.some(({ id }) => id === 'verify-deeply');
  if (!deep) return planned && !state.closed ? [texts.deepUnderWay(locale)] : [];
  const bad = deep.results.filter(({ outcome, known }) => outcome !== 'pass' && !known);
  return [deepLine(deep, locale), ...foundLines(bad, locale), ...skippedLines(deep, locale)];
}

function knownLines({ state, locale }: Situation): readonly string[] {
  const known = knownFindings(state);
  return known.length === 0 ? [] : [texts.known(locale), ...foundLines(known, locale)];
}

const backBy = ({ request }: OperationState, snapshot: string, locale: Locale) =>
  code(`${slashOf(locale)} restore ${request?.environment ?? '?'} --from ${snapshot}`);

function keptLines({ state, locale }: Situation, { decided, shown }: RestorePlan): readonly string[] {
  const handed = outputOf(state, 'hand-over');
  const known = toDo(shown.handOver);
  // The plan names things; what the step adds in general is said only where the plan had nothing on it.
  const notes: readonly (Note | string)[] = [...known, ...(known.length > 0 ? [] : (handed?.notes ?? []))];
  return [
    ...swapLines(state, decided.targetId, locale),
    ...(outputOf(state, 'swap-names')
      ? []
      : shown.rescue !== undefined
        ? [inPlaceTexts.rescued(locale, { snapshot: code(shown.rescue), command: backBy(state, shown.rescue, locale) })]
        : shown.wayBack === 'none' || !decided.source
          ? [texts.noWayBack(locale)]
          : oldInstanceLines(state, handed?.keptInstance ?? decided.source.id, locale)),
    ...barredLines(state, locale),
    ...loginLines(state, locale),
    ...unsetLines(state, locale),
    ...(notes.length > 0 ? [texts.handOver(locale), ...notes.map((note) => noteLine(note, locale))] : []),
  ];
}

/** Of a dump beside: how long the swap took, under which name the other database is kept, and how it comes back. */
function swapLines(state: OperationState, targetId: string, locale: Locale): readonly string[] {
  const swap = outputOf(state, 'swap-names');
  if (!swap) return [];
  const { outageMs, endedSessions: sessions } = swap;
  return [
    outageMs === null
      ? besideTexts.swappedUntold(locale)
      : besideTexts.swapped(locale, { outage: `${outageMs} ms`, sessions }),
    besideTexts.keptNow(locale, { kept: code(swap.kept), instance: code(targetId), operation: state.id }),
    besideTexts.wayBack(locale, { operation: state.id }),
  ];
}

/** Something that was still on the old instance when it was barred: it holds the old address, and fails from now on. */
function barredLines(state: OperationState, locale: Locale): readonly string[] {
  const ended = outputOf(state, 'fence-old')?.ended ?? [];
  if (ended.length === 0) return [];
  return [texts.barred(locale), ...ended.map((one) => `•  ${escaped(texts.session(locale, one))}`)];
}

/** What was done about logins whose passwords were of the backup's time. */
function loginLines(state: OperationState, locale: Locale): readonly string[] {
  const logins = outputOf(state, 'align-login');
  const names = (roles: readonly string[] = []) => roles.map(code).join(', ');
  const { repaired = [], created = [], left = [] } = logins ?? {};
  return [
    ...(repaired.length > 0 ? [texts.logins(locale, { names: names(repaired) })] : []),
    ...(created.length > 0 ? [texts.rolesMade(locale, { names: names(created) })] : []),
    ...(left.length > 0 ? [texts.loginsLeft(locale, { names: names(left) })] : []),
  ];
}

/** What a dump's database, or its roles, had set, and RDS's master user may not set. */
function unsetLines(state: OperationState, locale: Locale): readonly string[] {
  const left = outputOf(state, 'await-load')?.left ?? [];
  return left.length > 0 ? [texts.unset(locale, { names: left.map(code).join(', ') })] : [];
}

function oldInstanceLines(state: OperationState, id: string, locale: Locale): readonly string[] {
  const instance = code(id);
  const version = outputOf(state, 'switch-secret')?.previousVersionId;
  return [
    texts.kept(locale, { instance }),
    ...rescueLines(state, instance, locale),
    ...(version ? [texts.wayBack(locale, { operation: state.id, instance, version: code(version) })] : []),
  ];
}

function rescueLines(state: OperationState, instance: string, locale: Locale): readonly string[] {
  const rescue = outputOf(state, 'rescue-snapshot');
  if (!rescue) return [];
  if (rescue.taken) return [texts.rescued(locale, { snapshot: code(rescue.snapshotId), instance })];
  const because = describeError(locale, { code: rescue.because ?? 'unexpected', params: rescue.params ?? {} });
  return [texts.notRescued(locale, { because: escaped(because.what) })];
}

/** The head of the chain stands outside the ledger too, so that a change of the ledger shows. */
export function witness({ state, locale }: Situation): Block {
  return context(texts.witness(locale, { operation: code(state.id), hash: code(state.head?.sha256 ?? '') }));
}

/** What a restore of the snapshot will be compared with, or that there is nothing: people must know before they need it. */
function baselineLines(state: OperationState, locale: Locale): readonly string[] {
  const baseline = outputOf(state, 'record-baseline');
  if (!baseline) return [];
  const { key, tables, proven, because } = baseline;
  if (key !== null) return [baselineTexts.recorded(locale, { tables, proven })];
  return [baselineTexts.none(locale, { error: because ?? '?' })];
}

function snapshotResult(situation: Situation): Message {
  const { state, locale, now } = situation;
  const made = outputOf(state, 'await-snapshot');
  const checked = outputOf(state, 'check-snapshot');
  if (!made || !checked) return message(whatOf(situation), [header(whatOf(situation)), witness(situation)]);
  const title = texts.snapshotTitle(locale, { environment: environmentName(situation) });
  const line = texts.snapshotLine(locale, {
    snapshot: code(made.snapshotId),
    at: bothClocks(showInstant(made.at, timeZoneOf(situation), now, locale)),
  });
  const facts = texts.snapshotFacts(locale, {
    size: showSize(made.sizeGiB, locale),
    engine: escaped(checked.engineVersion),
    encrypted: checked.encrypted,
    took: showDuration(secondsBetween(state.request?.at ?? now, state.closed?.at ?? now), locale),
  });
  return message(`${title}. ${line.replaceAll(/[*`]/g, '')}`, [
    header(title),
    section(`${line}\n${facts}`),
    ...sections(baselineLines(state, locale)),
    witness(situation),
  ]);
}
