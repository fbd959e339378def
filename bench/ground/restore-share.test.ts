import { expect, it } from 'vitest';
import type { Plan } from '../../src/domain/plan.ts';
import { shareOf } from './restore-share.ts';

const step = (id: string, ...after: string[]) => ({ id, after, input: {} });
const plan = {
  bound: {
    steps: [step('stop'), step('make'), step('await-instance', 'make'), step('switch', 'stop', 'await-instance')],
  },
};
const at = (type: string, one: string, atMs: number) => ({ type, step: one, atMs });

it('only what the end had to wait for counts: gaps between steps, and how late a wait was seen to be over', () => {
  const told = [
    ...[at('intent', 'stop', 1_000), at('intent', 'make', 1_010), at('done', 'make', 2_000)],
    ...[at('intent', 'await-instance', 2_100), at('done', 'stop', 3_000)],
    ...[at('done', 'await-instance', 9_000), at('intent', 'switch', 9_300), at('done', 'switch', 10_000)],
  ];
  // Available once for a moment before it was waited for, and then for good.
  const share = shareOf(plan as unknown as Plan, told, [1_500, 8_400], 500);
  expect(share).toMatchObject({ steps: 3, waits: 1, wholeSeconds: 9.5 });
  expect(share.betweenSeconds).toBeCloseTo(0.1 + 0.3);
  expect(share.lateSeconds).toBeCloseTo(0.6);
});

it('a step that only watches until another ends is not what was waited for: how late it sees that is pitcrew’s own', () => {
  const watched = { bound: { steps: [step('make'), step('watch-stopped'), step('switch', 'watch-stopped', 'make')] } };
  const told = [
    ...[at('intent', 'make', 1_000), at('intent', 'watch-stopped', 1_000), at('done', 'make', 5_000)],
    ...[at('done', 'watch-stopped', 5_700), at('intent', 'switch', 5_800), at('done', 'switch', 6_000)],
  ];
  const share = shareOf(watched as unknown as Plan, told, [], 500);
  expect(share.steps).toBe(2);
  expect(share.betweenSeconds).toBeCloseTo(0.8);
});
