import { userError } from '../domain/errors.ts';
import { answerTexts } from '../messages/answers.ts';
import { cutOverTexts } from '../messages/cut-over.ts';
import type { VoteAnswer } from '../requests/requests.ts';
import { askCleanup } from './cleanup.ts';
import { decideOnCutOver } from './cut-over.ts';
import { recoverTo } from './find.ts';
import { pitrView } from './pitr-dialog.ts';
import { type Pointer, pointerOf } from './pointer.ts';
import { tellReport } from './report.ts';
import { drawn, read } from './restore-dialog.ts';
import { askRollback } from './rollback.ts';
import { againAction } from './views/again.ts';
import { errorAnswer, said } from './views/answers.ts';
import { approveAction, denyAction } from './views/approval.ts';
import { cleanupAction } from './views/cleanup.ts';
import { approveCutOverAction, keepBesideAction } from './views/cut-over.ts';
import { recoverActions } from './views/find.ts';
import { acceptAction, refuseAction } from './views/findings.ts';
import { denyModal, latest, type RestoreGiven, snapshotModal } from './views/modals.ts';
import { approvals } from './views/people.ts';
import { reportAction } from './views/report-button.ts';
import { rollbackAction } from './views/rollback.ts';
import { cancelAction, giveUpAction, keepAction, retryAction, supersedeAction } from './views/ways-out.ts';
import { environmentNamed, type Handling, openModal, openOnceRead, type Visit } from './visit.ts';
import { askSupersede, cancel, decideOnSupersede, retry } from './ways-out.ts';

/** Every button that a card of ours may carry. */
export const cardActions: readonly string[] = [
  approveAction,
  denyAction,
  acceptAction,
  refuseAction,
  approveCutOverAction,
  keepBesideAction,
  againAction,
  ...recoverActions,
  rollbackAction,
  cleanupAction,
  reportAction,
  cancelAction,
  retryAction,
  supersedeAction,
  giveUpAction,
  keepAction,
];

export interface Pressed {
  readonly action: string;
  readonly value: string;
  readonly triggerId: string;
}

/** Everything is decided on the server, by who pressed and by what stands. */
export async function handleButton(given: Handling, visit: Visit, pressed: Pressed): Promise<void> {
  const { action, value, triggerId } = pressed;
  if (recoverActions.includes(action)) return recoverTo(given, visit, value, triggerId);
  switch (action) {
    case approveAction:
      return approve(given, visit, pointerOf(value));
    case denyAction:
      pointerOf(value);
      await openModal(given, triggerId, denyModal(value, visit.channel, visit.locale));
      return;
    case acceptAction:
      return decideOnFindings(given, visit, pointerOf(value), 'approve');
    case refuseAction:
      return decideOnFindings(given, visit, pointerOf(value), 'deny');
    case approveCutOverAction:
      return decideOnCutOver(given, visit, pointerOf(value), 'approve');
    case keepBesideAction:
      return decideOnCutOver(given, visit, pointerOf(value), 'deny');
    case cancelAction:
      return cancel(given, visit, value);
    case retryAction:
      return retry(given, visit, value);
    case supersedeAction:
      return askSupersede(given, visit, value, triggerId);
    case giveUpAction:
      return decideOnSupersede(given, visit, value, 'approve');
    case keepAction:
      return decideOnSupersede(given, visit, value, 'deny');
    case rollbackAction:
      return askRollback(given, visit, triggerId, value);
    case cleanupAction:
      return askCleanup(given, visit, triggerId, { operation: value });
    case reportAction:
      return tellReport(given, visit, value);
    case againAction:
      return askAgain(given, visit, value, triggerId);
    default:
      throw userError('slack.bad-button');
  }
}

async function approve({ requests }: Handling, { human, tell, locale }: Visit, pointer: Pointer): Promise<void> {
  const answer = await requests.vote({ ...pointer, human, decision: 'approve' });
  if (answer.kind === 'refused') return tell(errorAnswer(answer, locale));
  const required = answer.state.request?.policy.required ?? 0;
  const votes = approvals(answer.state.votes).length;
  await tell(
    said(votes >= required ? answerTexts.voteLast(locale) : answerTexts.voteCounted(locale, { votes, required })),
  );
}

/** A word on what the verification found. Going back needs no reason: at that moment the findings are it. */
async function decideOnFindings(
  { requests }: Handling,
  { human, tell, locale }: Visit,
  pointer: Pointer,
  decision: 'approve' | 'deny',
): Promise<void> {
  const answer = await requests.vote({ ...pointer, gate: 'findings', human, decision });
  if (answer.kind === 'refused') return tell(errorAnswer(answer, locale));
  // Of a restore-first: nothing was stopped before its cut-over, so nothing goes back or starts. A dump beside has none.
  const serves = answer.state.steps.every(({ step }) => step !== 'stop-application' && step !== 'prove-swappable');
  if (decision === 'deny') return tell(said(serves ? cutOverTexts.kept(locale) : answerTexts.findingsDenied(locale)));
  const { findings, request } = answer.state;
  const required = request?.policy.required ?? 0;
  const votes = approvals(findings?.votes ?? []).length;
  await tell(
    said(
      findings?.decision === 'approved'
        ? (serves ? cutOverTexts.findingsLast : answerTexts.findingsLast)(locale)
        : (serves ? cutOverTexts.findingsCounted : answerTexts.findingsCounted)(locale, { votes, required }),
    ),
  );
}

/** The dialog of an operation that is over, filled in as it was asked for. What is asked then is a new request. */
async function askAgain(given: Handling, visit: Visit, value: string, triggerId: string): Promise<void> {
  if (!/^op-[0-9a-f]{12}$/.test(value)) throw userError('slack.bad-button');
  // The ledger may take longer than a trigger lives.
  await openOnceRead(given, visit, triggerId, async () => {
    const { request } = await given.requests.state(value);
    const environment = environmentNamed(given, request?.environment);
    if (!request || !environment)
      throw userError('request.unknown-environment', {
        given: request?.environment ?? '?',
        closest: [],
        known: Object.keys(given.settings.environments),
      });
    const { from, mode, onFailure, order, typed } = request.args;
    const before: Pick<RestoreGiven, 'reason' | 'order' | 'onFailure'> = {
      reason: request.reason,
      ...(order === 'stop-first' || order === 'restore-first' ? { order } : {}),
      ...(onFailure === 'return' || onFailure === 'stay-stopped' ? { onFailure } : {}),
    };
    if (request.operation === 'pitr')
      return pitrView(given, visit, environment, { ...before, to: typeof typed === 'string' ? typed : latest });
    if (request.operation !== 'restore')
      return snapshotModal({ channel: visit.channel }, [environment.name], visit.locale);
    return drawn(await read(given, environment), visit, environment, {
      ...before,
      from: typeof from === 'string' ? from : latest,
      ...(mode === 'beside' || mode === 'in-place' ? { mode } : {}),
    });
  });
}

/** The reason of a denial was sent. Whoever may not decide is told why, privately. */
export async function deny(given: Handling, visit: Visit, value: string, reason: string): Promise<void> {
  const { human, tell, locale } = visit;
  const answer: VoteAnswer = await given.requests.vote({ ...pointerOf(value), human, decision: 'deny', reason });
  if (answer.kind === 'refused') return tell(errorAnswer(answer, locale));
  const own = answer.state.request?.requester.id === human.id;
  await tell(said(own ? answerTexts.withdrawn(locale) : answerTexts.denied(locale)));
}
