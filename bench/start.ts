import { startPitcrew } from '../sandbox/pitcrew.ts';
import { startWorld } from '../sandbox/world.ts';
import { interleaved } from './runner/interleave.ts';
import type { Bench, Findings, Part } from './runner/part.ts';

export const start: Part = {
  name: 'start',
  title: 'From start to usable',
  how: `pitcrew as a process, from its start until \`/readyz\` says that it hears Slack and reaches Redis and the ledger: bot and worker
in one process, and each by itself, by turns. The sandbox, from nothing to a shop of 100,000 orders that takes more of them.`,
  minutes: { full: 5, quick: 2 },
  run: measure,
};

async function measure(bench: Bench): Promise<Findings> {
  const worlds: number[] = [];
  const opened = async () => {
    const fromMs = performance.now();
    const world = await startWorld(bench.quick ? { orders: 2_000 } : {});
    worlds.push((performance.now() - fromMs) / 1000);
    bench.say(`the world stands after ${worlds.at(-1)?.toFixed(1)} s`);
    return world;
  };
  for (let round = 1; round < (bench.quick ? 1 : 3); round++) await (await opened()).close();
  const world = await opened();
  bench.atEnd(() => world.close());
  world.pauseCustomers();
  const ready = (role: 'start' | 'bot' | 'worker') => async () => {
    const fromMs = performance.now();
    const pitcrew = await startPitcrew(world.household, world.env, role);
    const seconds = (performance.now() - fromMs) / 1000;
    await pitcrew.stop();
    return seconds;
  };
  const rounds = bench.rounds ?? (bench.quick ? 2 : 7);
  const roles = { start: ready('start'), bot: ready('bot'), worker: ready('worker') };
  const took = await interleaved(rounds, roles, bench.signal);
  const budget = { is: '<', value: 3 } as const;
  return {
    measured: [
      { what: 'Bot and worker in one process', unit: 's', samples: took.start, budget },
      { what: 'The bot', unit: 's', samples: took.bot, budget },
      { what: 'The worker', unit: 's', samples: took.worker, budget },
      { what: 'The sandbox without pitcrew', unit: 's', samples: worlds },
      {
        ...{ what: 'The sandbox and pitcrew in it', unit: 's', budget: { is: '<', value: 45 } },
        samples: worlds.map((seconds, round) => seconds + (took.start[round % took.start.length] ?? 0)),
      },
    ],
    facts: ['Whether pitcrew is ready is asked every 0.1 s, which is counted in.'],
  };
}
