import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, webDeployment } from '../../../sandbox/kubernetes/fixture.ts';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { Step } from '../../domain/step.ts';
import { about, named, namespace, startWorld, type World } from './cluster.fixture.ts';
import { handOver } from './hand-over.ts';
import { recordApplication } from './record-application.ts';
import { startApplication } from './start-application.ts';
import { contextOf, failure, undo } from './step-context.fixture.ts';
import { stopApplication } from './stop-application.ts';

let world: World;
let cluster: Kubernetes;
beforeAll(async () => {
  world = await startWorld();
  cluster = world.kubernetes;
});
afterAll(() => world?.close());

describe('record-application', () => {
  const record = (name: string, replicas?: number) =>
    recordApplication({ cluster }).run(
      contextOf({
        input: {
          workloads: [{ ...named(name), ...(replicas ? { replicas } : {}) }],
          pollSeconds: 1,
          backWithinSeconds: 600,
        },
      }),
    );
  const counted = (replicas: number, origin: string) => ({ output: { workloads: [{ replicas, origin }] } });

  it('F58: of a Deployment at 0 takes the count that was written down, then the config’s, else asks', async () => {
    await world.deploy('count', 2);
    expect(await record('count', 7)).toMatchObject(counted(2, 'spec'));
    await cluster.patch(named('count'), [{ op: 'replace', path: '/spec/replicas', value: 0 }]);
    expect(await record('count', 7)).toMatchObject(counted(7, 'config'));
    expect(await failure(record('count'))).toMatchObject({ code: 'restore.replicas-unknown', kind: 'user' });
    await cluster.patch(named('count'), [{ op: 'add', path: '/metadata/annotations/pitcrew~1replicas', value: '3' }]);
    expect(await record('count', 7)).toMatchObject(counted(3, 'annotation'));
  });

  it('a workload that is not there is said to be', async () => {
    expect(await failure(record('ghost'))).toMatchObject({ code: 'kubernetes.not-found', params: { name: 'ghost' } });
  });
});

