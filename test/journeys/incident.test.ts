import { afterAll, beforeAll, expect, it } from 'vitest';
import { tellStory } from '../../sandbox/demo/story.ts';
import { startPitcrew } from '../../sandbox/pitcrew.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ orders: 10_000, config: { provenSeconds: 5, language: 'zh-TW' } });
  await startPitcrew(world.household, world.env);
});
afterAll(() => world?.close());

it('the demo’s incident, in Chinese: every row of the snapshot is back, and the loss is told right', async () => {
  const told: string[] = [];
  expect(await tellStory(world, (line) => told.push(line))).toBe(true);
  expect(told.some((line) => line.includes('#inc-production') && /已恢復|恢復/.test(line))).toBe(true);
});
