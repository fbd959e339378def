import { openHousehold } from '../sandbox/household.ts';
import { startRedis } from '../sandbox/redis.ts';
import { OperationsQueue } from '../src/queue/operations-queue.ts';
import { OperationsWorker, type PassResult } from '../src/queue/operations-worker.ts';
import { connect } from '../src/queue/redis.ts';
import { approvedStage } from '../test/engine-stage.ts';
import { change } from '../test/engine-steps.ts';
import { type RestoreShare, restoreShare } from './ground/restore-share.ts';
import { interleaved } from './runner/interleave.ts';
import type { Bench, Findings, Part } from './runner/part.ts';
import { percentile, ratios } from './runner/statistics.ts';

export const engine: Part = {
  name: 'engine',
  title: 'What a step costs',
  how: `The queue with a Redis of its own and passes that do nothing: from the end of a pass that waits for nothing to the begin of the
next one (\`moveToDelayed\`, the second look at the head, the job taken again), beside a plain pass (a job added, and its pass
begun). The ledger’s appends are counted in the engine itself, over a plan with more steps and one with fewer. And a restore in
the sandbox: how long pitcrew took from the moment that the world was ready for a step to its call, over the whole restore.`,
  minutes: { full: 6, quick: 3 },
  run: measure,
};

async function measure(bench: Bench): Promise<Findings> {
  const queue = await openQueue(bench);
  const passes = bench.quick ? 300 : 3_000;
  const p50: Record<'plain' | 'again', number[]> = { plain: [], again: [] };
  const measured = (how: 'plain' | 'again') => async () => {
    const took = await queue[how](passes);
    p50[how].push(percentile(took, 50));
    return percentile(took, 99);
  };
  // Neither is measured while it warms up.
  await queue.plain(50);
  await queue.again(50);
  const rounds = bench.rounds ?? (bench.quick ? 3 : 9);
  const p99 = await interleaved(rounds, { plain: measured('plain'), again: measured('again') }, bench.signal);
  const appends = (await appendsOf(20)) - (await appendsOf(10));
  bench.say('a restore in the sandbox …');
  const shares: RestoreShare[] = [];
  for (let round = 0; round < (bench.quick ? 1 : 3); round++) shares.push(await restoreShare(bench));
  const share = (of: (one: RestoreShare) => number) => shares.map(of);
  return {
    measured: [
      {
        ...{ what: 'Re-entry against a plain pass, p50', unit: '×' },
        ...{ samples: ratios(p50.again, p50.plain), budget: { is: '≤', value: 1.5 } },
      },
      { what: 'Re-entry, p50', unit: 'ms', samples: p50.again },
      { what: 'Re-entry, p99', unit: 'ms', samples: p99.again },
      { what: 'A plain pass, p50', unit: 'ms', samples: p50.plain },
      { what: 'A plain pass, p99', unit: 'ms', samples: p99.plain },
      { what: 'Appends a step', unit: '', samples: [appends / 10], budget: { is: '≤', value: 2 } },
      {
        ...{ what: 'pitcrew’s own share of a restore, less half a polling interval a wait', unit: 's' },
        ...{
          samples: share(
            ({ betweenSeconds, lateSeconds, waits, pollSeconds }) =>
              betweenSeconds + Math.max(0, lateSeconds - (waits * pollSeconds) / 2),
          ),
          budget: { is: '≤', value: 3 },
        },
      },
      {
        what: 'Of it: from the end of a step to the call of the next',
        unit: 's',
        samples: share((one) => one.betweenSeconds),
      },
      {
        ...{ what: 'Of it: from RDS being ready to the step that waited for it being done', unit: 's' },
        samples: share((one) => one.lateSeconds),
      },
      { what: 'The restore, from the last approval to its end', unit: 's', samples: share((one) => one.wholeSeconds) },
    ],
    facts: [
      ...shares
        .slice(0, 1)
        .map(
          ({ waits, pollSeconds, steps }) =>
            `The restore: ${steps} steps one after another on its critical path, ${waits} waits for RDS, asked every ${pollSeconds} s.`,
        ),
      'Steps that wait for Kubernetes count as work: they look inside their own call, and how early the cluster was ready is not known here.',
    ],
  };
}

interface Queue {
  /** Milliseconds from adding a job to the begin of its pass, one after another. */
  plain(passes: number): Promise<readonly number[]>;
  /** Milliseconds from the end of a pass to the begin of the next one of the same operation. */
  again(passes: number): Promise<readonly number[]>;
}

async function openQueue(bench: Bench): Promise<Queue> {
  const household = openHousehold('pitcrew-bench');
  bench.atEnd(() => household.close());
  const { url } = await startRedis(household);
  const [commands, blocking] = [connect(url, 'commands', () => {}), connect(url, 'blocking', () => {})];
  const queue = new OperationsQueue(commands);
  let pass: (operation: string) => PassResult = () => ({ kind: 'closed' });
  const worker = new OperationsWorker({
    ...{ redis: blocking, concurrency: 20, head: async () => 1, known: () => 1, onError: () => {} },
    pass: async ({ operation }) => pass(operation),
  });
  bench.atEnd(async () => {
    await worker.close(2);
    await queue.close();
    for (const redis of [commands, blocking]) redis.disconnect();
  });
  let operations = 0;
  return {
    async plain(passes) {
      const took: number[] = [];
      for (let at = 0; at < passes; at++) {
        bench.signal.throwIfAborted();
        const begun = new Promise<number>((resolve) => {
          pass = () => {
            resolve(performance.now());
            return { kind: 'closed' };
          };
        });
        const fromMs = performance.now();
        await queue.ensure(`op-${++operations}-plain`);
        took.push((await begun) - fromMs);
      }
      return took;
    },
    again: (passes) =>
      new Promise((resolve, reject) => {
        const took: number[] = [];
        let endedMs = Number.NaN;
        pass = () => {
          const nowMs = performance.now();
          if (!Number.isNaN(endedMs)) took.push(nowMs - endedMs);
          if (took.length === passes || bench.signal.aborted) {
            resolve(took);
            return { kind: 'closed' };
          }
          endedMs = performance.now();
          return { kind: 'wait', seconds: 0 };
        };
        queue.ensure(`op-${++operations}-again`).catch(reject);
      }),
  };
}

/** Events that the engine appends to run a plan of so many steps one after another. */
async function appendsOf(count: number): Promise<number> {
  const log: string[] = [];
  const steps = Array.from({ length: count }, (_, at) =>
    change(`s${at}`, log, at > 0 ? { after: [`s${at - 1}`] } : {}),
  );
  const stage = await approvedStage(steps);
  const before = stage.types().length;
  const end = await stage.drive();
  if (end.kind !== 'closed' || log.length !== count) throw new Error(`it ended ${end.kind} after ${log.length} steps`);
  return stage.types().length - before;
}
