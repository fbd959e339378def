import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { defaultPaces } from './notifier.ts';
import { Bucket, Turns } from './pace.ts';

const never = new AbortController().signal;

describe('the bucket of all edits', () => {
  it('gives what people act by its turn before what only shows how far something is', async () => {
    const bucket = new Bucket({ perMinute: 1200, burst: 1 });
    const order: string[] = [];
    const take = (urgency: 'urgent' | 'change', name: string) =>
      bucket.take(urgency, never).then(() => void order.push(name));
    await Promise.all([
      take('change', 'first'),
      take('change', 'second'),
      take('change', 'third'),
      take('urgent', 'decision'),
      take('urgent', 'outcome'),
    ]);
    expect(order).toEqual(['decision', 'outcome', 'first', 'second', 'third']);
  });

  it('lets nobody wait whose wait has ended', async () => {
    const bucket = new Bucket({ perMinute: 600, burst: 1 });
    await bucket.take('change', never);
    const ending = new AbortController();
    const given = bucket.take('change', ending.signal);
    const after = bucket.take('change', never);
    ending.abort(new Error('something more urgent'));
    await expect(given).rejects.toThrow('more urgent');
    await after;
  });

  it('never lets a clock wait, and leaves half of the burst to what matters', async () => {
    const bucket = new Bucket({ perMinute: 1, burst: 4 });
    expect([
      await bucket.takeSpare(),
      await bucket.takeSpare(),
      await bucket.takeSpare(),
      await bucket.takeSpare(),
    ]).toEqual([true, true, true, false]);
    await bucket.take('urgent', never);
  });

  it('stands still for as long as Slack said', async () => {
    const bucket = new Bucket({ perMinute: 6000, burst: 5 });
    bucket.pause(0.3);
    const fromMs = performance.now();
    await bucket.take('urgent', never);
    expect(performance.now() - fromMs).toBeGreaterThan(280);
  });

  it('waits for the other processes, but not for a Redis that is slow, silent or away', async () => {
    const asked: number[] = [];
    const waits = [150, 0];
    const busy = new Bucket({
      perMinute: 6000,
      burst: 5,
      shared: { take: async () => waits[asked.push(performance.now()) - 1] ?? 0, pause: async () => undefined },
    });
    await busy.take('urgent', never);
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(140);
    for (const take of [() => sleep(60_000, 5, { ref: false }), () => Promise.reject(new Error('away'))]) {
      const alone = new Bucket({
        perMinute: 6000,
        burst: 5,
        shared: { take, pause: () => Promise.reject(new Error()) },
      });
      const fromMs = performance.now();
      await alone.take('urgent', never);
      alone.pause(0);
      expect(performance.now() - fromMs).toBeLessThan(500);
    }
  });
});

it('a channel that Slack said to leave alone is left alone, the others are not', async () => {
  const turns = new Turns(0);
  turns.pause('C1', 0.2);
  const fromMs = performance.now();
  await turns.take('C2', never);
  expect(performance.now() - fromMs).toBeLessThan(100);
  await turns.take('C1', never);
  expect(performance.now() - fromMs).toBeGreaterThan(180);
});

it('the paces of every day keep within Slack’s 50 edits in every minute, one that begins with a burst too', () => {
  expect(defaultPaces.editsPerMinute + defaultPaces.editBurst).toBeLessThanOrEqual(50);
});
