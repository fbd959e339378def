// Plays an incident from start to end without a human: a shop is hurt, restored from Slack, verified. Exits 0 only if
// every row that existed at the snapshot is back bit for bit and what was reported as lost is what came after it.
import { tellStory } from './demo/story.ts';
import { startPitcrew } from './pitcrew.ts';
import { startWorld } from './world.ts';

const began = performance.now();
const say = (line: string) => console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`);

const world = await startWorld({ say });
let ending: Promise<void> | undefined;
const end = () => {
  ending ??= world.close();
  return ending;
};
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    interrupted = true;
    console.log('\nEverything is being stopped and removed …');
    void end().then(() => process.exit(130));
  });

let proven = false;
try {
  say('pitcrew is starting …');
  const pitcrew = await startPitcrew(world.household, world.env);
  proven = await tellStory(world, say);
  await pitcrew.stop();
} catch (error) {
  // What fails because the world is being taken away is no news.
  if (!interrupted) console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
}
await end();
if (interrupted) process.exit(130);
console.log(proven ? '\nProven: the data is back.' : '\nNOT proven.');
process.exit(proven ? 0 : 1);
