import type { Gate } from '../domain/events.ts';
import type { CastVote, OperationState, StepState } from '../domain/state.ts';
import { instant, secondsBetween } from '../domain/time.ts';
import type { Waiting } from '../engine/pass.ts';
import { answerTexts } from '../messages/answers.ts';
import { cliTexts as texts } from '../messages/cli.ts';
import { describeError, describeWait } from '../messages/index.ts';
import { stepTitle } from '../messages/steps.ts';
import { showDuration } from '../messages/units.ts';
import { noted } from '../slack/views/progress.ts';
import { whereItStands } from '../slack/views/where-it-stands.ts';
import { cardText, plainText } from './card-text.ts';
import { gates, gatesHere } from './gates.ts';
import { gatesOpen, gateText, operationObject, planText, situationOf } from './situations.ts';
import { document, exits, type Session } from './terminal.ts';

/** Says what changed since it looked last: a line a change, the plan once, the end with its evidence. */
export interface Watch {
  see(state: OperationState, waiting?: readonly Waiting[]): Promise<void>;
}

export function createWatch(session: Session): Watch {
  let before: OperationState | undefined;
  let turn = Promise.resolve();
  return {
    // One after another: what changed is told once, and in its order.
    see(state, waiting = []) {
      const next = turn.then(async () => {
        if (before && state.n < before.n) return;
        await told(session, before, state);
        before = state;
        session.io.live(state.phase === 'closed' ? '' : liveLine(session, state, waiting));
      });
      turn = next.catch(() => undefined);
      return next;
    },
  };
}

async function told(session: Session, before: OperationState | undefined, state: OperationState): Promise<void> {
  const { io, json, locale } = session;
  const say = (line: string, what: object) => {
    const at = instant(io.now());
    if (json) document(session, { at, operation: state.id, ...what });
    else io.out(`${at.slice(11, 19)}  ${line}`);
  };
  const situation = await situationOf(session, state);
  if (state.plan && state.plan.digest !== before?.plan?.digest) {
    if (json) document(session, { type: 'planned', ...operationObject(situation) });
    else io.out(`\n${planText(session, situation)}\n`);
  }
  for (const one of votesSince(before, state)) say(voteLine(session, state, one), { type: 'vote', ...one });
  for (const { human, what, code } of state.refusals.slice(before?.refusals.length ?? 0)) {
    const why = plainText(describeError(locale, { code, params: {} }).what);
    say(texts.refused(locale, { who: `@${human.slackUser}`, what: why }), { type: 'refused', what, code });
  }
  if (before && before.phase !== state.phase && state.phase !== 'closed') {
    const phase = answerTexts.phases[state.phase](locale);
    say(texts.phase(locale, { phase }), { type: 'phase', phase: state.phase });
  }
  for (const step of state.steps) {
    const line = stepLine(
      session,
      before?.steps.find((one) => one.step === step.step),
      step,
    );
    if (line) say(line, { type: 'step', step: step.step, status: step.status, failures: step.failures });
  }
  const { now } = situation;
  const opened = gatesOpen(situation).filter((gate) => !before || !gatesHere[gate].isOpen(before, now));
  for (const gate of opened) {
    if (json) document(session, { type: gate, ...operationObject({ state }) });
    else io.out(`\n${gateText(session, situation, gate)}\n`);
  }
  const over = state.phase === 'closed' || state.phase === 'parked';
  if (!over || before?.phase === state.phase) return;
  if (json) document(session, { type: state.phase, ...operationObject({ state }) });
  else io.out(`\n${cardText(whereItStands(situation))}`);
}

const votesOf = ({ votes, findings, cutOver, supersede }: OperationState) => {
  const all: Readonly<Record<Gate, readonly CastVote[]>> = {
    start: votes,
    findings: findings?.votes ?? [],
    'cut-over': cutOver?.votes ?? [],
    supersede: supersede?.votes ?? [],
  };
  return gates.flatMap((gate) => all[gate].map((one) => ({ gate, ...one })));
};

const key = ({ gate, human, at }: { gate: string; human: string; at: string }) => `${gate} ${human} ${at}`;

function votesSince(before: OperationState | undefined, state: OperationState) {
  const known = new Set((before ? votesOf(before) : []).map(key));
  return votesOf(state)
    .filter((one) => !known.has(key(one)))
    .map(({ gate, slackUser, decision, at, human }) => ({ gate, slackUser, decision, at, human }));
}

function voteLine(
  { locale }: Session,
  state: OperationState,
  { gate, slackUser, decision }: { gate: Gate; slackUser: string; decision: string },
): string {
  const votes = votesOf(state).filter((one) => one.gate === gate && one.decision === 'approve').length;
  const { request, supersede } = state;
  const policy = gate === 'supersede' ? supersede?.policy : request?.policy;
  const required = (gate === 'cut-over' ? policy?.cutOver : policy?.required) ?? 0;
  return texts.voted(locale, { who: `@${slackUser}`, decision, votes, required });
}

function stepLine({ locale }: Session, before: StepState | undefined, step: StepState): string | undefined {
  const title = { step: stepTitle(locale, step.step) };
  if (step.failures > (before?.failures ?? 0) && step.error)
    return texts.stepFailed(locale, { ...title, what: plainText(describeError(locale, step.error).what) });
  if (before?.status === step.status) return undefined;
  switch (step.status) {
    case 'intended':
      return texts.stepBegun(locale, title);
    case 'done': {
      const seconds = secondsBetween(step.intendedAt, step.endedAt ?? step.intendedAt);
      return texts.stepDone(locale, { ...title, length: showDuration(seconds, locale) });
    }
    case 'undo-intended':
      return texts.undoing(locale, title);
    case 'undone':
      return texts.stepUndone(locale, title);
    default: {
      const never: never = step.status;
      return never;
    }
  }
}

/** What runs or waits right now, for how long. */
function liveLine({ locale, io }: Session, state: OperationState, waiting: readonly Waiting[]): string {
  const now = instant(io.now());
  const active = state.steps.filter(({ status }) => status === 'intended' || status === 'undo-intended');
  const parts = active.map(({ step, intendedAt, undoIntendedAt }) => {
    const because = waiting.find((one) => one.step === step)?.because ?? noted(state, step);
    const length = showDuration(secondsBetween(undoIntendedAt ?? intendedAt, now), locale);
    return `${stepTitle(locale, step)} ${length}${because ? ` · ${plainText(describeWait(locale, because))}` : ''}`;
  });
  return parts.length > 0 ? parts.join(' | ') : answerTexts.phases[state.phase](locale);
}

/** The exit code of an operation that is over, or waits for a person. */
export function exitOf({ closed }: OperationState): number {
  if (closed?.outcome === 'succeeded') return exits.succeeded;
  return closed?.outcome === 'expired' ? exits.waiting : exits.failed;
}
