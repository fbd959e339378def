import type { RecordedError } from '../../domain/errors.ts';
import type { Locale } from '../../domain/people.ts';
import type { ReplicaCount } from '../../domain/restore.ts';
import { workloadName } from '../../domain/settings.ts';
import { type OperationState, type SupersedeGate, stepState } from '../../domain/state.ts';
import { modalTexts } from '../../messages/answers.ts';
import { cleanupTexts } from '../../messages/cleanup.ts';
import { describeWait } from '../../messages/index.ts';
import { showClock } from '../../messages/units.ts';
import { waysOutTexts as texts } from '../../messages/ways-out.ts';
import {
  actions,
  type Block,
  type Button,
  button,
  confirmation,
  type Modal,
  modal,
  section,
  textInput,
} from './blocks.ts';
import { isCleanup } from './cleanup.ts';
import { longestReason } from './modals.ts';
import { code, escaped, mention, quiet } from './mrkdwn.ts';
import { voteLines, whoApproved } from './people.ts';
import { hasBegun } from './prestage.ts';
import { environmentName, outputOf, type Situation, timeZoneOf } from './situation.ts';

export const cancelAction = 'cancel-operation';
export const retryAction = 'retry-operation';
export const supersedeAction = 'supersede-operation';
export const giveUpAction = 'give-up-operation';
export const keepAction = 'keep-operation';

/** Whether somebody may still ask it to stop: nothing is handed over, and it isn't on its way back already. */
export function mayCancel({ phase, published, turnedBack, cancelAskedBy }: OperationState): boolean {
  const going = phase === 'requested' || phase === 'planned' || phase === 'approved' || phase === 'running';
  return going && !published && !turnedBack && !cancelAskedBy;
}

/** With Slack's own question before it: it stands where people look for other things. */
export function cancelButton({ state, locale }: Pick<Situation, 'state' | 'locale'>): readonly Button[] {
  if (!mayCancel(state)) return [];
  const said = {
    title: texts.cancelTitle(locale),
    text: whatCancelDoes(state, locale),
    yes: texts.cancelYes(locale),
    no: texts.no(locale),
  };
  return [button(cancelAction, texts.cancel(locale), state.id, undefined, confirmation(said, 'danger'))];
}

function whatCancelDoes(state: OperationState, locale: Locale): string {
  if (hasBegun({ state })) return texts.cancelRunning(locale);
  return state.steps.length > 0 ? texts.cancelPrestaged(locale) : texts.cancelBefore(locale);
}

/** Typed, it is asked for once more: an id is easily mistaken. */
export function cancelModal(state: OperationState, channel: string, what: string, locale: Locale): Modal {
  return modal({
    id: 'cancel-operation',
    title: texts.cancelTitle(locale),
    submit: texts.cancelYes(locale),
    close: texts.no(locale),
    carries: { operation: state.id, channel },
    blocks: [section(`${escaped(what)} · ${code(state.id)}\n${whatCancelDoes(state, locale)}`)],
  });
}

export function supersedeModal(state: OperationState, channel: string, what: string, locale: Locale): Modal {
  const environment = escaped(state.request?.environment ?? '?');
  return modal({
    id: 'supersede-operation',
    title: texts.supersedeTitle(locale),
    submit: texts.supersedeAsk(locale),
    close: modalTexts.close(locale),
    carries: { operation: state.id, channel },
    blocks: [
      section(`${escaped(what)} · ${code(state.id)}\n${texts.supersedeIntro(locale, { environment })}`),
      textInput({ id: 'reason', label: modalTexts.reason(locale), multiline: true, most: longestReason }),
    ],
  });
}

