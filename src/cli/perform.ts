import { PitcrewError, recorded, userError } from '../domain/errors.ts';
import type { Environment } from '../domain/settings.ts';
import type { OrderName } from '../messages/cli-commands.ts';
import { orderFaults } from '../messages/cli-help.ts';
import { describeError } from '../messages/index.ts';
import { plainText } from './card-text.ts';
import { ask } from './commands/ask.ts';
import { type Decision, decide } from './commands/decide.ts';
import { find } from './commands/find.ts';
import { history } from './commands/history.ts';
import { list } from './commands/list.ts';
import { report } from './commands/report.ts';
import { run } from './commands/run.ts';
import { say } from './commands/say.ts';
import { status, statusOf } from './commands/status.ts';
import { gates } from './gates.ts';
import type { Order } from './read-order.ts';
import { document, exits, type Session } from './terminal.ts';
import { type Asked, cleanupOf, rescueOf, rollbackOf, wishOf } from './wishes.ts';

/** Does what was asked for. @returns the exit code; what went wrong is told */
export async function perform(session: Session, order: Order): Promise<number> {
  try {
    return await handlers[order.name](session, order);
  } catch (error) {
    session.io.live('');
    tell(session, error);
    const waits = error instanceof PitcrewError && nobodyTook.has(error.code);
    return waits ? exits.waiting : exits.failed;
  }
}

/** Nothing is decided: it waits for a person as before. */
const nobodyTook: ReadonlySet<string> = new Set(['terminal.no-desk', 'terminal.no-answer']);

type Handler = (session: Session, order: Order) => Promise<number>;

/** Who does what was typed; what may be typed stands in messages/cli-commands.ts. */
const handlers: Readonly<Record<OrderName, Handler>> = {
  list: (session, { environment }) => list(session, oneOrAll(session, environment)),
  find: async (session, order) => {
    const environment = theOne(session, order.environment);
    return environment ? find(session, environment, order) : exits.usage;
  },
  status: (session, { operation }) => (operation === undefined ? status(session) : statusOf(session, idOf(operation))),
  snapshot: wished('snapshot'),
  dump: wished('dump'),
  adopt: wished('adopt'),
  verify: wished('verify'),
  history: (session, { environment }) => history(session, oneOrAll(session, environment)),
  restore: wished('restore'),
  pitr: wished('pitr'),
  rollback: async (session, { operation, values }) => ask(session, await rollbackOf(session, idOf(operation), values)),
  rescue: async (session, { operation, values }) => ask(session, await rescueOf(session, idOf(operation), values)),
  cleanup: async (session, { operation, values }) => ask(session, await cleanupOf(session, idOf(operation), values)),
  report: (session, { operation, values }) => report(session, idOf(operation), values.out),
  approve: decided('approve'),
  deny: decided('deny'),
  cancel: (session, { operation }) => say(session, 'cancel', idOf(operation)),
  retry: (session, { operation }) => say(session, 'retry', idOf(operation)),
  supersede: (session, { operation, values }) => say(session, 'supersede', idOf(operation), values.reason),
  run: (session, { operation }) => run(session, idOf(operation)),
};

/** Something that is asked for an environment. */
function wished(name: Asked): Handler {
  return async (session, order) => {
    const environment = theOne(session, order.environment);
    return environment ? ask(session, wishOf(session, name, environment, order)) : exits.usage;
  };
}

function decided(decision: Decision['decision']): Handler {
  return (session, { operation: typed, values }) => {
    const { gate = 'start', digest, reason = '' } = values;
    const at = gates.find((one) => one === gate) ?? 'start';
    return decide(session, { operation: idOf(typed), gate: at, decision, reason, ...(digest ? { digest } : {}) });
  };
}

const all = ({ terminal }: Session): readonly Environment[] => Object.values(terminal.settings.environments);

const oneOrAll = (session: Session, typed: string | undefined) =>
  typed === undefined ? all(session) : [session.terminal.requests.environment(typed)];

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
function idOf(word = ''): string {
  if (/^op-[0-9a-f]{12}$/.test(word)) return word;
  throw userError('request.unknown-id', { given: word.slice(0, 60) });
}

function tell(session: Session, error: unknown): void {
  const { io, locale, json } = session;
  const { code, params } = recorded(error);
  const described = describeError(locale, { code, params });
  const [what, hint] = [plainText(described.what), plainText(described.hint)];
  if (json) document(session, { ok: false, error: { code, params, what, hint } });
  else io.err(`${what}\n${hint} (${code})`);
  // Ours: without where it happened nobody can mend it.
  if (!(error instanceof PitcrewError) && error instanceof Error) io.err(error.stack ?? error.message);
}
