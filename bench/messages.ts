import { setTimeout as sleep } from 'node:timers/promises';
import { openHousehold } from '../sandbox/household.ts';
import { startRedis } from '../sandbox/redis.ts';
import { startSlack } from '../sandbox/slack/local-slack.ts';
import { sandboxWorkspace } from '../sandbox/slack/workspace.ts';
import type { Draft } from '../src/domain/events.ts';
import { Secret } from '../src/domain/secret.ts';
import { Chains } from '../src/ledger/chain.ts';
import { OpenMarkers } from '../src/ledger/markers.ts';
import { appendOperation } from '../src/ledger/operations.ts';
import { Plans } from '../src/ledger/plans.ts';
import { createNotifier, defaultPaces, type Notifier } from '../src/notify/notifier.ts';
import type { Waiting } from '../src/notify/surfaces.ts';
import { connect } from '../src/queue/redis.ts';
import { sharedEdits } from '../src/queue/shared-edits.ts';
import { notificationClient } from '../src/slack/access.ts';
import { createSlackTransport } from '../src/slack/transport.ts';
import { policy, production, restorePlanOf, rosa, settings } from '../src/slack/views/plans.fixture.ts';
import { render } from '../src/slack/views/render.ts';
import { MemoryStore } from '../test/memory-store.ts';
import { type Call, openSlackFront, type SlackFront } from '../test/slack-front.ts';
import type { Bench, Findings, Part } from './runner/part.ts';

export const messages: Part = {
  name: 'messages',
  title: 'Messages',
  how: `Two notifiers, as in two bots, with their real paces, cards and Redis between them, on the sandbox’s Slack; the ledger is in
memory. First one restore runs and its state changes every few seconds: from the change to the answer of Slack that the card
shows it. Then many run whose states change all the time, and all edits are counted, in every minute that begins with one.`,
  minutes: { full: 9, quick: 3 },
  run: measure,
};

async function measure(bench: Bench): Promise<Findings> {
  const world = await open(bench);
  const changes = bench.rounds ?? (bench.quick ? 6 : 40);
  const visible: number[] = [];
  const [first = ''] = await world.operations(1);
  for (let at = 0; at < changes; at++) {
    // Not in step with any clock of the notifier.
    await sleep(3_000 + ((at * 1_237) % 4_000), undefined, { signal: bench.signal });
    visible.push(await world.secondsUntilShown(first, at));
  }
  bench.say(`one operation: shown after ${Math.max(...visible).toFixed(2)} s at most`);
  const count = bench.quick ? 8 : 30;
  const seconds = bench.quick ? 70 : 240;
  const all = [first, ...(await world.operations(count - 1))];
  const from = performance.now();
  const seen = world.front.calls.length;
  for (let at = 0; performance.now() - from < seconds * 1000; at++) {
    for (const id of all) world.change(id, at);
    await sleep(1_500, undefined, { signal: bench.signal });
  }
  const calls = world.front.calls.slice(seen);
  const edits = calls.filter(({ method }) => method === 'chat.update');
  const bad = await world.front.badPayloads();
  return {
    measured: [
      {
        ...{ what: 'A state change of a single running operation, until its card shows it', unit: 's' },
        ...{ samples: visible, budget: { is: '≤', value: 2, of: 'max' } },
      },
      {
        ...{ what: `Edits in the worst minute, ${count} operations changing all the time`, unit: '' },
        ...{ samples: [mostInAMinute(edits)], budget: { is: '≤', value: 50 } },
      },
      { what: 'Edits a minute over all of it', unit: '', samples: [(edits.length * 60) / seconds] },
    ],
    facts: [
      `${count} operations, each with another state every 1.5 s, for ${seconds} s; ${edits.length} edits, ${calls.length - edits.length} other calls, ${bad.length} payloads that Slack would refuse.`,
    ],
  };
}

/** In the sixty seconds that begin with an edit and hold most of them. */
function mostInAMinute(edits: readonly Call[]): number {
  const times = edits.map(({ atMs }) => atMs);
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
}

interface World {
  readonly front: SlackFront;
  /** So many more of them run, their progress cards standing. */
  operations(count: number): Promise<readonly string[]>;
  change(operation: string, at: number): void;
  secondsUntilShown(operation: string, at: number): Promise<number>;
}

