import type { Locale } from '../../domain/people.ts';
import { secondsBetween } from '../../domain/time.ts';
import { approvalTexts as texts } from '../../messages/approval.ts';
import { showClock, showDuration, showInstant, showSize } from '../../messages/units.ts';
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
} from './blocks.ts';
import { cautions } from './cautions.ts';
import { bold, code, escaped, mention, quiet } from './mrkdwn.ts';
import { approvals, approvedBy, approvers } from './people.ts';
import { environmentName, isRestore, type RestorePlan, restorePlan, type Situation, timeZoneOf } from './situation.ts';
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
  return isRestore(situation)
    ? texts.restoreOf(situation.locale, { environment })
    : texts.snapshotOf(situation.locale, { environment });
}

/** The card on which people decide. Ages are as of the plan, so that the card changes only when something else does. */
export function approvalCard(situation: Situation): Message {
  const { state, plan, locale } = situation;
  const { request } = state;
  const what = whatOf(situation);
  const who = mention(request?.requester.slackUser ?? '?');
  const restore = restorePlan(plan);
  return message(texts.fallback(locale, { what, who }), [
    header(texts.title(locale, { what })),
    ...summary(situation),
    ...(restore ? cautions(situation, restore) : []),
    ...(plan ? stepsOf(situation) : []),
    divider,
    ...decision(situation),
    context(texts.footer(locale, { operation: code(state.id), digest: code(shortDigest(state.plan?.digest ?? '')) })),
  ]);
}

/** What is asked for, by whom and why, and what it costs: stands on the card for good, however it was decided. */
export function summary(situation: Situation): Block[] {
  const { state, plan, locale } = situation;
  const { request } = state;
  const who = mention(request?.requester.slackUser ?? '?');
  const why = texts.why(locale, { reason: request?.reason ? quiet(request.reason) : texts.noReason(locale) });
  const restore = restorePlan(plan);
  if (!restore) return [section(`${texts.asksOther(locale, { who, what: escaped(whatOf(situation)) })}\n${why}`)];
  const { utc, local, age } = pointShown(situation, restore);
  const asks = texts.asksRestore(locale, {
    who,
    environment: escaped(environmentName(situation)),
    to: local ? `${utc} (${local})` : utc,
    age,
  });
  const { loss } = restore.shown;
  const rows = loss.live === 'answers' && loss.tables.some((one) => one.rows !== null) ? sum(loss.tables) : null;
  const lost = texts.lossLine(locale, { length: showDuration(loss.seconds, locale), rows });
  const noWayBack = restore.shown.wayBack === 'none' ? [`⚠️  ${texts.sourceGone(locale)}`] : [];
  return [section([asks, lost, ...noWayBack, why].join('\n')), ...columns(facts(situation, restore))];
}

const sum = (tables: readonly { readonly rows: number | null }[]) =>
  tables.reduce((all, { rows }) => all + (rows ?? 0), 0);

/** The recovery point three ways, its age as of the plan. */
function pointShown({ state, locale, now, ...rest }: Situation, { decided }: RestorePlan) {
  return showInstant(decided.recoveryPoint.at, timeZoneOf(rest), state.plan?.at ?? now, locale);
}

function facts({ locale, state }: Situation, { decided, shown, bound }: RestorePlan): readonly string[] {
  const { recoveryPoint: point, source, targetId } = decided;
  const fact = (name: string, ...lines: readonly string[]) => [bold(name), ...lines].join('\n');
  const minutes = state.request?.policy.findingsWithinMinutes ?? 0;
  return [
    fact(
      texts.goesBackTo(locale),
      code(point.snapshotId),
      texts.pointKind(locale, {
        type: escaped(point.type),
        instance: code(point.instanceId),
        size: showSize(point.sizeGiB, locale),
        engine: escaped(point.engineVersion),
        encrypted: point.encrypted,
      }),
      texts.newInstance(locale, { instance: code(targetId) }),
    ),
    fact(texts.isLost(locale), ...lossLines(shown, locale)),
    fact(texts.expected(locale), ...expectedLines(shown, locale)),
    fact(
      texts.stopped(locale),
      ...shown.replicas.map(({ workload, replicas }) => texts.replicas(locale, { workload: code(workload), replicas })),
    ),
    fact(
      texts.ifItFails(locale),
      failureLine(shown, bound, locale),
      ...(minutes > 0 ? [texts.findingsAsked(locale, { minutes })] : []),
    ),
    fact(
      texts.isKept(locale),
      source ? texts.keptInstance(locale, { instance: code(source.id) }) : texts.keptNothing(locale),
    ),
  ];
}

function failureLine({ wayBack }: RestorePlan['shown'], { onFailure }: RestorePlan['bound'], locale: Locale): string {
  if (wayBack === 'none') return texts.failNothing(locale);
  return onFailure === 'return' ? texts.failReturn(locale) : texts.failStay(locale);
}

/** The tables that matter are few; past this many the rest stands in the thread. */
const tablesOnCard = 6;

function lossLines({ loss }: RestorePlan['shown'], locale: Locale): readonly string[] {
  const time = texts.lostTime(locale, { length: showDuration(loss.seconds, locale) });
  if (loss.live === 'not-available') return [time, texts.liveSilent(locale)];
  const rows = loss.tables
    .slice(0, tablesOnCard)
    .map(({ table, rows: lost }) => texts.lostRows(locale, { table: code(table), rows: lost }));
  return [time, ...rows];
}

function expectedLines({ expected }: RestorePlan['shown'], locale: Locale): readonly string[] {
  const { downtimeSeconds, totalSeconds, from } = expected;
  const lines = [
    ...(downtimeSeconds === null
      ? []
      : [texts.expectedDowntime(locale, { length: showDuration(downtimeSeconds, locale) })]),
    ...(totalSeconds === null
      ? []
      : [texts.expectedTotal(locale, { length: showDuration(totalSeconds, locale), from })]),
  ];
  return lines.length === 0 ? [texts.noPast(locale)] : lines;
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
  const timeZone = timeZoneOf(situation);
  const pointer = `${state.id}:${plan.digest}`;
  const until = showClock(plan.expiresAt, timeZone);
  const people = approvers(policy, locale);
  const { required, requesterCounts } = policy;
  const missing = Math.max(0, required - approvals(state.votes).length);
  const open = secondsBetween(now, plan.expiresAt) > 0;
  return [
    section(
      `${texts.whoDecides(locale, { required, people, requesterCounts, until })}\n${texts.approvedSoFar(locale, { people: approvedBy(state.votes, timeZone, locale), missing })}`,
    ),
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
