import { userError } from '../domain/errors.ts';
import type { OperationState } from '../domain/state.ts';
import { waysOutTexts as texts } from '../messages/ways-out.ts';
import type { VoteAnswer } from '../requests/requests.ts';
import { type Pointer, pointerOf } from './pointer.ts';
import { errorAnswer, said } from './views/answers.ts';
import { whatOf } from './views/approval.ts';
import { approvals } from './views/people.ts';
import { cancelModal, mayCancel, supersedeModal } from './views/ways-out.ts';
import { type Handling, openModal, type Visit } from './visit.ts';

const idShape = /^op-[0-9a-f]{12}$/;

/** @throws PitcrewError `request.unknown-id`: nothing that was typed goes further than this */
export function operationTyped(id: string): string {
  if (!idShape.test(id)) throw userError('request.unknown-id', { given: id.slice(0, 60) });
  return id;
}

/** A button's value that names an operation and nothing else. @throws PitcrewError `slack.bad-button` */
function operationPressed(value: string): string {
  if (!idShape.test(value)) throw userError('slack.bad-button');
  return value;
}

export type WayOut = 'cancel' | 'retry' | 'supersede';

/** Typed without an id, the one operation that it can mean is meant; of several, which one has to be said. */
export async function typedWayOut(
  given: Handling,
  visit: Visit,
  triggerId: string,
  way: WayOut,
  typed: string | undefined,
): Promise<void> {
  const state = typed === undefined ? await onlyOne(given, way) : await given.requests.state(operationTyped(typed));
  if (way === 'retry') return retry(given, visit, state.id);
  const what = whatOf({ state, locale: visit.locale });
  // What can't be done any more is said at once, with why: the dialog would only put it off.
  if (way === 'cancel' && !mayCancel(state) && state.phase !== 'parked') return cancel(given, visit, state.id);
  if (way === 'supersede' && state.phase !== 'parked')
    throw userError(state.phase === 'closed' ? 'operation.closed' : 'supersede.not-parked');
  const view = way === 'cancel' ? cancelModal : supersedeModal;
  await openModal(given, triggerId, view(state, visit.channel, what, visit.locale));
}

async function onlyOne({ requests }: Handling, way: WayOut): Promise<OperationState> {
  const open = await requests.open();
  const fitting = open.filter((state) => (way === 'cancel' ? mayCancel(state) : state.phase === 'parked'));
  const [only, ...others] = fitting;
  if (only && others.length === 0) return only;
  const known = fitting.map(({ id, request }) => `${id} (${request?.operation} ${request?.environment})`);
  throw userError(only ? 'command.which-operation' : 'command.no-operation', { command: way, known });
}

export async function cancel({ requests }: Handling, visit: Visit, operation: string): Promise<void> {
  await answered(visit, await requests.cancel({ operation: operationPressed(operation), human: visit.human }), () =>
    texts.cancelled(visit.locale),
  );
}

export async function retry({ requests }: Handling, visit: Visit, operation: string): Promise<void> {
  await answered(visit, await requests.retry({ operation: operationPressed(operation), human: visit.human }), () =>
    texts.retried(visit.locale),
  );
}

/** The button: why is asked in a dialog, since others decide by it. */
export async function askSupersede(given: Handling, visit: Visit, value: string, triggerId: string): Promise<void> {
  const operation = operationPressed(value);
  const state = await given.requests.state(operation);
  const what = whatOf({ state, locale: visit.locale });
  await openModal(given, triggerId, supersedeModal(state, visit.channel, what, visit.locale));
}

export async function supersede(
  { requests }: Handling,
  visit: Visit,
  operation: string,
  reason: string,
): Promise<void> {
  const word = { operation: operationPressed(operation), human: visit.human, reason };
  await answered(visit, await requests.supersede(word), () => texts.supersedeAsked(visit.locale));
}

/** A word on whether a parked operation is given up. */
export async function decideOnSupersede(
  { requests }: Handling,
  visit: Visit,
  value: string,
  decision: 'approve' | 'deny',
): Promise<void> {
  const pointer: Pointer = pointerOf(value);
  const answer = await requests.vote({ ...pointer, gate: 'supersede', human: visit.human, decision });
  await answered(visit, answer, ({ supersede: gate }) => {
    if (decision === 'deny') return texts.supersedeDenied(visit.locale);
    const counts = { votes: approvals(gate?.votes ?? []).length, required: gate?.policy.required ?? 0 };
    return gate?.decision === 'approved'
      ? texts.supersedeLast(visit.locale)
      : texts.supersedeCounted(visit.locale, counts);
  });
}

async function answered(
  { tell, locale }: Visit,
  answer: VoteAnswer,
  line: (state: OperationState) => string,
): Promise<void> {
  await tell(answer.kind === 'refused' ? errorAnswer(answer, locale) : said(line(answer.state)));
}
