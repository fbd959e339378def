import type { FailurePolicy } from '../../domain/plan.ts';
import { cutOverTexts, findingsWhileServingTexts } from '../../messages/cut-over.ts';
import { findingsTexts } from '../../messages/findings.ts';
import { besideFindingsTexts, inPlaceFindingsTexts, leaveTexts } from '../../messages/from-dump.ts';
import { showClock } from '../../messages/units.ts';
import { whatOf } from './approval.ts';
import {
  actions,
  type Block,
  button,
  confirmation,
  context,
  divider,
  header,
  type Message,
  message,
  section,
  sections,
} from './blocks.ts';
import { failedFindings, findingLine, knownFindings } from './checklist.ts';
import { code, escaped } from './mrkdwn.ts';
import { voteLines } from './people.ts';
import { runbookLine } from './runbooks.ts';
import {
  environmentName,
  isBeside,
  isInPlace,
  policyOf,
  type Situation,
  servesMeanwhile,
  timeZoneOf,
} from './situation.ts';
import { endedGateCard, endingFacts, type GateEnding, standOf } from './step-gate.ts';

export const acceptAction = 'accept-findings';
export const refuseAction = 'refuse-findings';

const findingsOnCard = 8;
const knownOnCard = 4;

const textsOf = (situation: Situation) => (isInPlace(situation) ? inPlaceFindingsTexts : findingsTexts);
const servingOf = (situation: Situation) => (isBeside(situation) ? besideFindingsTexts : findingsWhileServingTexts);

/** Over the live database the load has committed by now, so nothing goes back by itself. */
const ifDenied = (situation: Situation): FailurePolicy => (isInPlace(situation) ? 'stay-stopped' : policyOf(situation));

/** The card on which people decide whether the service is cut over with what the verification found. */
export function findingsCard(situation: Situation): Message {
  const { state, locale } = situation;
  const texts = textsOf(situation);
  const serving = servingOf(situation);
  const ended = endingOf(situation);
  if (ended) return endedGateCard(ended, [...evidence(situation), footer(situation)]);
  const environment = environmentName(situation);
  const failed = failedFindings(state).length;
  const until = showClock(state.findings?.expiresAt ?? situation.now, timeZoneOf(situation));
  const serves = servesMeanwhile(situation);
  const lead = serves ? serving : texts;
  const till = serves ? serving.until(locale, { until }) : texts.until(locale, { until, policy: ifDenied(situation) });
  return message(lead.fallback(locale, { environment, failed }), [
    header(texts.title(locale, { what: whatOf(situation) })),
    section(`${lead.stands(locale, { environment: escaped(environment), failed })}\n${till}`),
    ...evidence(situation),
    divider,
    ...decision(situation),
    footer(situation),
  ]);
}

const footer = ({ state, locale }: Situation) => context(findingsTexts.footer(locale, { operation: code(state.id) }));

/** What was found, by keys and counts; what was wrong before stands apart, so that nobody blames the restore for it. */
function evidence(situation: Situation): Block[] {
  const { state, locale } = situation;
  const texts = textsOf(situation);
  const listed = (title: string, all: ReturnType<typeof failedFindings>, most: number) => {
    if (all.length === 0) return [];
    const rest = all.length - most;
    return sections([
      title,
      ...all.slice(0, most).map((one) => findingLine(one, locale)),
      ...(rest > 0 ? [texts.moreInThread(locale, { count: rest })] : []),
    ]);
  };
  return [
    ...listed(texts.found(locale), failedFindings(state), findingsOnCard),
    ...listed(texts.known(locale), knownFindings(state), knownOnCard),
  ];
}

function decision(situation: Situation): Block[] {
  const { state } = situation;
  const { findings } = state;
  const policy = state.request?.policy;
  if (!findings || !policy) return [];
  const { votes, expiresAt } = findings;
  const { required } = policy;
  const runbooks = runbookLine(situation);
  return [
    section(choicesOf(situation)),
    section(
      [...voteLines(situation, policy, { votes, expiresAt, required }), ...(runbooks ? [runbooks] : [])].join('\n'),
    ),
    buttons(situation, `${state.id}:${findings.digest}`),
  ];
}

