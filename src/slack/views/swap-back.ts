import { type Locale, languageOf, slashOf } from '../../domain/people.ts';
import type {
  DatabasesSwappedBack,
  RollbackDecided,
  RollbackShown,
  SwapBackOutputs,
  WrittenSince,
} from '../../domain/rollback.ts';
import { type OperationState, stepState } from '../../domain/state.ts';
import { approvalTexts } from '../../messages/approval.ts';
import { besideTexts } from '../../messages/load-beside.ts';
import { resultTexts } from '../../messages/outcome.ts';
import { rollbackTexts } from '../../messages/rollback.ts';
import { swapBackTexts as texts } from '../../messages/swap-back.ts';
import { showClock, showDuration, showInstant } from '../../messages/units.ts';
import { type Block, columns, header, type Message, message, section, sections } from './blocks.ts';
import { backAt, downtimeSeconds } from './clocks.ts';
import { bold, code, escaped, mention, quiet } from './mrkdwn.ts';
import { afterwards } from './report-button.ts';
import { environmentName, type Situation, timeZoneOf } from './situation.ts';

/** Of a rollback by which two databases of one instance get their names back: nothing is stopped for it. */
interface SwapBack {
  readonly decided: RollbackDecided;
  readonly shown: RollbackShown;
  readonly databases: DatabasesSwappedBack;
}

const outputOf = <Id extends keyof SwapBackOutputs>(state: OperationState, id: Id) =>
  stepState(state, id)?.output as SwapBackOutputs[Id] | undefined;

/** What is asked for, by whom and why, and what stays behind. */
export function swapBackSummary(situation: Situation, swap: SwapBack): Block[] {
  const { state, locale } = situation;
  const { request } = state;
  const { decided, shown, databases } = swap;
  const asks = texts.asks(locale, {
    who: mention(request?.requester.slackUser ?? '?'),
    environment: escaped(environmentName(situation)),
    operation: code(decided.of),
    database: code(databases.back.name),
    instance: code(decided.targetId),
  });
  const counted = shown.left.tables.flatMap(({ rows }) => (rows === null ? [] : [rows]));
  const rows = counted.length === 0 ? null : counted.reduce((all, one) => all + one, 0);
  const left = texts.left(locale, { length: showDuration(shown.left.seconds, locale), rows });
  const why = approvalTexts.why(locale, {
    reason: request?.reason ? quiet(request.reason) : approvalTexts.noReason(locale),
  });
  return [section([asks, `⚠️  ${left}`, texts.serves(locale), why].join('\n')), ...columns(facts(situation, swap))];
}

function facts(situation: Situation, { decided, shown, databases }: SwapBack): readonly string[] {
  const { locale } = situation;
  const fact = (name: string, ...lines: readonly string[]) => [bold(name), ...lines].join('\n');
  const { downtimeSeconds: down, totalSeconds: total, from } = shown.expected;
  const { back, leaves } = databases;
  return [
    fact(
      rollbackTexts.goesBackTo(locale),
      texts.goesBackTo(locale, { database: code(back.name), oid: back.oid }),
      ...asOf(situation, decided),
    ),
    fact(
      rollbackTexts.isLeft(locale),
      ...shown.left.tables.map(({ table, rows }) => approvalTexts.lostRows(locale, { table: code(table), rows })),
      texts.counts(locale),
    ),
    fact(
      approvalTexts.expected(locale),
      down === null
        ? texts.noPast(locale)
        : approvalTexts.expectedDowntime(locale, { length: showDuration(down, locale) }),
      ...(down !== null && total !== null
        ? [rollbackTexts.expectedTotal(locale, { length: showDuration(total, locale), from })]
        : []),
    ),
    fact(approvalTexts.stopped(locale), besideTexts.nothingStops(locale)),
    fact(approvalTexts.ifItFails(locale), texts.ifItFails(locale)),
    fact(rollbackTexts.isKept(locale), texts.isKept(locale, { database: code(leaves.name) })),
  ];
}

function asOf(situation: Situation, { asOf: at }: RollbackDecided): readonly string[] {
  if (!at) return [];
  const { state, locale, now } = situation;
  const { utc, local } = showInstant(at, timeZoneOf(situation), state.plan?.at ?? now, locale);
  return [rollbackTexts.asOf(locale, { at: local ? `${utc} (${local})` : utc })];
}

/** The card of one that reached its goal. */
export function swapBackResult(situation: Situation, { decided, databases }: SwapBack, witness: Block): Message {
  const { state, locale, now } = situation;
  const environment = environmentName(situation);
  const title = rollbackTexts.title(locale, { environment });
  const line = texts.line(locale, {
    environment: escaped(environment),
    since: showClock(backAt(state) ?? state.closed?.at ?? now, timeZoneOf(situation)),
    instance: code(decided.targetId),
    operation: code(decided.of),
  });
  const down = downtimeSeconds(state);
  return message(`${title}. ${line.replaceAll(/[*`]/g, '')}`, [
    header(title),
    section(line),
    ...(down === undefined ? [] : sections([`${bold(resultTexts.downtime(locale))}  ${showDuration(down, locale)}`])),
    ...sections(leftLines(situation)),
    ...sections(keptLines(state, decided, databases, locale)),
    ...afterwards(situation),
    witness,
  ]);
}

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
  const outage = swap?.outageMs == null ? '?' : `${swap.outageMs} ms`;
  return [
    ...(swap ? [texts.swapped(locale, { outage, sessions: swap.endedSessions })] : []),
    texts.kept(locale, { database: code(leaves.name), instance: code(targetId), operation: state.id }),
    rollbackTexts.forward(locale, { command: code(`${slashOf(locale)} rollback ${state.id}`) }),
  ];
}
