import { type Locale, slashOf } from '../../domain/people.ts';
import type { Bound, Plan } from '../../domain/plan.ts';
import type { RollbackDecided, RollbackOutputs, RollbackShown } from '../../domain/rollback.ts';
import { type OperationState, stepState } from '../../domain/state.ts';
import { approvalTexts } from '../../messages/approval.ts';
import { resultTexts } from '../../messages/outcome.ts';
import { rollbackTexts as texts } from '../../messages/rollback.ts';
import { showClock, showDuration, showInstant } from '../../messages/units.ts';
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
import { bold, code, escaped, mention, quiet } from './mrkdwn.ts';
import { afterwards } from './report-button.ts';
import { environmentName, restorePlan, type Situation, timeZoneOf } from './situation.ts';
import { swapBackResult, swapBackSummary } from './swap-back.ts';

export const rollbackAction = 'roll-back';

export interface RollbackPlan {
  readonly bound: Bound;
  readonly decided: RollbackDecided;
  readonly shown: RollbackShown;
}

/** The plan of a rollback with its own types; `undefined` when there is no plan or it is another operation's. */
export function rollbackPlan(plan: Plan | undefined): RollbackPlan | undefined {
  if (plan?.bound.operation !== 'rollback') return undefined;
  const { decided } = plan.bound as unknown as { decided: RollbackDecided };
  const { shown } = plan as unknown as { shown: RollbackShown };
  return decided?.target && shown?.left ? { bound: plan.bound, decided, shown } : undefined;
}

/** Of one by which two databases of an instance get their names back: nothing is stopped for it. */
export const isSwapBack = ({ plan }: Pick<Situation, 'plan'>) => rollbackPlan(plan)?.decided.databases !== undefined;

export const isRollback = ({ state }: Pick<Situation, 'state'>) => state.request?.operation === 'rollback';

const outputOf = <Id extends keyof RollbackOutputs>(state: OperationState, id: Id) =>
  stepState(state, id)?.output as RollbackOutputs[Id] | undefined;

/** What is asked for, by whom and why, and what stays behind. */
export function rollbackSummary(situation: Situation, rollback: RollbackPlan): Block[] {
  const { state, locale } = situation;
  const { request } = state;
  const { decided, shown } = rollback;
  if (decided.databases) return swapBackSummary(situation, { ...rollback, databases: decided.databases });
  const asks = texts.asks(locale, {
    who: mention(request?.requester.slackUser ?? '?'),
    environment: escaped(environmentName(situation)),
    operation: code(decided.of),
    instance: code(decided.targetId),
  });
  const counted = shown.left.tables.flatMap(({ rows }) => (rows === null ? [] : [rows]));
  const rows = counted.length === 0 ? null : counted.reduce((all, one) => all + one, 0);
  const left = texts.left(locale, { length: showDuration(shown.left.seconds, locale), rows });
  const why = approvalTexts.why(locale, {
    reason: request?.reason ? quiet(request.reason) : approvalTexts.noReason(locale),
  });
  return [section([asks, `⚠️  ${left}`, why].join('\n')), ...columns(facts(situation, rollback))];
}

function facts(situation: Situation, { bound, decided, shown }: RollbackPlan): readonly string[] {
  const { locale } = situation;
  const fact = (name: string, ...lines: readonly string[]) => [bold(name), ...lines].join('\n');
  const { downtimeSeconds: down, from } = shown.expected;
  const kept = code(decided.source?.id ?? '?');
  return [
    fact(texts.goesBackTo(locale), code(decided.targetId), ...asOf(situation, decided)),
    fact(
      texts.isLeft(locale),
      ...shown.left.tables.map(({ table, rows }) => approvalTexts.lostRows(locale, { table: code(table), rows })),
      texts.counts(locale),
    ),
    fact(
      approvalTexts.expected(locale),
      down === null
        ? approvalTexts.noPast(locale)
        : approvalTexts.expectedDowntime(locale, { length: showDuration(down, locale) }),
      ...(down !== null && shown.expected.totalSeconds !== null
        ? [texts.expectedTotal(locale, { length: showDuration(shown.expected.totalSeconds, locale), from })]
        : []),
    ),
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

function asOf(situation: Situation, { asOf: at }: RollbackDecided): readonly string[] {
  if (!at) return [];
  const { state, locale, now } = situation;
  const { utc, local } = showInstant(at, timeZoneOf(situation), state.plan?.at ?? now, locale);
  return [texts.asOf(locale, { at: local ? `${utc} (${local})` : utc })];
}

/** Who could still write, as on the card of a restore. */
export function rollbackCautions({ locale }: Situation, { shown }: RollbackPlan): Block[] {
  if (shown.guards.length === 0) return [];
  return sections([approvalTexts.guards(locale), ...shown.guards.map((note) => noteLine(note, locale))]);
}

/** The card of a rollback that reached its goal. */
export function rollbackResult(situation: Situation, rollback: RollbackPlan, witness: Block): Message {
  const { decided } = rollback;
  if (decided.databases) return swapBackResult(situation, { ...rollback, databases: decided.databases }, witness);
  const { state, locale, now } = situation;
  const title = texts.title(locale, { environment: environmentName(situation) });
  const line = texts.line(locale, {
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
    ...sections(leftLines(state, locale)),
    ...sections(keptLines(state, decided, locale)),
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
