import { termsOf } from '../domain/step-gates.ts';
import { cutOverTexts as texts } from '../messages/cut-over.ts';
import type { Pointer } from './pointer.ts';
import { errorAnswer, said } from './views/answers.ts';
import { approvals } from './views/people.ts';
import type { Handling, Visit } from './visit.ts';

/** A word on the cut-over of a restore-first. Keeping it beside needs no reason: nothing is touched by it. */
export async function decideOnCutOver(
  { requests }: Handling,
  { human, tell, locale }: Visit,
  pointer: Pointer,
  decision: 'approve' | 'deny',
): Promise<void> {
  const answer = await requests.vote({ ...pointer, gate: 'cut-over', human, decision });
  if (answer.kind === 'refused') return tell(errorAnswer(answer, locale));
  if (decision === 'deny') return tell(said(texts.kept(locale)));
  const { cutOver, request } = answer.state;
  const required = termsOf(request?.policy, 'cut-over')?.required ?? 0;
  const votes = approvals(cutOver?.votes ?? []).length;
  await tell(said(cutOver?.decision === 'approved' ? texts.last(locale) : texts.counted(locale, { votes, required })));
}
