import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../sandbox/household.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import { Secret } from '../domain/secret.ts';
import { Chains } from '../ledger/chain.ts';
import { OpenMarkers, OperationIndex } from '../ledger/markers.ts';
import { Plans } from '../ledger/plans.ts';
import { operationKinds } from '../operations/registry.ts';
import { Requests } from '../requests/requests.ts';
import { createSlackApp, type SlackApp } from './app.ts';
import { lastGoodOf } from './views/find.fixture.ts';
import { settings } from './views/plans.fixture.ts';

const signingSecret = 'a-signing-secret';
const store = new MemoryStore();
const directory = {
  rejects: async () => undefined,
  groupMembers: async () => [],
  locale: async () => 'en' as const,
  channelsOf: async () => undefined,
};
const requests = new Requests({
  settings,
  kinds: operationKinds,
  chains: new Chains({ store }),
  plans: new Plans(store),
  markers: new OpenMarkers(store.markers),
  cards: new OpenMarkers(store.markers, 'cards'),
  index: new OperationIndex(store.markers),
  directory,
  wake: async () => undefined,
});
let app: SlackApp;
let port: number;
const seen: string[] = [];

beforeAll(async () => {
  port = await freePort();
  const nobody = await freePort();
  app = createSlackApp({
    access: {
      botToken: new Secret('xoxb-x'),
      connection: { kind: 'http', signingSecret: new Secret(signingSecret), port, host: '127.0.0.1' },
      apiUrl: `http://127.0.0.1:${nobody}/api/`,
    },
    settings,
    requests: Object.assign(requests, {
      open: async () => {
        seen.push('status');
        return [];
      },
    }),
    directory,
    cardOf: async () => undefined,
    listRecoveryPoints: async () => [],
    listAllRecoveryPoints: async () => [],
    listWindows: async () => [],
    listDumps: async () => undefined,
    report: async () => Promise.reject(new Error('nobody asks for one')),
    upload: async () => undefined,
    listStandings: async () => ({}),
    findLastGood: async ({ environment }) => lastGoodOf(environment.name),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  await app.start();
});
afterAll(() => app.stop());

/** A slash command as Slack sends it over HTTP (docs.slack.dev, "Verifying requests from Slack"). */
async function send(secret: string, secondsAgo = 0, text = 'status'): Promise<number> {
  const body = new URLSearchParams({
    command: '/backup',
    text,
    user_id: 'U0ROSA',
    team_id: 'T0PITCREW',
    channel_id: 'C0INCPROD',
    channel_name: 'inc-production',
    trigger_id: '1.2.3',
    response_url: `http://127.0.0.1:${port}/nowhere`,
  }).toString();
  const at = String(Math.floor(Date.now() / 1000) - secondsAgo);
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
  const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': at,
      'x-slack-signature': signature,
    },
    body,
  });
  return answer.status;
}

describe('over HTTP', () => {
  it('takes what Slack signed', async () => {
    expect(await send(signingSecret)).toBe(200);
    await expect.poll(() => seen.length).toBe(1);
  });

  it('F24: the same delivery twice, at once and later, is one operation', async () => {
    const again = () => send(signingSecret, 0, 'snapshot production');
    expect(await Promise.all([again(), again()])).toEqual([200, 200]);
    await expect.poll(async () => (await store.list('ops/')).length).toBe(1);
    expect(await again()).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await store.list('ops/')).toHaveLength(1);
  });

  it('F23: refuses a forged signature and a request of ten minutes ago', async () => {
    expect(await send('another-secret')).toBe(401);
    expect(await send(signingSecret, 600)).toBe(401);
    expect(seen).toHaveLength(1);
  });
});
