import { userError } from '../../domain/errors.ts';
import type { OperationState } from '../../domain/state.ts';
import { cliTexts as texts } from '../../messages/cli.ts';
import { orderFaults } from '../../messages/cli-help.ts';
import { describeError } from '../../messages/index.ts';
import { shortDigest } from '../../slack/views/approval.ts';
import { asTyped } from '../card-text.ts';
import { giveWord } from '../desk.ts';
import { findingsText, planText, situationOf } from '../situations.ts';
import { document, exits, type Session } from '../terminal.ts';

export interface Decision {
  readonly operation: string;
  readonly gate: 'start' | 'findings';
  readonly decision: 'approve' | 'deny';
  readonly reason: string;
  /** The first digits of what is decided on, as it was seen. */
  readonly digest?: string;
}

/**
 * One person's word on what stands at the gate right now, signed with their own credentials. It is recorded by the
 * `pitcrew run` that drives the operation, or not at all.
 */
export async function decide(session: Session, given: Decision): Promise<number> {
  const { terminal, io, locale, json } = session;
  const { operation, gate, decision, reason } = given;
  const state = await terminal.requests.state(operation);
  const digest = gate === 'findings' ? state.findings?.digest : state.plan?.digest;
  if (!digest) throw userError(gate === 'findings' ? 'findings.not-asked' : 'approval.no-plan');
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
  const refused = { code: answer.code ?? 'unexpected', params: answer.params ?? {} };
  const { what, hint } = describeError(locale, refused);
  if (json) document(session, { ok: false, error: { ...refused, what: asTyped(what), hint: asTyped(hint) } });
  else io.err(`${asTyped(what)}\n${asTyped(hint)} (${refused.code})`);
  return exits.failed;
}

/** At least as many digits as cards show. */
const isMeant = (typed: string, digest: string) =>
  typed.length >= shortDigest(digest).length && digest.startsWith(typed.toLowerCase());

/** Nobody decides on what they have not seen: it is shown, and its first digits are typed. */
async function confirmed(
  session: Session,
  state: OperationState,
  gate: Decision['gate'],
  digest: string,
): Promise<boolean> {
  const { io, locale } = session;
  const situation = await situationOf(session, state);
  io.out(`${gate === 'findings' ? findingsText(situation) : planText(situation)}\n`);
  return isMeant((await io.ask(texts.confirmDigest(locale, { digest: shortDigest(digest) }))).trim(), digest);
}
