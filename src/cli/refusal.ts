import type { JsonObject } from '../domain/json.ts';
import { describeError } from '../messages/index.ts';
import { plainText } from './card-text.ts';
import { document, exits, type Session } from './terminal.ts';

interface Refused {
  readonly code: string;
  readonly params: JsonObject;
}

/** Where Slack isn't asked, who is in its groups is not unknown for a moment: nobody named by one can be told at all. */
const codesHere: Readonly<Record<string, string>> = { 'approval.group-unreadable': 'terminal.group-only' };

/** Says why a word does not count. @returns the exit code */
export function tellRefusal(session: Session, { code: given, params }: Refused): number {
  const { io, locale, json } = session;
  const code = codesHere[given] ?? given;
  const described = describeError(locale, { code, params });
  const [what, hint] = [plainText(described.what), plainText(described.hint)];
  if (json) document(session, { ok: false, error: { code, params, what, hint } });
  else io.err(`${what}\n${hint} (${code})`);
  return exits.failed;
}
