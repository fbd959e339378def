import type { Settings } from '../domain/settings.ts';
import type { Requests } from '../requests/requests.ts';
import type { Answer, Word } from './desk.ts';
import { humanOf } from './person.ts';

/** What a desk does with a word. Who may say what is the use case's to decide; here only who it is. */
export async function takeVote(
  { settings, requests }: { readonly settings: Settings; readonly requests: Pick<Requests, 'vote'> },
  word: Word,
  principal: string,
): Promise<Answer> {
  const human = humanOf(settings, principal);
  const { reason, ...said } = word;
  const answer = await requests.vote({ ...said, human, principal, ...(reason ? { reason } : {}) });
  return answer.kind === 'counted' ? { counted: true } : { counted: false, code: answer.code, params: answer.params };
}

/** Whether anybody could say from a terminal who they are. */
export const takesWords = ({ people }: Settings): boolean => Object.keys(people.identities ?? {}).length > 0;
