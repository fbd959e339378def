import { userError } from '../../domain/errors.ts';
import type { Gate } from '../../domain/events.ts';
import type { OperationState } from '../../domain/state.ts';
import { cliTexts as texts } from '../../messages/cli.ts';
import { orderFaults } from '../../messages/cli-help.ts';
import { shortDigest } from '../../slack/views/approval.ts';
import { giveWord } from '../desk.ts';
import { gatesHere } from '../gates.ts';
import { tellRefusal } from '../refusal.ts';
import { gateText, situationOf } from '../situations.ts';
import { document, exits, type Session } from '../terminal.ts';

export interface Decision {
  readonly operation: string;
  readonly gate: Gate;
  readonly decision: 'approve' | 'deny';
  readonly reason: string;
  /** The first digits of what is decided on, as it was seen. */
  readonly digest?: string;
}

/**
 * One person's word on what stands at the gate right now, signed with their own credentials. It is recorded by the
 * worker, or the `pitcrew run`, that serves a desk for the operation, or not at all.
 */
export async function decide(session: Session, given: Decision): Promise<number> {
  const { terminal, io, locale, json } = session;
  const { operation, gate, decision, reason } = given;
  const state = await terminal.requests.state(operation);
  const { digest: digestAt, notAsked } = gatesHere[gate];
  const digest = digestAt(state);
  if (!digest) throw userError(notAsked);
  if (given.digest === undefined) {
    if (!io.isTty || json) {
      io.err(orderFaults.digestMissing(locale));
      return exits.usage;
    }
    if (!(await confirmed(session, state, gate, digest))) {
      io.err(texts.notConfirmed(locale));
      return exits.usage;
    }
  } else if (!isMeant(given.digest, digest))
    throw userError('terminal.other-digest', { operation, digest: shortDigest(digest) });
  const word = { operation, gate, digest, decision, reason };
  const answer = await giveWord(terminal.shelf, word, terminal.identity);
  if (answer.counted) {
    if (json) document(session, { ok: true, ...word });
    else io.out(texts.counted(locale));
    return exits.succeeded;
  }
  return tellRefusal(session, { code: answer.code ?? 'unexpected', params: answer.params ?? {} });
}

/** At least as many digits as cards show. */
const isMeant = (typed: string, digest: string) =>
  typed.length >= shortDigest(digest).length && digest.startsWith(typed.toLowerCase());

/** Nobody decides on what they have not seen: it is shown, and its first digits are typed. */
async function confirmed(session: Session, state: OperationState, gate: Gate, digest: string): Promise<boolean> {
  const { io, locale } = session;
  const situation = await situationOf(session, state);
  io.out(`${gateText(session, situation, gate)}\n`);
  return isMeant((await io.ask(texts.confirmDigest(locale, { digest: shortDigest(digest) }))).trim(), digest);
}
