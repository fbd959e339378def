import type { AuditEvent } from '../domain/audit.ts';
import type { Locale } from '../domain/people.ts';
import type { Plan } from '../domain/plan.ts';
import { isOnlyPrestaged } from '../domain/prestage.ts';
import type { Environment } from '../domain/settings.ts';
import { type OperationState, stepState } from '../domain/state.ts';
import type { Because } from '../domain/step.ts';
import { type Instant, secondsBetween } from '../domain/time.ts';
import type { CheckResult, VerificationReport } from '../domain/verification.ts';
import type { TalkState } from '../ledger/talk.ts';
import { auditLines } from './audit.ts';
import type { Urgency } from './pace.ts';

/** Both stop a service and have a loss: their environment's stakeholders hear of them. */
const isRestore = (operation: string | undefined) => operation === 'restore' || operation === 'pitr';

const stopsService = (operation: string) => isRestore(operation) || operation === 'rollback';

/** What one step waits for, as the worker said last. */
export interface Waiting {
  readonly step: string;
  readonly because: Because;
}

/** What a card is drawn from. */
export interface Situation {
  readonly state: OperationState;
  readonly plan?: Plan;
  readonly waiting: readonly Waiting[];
  readonly environment?: Environment;
  readonly locale: Locale;
  readonly now: Instant;
  /** The card's own channel, when that can't be written to and the card stands elsewhere. */
  readonly displacedFrom?: string;
}

export type Milestone = 'stopped' | 'asked' | 'verified' | 'back' | 'turned-back' | 'ended';

export type Card =
  | { readonly kind: 'approval'; readonly digest: string; readonly cardPlan?: Plan }
  | {
      readonly kind:
        | 'commands'
        | 'settings'
        | 'refused'
        | 'findings'
        | 'cut-over'
        | 'progress'
        | 'outcome'
        | 'checks'
        | 'stakeholders';
    }
  | { readonly kind: 'stakeholders-reply'; readonly milestone: Milestone }
  | { readonly kind: 'audit'; readonly event: AuditEvent };

/** A card that should stand, and where. */
export interface Surface {
  /** Its name in the chain of what stands where: `progress`, `approval:<digest>`. */
  readonly name: string;
  readonly card: Card;
  readonly channel: string;
  /** The surface in whose thread it stands. */
  readonly under?: string;
  /** Said once and never edited: replies, and what can't change. */
  readonly once: boolean;
  /** What people act by goes before what shows how far something is. */
  readonly urgency: Urgency;
  /** It stands in its channel or nowhere, and keeps nobody from anything. */
  readonly optional?: true;
}

/** A milestone that something later has overtaken is not news any more after this long. */
const staleMilestoneSeconds = 300;

const surface = (name: string, card: Card, channel: string): Surface => ({
  name,
  card,
  channel,
  once: false,
  urgency: card.kind === 'progress' ? 'change' : 'urgent',
});
const reply = (name: string, card: Card, root: Surface): Surface => ({
  name,
  card,
  channel: root.channel,
  under: root.name,
  once: true,
  urgency: 'change',
});

/** Every card that should stand for an operation in this state, in the order in which they should stand. Pure. */
export function surfacesOf(
  { state, environment, now }: Pick<Situation, 'state' | 'environment' | 'now'>,
  stands: TalkState['surfaces'],
): readonly Surface[] {
  const { request } = state;
  if (!request) return [];
  return [
    ...approvals(state, request.channel, stands),
    ...unstarted(state, request.channel),
    ...running(state, request.channel),
    ...findings(state, request.channel),
    ...cutOver(state, request.channel),
    ...(stopsService(request.operation) && environment ? stakeholders(state, environment, stands, now) : []),
    ...outcome(state, request.channel),
    ...auditLines(state, environment?.channels.audit),
  ];
}

const approvalName = (digest: string) => `approval:${digest}`;
const asked = ({ request }: OperationState) => (request?.policy.required ?? 0) > 0;

function approvals(state: OperationState, channel: string, stands: TalkState['surfaces']): readonly Surface[] {
  if (!asked(state)) return [];
  const current = state.plan?.digest;
  const older = Object.keys(stands).flatMap((name) => {
    const digest = name.startsWith('approval:') ? name.slice('approval:'.length) : current;
    return digest === undefined || digest === current ? [] : [surface(name, { kind: 'approval', digest }, channel)];
  });
  if (current === undefined) return older;
  const card = surface(approvalName(current), { kind: 'approval', digest: current }, channel);
  const restore = isRestore(state.request?.operation);
  return [
    ...older,
    card,
    reply(`commands:${current}`, { kind: 'commands' }, card),
    ...(restore ? [reply(`settings:${current}`, { kind: 'settings' }, card)] : []),
  ];
}

