import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PitcrewError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Environment } from '../../domain/settings.ts';
import type { Instant } from '../../domain/time.ts';
import { cliTexts as texts } from '../../messages/cli.ts';
import { orderFaults } from '../../messages/cli-help.ts';
import { whoAmI } from '../person.ts';
import { document, exits, type Session } from '../terminal.ts';
import { createWatch, exitOf } from '../watch.ts';

const lookAgainMs = 1_000;

export interface Wish {
  readonly operation: string;
  readonly environment: Environment;
  readonly args: JsonObject;
  readonly reason: string;
  /** Asked for by name and not yet meant: the person types the environment's name. */
  readonly confirm: boolean;
  readonly wait: boolean;
  /** Said before it is confirmed: the moments that were typed, three ways. */
  readonly shown?: readonly string[];
  readonly incidentAt?: Instant;
}

/** Records a request under the identity of whoever sits here, and follows it to its end. */
export async function ask(session: Session, wish: Wish): Promise<number> {
  const { terminal, io, locale, json } = session;
  const { name } = wish.environment;
  if (!json) for (const line of wish.shown ?? []) io.out(line);
  if (wish.confirm) {
    if (!io.isTty || json) {
      io.err(orderFaults.confirmMissing(locale));
      return exits.usage;
    }
    if ((await io.ask(texts.confirm(locale, { environment: name }))).trim() !== name) {
      io.err(texts.notConfirmed(locale));
      return exits.usage;
    }
  }
  const requester = await whoAmI(terminal.settings, terminal.identity);
  const { operation } = await terminal.requests.request({
    team: 'aws',
    requester,
    delivery: randomUUID(),
    operation: wish.operation,
    environment: name,
    args: wish.args,
    reason: wish.reason,
    channel: wish.environment.channels.incident,
    ...(wish.incidentAt ? { incidentAt: wish.incidentAt } : {}),
  });
  const told = terminal.wasTold();
  if (json) document(session, { type: 'recorded', operation, workerTold: told });
  else
    io.out(
      `${texts.recorded(locale, { operation })} ${told ? texts.workerTold(locale) : texts.nobodyTold(locale, { operation })}`,
    );
  return wish.wait ? follow(session, operation) : exits.succeeded;
}

/** Watches until it is over, waits for a person, or whoever watches goes away. */
async function follow(session: Session, operation: string): Promise<number> {
  const { terminal, io, locale } = session;
  const gone = new AbortController();
  const unlisten = io.onInterrupt(() => gone.abort());
  const watch = createWatch(session);
  try {
    for (;;) {
      const state = await terminal.requests.state(operation).catch(absent);
      if (state) await watch.see(state);
      if (state?.phase === 'closed' || state?.phase === 'parked') return exitOf(state);
      await sleep(lookAgainMs, undefined, { signal: gone.signal }).catch(() => undefined);
      if (!gone.signal.aborted) continue;
      io.live('');
      io.err(texts.goesOn(locale, { operation }));
      return exits.interrupted;
    }
  } finally {
    unlisten();
  }
}

/** A ledger that doesn't answer right now is looked at again. */
function absent(error: unknown): undefined {
  if (error instanceof PitcrewError && error.kind === 'retryable') return undefined;
  throw error;
}