async function open(bench: Bench): Promise<World> {
  const household = openHousehold('pitcrew-bench');
  bench.atEnd(() => household.close());
  const [slack, { url }] = await Promise.all([
    startSlack({ household, workspace: sandboxWorkspace }),
    startRedis(household),
  ]);
  const front = await openSlackFront(slack);
  bench.atEnd(() => front.close());
  const store = new MemoryStore();
  const plans = new Plans(store);
  const digest = await plans.put(restorePlanOf());
  const notifiers = [0, 1].map(() => notifierOn(bench, { store, plans, front, url, token: slack.botToken }));
  const chains = new Chains({ store });
  const change = (operation: string, at: number) => {
    // Whichever bot hears of it.
    for (const notifier of notifiers) notifier.update(operation, waitingAt(operation, at));
  };
  let made = 0;
  return {
    front,
    change,
    async operations(count) {
      const ids = Array.from({ length: count }, () => `op-${String(++made).padStart(12, '0')}`);
      for (const id of ids) {
        for (const draft of running(digest)) await appendOperation(chains, id, () => draft);
        notifiers[0]?.update(id, []);
      }
      const shows = (id: string) => front.calls.some(({ method, body }) => method === 'chat.update' && of(body, id));
      for (const [index, id] of ids.entries()) change(id, 100 + index);
      const enough = () => ids.filter(shows).length >= Math.min(ids.length, 3);
      while (!enough()) await sleep(200, undefined, { signal: bench.signal });
      return ids;
    },
    async secondsUntilShown(operation, at) {
      const fromMs = performance.now();
      const word = statusAt(operation, at);
      change(operation, at);
      const shown = () =>
        front.calls.find(
          ({ method, body, atMs }) => atMs >= fromMs && method === 'chat.update' && JSON.stringify(body).includes(word),
        );
      for (let call = shown(); ; call = shown()) {
        if (call) return (call.atMs - fromMs) / 1000;
        if (performance.now() - fromMs > 60_000) throw new Error(`a change was not shown within a minute: ${word}`);
        await sleep(5, undefined, { signal: bench.signal });
      }
    },
  };
}

const of = (body: Call['body'], operation: string) => JSON.stringify(body).includes(operation);

interface NotifierParts {
  readonly store: MemoryStore;
  readonly plans: Plans;
  readonly front: SlackFront;
  readonly url: string;
  readonly token: string;
}

function notifierOn(bench: Bench, { store, plans, front, url, token }: NotifierParts): Notifier {
  const redis = connect(url, 'commands', () => undefined);
  const access = {
    ...{ botToken: new Secret(token), apiUrl: front.apiUrl },
    connection: { kind: 'socket' as const, appToken: new Secret('xapp-unused') },
  };
  const notifier = createNotifier({
    ...{ plans, render, settings },
    chains: new Chains({ store }),
    cards: new OpenMarkers(store.markers, 'cards'),
    transport: createSlackTransport({ client: notificationClient(access) }),
    log: { warn: () => undefined },
    sharedEdits: sharedEdits(redis, { perMinute: defaultPaces.editsPerMinute, burst: defaultPaces.editBurst }),
  });
  bench.atEnd(async () => {
    await notifier.close();
    redis.disconnect();
  });
  return notifier;
}

/** A word that stands on the card of this change alone. */
const statusAt = (operation: string, at: number) => `state-${at}-of-${operation.slice(-3)}`;
const waitingAt = (operation: string, at: number): readonly Waiting[] => [
  {
    step: 'await-instance',
    because: { code: 'wait.rds-status', params: { instance: 'shop-restored', status: statusAt(operation, at) } },
  },
];

/** A restore that two people approved and that waits for its instance. */
function running(digest: string): readonly Draft[] {
  const signed = { actor: 'worker', run: 'run-1', epoch: 1 } as const;
  const human = (name: string) => ({ id: `T0PITCREW/${name}`, slackUser: name });
  const vote = (name: string): Draft => ({
    ...{ type: 'vote', actor: human(name).id },
    data: { gate: 'start', digest, human: human(name), via: name, decision: 'approve' },
  });
  return [
    {
      ...{ type: 'requested', actor: rosa.id },
      data: {
        ...{ operation: 'restore', environment: 'production', args: {}, requester: rosa, reason: 'a clean-up job' },
        ...{ channel: production.channels.incident, language: 'en', policy },
      },
    },
    { type: 'planned', actor: 'worker', data: { digest, steps: restorePlanOf().bound.steps.length } },
    ...['U0AMIR', 'U0WEI'].map(vote),
    { type: 'intent', ...signed, data: { step: 'restore-instance', direction: 'do' } },
    {
      type: 'done',
      ...signed,
      data: { step: 'restore-instance', direction: 'do', output: { instance: 'shop-restored' } },
    },
    { type: 'intent', ...signed, data: { step: 'await-instance', direction: 'do' } },
  ];
}
