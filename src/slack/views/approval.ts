import type { Locale } from '../../domain/people.ts';
import { termsOf } from '../../domain/step-gates.ts';
import { secondsBetween } from '../../domain/time.ts';
import { approvalTexts as texts } from '../../messages/approval.ts';
import { cleanupTexts } from '../../messages/cleanup.ts';
import { cutOverTexts } from '../../messages/cut-over.ts';
import { findingsAskedTexts } from '../../messages/from-dump.ts';
import { inPlaceTexts } from '../../messages/in-place.ts';
import { besideTexts } from '../../messages/load-beside.ts';
import { pitrTexts } from '../../messages/pitr.ts';
import { rescueTexts } from '../../messages/rescue.ts';
import { rollbackTexts } from '../../messages/rollback.ts';
import { bothClocks, type ShownInstant, showDuration, showInstant, showMoment } from '../../messages/units.ts';
import { verifyTexts } from '../../messages/verify.ts';
import {
  actions,
  type Block,
  button,
  columns,
  context,
  divider,
  header,
  type Message,
  message,
  section,
  sections,
} from './blocks.ts';
import { cautions } from './cautions.ts';
import { cleanupPlan, cleanupSummary, isCleanup } from './cleanup.ts';
import { dumpName } from './dump.ts';
import { bold, code, escaped, fact } from './mrkdwn.ts';
import { voteLines } from './people.ts';
import { prestageLines } from './prestage.ts';
import { keptLine, pointLines } from './recovery-point.ts';
import { askerOf, whyLine } from './requested.ts';
import { isRescue, rescuePlan, rescueSummary } from './rescue.ts';
import { isRollback, rollbackCautions, rollbackPlan, rollbackSummary } from './rollback.ts';
import {
  environmentName,
  isBeside,
  isInPlace,
  isRestore,
  type RestorePlan,
  restorePlan,
  type Situation,
  servesMeanwhile,
  timeZoneOf,
} from './situation.ts';
import { stagesOf } from './stages.ts';
import { plainStages } from './step-lines.ts';
import { cancelButton } from './ways-out.ts';

export const approveAction = 'approve';
export const denyAction = 'deny';

/** How many digits of a digest are shown: enough to tell two plans apart by eye. */
export const shortDigest = (digest: string) => digest.slice(0, 12);

/** `restore of production`. */
export function whatOf(situation: Pick<Situation, 'state' | 'locale'>): string {
  const environment = environmentName(situation);
  if (situation.state.request?.operation === 'pitr') return pitrTexts.of(situation.locale, { environment });
  if (isRollback(situation)) return rollbackTexts.of(situation.locale, { environment });
  if (isRescue(situation)) return rescueTexts.of(situation.locale, { environment });
  if (isCleanup(situation)) return cleanupTexts.of(situation.locale, { environment });
  if (situation.state.request?.operation === 'verify') return verifyTexts.of(situation.locale, { environment });
  const dump = dumpName(situation);
  if (dump !== undefined) return dump;
  return isRestore(situation)
    ? texts.restoreOf(situation.locale, { environment })
    : texts.snapshotOf(situation.locale, { environment });
}

/** The card on which people decide. Ages are as of the plan, so that the card changes only when something else does. */
export function approvalCard(situation: Situation): Message {
  const { state, plan, locale } = situation;
  const what = whatOf(situation);
  const who = askerOf(situation);
  const restore = restorePlan(plan);
  const rollback = rollbackPlan(plan);
  return message(texts.fallback(locale, { what, who }), [
    header(texts.title(locale, { what })),
    ...summary(situation),
    ...sections(prestageLines(situation)),
    ...(restore ? cautions(situation, restore) : []),
    ...(rollback ? rollbackCautions(situation, rollback) : []),
    ...(plan ? stepsOf(situation) : []),
    divider,
    ...decision(situation),
    context(texts.footer(locale, { operation: code(state.id), digest: code(shortDigest(state.plan?.digest ?? '')) })),
  ]);
}

