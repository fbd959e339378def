import type { Gate } from '../domain/events.ts';
import type { Plan } from '../domain/plan.ts';
import type { Settings } from '../domain/settings.ts';
import type { OperationState } from '../domain/state.ts';
import { instant } from '../domain/time.ts';
import { cliTexts as texts, threadTexts } from '../messages/cli.ts';
import { shortDigest } from '../slack/views/approval.ts';
import { cutOverCard } from '../slack/views/cut-over.ts';
import { commandsDetail, settingsDetail } from '../slack/views/details.ts';
import { findingsCard } from '../slack/views/findings.ts';
import { restorePlan, type Situation } from '../slack/views/situation.ts';
import { whereItStands } from '../slack/views/where-it-stands.ts';
import { cardText } from './card-text.ts';
import { gates, gatesHere } from './gates.ts';
import type { Session } from './terminal.ts';

/** All that the cards of an operation are drawn from; the same for Slack and for here. */
export async function situationOf(
  { terminal, locale, io }: Session,
  state: OperationState,
  waiting: Situation['waiting'] = [],
): Promise<Situation> {
  const plan = state.plan ? await terminal.requests.plan(state.plan.digest) : undefined;
  const { environments } = terminal.settings;
  const name = state.request?.environment ?? '';
  const environment = Object.hasOwn(environments, name) ? environments[name] : undefined;
  const known: { plan?: Plan; environment?: NonNullable<typeof environment> } = {
    ...(plan ? { plan } : {}),
    ...(environment ? { environment } : {}),
  };
  return { state, waiting, locale, now: instant(io.now()), ...known };
}

/** The plan as people decide on it: the card, every step with its commands and its way back, every setting, the digest. */
export function planText({ terminal }: Pick<Session, 'terminal'>, situation: Situation): string {
  const { state, locale } = situation;
  const digest = shortDigest(state.plan?.digest ?? '');
  const decides = (state.request?.policy.required ?? 0) > 0 && state.phase === 'planned';
  return [
    threadTexts.reduce((text, { card, here }) => text.replaceAll(card, here), cardText(whereItStands(situation))),
    cardText(commandsDetail(situation)),
    ...(restorePlan(situation.plan) ? [cardText(settingsDetail(situation))] : []),
    ...(decides ? [texts.howToApprove(locale, { operation: state.id, digest })] : []),
    ...(decides ? tooFewHere(terminal.settings, situation) : []),
  ].join('\n\n');
}

/** That a plan which waits for approval can't get it from terminals alone is said before the night is over. */
function tooFewHere({ people }: Settings, { state, locale }: Situation): readonly string[] {
  const { request } = state;
  if (!request) return [];
  const { required, approverUsers, requesterCounts } = request.policy;
  const own = request.requester.slackUser;
  const here = approverUsers.filter(
    (user) => Object.hasOwn(people.identities ?? {}, user) && (requesterCounts || user !== own),
  ).length;
  return here < required ? [texts.tooFewHere(locale, { here, required })] : [];
}

/** What stands at a gate, as people decide on it. */
export function gateText(session: Pick<Session, 'terminal'>, situation: Situation, gate: Gate): string {
  if (gate === 'start') return planText(session, situation);
  const { state, locale } = situation;
  const cards = { findings: findingsCard, 'cut-over': cutOverCard, supersede: whereItStands } as const;
  const card = cards[gate](situation);
  const digest = shortDigest(gatesHere[gate].digest(state) ?? '');
  return [cardText(card), texts.howToDecide(locale, { operation: state.id, gate, digest })].join('\n\n');
}

/** The gates half-way that are open, and the one of a parked operation. */
export const gatesOpen = ({ state, now }: Pick<Situation, 'state' | 'now'>): readonly Gate[] =>
  gates.filter((gate) => gate !== 'start' && gatesHere[gate].isOpen(state, now));

/** An operation for a program: what the chain says, without who may read it being told more than the cards tell. */
export function operationObject({ state, plan }: Pick<Situation, 'state' | 'plan'>): object {
  const {
    id,
    phase,
    request,
    votes,
    approvedAt,
    startBy,
    steps,
    findings,
    cutOver,
    supersede,
    turnedBack,
    parked,
    closed,
  } = state;
  return {
    operation: id,
    phase,
    ...(request
      ? {
          kind: request.operation,
          environment: request.environment,
          requester: request.requester.slackUser,
          reason: request.reason,
          requestedAt: request.at,
          required: request.policy.required,
        }
      : {}),
    ...(state.plan ? { digest: state.plan.digest, expiresAt: state.plan.expiresAt } : {}),
    votes: votes.map(({ slackUser, decision, at }) => ({ slackUser, decision, at })),
    ...(approvedAt ? { approvedAt, startBy } : {}),
    steps: steps.map(({ step, status, failures, intendedAt, endedAt, error }) => ({
      step,
      status,
      failures,
      intendedAt,
      ...(endedAt ? { endedAt } : {}),
      ...(error ? { error: error.code } : {}),
    })),
    ...(findings
      ? { findings: { digest: findings.digest, until: findings.expiresAt, decision: findings.decision } }
      : {}),
    ...(cutOver ? { cutOver: { digest: cutOver.digest, until: cutOver.expiresAt, decision: cutOver.decision } } : {}),
    ...(supersede
      ? {
          supersede: {
            digest: supersede.digest,
            askedBy: supersede.askedBy.slackUser,
            reason: supersede.reason,
            until: supersede.expiresAt,
            decision: supersede.decision,
          },
        }
      : {}),
    ...(turnedBack ? { turnedBack: { step: turnedBack.step, error: turnedBack.error } } : {}),
    ...(parked ? { parked: parked.error } : {}),
    ...(closed ? { outcome: closed.outcome, service: closed.service, closedAt: closed.at, error: closed.error } : {}),
    ...(plan ? { plan } : {}),
  };
}
