import type { OperationState } from '../domain/state.ts';
import type { Chains } from '../ledger/chain.ts';
import { operationChain } from '../ledger/operations.ts';
import { type TalkState, talkChain } from '../ledger/talk.ts';
import { type Drawable, type DrawingDependencies, draw, situationOf } from './drawing.ts';
import { Bucket, type SharedEdits, Turns } from './pace.ts';
import { freshMemory, type Memory, type Stand, type StandDependencies, stand, sweep } from './stand.ts';
import { type Surface, surfacesOf, type Waiting } from './surfaces.ts';
import { type Spot, type Transport, TransportError } from './transport.ts';

export interface NotifierPaces {
  /** The shortest time between two looks at one operation; what changes in between is drawn once. */
  readonly coalesceMs: number;
  /** How often a running operation's clock is moved while nothing happens. */
  readonly tickMs: number;
  readonly editsPerMinute: number;
  readonly editBurst: number;
  readonly postEveryMs: number;
  readonly claimMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** How often operations are looked for whose cards may not stand yet. */
  readonly catchUpMs: number;
}

export const defaultPaces: NotifierPaces = {
  coalesceMs: 2_000,
  tickMs: 10_000,
  // A minute that begins with a burst has both: 50 together, which is what Slack gives a whole workspace (Tier 3).
  editsPerMinute: 38,
  editBurst: 12,
  postEveryMs: 1_000,
  claimMs: 15_000,
  firstRetryMs: 1_000,
  longestRetryMs: 30_000,
  catchUpMs: 30_000,
};

export interface NotifierDependencies extends DrawingDependencies {
  readonly chains: Chains;
  /** Operations whose cards somebody still has to see to. Without it nothing is caught up after a restart. */
  readonly cards?: {
    list(): Promise<readonly { readonly operation: string }[]>;
    remove(operation: string): Promise<void>;
  };
  readonly transport: Transport;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
  readonly paces?: Partial<NotifierPaces>;
  /** The limit of edits that the other processes of the bot share. */
  readonly sharedEdits?: SharedEdits;
}

export interface Notifier {
  /**
   * Something changed: returns at once, throws nothing, and the cards follow. `waiting` is what the worker waits for;
   * left out by whoever doesn't know.
   */
  update(operation: string, waiting?: readonly Waiting[]): void;
  /** Where the newest card of an operation stands that people would open; `undefined` while there is none. */
  cardOf(operation: string): Promise<Spot | undefined>;
  /** Ends what is under way and draws no more. */
  close(): Promise<void>;
}

interface Watched extends Drawable {
  readonly operation: string;
  readonly memory: Memory;
  waiting: readonly Waiting[];
  changed: boolean;
  failures: number;
  lookedAtMs: number;
  timer: NodeJS.Timeout | undefined;
  dueAtMs: number;
  looking: Promise<void> | undefined;
  /** Ends the present look's wait for a token: what comes now may be more urgent. */
  interrupt: AbortController;
  swept: boolean;
}

/** How one look ended, and so when the next one is due. */
type Looked = 'stands' | 'running' | 'again' | 'over' | { readonly failed: unknown };

/** Keeps the cards of operations true. Nobody waits for it: what fails is logged and tried again with the newest state. */
export function createNotifier(given: NotifierDependencies): Notifier {
  const paces = { ...defaultPaces, ...given.paces };
  const ending = new AbortController();
  const edits = new Bucket({
    perMinute: paces.editsPerMinute,
    burst: paces.editBurst,
    ...(given.sharedEdits ? { shared: given.sharedEdits } : {}),
  });
  const standing: StandDependencies = {
    chains: given.chains,
    transport: given.transport,
    edits,
    posts: new Turns(paces.postEveryMs),
    claimMs: paces.claimMs,
    signal: ending.signal,
  };
  const watched = new Map<string, Watched>();

  const watch = (operation: string): Watched => {
    const known = watched.get(operation);
    if (known) return known;
    const fresh: Watched = {
      operation,
      memory: freshMemory(),
      plans: new Map(),
      waiting: [],
      changed: false,
      failures: 0,
      lookedAtMs: Number.NEGATIVE_INFINITY,
      timer: undefined,
      dueAtMs: Number.POSITIVE_INFINITY,
      looking: undefined,
      interrupt: new AbortController(),
      swept: false,
    };
    watched.set(operation, fresh);
    return fresh;
  };

  const schedule = (one: Watched, inMs: number) => {
    if (ending.signal.aborted || one.looking) return;
    const dueAtMs = performance.now() + Math.max(0, inMs);
    if (one.timer && one.dueAtMs <= dueAtMs) return;
    clearTimeout(one.timer);
    one.dueAtMs = dueAtMs;
    one.timer = setTimeout(() => begin(one), Math.max(0, inMs));
  };

  const begin = (one: Watched) => {
    one.timer = undefined;
    one.dueAtMs = Number.POSITIVE_INFINITY;
    one.changed = false;
    one.lookedAtMs = performance.now();
    one.interrupt = new AbortController();
    const signal = AbortSignal.any([ending.signal, one.interrupt.signal]);
    one.looking = look(given, standing, one, signal)
      .catch((failed: unknown): Looked => (one.interrupt.signal.aborted ? 'again' : { failed }))
      .then((looked) => {
        one.looking = undefined;
        next(one, looked);
      });
  };

  const next = (one: Watched, looked: Looked) => {
    if (ending.signal.aborted) return;
    const soon = one.lookedAtMs + paces.coalesceMs - performance.now();
    if (typeof looked === 'object') {
      one.failures += 1;
      given.log.warn('cards could not be brought up to date', { operation: one.operation, error: looked.failed });
      return schedule(one, retryMs(paces, one.failures, looked.failed));
    }
    one.failures = 0;
    if (one.changed || looked === 'again') return schedule(one, soon);
    if (looked === 'running') return schedule(one, edits.spare() ? paces.tickMs : paces.tickMs * 3);
    if (looked === 'over') watched.delete(one.operation);
  };

  const catchUp = async () => {
    try {
      for (const { operation } of (await given.cards?.list()) ?? []) schedule(watch(operation), 0);
    } catch (error) {
      given.log.warn('operations without cards could not be listed', { error });
    }
  };
  const catchingUp = setInterval(catchUp, paces.catchUpMs);
  void catchUp();

  return {
    update(operation, waiting) {
      if (ending.signal.aborted) return;
      const one = watch(operation);
      if (waiting) one.waiting = waiting;
      one.changed = true;
      // Tokens that are long in coming are waited for again, with the newest state and what is urgent of it first.
      if (one.looking && performance.now() - one.lookedAtMs > paces.coalesceMs) one.interrupt.abort();
      // A failure is retried in its own time: a burst of changes during an outage must not become a burst of calls.
      if (one.failures === 0) schedule(one, one.lookedAtMs + paces.coalesceMs - performance.now());
    },
    async cardOf(operation) {
      const { surfaces } = await given.chains.load(talkChain, operation);
      const names = ['outcome', 'findings', 'progress', 'refused', ...Object.keys(surfaces).reverse()];
      const standing = names
        .filter((name) => !/^(?:audit|stakeholders|commands|settings)|checks$/.test(name))
        .map((name) => surfaces[name])
        .find((one) => one?.ts !== undefined);
      return standing?.ts === undefined ? undefined : { channel: standing.channel, ts: standing.ts };
    },
    async close() {
      ending.abort();
      clearInterval(catchingUp);
      for (const one of watched.values()) clearTimeout(one.timer);
      await Promise.all([...watched.values()].map(({ looking }) => looking));
    },
  };
}