/** What is asked for, by whom and why, and what it costs: stands on the card for good, however it was decided. */
export function summary(situation: Situation): Block[] {
  const { plan, locale } = situation;
  const who = askerOf(situation);
  const why = whyLine(situation);
  const restore = restorePlan(plan);
  const rollback = rollbackPlan(plan);
  if (rollback) return rollbackSummary(situation, rollback);
  const rescue = rescuePlan(plan);
  if (rescue) return rescueSummary(situation, rescue);
  const cleanup = cleanupPlan(plan);
  if (cleanup) return cleanupSummary(situation, cleanup);
  if (!restore) return [section(`${texts.asksOther(locale, { who, what: escaped(whatOf(situation)) })}\n${why}`)];
  const environment = escaped(environmentName(situation));
  const to = pointShown(situation, restore);
  const asks = to
    ? texts.asksRestore(locale, { who, environment, to: bothClocks(to), age: to.age })
    : pitrTexts.asksLatest(locale, { who, environment });
  const noWayBack = wayBackLines(restore, locale);
  return [
    section(
      [asks, ...typedLine(situation, to), lostLine(restore, locale), orderLine(situation), ...noWayBack, why].join(
        '\n',
      ),
    ),
    ...columns(facts(situation, restore)),
  ];
}

/** What the order means for whoever uses the application, and that people are asked once more. */
function orderLine(situation: Situation): string {
  const { state, locale } = situation;
  const environment = escaped(environmentName(situation));
  const terms = termsOf(state.request?.policy, 'cut-over');
  if (isBeside(situation)) return besideTexts.serves(locale);
  if (!servesMeanwhile(situation) || !terms) return cutOverTexts.stopFirst(locale, { environment });
  return cutOverTexts.order(locale, { environment, ...terms });
}

function wayBackLines({ shown, decided }: RestorePlan, locale: Locale): readonly string[] {
  if (shown.wayBack === 'none') return [`⚠️  ${texts.sourceGone(locale)}`];
  if (shown.wayBack === 'rescue-snapshot') return [inPlaceTexts.warning(locale, { instance: code(decided.targetId) })];
  return [];
}

function lostLine({ shown: { loss }, decided }: RestorePlan, locale: Locale): string {
  if (decided.recoveryPoint.at === null) return pitrTexts.nothingLost(locale);
  const rows = loss.live === 'answers' && loss.tables.some((one) => one.rows !== null) ? sum(loss.tables) : null;
  return texts.lossLine(locale, { length: showDuration(loss.seconds, locale), rows });
}

/** What somebody typed, beside what it was taken for: who approves sees whether that is what was meant. */
function typedLine({ state, locale }: Situation, to: ShownInstant | undefined): readonly string[] {
  const typed = state.request?.args.typed;
  if (typeof typed !== 'string' || !to) return [];
  return [pitrTexts.typedAs(locale, { typed: code(typed), at: bothClocks(to) })];
}

const sum = (tables: readonly { readonly rows: number | null }[]) =>
  tables.reduce((all, { rows }) => all + (rows ?? 0), 0);

/** The recovery point three ways, its age as of the plan; `undefined` for the latest moment. */
function pointShown(situation: Situation, { decided }: RestorePlan): ShownInstant | undefined {
  const { state, locale, now } = situation;
  const { kind, at } = decided.recoveryPoint;
  const show = kind === 'point-in-time' ? showMoment : showInstant;
  return at === null ? undefined : show(at, timeZoneOf(situation), state.plan?.at ?? now, locale);
}

