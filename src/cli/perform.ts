import { PitcrewError, recorded, userError } from '../domain/errors.ts';
import type { Environment } from '../domain/settings.ts';
import { orderFaults } from '../messages/cli-commands.ts';
import { describeError } from '../messages/index.ts';
import { asTyped } from './card-text.ts';
import { ask } from './commands/ask.ts';
import { decide } from './commands/decide.ts';
import { list } from './commands/list.ts';
import { run } from './commands/run.ts';
import { say } from './commands/say.ts';
import { status, statusOf } from './commands/status.ts';
import type { Order } from './read-order.ts';
import { document, exits, type Session } from './terminal.ts';
import { rollbackOf, wishOf } from './wishes.ts';

/** Does what was asked for. @returns the exit code; what went wrong is told */
export async function perform(session: Session, order: Order): Promise<number> {
  try {
    return await done(session, order);
  } catch (error) {
    session.io.live('');
    tell(session, error);
    const waits = error instanceof PitcrewError && nobodyTook.has(error.code);
    return waits ? exits.waiting : exits.failed;
  }
}

/** Nothing is decided: it waits for a person as before. */
const nobodyTook: ReadonlySet<string> = new Set(['terminal.no-desk', 'terminal.no-answer']);

/** @throws PitcrewError whatever keeps it from being done */
async function done(session: Session, { name, word, values }: Order): Promise<number> {
  switch (name) {
    case 'list':
      return list(session, word === undefined ? all(session) : [session.terminal.requests.environment(word)]);
    case 'status':
      return word === undefined ? status(session) : statusOf(session, idOf(word));
    case 'snapshot':
    case 'dump':
    case 'restore':
    case 'pitr': {
      const environment = theOne(session, word);
      return environment ? ask(session, wishOf(session, name, environment, values)) : exits.usage;
    }
    case 'rollback':
      return ask(session, await rollbackOf(session, idOf(word ?? ''), values));
    case 'cancel':
    case 'retry':
      return say(session, name, idOf(word ?? ''));
    case 'approve':
    case 'deny': {
      const gate = values.gate === 'findings' ? 'findings' : 'start';
      const { digest, reason = '' } = values;
      const operation = idOf(word ?? '');
      return decide(session, { operation, gate, decision: name, reason, ...(digest ? { digest } : {}) });
    }
    case 'run':
      return run(session, idOf(word ?? ''));
    default: {
      const never: never = name;
      return never;
    }
  }
}

const all = ({ terminal }: Session): readonly Environment[] => Object.values(terminal.settings.environments);

/** As typed, else the only one there is. */
function theOne(session: Session, word: string | undefined): Environment | undefined {
  if (word !== undefined) return session.terminal.requests.environment(word);
  const [only, ...others] = all(session);
  if (only && others.length === 0) return only;
  const known = all(session).map(({ name }) => name);
  session.io.err(orderFaults.environmentMissing(session.locale, { known: known.join(', ') }));
  return undefined;
}

/** @throws PitcrewError `request.unknown-id` */
function idOf(word: string): string {
  if (/^op-[0-9a-f]{12}$/.test(word)) return word;
  throw userError('request.unknown-id', { given: word.slice(0, 60) });
}

function tell(session: Session, error: unknown): void {
  const { io, locale, json } = session;
  const { code, params } = recorded(error);
  const described = describeError(locale, { code, params });
  const [what, hint] = [asTyped(described.what), asTyped(described.hint)];
  if (json) document(session, { ok: false, error: { code, params, what, hint } });
  else io.err(`${what}\n${hint} (${code})`);
  // Ours: without where it happened nobody can mend it.
  if (!(error instanceof PitcrewError) && error instanceof Error) io.err(error.stack ?? error.message);
}