/** What people can do about a parked operation, and where they stand with it. */
export function parkedChoices(situation: Situation): Block[] {
  const { state, locale, now } = situation;
  const { supersede } = state;
  if (state.phase !== 'parked') return [];
  if (supersede?.decision === 'approved') return [section(approvedLines(situation).join('\n'))];
  const open = supersede && !supersede.decision && now <= supersede.expiresAt;
  const retry = button(retryAction, texts.retry(locale), state.id, 'primary');
  const giveUp = button(supersedeAction, texts.supersede(locale), state.id);
  const environment = escaped(environmentName(situation));
  return [
    section(
      [
        state.published ? retryOn(situation) : texts.retryBack(locale),
        texts.supersedeNote(locale, { environment }),
        ...(supersede && !open ? [overLine(supersede, locale)] : []),
      ].join('\n'),
    ),
    ...(open ? gateBlocks(situation, supersede) : []),
    actions('parked', open ? [retry] : [retry, giveUp]),
  ];
}

const retryOn = ({ state, locale }: Situation) => (isCleanup({ state }) ? cleanupTexts : texts).retryOn(locale);

function overLine({ decision, votes }: SupersedeGate, locale: Locale): string {
  if (decision !== 'denied') return texts.expiredLine(locale);
  return texts.deniedLine(locale, { who: mention(votes.at(-1)?.slackUser ?? '?') });
}

function approvedLines({ waiting, locale }: Situation): readonly string[] {
  const held = waiting.find(({ step }) => step === 'let-go');
  return [texts.approvedLine(locale), ...(held ? [escaped(describeWait(locale, held.because))] : [])];
}

function gateBlocks(situation: Situation, gate: SupersedeGate): Block[] {
  const { state, locale } = situation;
  const { policy, votes, askedBy, reason, expiresAt, digest } = gate;
  const until = showClock(expiresAt, timeZoneOf(situation));
  const { required } = policy;
  const pointer = `${state.id}:${digest}`;
  return [
    section(
      [
        texts.supersedeGate(locale, { who: mention(askedBy.slackUser), reason: quiet(reason), until }),
        ...voteLines(situation, policy, { votes, expiresAt, required }),
      ].join('\n'),
    ),
    actions('supersede', [
      button(giveUpAction, texts.supersedeApprove(locale), pointer, 'danger'),
      button(keepAction, texts.supersedeDeny(locale), pointer),
    ]),
  ];
}

/** What is to be done about an operation that was given up is not what parked it. */
export function givenUpError({ state }: Pick<Situation, 'state'>): RecordedError | undefined {
  return state.closed?.error?.code === 'operation.superseded' ? state.closed.error : undefined;
}

/** By whom it was given up, and what stays as it was because of that. */
export function givenUpLines({ state, locale }: Situation): readonly string[] {
  const { supersede } = state;
  if (!supersede || !givenUpError({ state })) return [];
  const people = whoApproved(supersede.votes, locale);
  const who = mention(supersede.askedBy.slackUser);
  const { workloads = [], guards = [] } = outputOf(state, 'record-application') ?? {};
  const stop = stepState(state, 'stop-application')?.status;
  const held = stop !== undefined && stop !== 'undone' && !isStarted(state);
  const schedules = workloads.filter(({ kind }) => kind === 'cron-job');
  const paused = [...guards, ...schedules].map(({ namespace, kind, name }) => code(`${namespace}/${kind}/${name}`));
  const stopped = workloads.filter(({ kind }) => kind !== 'cron-job').map(shown);
  return [
    texts.givenUp(locale, { who, people, reason: quiet(supersede.reason) }),
    ...(held && stopped.length > 0 ? [texts.leftStopped(locale, { names: stopped.join(', ') })] : []),
    ...(stop !== undefined && stop !== 'undone' && paused.length > 0
      ? [texts.leftPaused(locale, { names: paused.join(', ') })]
      : []),
  ];
}

const isStarted = (state: OperationState) => stepState(state, 'start-application')?.status === 'done';
const shown = ({ replicas, origin: _, ...workload }: ReplicaCount) => code(`${workloadName(workload)} (${replicas})`);
