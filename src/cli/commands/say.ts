import { describeError } from '../../messages/index.ts';
import { waysOutTexts } from '../../messages/ways-out.ts';
import { asTyped } from '../card-text.ts';
import { whoAmI } from '../person.ts';
import { document, exits, type Session } from '../terminal.ts';

/** What one person may say to an operation that is under way or parked. */
export async function say(session: Session, what: 'cancel' | 'retry', operation: string): Promise<number> {
  const { terminal, io, locale, json } = session;
  const human = await whoAmI(terminal.settings, terminal.identity);
  const answer = await terminal.requests[what]({ operation, human });
  if (answer.kind === 'counted') {
    if (json) document(session, { ok: true, operation, said: what });
    else io.out(waysOutTexts[what === 'cancel' ? 'cancelled' : 'retried'](locale));
    return exits.succeeded;
  }
  const { code, params } = answer;
  const described = describeError(locale, { code, params });
  const [what_, hint] = [asTyped(described.what), asTyped(described.hint)];
  if (json) document(session, { ok: false, error: { code, params, what: what_, hint } });
  else io.err(`${what_}\n${hint} (${code})`);
  return exits.failed;
}
