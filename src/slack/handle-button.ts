import { userError } from '../domain/errors.ts';
import { answerTexts } from '../messages/answers.ts';
import type { VoteAnswer } from '../requests/requests.ts';
import { errorAnswer, said } from './views/answers.ts';
import { approveAction } from './views/approval.ts';
import { denyModal } from './views/modals.ts';
import { approvals } from './views/people.ts';
import { type Handling, openModal, type Visit } from './visit.ts';

export interface Pressed {
  readonly action: string;
  readonly value: string;
  readonly triggerId: string;
}

export interface Pointer {
  readonly operation: string;
  readonly digest: string;
}

/** A button's value is a pointer and nothing else. @throws PitcrewError `slack.bad-button` when it has another shape */
export function pointerOf(value: string): Pointer {
  const match = /^(op-[0-9a-f]{12}):([0-9a-f]{64})$/.exec(value);
  if (!match?.[1] || !match[2]) throw userError('slack.bad-button');
  return { operation: match[1], digest: match[2] };
}

/** Approve votes at once; Deny asks for the reason first. Everything is decided on the server by who pressed. */
export async function handleButton(given: Handling, visit: Visit, pressed: Pressed): Promise<void> {
  const pointer = pointerOf(pressed.value);
  if (pressed.action === approveAction) return approve(given, visit, pointer);
  await openModal(given, pressed.triggerId, denyModal(pressed.value, visit.channel, visit.locale));
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

/** The reason of a denial was sent. Whoever may not decide is told why, privately. */
export async function deny(given: Handling, visit: Visit, value: string, reason: string): Promise<void> {
  const { human, tell, locale } = visit;
  const answer: VoteAnswer = await given.requests.vote({ ...pointerOf(value), human, decision: 'deny', reason });
  if (answer.kind === 'refused') return tell(errorAnswer(answer, locale));
  const own = answer.state.request?.requester.id === human.id;
  await tell(said(own ? answerTexts.withdrawn(locale) : answerTexts.denied(locale)));
}