/** What is made while people decide is told on the card on which they do. */
const hasBegun = (state: OperationState) => state.steps.length > 0 && !isOnlyPrestaged(state);

/** Ended before there was a card on which to say so. */
function unstarted(state: OperationState, channel: string): readonly Surface[] {
  const said = asked(state) && state.plan !== undefined;
  return state.closed && !hasBegun(state) && !said ? [surface('refused', { kind: 'refused' }, channel)] : [];
}

/** People are asked only where there is something to ask about; the gate itself opens for every judgement. */
function findings(state: OperationState, channel: string): readonly Surface[] {
  if (!state.findings || !hasFindings(state)) return [];
  const card = surface('findings', { kind: 'findings' }, channel);
  return [card, reply('findings-checks', { kind: 'checks' }, card)];
}

/** With the comparison on it, which is what people decide by. */
function cutOver(state: OperationState, channel: string): readonly Surface[] {
  return state.cutOver ? [surface('cut-over', { kind: 'cut-over' }, channel)] : [];
}

function hasFindings(state: OperationState): boolean {
  const report = stepState(state, 'verify-database')?.output?.report as VerificationReport | undefined;
  const job = stepState(state, 'await-check-job')?.output?.result as CheckResult | undefined;
  return report?.outcome === 'fail' || job?.outcome === 'fail';
}

function running(state: OperationState, channel: string): readonly Surface[] {
  return hasBegun(state) ? [surface('progress', { kind: 'progress' }, channel)] : [];
}

function outcome(state: OperationState, channel: string): readonly Surface[] {
  // Once it is handed over people want to know how it went; what still runs is added to the card at the end.
  const handedOver = stepState(state, 'hand-over')?.output !== undefined;
  // A card that says it is parked stands already once people let it go on: it must not say so for ever.
  const said = state.closed ?? state.parked ?? state.resumed;
  // Before it began only what a person has to put right has a card of its own.
  const stuck = state.parked ?? state.resumed;
  if (!(hasBegun(state) || stuck) || (!said && !handedOver)) return [];
  const card = surface('outcome', { kind: 'outcome' }, channel);
  const verified = ['verify-database', 'check-database'].some((step) => stepState(state, step)?.output !== undefined);
  return [card, ...(verified ? [reply('checks', { kind: 'checks' }, card)] : [])];
}

/** The thread opens with the order to stop, or to swap: until then nobody outside the incident notices anything. */
function stakeholders(
  state: OperationState,
  { channels }: Environment,
  stands: TalkState['surfaces'],
  now: Instant,
): readonly Surface[] {
  if (!noticedStep(state)) return [];
  const reached = milestones(state);
  return channels.stakeholders.flatMap((channel) => {
    const root = surface(`stakeholders:${channel}`, { kind: 'stakeholders' }, channel);
    const replies = reached.flatMap(({ milestone, at }, index) => {
      const name = `${root.name}:${milestone}`;
      const stale = index < reached.length - 1 && secondsBetween(at, now) > staleMilestoneSeconds;
      return stale && !stands[name] ? [] : [reply(name, { kind: 'stakeholders-reply', milestone }, root)];
    });
    return [root, ...replies];
  });
}

const noticedStep = (state: OperationState) =>
  ['stop-application', 'swap-names', 'swap-back'].map((id) => stepState(state, id)).find((step) => step !== undefined);

/** Of what happened before the order to stop nobody outside the incident noticed anything. */
function milestones(state: OperationState): readonly { readonly milestone: Milestone; readonly at: Instant }[] {
  const noticed = noticedStep(state)?.intendedAt ?? '';
  return allMilestones(state).filter(({ at }) => at >= noticed);
}

function allMilestones(state: OperationState): readonly { readonly milestone: Milestone; readonly at: Instant }[] {
  const done = (step: string) => stepState(state, step)?.output && stepState(state, step)?.endedAt;
  const at = (milestone: Milestone, when: Instant | undefined) => (when ? [{ milestone, at: when }] : []);
  return [
    ...at('stopped', done('prove-stopped')),
    ...at('asked', hasFindings(state) ? state.findings?.opensAt : undefined),
    ...at('verified', done('judge-verification')),
    // Nothing was stopped for a swap of names, and nothing is brought back: how it ended is said once.
    ...at('turned-back', stepState(state, 'stop-application') ? state.turnedBack?.at : undefined),
    ...at(
      'back',
      state.turnedBack
        ? undefined
        : (done('prove-on-new') ??
            done('prove-back') ??
            done('prove-in-place') ??
            done('prove-swapped') ??
            done('prove-swapped-back')),
    ),
    ...at('ended', state.closed?.outcome === 'succeeded' ? undefined : (state.closed?.at ?? state.parked?.at)),
  ];
}
