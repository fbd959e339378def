import { setTimeout as sleep } from 'node:timers/promises';
import { PitcrewError } from '../../domain/errors.ts';
import type { OperationState } from '../../domain/state.ts';
import { instant } from '../../domain/time.ts';
import type { Waiting } from '../../engine/pass.ts';
import { cliTexts as texts } from '../../messages/cli.ts';
import { describeError } from '../../messages/index.ts';
import { plainText } from '../card-text.ts';
import { openDesk } from '../desk.ts';
import { gatesHere } from '../gates.ts';
import { takesWords, takeVote } from '../take-vote.ts';
import { type Driver, exits, type Session } from '../terminal.ts';
import { createWatch, exitOf, type Watch } from '../watch.ts';

/** How long nothing is written before an operation counts as left by whoever had it: the queue's own measure of a dead worker. */
const quietSeconds = 30;
const lookAgainMs = 1_000;
/** After an answer that only a later try can better. */
const retrySeconds = 5;

/** Drives one operation to its end as a worker does, and takes the words of approvers meanwhile. */
export async function run(session: Session, operation: string, quiet = quietSeconds): Promise<number> {
  const { terminal, io, locale } = session;
  const first = await terminal.requests.state(operation);
  const watch = createWatch(session);
  const driving = createDriving(session, operation, watch);
  const unlisten = io.onInterrupt(driving.interrupt);
  const desk =
    takesWords(terminal.settings) && first.phase !== 'closed'
      ? await openDesk(terminal.shelf, operation, terminal.identity, (word, caller) => takeVote(terminal, word, caller))
      : undefined;
  if (!session.json) {
    io.out(texts.driving(locale));
    io.out(desk ? texts.deskOpen(locale, { operation }) : texts.noDesk(locale));
  }
  try {
    for (;;) {
      const state = await turn(session, driving, operation, quiet);
      if (state && isOver(session, state)) return exitOf(state);
      if (driving.isStopping()) {
        io.live('');
        io.err(texts.stopped(locale, { operation }));
        return exits.interrupted;
      }
      await desk?.serve().catch(retryLater(session));
      await driving.pause(lookAgainMs);
    }
  } finally {
    unlisten();
    await desk?.close().catch(() => undefined);
  }
}

/** A parked one is left alone, unless people decide whether it is given up, or have. */
function isOver({ io }: Session, state: OperationState): boolean {
  const { phase, supersede } = state;
  if (phase !== 'parked') return phase === 'closed';
  return supersede?.decision !== 'approved' && !gatesHere.supersede.isOpen(state, instant(io.now()));
}

interface Driving {
  readonly driver: Driver;
  readonly watch: Watch;
  readonly signal: AbortSignal;
  interrupt(): void;
  isStopping(): boolean;
  /** Until then nothing has to be looked at, unless somebody appends. */
  due: { atMs: number; n: number; waiting: readonly Waiting[] };
  /** What was seen of somebody else's run, and since when. */
  foreign: { n: number; sinceMs: number } | undefined;
  pause(ms: number): Promise<void>;
}

/** Ctrl-C lets the step at hand end: the run's signal is given once an outcome stands. A second one doesn't wait. */
function createDriving(session: Session, operation: string, watch: Watch): Driving {
  const { terminal, io, locale } = session;
  const over = new AbortController();
  const pausing = new AbortController();
  let stopAfter: number | undefined;
  const driver = terminal.driver({
    changed(waiting) {
      const state = driver.known(operation);
      void watch.see(state, waiting).catch(() => undefined);
      if (stopAfter !== undefined && outcomesOf(state) > stopAfter) over.abort();
    },
    failed(step, error) {
      if (error instanceof PitcrewError) return;
      io.err(`${step}: ${error instanceof Error ? error.name : 'error'}`);
    },
  });
  return {
    driver,
    watch,
    signal: over.signal,
    interrupt() {
      pausing.abort();
      if (stopAfter !== undefined) return over.abort();
      stopAfter = outcomesOf(driver.known(operation));
      io.live('');
      io.err(texts.stopping(locale));
    },
    isStopping: () => stopAfter !== undefined,
    due: { atMs: 0, n: -1, waiting: [] },
    foreign: undefined,
    pause: (ms) =>
      sleep(ms, undefined, { signal: pausing.signal }).then(
        () => undefined,
        () => undefined,
      ),
  };
}

/** How often something came out, well or not. */
const outcomesOf = ({ steps }: OperationState) =>
  steps.reduce((all, { status, failures }) => all + failures + (status === 'done' || status === 'undone' ? 1 : 0), 0);

/** One look, and a pass where one is due and nobody else is at it. @returns the state after it, if the ledger answered */
async function turn(
  session: Session,
  driving: Driving,
  operation: string,
  quiet: number,
): Promise<OperationState | undefined> {
  const { terminal } = session;
  const { driver, watch, due } = driving;
  try {
    const state = await terminal.requests.state(operation);
    await watch.see(state, state.n === due.n ? due.waiting : []);
    const leftAlone = state.phase === 'parked' && state.supersede?.decision !== 'approved';
    if (leftAlone || driving.isStopping()) return state;
    if (isElsewhere(session, driving, state, quiet)) return state;
    if (state.n === due.n && performance.now() < due.atMs) return state;
    const pass = await driver.pass(operation, driving.signal);
    const after = await terminal.requests.state(operation);
    if (pass.kind === 'fenced') driving.foreign = { n: after.n, sinceMs: performance.now() };
    const seconds = pass.kind === 'wait' ? pass.seconds : retrySeconds;
    const waiting = pass.kind === 'wait' ? pass.waiting : [];
    driving.due = { atMs: performance.now() + seconds * 1000, n: after.n, waiting };
    await watch.see(after, waiting);
    return after;
  } catch (error) {
    retryLater(session)(error);
    await driving.pause(retrySeconds * 1000);
    return undefined;
  }
}

/** Whether somebody else's run has the operation and is alive, by what it writes. Taking it from a live one helps nobody. */
function isElsewhere({ io, locale, json }: Session, driving: Driving, state: OperationState, quiet: number): boolean {
  const under = state.phase === 'running' || state.phase === 'undoing';
  if (!under || state.run === driving.driver.run) {
    driving.foreign = undefined;
    return false;
  }
  if (!driving.foreign && !json) io.out(texts.following(locale));
  if (driving.foreign?.n !== state.n) driving.foreign = { n: state.n, sinceMs: performance.now() };
  return performance.now() - driving.foreign.sinceMs < quiet * 1000;
}

/** What may pass is said and tried again; anything else ends the command. */
function retryLater({ io, locale }: Session): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof PitcrewError) || error.kind !== 'retryable') throw error;
    io.live('');
    io.err(plainText(describeError(locale, error).what));
  };
}
