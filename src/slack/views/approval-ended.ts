import { sameHuman, slashOf } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import { endedUnstarted } from '../../domain/prestage.ts';
import { approvalTexts } from '../../messages/approval.ts';
import { decidedNames, decisionTexts as texts } from '../../messages/decision.ts';
import { describeError } from '../../messages/index.ts';
import { showClock, showList } from '../../messages/units.ts';
import { againButton } from './again.ts';
import { shortDigest, summary, whatOf } from './approval.ts';
import { type Block, context, header, type Message, message, section } from './blocks.ts';
import { code, escaped, mention, quiet } from './mrkdwn.ts';
import { approvals, whoApproved } from './people.ts';
import { hasBegun, takenBackLines } from './prestage.ts';
import { askerOf } from './requested.ts';
import { type Situation, timeZoneOf } from './situation.ts';

/** The card after the decision, or after there was none: the same facts, no buttons, and how it ended on top. */
export function approvalEnded(situation: Situation): Message {
  const { title, lines } = ending(situation);
  return ended(situation, title, lines);
}

/** The card of a plan that is no longer the one to decide on. `situation.plan` is the old plan. */
export function approvalVoid(situation: Situation, digest: string, newer: Plan | undefined): Message {
  const { locale, plan } = situation;
  const names = plan && newer ? changed(plan, newer).map((name) => decidedNames[name]?.(locale) ?? name) : [];
  const said = names.length > 0 ? showList(names, locale) : texts.voidUnknown(locale);
  const title = texts.voidTitle(locale, { what: whatOf(situation) });
  return ended(situation, title, [texts.voidLine(locale, { changed: said })], digest);
}

function ended(situation: Situation, title: string, lines: readonly string[], digest?: string): Message {
  const { state, locale } = situation;
  const shown = code(shortDigest(digest ?? state.plan?.digest ?? ''));
  const blocks: Block[] = [
    header(title),
    section([...lines, ...(digest === undefined ? takenBackLines(situation) : [])].join('\n')),
    ...(state.plan ? summary(situation) : []),
    ...(digest === undefined ? againButton(situation) : []),
    context(approvalTexts.footer(locale, { operation: code(state.id), digest: shown })),
  ];
  return message(`${title}. ${lines[0] ?? ''}`, blocks);
}

/** Which of the decided things differ between two plans. */
function changed(old: Plan, newer: Plan): readonly string[] {
  const parts = ({ bound: { decided, ...rest } }: Plan): Record<string, unknown> => ({ ...rest, ...decided });
  const [a, b] = [parts(old), parts(newer)];
  return Object.keys({ ...a, ...b }).filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

interface Ending {
  readonly title: string;
  readonly lines: readonly string[];
}

function ending(situation: Situation): Ending {
  const { state, locale } = situation;
  const what = whatOf(situation);
  // While what was prestaged is taken back it is decided already how it ends.
  const outcome = endedUnstarted(state) ?? state.closed?.outcome;
  // Once it began it was approved, however it ended: a no or a time that passed were about its cut-over then.
  const begun = hasBegun(situation);
  if (state.phase === 'denied' || (outcome === 'denied' && !begun)) return denied(situation, what);
  if (outcome === 'expired' && !begun) return expired(situation, what);
  if (outcome === 'refused') return refused(situation, what);
  if (outcome === 'cancelled' && !begun)
    return {
      title: texts.cancelledTitle(locale, { what }),
      lines: [texts.cancelledLine(locale, { who: mention(state.cancelAskedBy?.split('/').at(-1) ?? '?') })],
    };
  if (outcome === 'abandoned')
    return { title: texts.refusedTitle(locale, { what }), lines: [texts.abandonedLine(locale)] };
  const at = showClock(state.approvedAt ?? situation.now, timeZoneOf(situation));
  const people = whoApproved(state.votes, locale);
  return { title: texts.approvedTitle(locale, { what }), lines: [texts.approvedLine(locale, { people, at })] };
}

function denied(situation: Situation, what: string): Ending {
  const { state, locale } = situation;
  const vote = state.votes.find(({ decision }) => decision === 'deny');
  const said = {
    who: mention(vote?.slackUser ?? '?'),
    at: showClock(vote?.at ?? situation.now, timeZoneOf(situation)),
  };
  const reason = vote?.reason ? [texts.because(locale, { reason: quiet(vote.reason) })] : [];
  return sameHuman(vote?.human, state.request?.requester.id)
    ? { title: texts.withdrawnTitle(locale, { what }), lines: [texts.withdrawnLine(locale, said), ...reason] }
    : { title: texts.deniedTitle(locale, { what }), lines: [texts.deniedLine(locale, said), ...reason] };
}

function expired(situation: Situation, what: string): Ending {
  const { state, locale, now } = situation;
  const timeZone = timeZoneOf(situation);
  const line = state.approvedAt
    ? texts.startedTooLate(locale, { until: showClock(state.startBy ?? now, timeZone) })
    : texts.expiredLine(locale, {
        votes: approvals(state.votes).length,
        required: state.request?.policy.required ?? 0,
        until: showClock(state.plan?.expiresAt ?? now, timeZone),
      });
  const command = code(commandOf(situation));
  return { title: texts.expiredTitle(locale, { what }), lines: [line, texts.askAgain(locale, { command })] };
}

/** What was typed, or would be: of an environment, or of an earlier operation. */
function commandOf({ state, locale }: Situation): string {
  const { operation = 'restore', environment = '?', args } = state.request ?? {};
  return `${slashOf(locale)} ${operation} ${typeof args?.of === 'string' ? args.of : environment}`;
}

function refused({ state, locale }: Situation, what: string): Ending {
  const { what: failed, hint } = describeError(
    locale,
    state.closed?.error ?? state.turnedBack?.error ?? { code: 'unexpected', params: {} },
  );
  return {
    title: texts.refusedTitle(locale, { what }),
    lines: [escaped(failed), texts.refusedLine(locale), texts.next(locale, { hint: escaped(hint) })],
  };
}

/** A request that never came to a plan, or could not be begun. */
export function refusedCard(situation: Situation): Message {
  const { state, locale } = situation;
  const { title, lines } = ending(situation);
  const asker = approvalTexts.asksOther(locale, {
    who: askerOf(situation),
    what: escaped(whatOf(situation)),
  });
  return message(`${title}. ${lines[0] ?? ''}`, [
    header(title),
    section(lines.join('\n')),
    context(`${asker} · ${code(state.id)}`),
  ]);
}
