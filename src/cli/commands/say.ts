import { cliTexts as texts } from '../../messages/cli.ts';
import { waysOutTexts } from '../../messages/ways-out.ts';
import { whoAmI } from '../person.ts';
import { tellRefusal } from '../refusal.ts';
import { document, exits, type Session } from '../terminal.ts';

const answers = { cancel: 'cancelled', retry: 'retried', supersede: 'supersedeAsked' } as const;

/** What one person may say to an operation that is under way or parked; `reason` is what others decide by. */
export async function say(
  session: Session,
  what: keyof typeof answers,
  operation: string,
  reason = '',
): Promise<number> {
  const { terminal, io, locale, json } = session;
  const human = await whoAmI(terminal.settings, terminal.identity);
  const answer = await terminal.requests[what]({ operation, human, reason });
  if (answer.kind === 'refused') return tellRefusal(session, answer);
  if (json) document(session, { ok: true, operation, said: what });
  else {
    io.out(waysOutTexts[answers[what]](locale));
    if (what === 'supersede') io.out(texts.howToDecide(locale, { operation, gate: 'supersede' }));
  }
  return exits.succeeded;
}
