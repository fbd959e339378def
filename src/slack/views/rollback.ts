import { type Locale, slashOf } from '../../domain/people.ts';
import type { RollbackDecided } from '../../domain/rollback.ts';
import type { OperationState } from '../../domain/state.ts';
import { approvalTexts } from '../../messages/approval.ts';
import { resultTexts } from '../../messages/outcome.ts';
import { rollbackTexts as texts } from '../../messages/rollback.ts';
import { showClock, showDuration } from '../../messages/units.ts';
import {
  type Block,
  type Button,
  button,
  columns,
  header,
  type Message,
  message,
  section,
  sections,
} from './blocks.ts';
import { noteLine } from './cautions.ts';
import { backAt, downtimeSeconds } from './clocks.ts';
import { bold, code, escaped, fact } from './mrkdwn.ts';
import { afterwards } from './report-button.ts';
import { askerOf, whyLine } from './requested.ts';
import { asOfLine, expectedLines, leftBehind, leftTables, type RollbackPlan, rollbackPlan } from './rollback-plan.ts';
import { environmentName, outputOf, restorePlan, type Situation, timeZoneOf } from './situation.ts';
import { swapBackSaid, swapBackSummary } from './swap-back.ts';

export const rollbackAction = 'roll-back';

export { type RollbackPlan, rollbackPlan };

/** Of one by which two databases of an instance get their names back: nothing is stopped for it. */
export const isSwapBack = ({ plan }: Pick<Situation, 'plan'>) => rollbackPlan(plan)?.decided.databases !== undefined;

export const isRollback = ({ state }: Pick<Situation, 'state'>) => state.request?.operation === 'rollback';

/** What is asked for, by whom and why, and what stays behind. */
export function rollbackSummary(situation: Situation, rollback: RollbackPlan): Block[] {
  const { locale } = situation;
  const { decided, shown } = rollback;
  if (decided.databases) return swapBackSummary(situation, { ...rollback, databases: decided.databases });
  const asks = texts.asks(locale, {
    who: askerOf(situation),
    environment: escaped(environmentName(situation)),
    operation: code(decided.of),
    instance: code(decided.targetId),
  });
  const left = texts.left(locale, leftBehind(shown, locale));
  const why = whyLine(situation);
  return [section([asks, `⚠️  ${left}`, why].join('\n')), ...columns(facts(situation, rollback))];
}

function facts(situation: Situation, { bound, decided, shown }: RollbackPlan): readonly string[] {
  const { locale } = situation;
  const kept = code(decided.source?.id ?? '?');
  return [
    fact(texts.goesBackTo(locale), code(decided.targetId), ...asOfLine(situation, decided)),
    fact(texts.isLeft(locale), ...leftTables(shown, locale), texts.counts(locale)),
    fact(approvalTexts.expected(locale), ...expectedLines(shown, locale, approvalTexts.noPast(locale))),
    fact(
      approvalTexts.stopped(locale),
      ...shown.replicas.map(({ workload, replicas }) =>
        approvalTexts.replicas(locale, { workload: code(workload), replicas }),
      ),
    ),
    fact(
      approvalTexts.ifItFails(locale),
      bound.onFailure === 'return' ? texts.failReturn(locale) : texts.failStay(locale),
    ),
    fact(
      texts.isKept(locale),
      texts.keeps[shown.keeps === 'database' ? 'instance' : shown.keeps](locale, { instance: kept }),
    ),
  ];
}

/** Who could still write, as on the card of a restore. */
export function rollbackCautions({ locale }: Situation, { shown }: RollbackPlan): Block[] {
  if (shown.guards.length === 0) return [];
  return sections([approvalTexts.guards(locale), ...shown.guards.map((note) => noteLine(note, locale))]);
}

/** The card of a rollback that reached its goal. */
export function rollbackResult(situation: Situation, rollback: RollbackPlan, witness: Block): Message {
  const { decided } = rollback;
  const { state, locale, now } = situation;
  const said = decided.databases
    ? swapBackSaid(situation, { ...rollback, databases: decided.databases })
    : { line: texts.line, left: leftLines(state, locale), kept: keptLines(state, decided, locale) };
  const title = texts.title(locale, { environment: environmentName(situation) });
  const line = said.line(locale, {
    environment: escaped(environmentName(situation)),
    since: showClock(backAt(state) ?? state.closed?.at ?? now, timeZoneOf(situation)),
    instance: code(decided.targetId),
    operation: code(decided.of),
  });
  const down = downtimeSeconds(state);
  return message(`${title}. ${line.replaceAll(/[*`]/g, '')}`, [
    header(title),
    section(line),
    ...(down === undefined ? [] : sections([`${bold(resultTexts.downtime(locale))}  ${showDuration(down, locale)}`])),
    ...sections(said.left),
    ...sections(said.kept),
    ...afterwards(situation),
    witness,
  ]);
}

function leftLines(state: OperationState, locale: Locale): readonly string[] {
  const left = outputOf(state, 'measure-left');
  if (!left) return [];
  const touched = left.tables.filter((one) => one.lost > 0 || one.returned > 0 || (one.changed ?? 0) > 0);
  return [
    texts.leftTitle(locale),
    ...(touched.length === 0 && left.tables.length > 0 ? [`•  ${texts.leftNone(locale)}`] : []),
    ...touched.map((one) => `•  ${texts.leftRow(locale, { ...one, table: code(one.table) })}`),
    ...(left.notMeasured.length > 0
      ? [`•  ${resultTexts.lossNotMeasured(locale, { tables: left.notMeasured.map(code).join(', ') })}`]
      : []),
  ];
}

function keptLines(state: OperationState, { source }: RollbackDecided, locale: Locale): readonly string[] {
  const ended = outputOf(state, 'bar-left')?.ended ?? [];
  const notes = outputOf(state, 'hand-over')?.notes ?? [];
  return [
    ...(source ? [texts.kept(locale, { instance: code(source.id) })] : []),
    ...(source ? [texts.forward(locale, { command: code(`${slashOf(locale)} rollback ${state.id}`) })] : []),
    ...(ended.length > 0
      ? [texts.barred(locale), ...ended.map((one) => `•  ${escaped(resultTexts.session(locale, one))}`)]
      : []),
    ...(notes.length > 0 ? [resultTexts.handOver(locale), ...notes.map((note) => noteLine(note, locale))] : []),
  ];
}

/** The way back as a button, on the card of a restore that succeeded and left an old database. */
export function rollbackButton({ state, plan, locale }: Situation): readonly Button[] {
  const restore = restorePlan(plan);
  // Over the live database there is no other one to go back to.
  const ways: readonly string[] = ['old-instance', 'kept-database'];
  const back = restore?.decided.source && ways.includes(restore.shown.wayBack);
  if (!back || state.closed?.outcome !== 'succeeded' || !state.published) return [];
  return [button(rollbackAction, texts.button(locale), state.id)];
}
