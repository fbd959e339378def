import type { ComparedTable } from '../../domain/comparison.ts';
import type { OperationState } from '../../domain/state.ts';
import { termsOf } from '../../domain/step-gates.ts';
import { cutOverTexts as texts } from '../../messages/cut-over.ts';
import { showClock, showDuration } from '../../messages/units.ts';
import { whatOf } from './approval.ts';
import {
  actions,
  type Block,
  button,
  columns,
  confirmation,
  context,
  divider,
  header,
  type Message,
  message,
  section,
  sections,
} from './blocks.ts';
import { code, escaped } from './mrkdwn.ts';
import { voteLines } from './people.ts';
import { environmentName, outputOf, pointAt, restorePlan, type Situation, timeZoneOf } from './situation.ts';
import { endedGateCard, endingFacts, type GateEnding, standOf } from './step-gate.ts';

export const approveCutOverAction = 'approve-cut-over';
export const keepBesideAction = 'keep-beside';

const tablesOnCard = 10;

/** The comparison of a restore-first, on which people decide whether the service is cut over. */
export function cutOverCard(situation: Situation): Message {
  const { state, locale } = situation;
  const ended = endingOf(situation);
  if (ended) return endedGateCard(ended, [...comparison(situation), footer(situation)]);
  const environment = environmentName(situation);
  const until = showClock(state.cutOver?.expiresAt ?? situation.now, timeZoneOf(situation));
  const instance = code(outputOf(state, 'await-instance')?.id ?? '?');
  const stands = state.findings?.decision === 'approved' ? texts.standsWithFindings : texts.stands;
  return message(texts.fallback(locale, { environment, lost: lostRows(state) }), [
    header(texts.title(locale, { what: whatOf(situation) })),
    section(`${stands(locale, { environment: escaped(environment), instance })}\n${texts.until(locale, { until })}`),
    ...comparison(situation),
    divider,
    ...decision(situation),
    footer(situation),
  ]);
}

function footer({ state, locale }: Situation): Block {
  const seconds = showDuration(outputOf(state, 'compare')?.seconds ?? 0, locale);
  return context(texts.footer(locale, { operation: code(state.id), seconds }));
}

const lostRows = (state: OperationState) =>
  (outputOf(state, 'compare')?.tables ?? []).reduce((all, { lost }) => all + lost, 0);

/** Counts and times of the critical tables, live against restored, and how long the service would be down. */
function comparison(situation: Situation): Block[] {
  const { state, plan, locale, now } = situation;
  const found = outputOf(state, 'compare');
  if (!found) return [];
  const timeZone = timeZoneOf(situation);
  const point = showClock(pointAt({ state, plan }) ?? now, timeZone);
  const { tables, notCompared } = found;
  const { downtimeSeconds = null, from = 0 } = restorePlan(plan)?.shown.expected ?? {};
  const unseen = [...notCompared, ...tables.slice(tablesOnCard).map(({ table }) => table)].map(code).join(', ');
  const rest = sections([
    ...(unseen ? [texts.notCompared(locale, { tables: unseen })] : []),
    ...(tables.length + notCompared.length === 0 ? [texts.nothingCompared(locale)] : []),
    downtimeSeconds === null
      ? texts.downtimeUnknown(locale)
      : texts.downtime(locale, { length: showDuration(downtimeSeconds, locale), from }),
  ]);
  return [
    section(texts.compared(locale, { at: showClock(found.at, timeZone), point })),
    ...(tables.length > 0 ? columns(tables.slice(0, tablesOnCard).map((table) => tableLines(table, situation))) : []),
    ...rest,
  ];
}

function tableLines(compared: ComparedTable, situation: Situation): string {
  const { locale } = situation;
  const { table, before, after, newestLive, newestBeside } = compared;
  const clock = (at: string | null) => ({ at: at ? showClock(at, timeZoneOf(situation)) : texts.none(locale) });
  return [
    code(table),
    texts.rows(locale, { live: before, beside: after }),
    texts.lost(locale, compared),
    texts.back(locale, compared),
    // Neither says when its rows came where the table has no column for it.
    ...(newestLive || newestBeside
      ? [texts.newestLive(locale, clock(newestLive)), texts.newestBeside(locale, clock(newestBeside))]
      : []),
  ].join('\n');
}

function decision(situation: Situation): Block[] {
  const { state, locale } = situation;
  const { cutOver } = state;
  const policy = state.request?.policy;
  const terms = termsOf(policy, 'cut-over');
  if (!cutOver || !policy || !terms) return [];
  const { votes, expiresAt } = cutOver;
  const { required } = terms;
  return [
    section(`${texts.ifApproved(locale)}\n${texts.ifDenied(locale)}`),
    section(voteLines(situation, policy, { votes, expiresAt, required }).join('\n')),
    buttons(situation, `${state.id}:${cutOver.digest}`, required),
  ];
}

function buttons(situation: Situation, pointer: string, required: number): Block {
  const { state, locale } = situation;
  const environment = environmentName(situation);
  const asked = { title: texts.confirmTitle(locale), no: texts.confirmNo(locale) };
  const approve = {
    ...asked,
    text: texts.confirmApprove(locale, { environment, lost: lostRows(state), required }),
    yes: texts.confirmApproveYes(locale),
  };
  const keep = { ...asked, text: texts.confirmKeep(locale, { environment }), yes: texts.confirmKeepYes(locale) };
  return actions('decide-cut-over', [
    button(approveCutOverAction, texts.approve(locale), pointer, 'danger', confirmation(approve, 'danger')),
    button(keepBesideAction, texts.keep(locale), pointer, undefined, confirmation(keep)),
  ]);
}

/** How the question ended, or nothing while it is open. */
function endingOf(situation: Situation): GateEnding | undefined {
  const { state, locale } = situation;
  const { cutOver } = state;
  if (!cutOver) return undefined;
  const what = { what: whatOf(situation) };
  const title = texts.keptTitle(locale, what);
  const facts = endingFacts(situation, cutOver);
  const stand = standOf(situation, cutOver);
  switch (stand) {
    case 'open':
      return undefined;
    case 'approved':
      return { title: texts.approvedTitle(locale, what), line: texts.approvedLine(locale, facts) };
    case 'denied':
      return { title, line: texts.deniedLine(locale, facts) };
    case 'ended':
      return { title, line: texts.endedLine(locale) };
    case 'expired': {
      const required = termsOf(state.request?.policy, 'cut-over')?.required ?? 0;
      return { title, line: texts.expiredLine(locale, { ...facts, required }) };
    }
    default: {
      const never: never = stand;
      return never;
    }
  }
}