function choicesOf(situation: Situation): string {
  const { locale } = situation;
  const texts = textsOf(situation);
  const serving = servingOf(situation);
  if (servesMeanwhile(situation)) return `${serving.ifAccepted(locale)}\n${serving.ifDenied(locale)}`;
  const stay = ifDenied(situation) === 'stay-stopped';
  return `${texts.ifAccepted(locale)}\n${stay ? texts.ifStopped(locale) : texts.ifReturned(locale)}`;
}

function buttons(situation: Situation, pointer: string): Block {
  const { state, locale } = situation;
  if (servesMeanwhile(situation)) return buttonsWhileServing(situation, pointer);
  const texts = textsOf(situation);
  const stay = ifDenied(situation) === 'stay-stopped';
  const environment = environmentName(situation);
  const required = state.request?.policy.required ?? 0;
  const asked = { title: texts.confirmTitle(locale), no: texts.confirmNo(locale) };
  const accept = {
    ...asked,
    text: texts.confirmAccept(locale, { environment, failed: failedFindings(state).length, required }),
    yes: texts.confirmAcceptYes(locale),
  };
  const refuse = stay
    ? { ...asked, text: texts.confirmStay(locale, { environment }), yes: texts.confirmStayYes(locale) }
    : { ...asked, text: texts.confirmReturn(locale, { environment }), yes: texts.confirmReturnYes(locale) };
  const back = stay ? texts.stay(locale) : texts.goBack(locale);
  return actions('decide-findings', [
    button(acceptAction, texts.accept(locale), pointer, 'danger', confirmation(accept, 'danger')),
    button(refuseAction, back, pointer, undefined, confirmation(refuse)),
  ]);
}

/** Nothing is at stake yet: what follows is compared, and asked for on a card of its own. */
function buttonsWhileServing(situation: Situation, pointer: string): Block {
  const { state, locale } = situation;
  const serving = servingOf(situation);
  const asked = { title: findingsTexts.confirmTitle(locale), no: findingsTexts.confirmNo(locale) };
  const required = state.request?.policy.required ?? 0;
  const accept = {
    ...asked,
    text: serving.confirmAccept(locale, { failed: failedFindings(state).length, required }),
    yes: serving.confirmAcceptYes(locale),
  };
  const environment = environmentName(situation);
  const refusal = isBeside(situation)
    ? {
        label: leaveTexts.leave(locale),
        text: leaveTexts.confirm(locale, { environment }),
        yes: leaveTexts.confirmYes(locale),
      }
    : {
        label: cutOverTexts.keep(locale),
        text: cutOverTexts.confirmKeep(locale, { environment }),
        yes: cutOverTexts.confirmKeepYes(locale),
      };
  return actions('decide-findings', [
    button(acceptAction, serving.accept(locale), pointer, undefined, confirmation(accept)),
    button(refuseAction, refusal.label, pointer, undefined, confirmation({ ...asked, ...refusal })),
  ]);
}

/** How the question ended, or nothing while it is open. */
function endingOf(situation: Situation): GateEnding | undefined {
  const { state, locale } = situation;
  const { findings } = state;
  if (!findings) return undefined;
  const texts = textsOf(situation);
  const serving = servingOf(situation);
  const what = { what: whatOf(situation) };
  const policy = ifDenied(situation);
  const serves = servesMeanwhile(situation);
  const title = texts.deniedTitle(locale, what);
  const facts = endingFacts(situation, findings);
  const stand = standOf(situation, findings);
  switch (stand) {
    case 'open':
      return undefined;
    case 'approved': {
      const lead = serves ? serving : texts;
      return { title: lead.acceptedTitle(locale, what), line: lead.acceptedLine(locale, facts) };
    }
    case 'denied': {
      const denied = serves ? serving.denied : policy === 'stay-stopped' ? texts.deniedStay : texts.deniedReturn;
      return { title, line: denied(locale, facts) };
    }
    case 'ended':
      return { title, line: texts.endedLine(locale) };
    case 'expired': {
      const said = { ...facts, required: state.request?.policy.required ?? 0 };
      return { title, line: serves ? serving.expired(locale, said) : texts.expiredLine(locale, { ...said, policy }) };
    }
    default: {
      const never: never = stand;
      return never;
    }
  }
}