describe('stopping and starting', () => {
  let [stop, start, over] = [] as unknown as [Step, Step, Step];
  beforeAll(() => {
    [stop, start, over] = [stopApplication({ cluster }), startApplication({ cluster }), handOver({ cluster })];
  });

  it('scales to 0 with the count written beside, back up, and lets go', async () => {
    await world.deploy('round', 2);
    await stop.run(about('round', 2));
    expect(await world.stateOf('round')).toEqual({ replicas: 0, fence: 'op-1/1', noted: '2' });
    await start.run(about('round', 2, { epoch: 3 }));
    expect(await world.stateOf('round')).toEqual({ replicas: 2, fence: 'op-1/3', noted: '2' });
    const input = { workloads: [named('round')], keptInstance: 'old-instance' };
    const done = await over.run(about('round', 2, { epoch: 3, input }));
    expect(done).toMatchObject({ output: { keptInstance: 'old-instance' } });
    expect(await world.stateOf('round')).toEqual({ replicas: 2, fence: 'op-1/closed' });
  });

  it('done twice changes nothing the second time', async () => {
    await world.deploy('twice', 1);
    await stop.run(about('twice', 1));
    const before = await cluster.find(named('twice'));
    await stop.run(about('twice', 1));
    expect((await cluster.find(named('twice')))?.generation).toBe(before?.generation);
  });

  it('works on a Deployment without any annotation', async () => {
    const body = webDeployment('bare', 1);
    delete body.metadata?.annotations;
    await world.apps.createNamespacedDeployment({ namespace, body });
    await stop.run(about('bare', 1));
    expect(await world.stateOf('bare')).toMatchObject({ replicas: 0, fence: 'op-1/1' });
  });

  it('a lower epoch is fenced off by a higher one', async () => {
    await world.deploy('epochs', 1);
    await stop.run(about('epochs', 1, { epoch: 2 }));
    expect(await failure(start.run(about('epochs', 1, { epoch: 1 })))).toMatchObject({ code: 'kubernetes.fenced' });
    expect(await world.stateOf('epochs')).toMatchObject({ replicas: 0, fence: 'op-1/2' });
  });

  it('another operation’s fence stands until it is closed', async () => {
    await world.deploy('other', 1);
    await stop.run(about('other', 1));
    const second = about('other', 1, { operation: 'op-2' });
    expect(await failure(stop.run(second))).toMatchObject({
      code: 'kubernetes.fenced-by-other',
      params: { holder: 'op-1' },
    });
    await undo(stop, about('other', 1));
    await stop.run(second);
    expect(await world.stateOf('other')).toMatchObject({ replicas: 0, fence: 'op-2/1' });
  });

  it('F47: a worker frozen just before its patch can’t stop the application again after another closed', async () => {
    await world.deploy('frozen', 1);
    const asleep = sleepingBeforePatch(cluster);
    const late = stopApplication({ cluster: asleep.cluster }).run(about('frozen', 1));
    await asleep.reached;
    await stop.run(about('frozen', 1, { epoch: 2 }));
    await undo(stop, about('frozen', 1, { epoch: 2 }));
    asleep.wake();
    expect(await failure(late)).toMatchObject({ code: 'kubernetes.fenced' });
    expect(await world.stateOf('frozen')).toEqual({ replicas: 1, fence: 'op-1/closed' });
  });

  it('F47: nor when the other only took back a stop that had never arrived', async () => {
    await world.deploy('frozen-undo', 1);
    const asleep = sleepingBeforePatch(cluster);
    const late = stopApplication({ cluster: asleep.cluster }).run(about('frozen-undo', 1));
    await asleep.reached;
    await undo(stop, about('frozen-undo', 1, { epoch: 2 }));
    asleep.wake();
    expect(await failure(late)).toMatchObject({ code: 'kubernetes.fenced' });
    expect(await world.stateOf('frozen-undo')).toMatchObject({ replicas: 1, fence: 'op-1/closed' });
  });

  it('F55: a stop whose answer was lost is taken back too, and the undo is complete when the pods are up', async () => {
    await world.deploy('return', 2);
    world.cluster.faults.loseAnswers({ count: 1, matching: ({ method }) => method === 'PATCH' });
    expect(await failure(stop.run(about('return', 2)))).toMatchObject({ kind: 'retryable' });
    expect(await world.stateOf('return')).toMatchObject({ replicas: 0 });
    const record = recordApplication({ cluster });
    expect(await undo(record, about('return', 2))).toMatchObject({ kind: 'wait', because: { code: 'wait.rollout' } });
    const late = about('return', 2, { sinceSeconds: 601 });
    expect(await failure(undo(record, late))).toMatchObject({ code: 'restore.not-back', params: { why: 'rollout' } });
    await undo(stop, about('return', 2));
    await eventually('it is back', async () => (await undo(record, about('return', 2))).kind === 'done');
    expect((await undo(record, late)).kind).toBe('done');
    expect((await world.scaleOf('return')).available).toBe(2);
  });

  it('others who change the Deployment meanwhile don’t keep it from being stopped', async () => {
    await world.deploy('noise', 1);
    let noisy = 3;
    const disturbed: Kubernetes = {
      ...cluster,
      async patch(workload, operations) {
        if (noisy-- > 0)
          await cluster.patch(workload, [{ op: 'add', path: '/metadata/annotations/noise', value: String(noisy) }]);
        return cluster.patch(workload, operations);
      },
    };
    await stopApplication({ cluster: disturbed }).run(about('noise', 1));
    expect(await world.stateOf('noise')).toMatchObject({ replicas: 0, fence: 'op-1/1' });
  });
});

/** A cluster whose first patch waits until it is woken: a worker that was frozen between its look and its patch. */
function sleepingBeforePatch(real: Kubernetes) {
  const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const sleeping: Kubernetes = {
    ...real,
    async patch(workload, operations) {
      reach();
      await woken;
      return real.patch(workload, operations);
    },
  };
  return { cluster: sleeping, reached, wake };
}
