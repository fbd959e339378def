import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { interleaved, rotated, timed } from './interleave.ts';

const never = new AbortController().signal;

describe('candidates', () => {
  it('are measured once a round, each round beginning with another', async () => {
    const order: string[] = [];
    const one = (name: string) => async (round: number) => {
      order.push(`${round}${name}`);
      return round * 10 + name.charCodeAt(0);
    };
    const samples = await interleaved(3, { a: one('a'), b: one('b') }, never);
    expect(order).toEqual(['0a', '0b', '1b', '1a', '2a', '2b']);
    expect(samples).toEqual({ a: [97, 107, 117], b: [98, 108, 118] });
  });

  it('never run side by side: they would measure each other', async () => {
    let under = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++under);
      await sleep(5);
      under--;
      return 1;
    };
    await interleaved(2, { a: work, b: work, c: work }, never);
    expect(most).toBe(1);
  });

  it('are left where they are when somebody presses Ctrl-C', async () => {
    const ended = new AbortController();
    let runs = 0;
    const work = async () => {
      if (++runs === 3) ended.abort(new Error('stopped'));
      return 1;
    };
    await expect(interleaved(9, { a: work, b: work }, ended.signal)).rejects.toThrow('stopped');
    expect(runs).toBe(3);
  });
});

it('rotating turns round and round', () => {
  expect([0, 1, 2, 3].map((by) => rotated(['a', 'b', 'c'], by).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
  expect(rotated([], 2)).toEqual([]);
});

it('a time is in milliseconds', async () => {
  const tookMs = await timed(() => sleep(30));
  expect(tookMs).toBeGreaterThan(25);
  expect(tookMs).toBeLessThan(1_000);
});
