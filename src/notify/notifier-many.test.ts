import { afterEach, expect, it } from 'vitest';
import { MemoryStore } from '../../test/memory-store.ts';
import type { Draft } from '../domain/events.ts';
import { Chains } from '../ledger/chain.ts';
import { OpenMarkers } from '../ledger/markers.ts';
import { appendOperation } from '../ledger/operations.ts';
import { Plans } from '../ledger/plans.ts';
import { restorePlanOf, settings } from '../slack/views/plans.fixture.ts';
import { done, intent, planned, requested, run, voted } from './notifier.fixture.ts';
import { createNotifier, type Notifier } from './notifier.ts';
import { FakeChat } from './transport.fixture.ts';

const open: Notifier[] = [];
afterEach(() => Promise.all(open.splice(0).map((notifier) => notifier.close())));

const perMinute = 1200;
const burst = 12;
const id = (at: number) => `op-${at.toString(16).padStart(12, '0')}`;

/** Many operations under way at once, in one process, on one chat. */
async function busyWorld(count: number) {
  const store = new MemoryStore();
  const chains = new Chains({ store });
  const plans = new Plans(store);
  const chat = new FakeChat();
  const digest = await plans.put(restorePlanOf());
  const write = async (operation: string, ...drafts: readonly Draft[]) => {
    for (const draft of drafts) await appendOperation(chains, operation, () => draft);
  };
  const notifier = createNotifier({
    chains,
    plans,
    cards: new OpenMarkers(store.markers, 'cards'),
    transport: chat,
    // Every draw of a progress card is another one, as its clock moves; the others change when they have to.
    render: (card, { state }) => ({
      text:
        card.kind === 'progress' ? `at ${state.n}, ${performance.now()}` : `${card.kind} ${state.approvedAt ?? 'open'}`,
      blocks: [],
    }),
    settings,
    log: { warn: () => undefined },
    paces: {
      coalesceMs: 20,
      tickMs: 40,
      editsPerMinute: perMinute,
      editBurst: burst,
      postEveryMs: 0,
      catchUpMs: 60_000,
    },
  });
  open.push(notifier);
  for (let at = 0; at < count; at++) {
    await write(id(at), requested, planned(digest), voted(digest), ...run);
    notifier.update(id(at));
  }
  const standing = (name: string) => chat.messages.filter(({ mark }) => mark.surface === name).length;
  await expect.poll(() => standing('progress'), { timeout: 5000 }).toBe(count);
  return { chat, digest, write, notifier };
}

const edits = (chat: FakeChat) => chat.calls.filter(({ method }) => method === 'update').length;

it('F26: fifty operations that all move keep to the limit of the workspace together', async () => {
  const { chat, write, notifier } = await busyWorld(50);
  const [before, fromMs] = [edits(chat), performance.now()];
  for (let at = 0; at < 50; at++) {
    await write(id(at), done('stop-application'), intent('prove-stopped'));
    notifier.update(id(at));
  }
  await expect
    .poll(
      () =>
        chat.messages.filter(({ mark, content }) => mark.surface === 'progress' && /at 8/.test(content.text)).length,
      {
        timeout: 20_000,
      },
    )
    .toBe(50);
  const seconds = (performance.now() - fromMs) / 1000;
  expect(edits(chat) - before).toBeLessThanOrEqual(burst + (perMinute / 60) * seconds + 1);
});

it('F26: what people decide on is shown at once, while fifty cards wait for their turn', async () => {
  const { chat, digest, write, notifier } = await busyWorld(50);
  for (let at = 0; at < 50; at++) {
    await write(id(at), done('stop-application'), intent('prove-stopped'));
    notifier.update(id(at));
  }
  const asked = id(900);
  await write(asked, requested, planned(digest));
  notifier.update(asked);
  const approval = () =>
    chat.messages.find(({ mark }) => mark.operation === asked && mark.surface === `approval:${digest}`);
  await expect.poll(() => approval() !== undefined, { timeout: 3000 }).toBe(true);
  await write(asked, voted(digest));
  notifier.update(asked);
  const fromMs = performance.now();
  await expect.poll(() => approval()?.content.text, { timeout: 5000 }).not.toMatch(/open/);
  // Two edits' time or so, where the fifty need two seconds and more.
  expect(performance.now() - fromMs).toBeLessThan(1000);
});