function facts(situation: Situation, restore: RestorePlan): readonly string[] {
  const { locale, state } = situation;
  const { decided, shown, bound } = restore;
  const minutes = state.request?.policy.findingsWithinMinutes ?? 0;
  return [
    fact(texts.goesBackTo(locale), ...pointLines(situation, restore), intoLine(decided, locale)),
    fact(texts.isLost(locale), ...lossLines(restore, locale)),
    fact(
      texts.expected(locale),
      ...expectedLines(shown, locale, isBeside(situation) ? texts.noPastBeside : texts.noPast),
    ),
    fact(
      texts.stopped(locale),
      ...(isBeside(situation) ? [besideTexts.nothingStops(locale)] : []),
      ...shown.replicas.map(({ workload, replicas }) => texts.replicas(locale, { workload: code(workload), replicas })),
    ),
    fact(
      texts.ifItFails(locale),
      ...(isBeside(situation)
        ? [besideTexts.ifItFails(locale)]
        : [...(servesMeanwhile(situation) ? [cutOverTexts.ifItFails(locale)] : []), failureLine(shown, bound, locale)]),
      ...(minutes > 0 ? [findingsAsked(situation)(locale, { minutes })] : []),
    ),
    fact(texts.isKept(locale), keptLine(restore, locale)),
  ];
}

const findingsAsked = (situation: Situation) =>
  isInPlace(situation)
    ? findingsAskedTexts.inPlace
    : isBeside(situation)
      ? findingsAskedTexts.beside
      : texts.findingsAsked;

function intoLine({ mode, targetId }: RestorePlan['decided'], locale: Locale): string {
  const instance = { instance: code(targetId) };
  if (mode === 'beside') return besideTexts.into(locale, instance);
  return mode === 'in-place' ? inPlaceTexts.into(locale, instance) : texts.newInstance(locale, instance);
}

function failureLine({ wayBack }: RestorePlan['shown'], { onFailure }: RestorePlan['bound'], locale: Locale): string {
  if (wayBack === 'none') return texts.failNothing(locale);
  if (onFailure === 'stay-stopped') return texts.failStay(locale);
  return wayBack === 'rescue-snapshot' ? inPlaceTexts.failReturn(locale) : texts.failReturn(locale);
}

/** The tables that matter are few; past this many the rest stands in the thread. */
const tablesOnCard = 6;

function lossLines({ shown: { loss }, decided }: RestorePlan, locale: Locale): readonly string[] {
  if (decided.recoveryPoint.at === null) return [pitrTexts.lostNothing(locale)];
  const time = texts.lostTime(locale, { length: showDuration(loss.seconds, locale) });
  if (loss.live === 'not-available') return [time, texts.liveSilent(locale)];
  const rows = loss.tables
    .slice(0, tablesOnCard)
    .map(({ table, rows: lost }) => texts.lostRows(locale, { table: code(table), rows: lost }));
  return [time, ...rows];
}

function expectedLines(
  { expected }: RestorePlan['shown'],
  locale: Locale,
  none: (locale: Locale) => string,
): readonly string[] {
  const { downtimeSeconds, totalSeconds, from } = expected;
  const lines = [
    ...(downtimeSeconds === null
      ? []
      : [texts.expectedDowntime(locale, { length: showDuration(downtimeSeconds, locale) })]),
    ...(totalSeconds === null
      ? []
      : [texts.expectedTotal(locale, { length: showDuration(totalSeconds, locale), from })]),
  ];
  return lines.length === 0 ? [none(locale)] : lines;
}

function stepsOf({ plan, locale }: Situation): Block[] {
  const steps = plan?.bound.steps ?? [];
  return [section(bold(texts.steps(locale, { steps: steps.length }))), ...plainStages(stagesOf(steps), locale)];
}

function decision(situation: Situation): Block[] {
  const { state, locale, now } = situation;
  const policy = state.request?.policy;
  const { plan } = state;
  if (!policy || !plan) return [];
  const pointer = `${state.id}:${plan.digest}`;
  const { votes } = state;
  const { required } = policy;
  const { expiresAt } = plan;
  const open = secondsBetween(now, expiresAt) > 0;
  return [
    section(voteLines(situation, policy, { votes, expiresAt, required }).join('\n')),
    ...(open
      ? [
          actions('decide', [
            button(approveAction, texts.approve(locale), pointer, 'primary'),
            button(denyAction, texts.deny(locale), pointer, 'danger'),
            ...cancelButton(situation),
          ]),
        ]
      : []),
  ];
}
