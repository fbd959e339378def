import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Household, openHousehold } from '../../sandbox/household.ts';
import { type PrivateRedis, startRedis } from '../../sandbox/redis.ts';
import { retryable } from '../../src/domain/errors.ts';
import { OperationsQueue } from '../../src/queue/operations-queue.ts';
import { OperationsWorker, type PassResult } from '../../src/queue/operations-worker.ts';
import { connect, prefix, requireNoEviction } from '../../src/queue/redis.ts';
import { eventually } from '../stage.ts';

let household: Household;
let server: PrivateRedis;
beforeAll(async () => {
  household = openHousehold();
  server = await startRedis(household);
});
afterAll(() => household.close());

let commands: Redis;
let queue: OperationsQueue;
const open: (() => Promise<void> | void)[] = [];
beforeEach(async () => {
  commands = connect(server.url, 'commands', () => {});
  await commands.flushall();
  queue = new OperationsQueue(commands);
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  await queue.close();
  commands.disconnect();
});

/** A ledger that is a number: how many events the chain has. */
function startWorker(pass: (run: { operation: string; stalls: number }) => Promise<PassResult>, chain = { n: 1 }) {
  const redis = connect(server.url, 'blocking', () => {});
  const passes: string[] = [];
  let seen = chain.n;
  const worker = new OperationsWorker({
    redis,
    concurrency: 5,
    async pass(run) {
      passes.push(run.operation);
      seen = chain.n;
      return pass(run);
    },
    head: async () => chain.n,
    known: () => seen,
    onError: () => {},
  });
  open.push(
    () => redis.disconnect(),
    () => worker.close(2),
  );
  return { passes, worker };
}

const hour: PassResult = { kind: 'wait', seconds: 3600 };
const jobs = async () => {
  const { waiting, active, delayed } = await queue.counts();
  return (waiting ?? 0) + (active ?? 0) + (delayed ?? 0);
};

describe('F49: whoever appends wakes the operation, wherever its job is', () => {
  it('gone: a job is made', async () => {
    const { passes } = startWorker(async () => ({ kind: 'closed' }));
    await queue.wake('op-a');
    await eventually('a pass was made', () => passes.length === 1);
    await eventually('the job is gone', async () => (await jobs()) === 0);
    await queue.wake('op-a');
    await eventually('another pass was made', () => passes.length === 2);
  });

  it('delayed for an hour: it goes on at once', async () => {
    const { passes } = startWorker(async () => hour);
    await queue.wake('op-a');
    await eventually('it waits', async () => (await queue.counts()).delayed === 1);
    await queue.wake('op-a');
    await eventually('a second pass was made', () => passes.length === 2, 5);
  });

  it('active: the pass looks at the chain again before it waits', async () => {
    const chain = { n: 1 };
    const { passes } = startWorker(async () => {
      if (chain.n === 1) {
        await queue.wake('op-a');
        chain.n = 2; // a vote landed while the pass was under way
      }
      return hour;
    }, chain);
    await queue.wake('op-a');
    await eventually('a second pass was made', () => passes.length === 2, 5);
    await sleep(200);
    expect(passes).toHaveLength(2);
  });

  it('one operation has one job, however often it is woken', async () => {
    await Promise.all(Array.from({ length: 20 }, () => queue.wake('op-a')));
    expect(await jobs()).toBe(1);
  });
});

it('F7: after FLUSHALL the reconciler’s call puts the job back, also over what a late write left of it', async () => {
  const { passes } = startWorker(async () => hour);
  await queue.ensure('op-a');
  await eventually('it waits', async () => (await queue.counts()).delayed === 1);
  await commands.flushall();
  await commands.hset(`${prefix}:operations:op-a`, 'atm', '1');
  await queue.ensure('op-a');
  await eventually('a pass was made again', () => passes.length === 2, 10);
});

it('however long a pass would wait, it is made again within a minute: a wake may have been lost', async () => {
  startWorker(async () => hour);
  await queue.wake('op-a');
  await eventually('it waits', async () => (await queue.counts()).delayed === 1);
  // BullMQ keeps the moment in milliseconds, times 4096.
  const inMs = Number(await commands.zscore(`${prefix}:operations:delayed`, 'op-a')) / 4096 - Date.now();
  expect(inMs).toBeLessThanOrEqual(60_000);
  expect(inMs).toBeGreaterThan(30_000);
});

it('a job that waits, sleeps or is in hand is one; a finished one, or half of one, is none', async () => {
  expect(await queue.has('op-a')).toBe(false);
  await queue.ensure('op-a');
  expect(await queue.has('op-a')).toBe(true);
  let inHand: boolean | undefined;
  startWorker(async ({ operation }) => {
    inHand = await queue.has(operation);
    return hour;
  });
  await eventually('it sleeps', async () => (await queue.counts()).delayed === 1);
  expect([inHand, await queue.has('op-a')]).toEqual([true, true]);
  await commands.flushall();
  await commands.hset(`${prefix}:operations:op-a`, 'atm', '1');
  expect(await queue.has('op-a')).toBe(false);
});

it('a fenced pass is looked at again later, not at once', async () => {
  const { passes } = startWorker(async () => ({ kind: 'fenced' }));
  await queue.wake('op-a');
  await eventually('it waits', async () => (await queue.counts()).delayed === 1);
  await sleep(1_000);
  expect(passes).toHaveLength(1);
});

it('F13: an operation whose ledger doesn’t answer is tried again; the others go on meanwhile', async () => {
  const { passes } = startWorker(async ({ operation }) => {
    if (operation === 'op-a') throw retryable('ledger.unreachable');
    return { kind: 'closed' };
  });
  await queue.wake('op-a');
  await queue.wake('op-b');
  await eventually('the other one was closed', () => passes.includes('op-b'));
  await eventually('the first one waits', async () => (await queue.counts()).delayed === 1);
});

it('F15: closing ends within its grace, whatever a pass does, and leaves the operation to others', async () => {
  const { passes, worker } = startWorker(() => sleep(60_000, hour, { ref: false }));
  await queue.wake('op-a');
  await eventually('the pass is under way', () => passes.length === 1);
  const began = performance.now();
  await worker.close(1);
  expect(performance.now() - began).toBeLessThan(5_000);
});

it('F9: a Redis that may evict is refused at start', async () => {
  await commands.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await expect(requireNoEviction(commands)).rejects.toMatchObject({ code: 'queue.eviction-policy' });
  await commands.config('SET', 'maxmemory-policy', 'noeviction');
  await expect(requireNoEviction(commands)).resolves.toBeUndefined();
});
