import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Household, openHousehold } from '../../sandbox/household.ts';
import { startRedis } from '../../sandbox/redis.ts';
import { connect } from './redis.ts';
import { sharedEdits } from './shared-edits.ts';

let household: Household;
let redis: Redis;
let another: Redis;
beforeAll(async () => {
  household = openHousehold();
  const { url } = await startRedis(household);
  redis = connect(url, 'commands', () => undefined);
  another = connect(url, 'commands', () => undefined);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  another.disconnect();
  await household.close();
});

const limit = { perMinute: 600, burst: 4 };

it('two processes have one burst between them, and are told when the next edit is due', async () => {
  const [here, there] = [sharedEdits(redis, limit), sharedEdits(another, limit)];
  const answers = [await here.take(0), await there.take(0), await here.take(0), await there.take(0)];
  expect(answers).toEqual([0, 0, 0, 0]);
  const waitMs = await there.take(0);
  expect(waitMs).toBeGreaterThan(0);
  expect(waitMs).toBeLessThanOrEqual(100);
  await sleep(waitMs + 5);
  expect(await here.take(0)).toBe(0);
});

it('over a while they make no more together than one may', async () => {
  const both = [sharedEdits(redis, limit), sharedEdits(another, limit)];
  let made = 0;
  for (const end = performance.now() + 1000; performance.now() < end; await sleep(5))
    for (const one of both) if ((await one.take(0)) === 0) made += 1;
  expect(made).toBeGreaterThanOrEqual(4 + 8);
  expect(made).toBeLessThanOrEqual(4 + 11);
});

it('what only moves a clock leaves half of the burst to what matters', async () => {
  const edits = sharedEdits(redis, limit);
  expect([await edits.take(2), await edits.take(2)]).toEqual([0, 0]);
  expect(await edits.take(2)).toBeGreaterThan(0);
  expect([await edits.take(0), await edits.take(0)]).toEqual([0, 0]);
});

it('when Slack told one of them to pause, all pause', async () => {
  await sharedEdits(redis, limit).pause(1);
  expect(await sharedEdits(another, limit).take(0)).toBeGreaterThan(800);
});
