import { afterEach } from 'vitest';
import { MemoryStore } from '../../test/memory-store.ts';
import type { Draft } from '../domain/events.ts';
import type { Plan } from '../domain/plan.ts';
import { Chains } from '../ledger/chain.ts';
import { OpenMarkers } from '../ledger/markers.ts';
import { appendOperation } from '../ledger/operations.ts';
import { Plans } from '../ledger/plans.ts';
import { talkChain } from '../ledger/talk.ts';
import { policy, production, restorePlanOf, rosa, settings } from '../slack/views/plans.fixture.ts';
import { createNotifier, type Notifier, type NotifierPaces } from './notifier.ts';
import type { Card, Situation } from './surfaces.ts';
import { FakeChat } from './transport.fixture.ts';

export const operation = 'op-0123456789ab';
const fast: Partial<NotifierPaces> = {
  coalesceMs: 20,
  tickMs: 50,
  editsPerMinute: 60_000,
  editBurst: 100,
  postEveryMs: 0,
  claimMs: 200,
  firstRetryMs: 10,
  longestRetryMs: 40,
  catchUpMs: 50,
};

/** Enough to see what was drawn: the kind, and how far the chain was. */
const render = (card: Card, { state }: Situation) => ({ text: `${card.kind} at ${state.n}`, blocks: [] });

const open: Notifier[] = [];
afterEach(() => Promise.all(open.splice(0).map((notifier) => notifier.close())));

export function world() {
  const store = new MemoryStore();
  const chat = new FakeChat();
  const cards = new OpenMarkers(store.markers, 'cards');
  const plans = new Plans(store);
  const write = (...drafts: readonly Draft[]) =>
    drafts.reduce(async (before, draft) => {
      await before;
      const appended = await appendOperation(new Chains({ store }), operation, () => draft);
      if (appended.kind !== 'appended') throw new Error(`not appended: ${JSON.stringify(appended)}`);
    }, Promise.resolve());
  /** Another process on the same ledger and the same chat. */
  const start = (paces: Partial<NotifierPaces> = {}, draw: typeof render = render) => {
    const notifier = createNotifier({
      chains: new Chains({ store }),
      plans,
      cards,
      transport: chat,
      render: draw,
      settings,
      log: { warn: () => undefined },
      paces: { ...fast, ...paces },
    });
    open.push(notifier);
    return notifier;
  };
  /** What stands where, the audit channel's lines apart. */
  const standing = async () => {
    const { surfaces } = await new Chains({ store }).load(talkChain, operation);
    return Object.fromEntries(Object.entries(surfaces).filter(([name]) => !name.startsWith('audit:')));
  };
  return { store, chat, cards, plans, write, start, standing };
}

export const requested: Draft = {
  type: 'requested',
  actor: rosa.id,
  data: {
    operation: 'restore',
    environment: 'production',
    args: {},
    requester: rosa,
    reason: 'why',
    channel: production.channels.incident,
    language: 'en',
    policy: { ...policy, required: 1, findingsWithinMinutes: 15 },
  },
};
export const planned = (digest: string): Draft => ({ type: 'planned', actor: 'worker', data: { digest, steps: 15 } });
export const voted = (digest: string): Draft => ({
  type: 'vote',
  actor: 'T0PITCREW/U0AMIR',
  data: {
    gate: 'start',
    digest,
    human: { id: 'T0PITCREW/U0AMIR', slackUser: 'U0AMIR' },
    via: 'U0AMIR',
    decision: 'approve',
  },
});
const signed = { actor: 'worker', run: 'run-1', epoch: 1 };
export const intent = (step: string): Draft => ({ type: 'intent', ...signed, data: { step, direction: 'do' } });
export const done = (step: string): Draft => ({ type: 'done', ...signed, data: { step, direction: 'do', output: {} } });
export const turnedBack: Draft = {
  type: 'turned-back',
  ...signed,
  data: { step: 'prove-stopped', error: { code: 'restore.not-stopped', kind: 'permanent', params: {} } },
};
export const closed: Draft = { type: 'closed', ...signed, data: { outcome: 'failed', service: 'old-database' } };

export async function waiting(given: ReturnType<typeof world>, plan: Plan = restorePlanOf()): Promise<string> {
  const digest = await given.plans.put(plan);
  await given.cards.put(operation);
  await given.write(requested, planned(digest));
  return digest;
}
export const run = [intent('record-application'), done('record-application'), intent('stop-application')];

/** What the verification came to. */
export const verified = (outcome: 'pass' | 'fail'): Draft => ({
  type: 'done',
  ...signed,
  data: {
    step: 'verify-database',
    direction: 'do',
    output: { report: { outcome, results: [], notChecked: [], seconds: 1 } },
  },
});
/** The verification found something, and the step that judges waits for people. */
export const found: readonly Draft[] = [
  intent('verify-database'),
  verified('fail'),
  { type: 'intent', ...signed, data: { step: 'judge-verification', direction: 'do', gate: 'findings' } },
];