function retryMs({ firstRetryMs, longestRetryMs }: NotifierPaces, failures: number, error: unknown): number {
  const backOff = Math.min(longestRetryMs, firstRetryMs * 2 ** (failures - 1));
  const asked = error instanceof TransportError ? error.afterSeconds * 1000 : 0;
  return Math.max(asked, backOff * (0.5 + Math.random() / 2));
}

/** One look at one operation: every card that should stand is made to stand and to show the newest state. */
async function look(
  given: NotifierDependencies,
  standing: StandDependencies,
  one: Watched,
  signal: AbortSignal,
): Promise<Looked> {
  const { chains, cards } = given;
  const drawn = await chains.load(operationChain, one.operation);
  if (drawn.phase === 'empty') return 'stands';
  const talk = await chains.load(talkChain, one.operation);
  const surfaces = inTurn(surfacesOf(situationOf(given, one, drawn), talk.surfaces), talk);
  let failed: unknown;
  let again = false;
  for (const surface of surfaces) {
    try {
      if (!(await stand(standing, standOf(given, one, drawn, surface, signal)))) again = true;
    } catch (error) {
      signal.throwIfAborted();
      failed ??= error;
    }
  }
  if (failed !== undefined) return { failed };
  // Somebody may have drawn an older state meanwhile, or the chain has grown: whoever draws last looks once more.
  const head = await chains.load(operationChain, one.operation);
  if (again || head.n !== drawn.n) return 'again';
  if (head.phase !== 'closed') return head.steps.length > 0 && head.phase !== 'parked' ? 'running' : 'stands';
  if (!one.swept) {
    await sweep(
      standing,
      surfaces.map((surface) => standOf(given, one, drawn, surface, signal)),
    );
    one.swept = true;
  }
  await cards?.remove(one.operation);
  return 'over';
}

/** New cards first, in the order of what happened: a post waits for no edit. Of the edits those that people act by are first. */
function inTurn(surfaces: readonly Surface[], { surfaces: stands }: TalkState): readonly Surface[] {
  const rank = ({ name, urgency }: Surface) => (stands[name]?.ts === undefined ? 0 : urgency === 'urgent' ? 1 : 2);
  return [...surfaces].sort((a, b) => rank(a) - rank(b));
}

function standOf(
  given: NotifierDependencies,
  one: Watched,
  drawn: OperationState,
  surface: Surface,
  signal: AbortSignal,
): Stand {
  const environment = given.settings.environments[drawn.request?.environment ?? ''];
  const fallbacks = [surface.channel, environment?.channels.incident, environment?.channels.audit];
  return {
    operation: one.operation,
    surface,
    fallbacks: [...new Set(fallbacks.filter((channel) => channel !== undefined && channel !== ''))] as string[],
    requester: drawn.request?.requester.slackUser ?? '',
    since: drawn.request?.at ?? drawn.head?.at ?? '',
    version: `${drawn.n} ${JSON.stringify(one.waiting)}`,
    memory: one.memory,
    signal,
    draw: async (channel) => {
      const state = await given.chains.load(operationChain, one.operation);
      const situation = situationOf(given, one, state);
      const displaced = surface.under === undefined && channel !== surface.channel;
      return draw(given, one, displaced ? { ...situation, displacedFrom: surface.channel } : situation, surface.card);
    },
  };
}
