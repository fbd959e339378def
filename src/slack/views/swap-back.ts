import { type Locale, languageOf, slashOf } from '../../domain/people.ts';
import type {
  DatabasesSwappedBack,
  RollbackDecided,
  RollbackShown,
  SwapBackOutputs,
  WrittenSince,
} from '../../domain/rollback.ts';
import type { OperationState } from '../../domain/state.ts';
import { approvalTexts } from '../../messages/approval.ts';
import { besideTexts } from '../../messages/load-beside.ts';
import { resultTexts } from '../../messages/outcome.ts';
import { rollbackTexts } from '../../messages/rollback.ts';
import { swapBackTexts as texts } from '../../messages/swap-back.ts';
import { showClock } from '../../messages/units.ts';
import { type Block, columns, section } from './blocks.ts';
import { code, escaped, fact } from './mrkdwn.ts';
import { askerOf, whyLine } from './requested.ts';
import { asOfLine, expectedLines, leftBehind, leftTables } from './rollback-plan.ts';
import { environmentName, outputOf, type Situation, timeZoneOf } from './situation.ts';

/** Of a rollback by which two databases of one instance get their names back: nothing is stopped for it. */
interface SwapBack {
  readonly decided: RollbackDecided;
  readonly shown: RollbackShown;
  readonly databases: DatabasesSwappedBack;
}

/** What is asked for, by whom and why, and what stays behind. */
export function swapBackSummary(situation: Situation, swap: SwapBack): Block[] {
  const { locale } = situation;
  const { decided, shown, databases } = swap;
  const asks = texts.asks(locale, {
    who: askerOf(situation),
    environment: escaped(environmentName(situation)),
    operation: code(decided.of),
    database: code(databases.back.name),
    instance: code(decided.targetId),
  });
  const left = texts.left(locale, leftBehind(shown, locale));
  const why = whyLine(situation);
  return [section([asks, `⚠️  ${left}`, texts.serves(locale), why].join('\n')), ...columns(facts(situation, swap))];
}

function facts(situation: Situation, { decided, shown, databases }: SwapBack): readonly string[] {
  const { locale } = situation;
  const { back, leaves } = databases;
  return [
    fact(
      rollbackTexts.goesBackTo(locale),
      texts.goesBackTo(locale, { database: code(back.name), oid: back.oid }),
      ...asOfLine(situation, decided),
    ),
    fact(rollbackTexts.isLeft(locale), ...leftTables(shown, locale), texts.counts(locale)),
    fact(approvalTexts.expected(locale), ...expectedLines(shown, locale, texts.noPast(locale))),
    fact(approvalTexts.stopped(locale), besideTexts.nothingStops(locale)),
    fact(approvalTexts.ifItFails(locale), texts.ifItFails(locale)),
    fact(rollbackTexts.isKept(locale), texts.isKept(locale, { database: code(leaves.name) })),
  ];
}

/** What the result of one says where it is not that of a rollback between instances. */
export const swapBackSaid = (situation: Situation, { decided, databases }: SwapBack) => ({
  line: texts.line,
  left: leftLines(situation),
  kept: keptLines(situation.state, decided, databases, situation.locale),
});

function leftLines(situation: Situation): readonly string[] {
  const { state, locale } = situation;
  const left = outputOf(state, 'measure-written');
  if (!left) return [];
  const untouched = left.tables.every(({ lost, changed }) => lost === 0 && (changed ?? 0) === 0);
  const rows = left.tables.filter(({ lost, returned, changed }) => lost !== 0 || (returned ?? 0) > 0 || changed);
  return [
    texts.leftTitle(locale, { at: showClock(left.at, timeZoneOf(situation)) }),
    ...(untouched && left.tables.length > 0 ? [`•  ${texts.leftNone(locale)}`] : []),
    ...rows.map((one) => `•  ${leftRow(one, locale)}`),
    ...(left.notMeasured.length > 0
      ? [`•  ${resultTexts.lossNotMeasured(locale, { tables: left.notMeasured.map(code).join(', ') })}`]
      : []),
  ];
}

function leftRow({ table, rows, lost, returned, changed }: WrittenSince, locale: Locale): string {
  const named = { table: code(table) };
  return [
    lost === null ? texts.leftUnknown(locale, { ...named, rows }) : texts.leftRow(locale, { ...named, lost }),
    ...(changed ? [texts.changed(locale, { changed })] : []),
    ...(returned ? [texts.returned(locale, { returned })] : []),
  ].join(languageOf(locale) === 'en' ? '; ' : '；');
}

function keptLines(
  state: OperationState,
  { targetId }: RollbackDecided,
  { leaves }: DatabasesSwappedBack,
  locale: Locale,
): readonly string[] {
  const swap = outputOf(state, 'swap-back');
  return [
    ...(swap ? [swappedLine(swap, locale)] : []),
    texts.kept(locale, { database: code(leaves.name), instance: code(targetId), operation: state.id }),
    rollbackTexts.forward(locale, { command: code(`${slashOf(locale)} rollback ${state.id}`) }),
  ];
}

const swappedLine = ({ outageMs, endedSessions }: SwapBackOutputs['swap-back'], locale: Locale) =>
  outageMs === null
    ? texts.swappedUntold(locale)
    : texts.swapped(locale, { outage: `${outageMs} ms`, sessions: endedSessions });
