import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../sandbox/kubernetes/fixture.ts';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { GuardRef, ReplicaCount, RestoreOutputs } from '../../domain/restore.ts';
import { named, namespace, recordedOf, startWorld, type World } from './cluster.fixture.ts';
import { guardsIn } from './guards.fixture.ts';
import { handOver } from './hand-over.ts';
import { recordApplication } from './record-application.ts';
import { startApplication } from './start-application.ts';
import { type ContextOf, contextOf, failure, undo } from './step-context.fixture.ts';
import { stopApplication } from './stop-application.ts';
import { present, scaleOf } from './workload.ts';

let world: World;
let cluster: Kubernetes;
let make: ReturnType<typeof guardsIn>;
beforeAll(async () => {
  world = await startWorld();
  cluster = world.kubernetes;
  make = guardsIn(world);
});
afterAll(() => world?.close());

const statefulSet = (name: string) => ({ ...named(name), kind: 'stateful-set' as const });
const cronJob = (name: string) => ({ ...named(name), kind: 'cron-job' as const });
const guard = (kind: GuardRef['kind'], name: string): GuardRef => ({ cluster: '', namespace, kind, name });
const standing = async (ref: Parameters<Kubernetes['find']>[0]) => {
  const found = await cluster.find(ref);
  return { spec: found?.spec ?? {}, annotations: found?.annotations ?? {} };
};

/** The steps over these workloads, each given what `record-application` found. */
function over(workloads: readonly ReplicaCount[], guards: readonly GuardRef[] = [], more: Partial<ContextOf> = {}) {
  const context = (epoch = 1) =>
    contextOf({
      input: {
        workloads: workloads.map(({ replicas: _, origin: __, ...ref }) => ref),
        takesOver: [],
        keptInstance: 'old',
      },
      outputs: recordedOf(workloads, guards),
      epoch,
      ...more,
    });
  const stop = stopApplication({ cluster });
  return {
    stop: () => stop.run(context()),
    start: () => startApplication({ cluster }).run(context()),
    handOver: () => handOver({ cluster }).run(context()),
    undo: () => undo(stop, context()),
  };
}
const scheduled = (name: string): ReplicaCount => ({ ...cronJob(name), replicas: 0, origin: 'spec' });

describe('a StatefulSet', () => {
  it('is stopped, started and let go as a Deployment is', async () => {
    await make.statefulSet('db-writer', 2);
    const set = statefulSet('db-writer');
    const available = async () => scaleOf(await present(cluster, set)).available;
    await eventually('it is up', async () => (await available()) === 2);
    const steps = over([{ ...set, replicas: 2, origin: 'spec' }]);
    await steps.stop();
    expect(await standing(set)).toMatchObject({ spec: { replicas: 0 }, annotations: { 'pitcrew/fence': 'op-1/1' } });
    await eventually('it is down', async () => (await cluster.pods(set, 'app=db-writer')).length === 0);
    await steps.start();
    await eventually('it is up again', async () => (await available()) === 2);
    await steps.handOver();
    const { annotations } = await standing(set);
    expect(annotations).toMatchObject({ 'pitcrew/fence': 'op-1/closed' });
    expect(annotations).not.toHaveProperty('pitcrew/replicas');
  });
});

describe('a CronJob', () => {
  it.each([
    ['that ran', undefined, false],
    ['that was suspended before', true, true],
  ])(
    '%s is suspended under the fence, stays so when the application starts, and is given back as it was',
    async (_, suspend, back) => {
      const name = `job-${back}`;
      await make.cronJob(name, suspend === undefined ? {} : { suspend });
      const ref = cronJob(name);
      const steps = over([scheduled(name)]);
      await steps.stop();
      expect(await standing(ref)).toMatchObject({
        spec: { suspend: true },
        annotations: { 'pitcrew/fence': 'op-1/1' },
      });
      expect(world.cluster.fireCronJob(namespace, name)).toBeUndefined();
      await steps.start();
      expect((await standing(ref)).spec.suspend).toBe(true);
      await steps.handOver();
      const after = await standing(ref);
      expect(after.spec.suspend).toBe(back);
      expect(after.annotations).not.toHaveProperty('pitcrew/was');
      expect(after.annotations).toMatchObject({ 'pitcrew/fence': 'op-1/closed' });
    },
  );

  it('is given back by the undo too, and one whose stop never arrived is left alone', async () => {
    await make.cronJob('undone');
    const steps = over([scheduled('undone')]);
    await steps.stop();
    await steps.undo();
    expect((await standing(cronJob('undone'))).spec.suspend).toBe(false);
    await make.cronJob('never', { suspend: true });
    await over([scheduled('never')]).undo();
    expect(await standing(cronJob('never'))).toMatchObject({
      spec: { suspend: true },
      annotations: { 'pitcrew/fence': 'op-1/closed' },
    });
  });
});

describe('what would start the application again', () => {
  let number = 0;
  let name = '';
  const workload = (): ReplicaCount => ({ ...named(name), replicas: 1, origin: 'spec' });
  beforeEach(async () => {
    name = `guarded-${++number}`;
    await world.deploy(name, 1);
  });

  it('F34: KEDA is paused before the scale to 0, so that it stays at 0, and afterwards scales as before', async () => {
    world.cluster.faults.load(true);
    await make.scaledObject(name, name);
    const ref = guard('scaled-object', name);
    const steps = over([workload()], [ref]);
    expect(await steps.stop()).toMatchObject({ output: { paused: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 700)); // more than three rounds of KEDA
    expect((await world.stateOf(name)).replicas).toBe(0);
    await steps.start();
    expect((await standing(ref)).annotations).toMatchObject({ 'autoscaling.keda.sh/paused': 'true' });
    await steps.handOver();
    const { annotations } = await standing(ref);
    expect(Object.keys(annotations)).not.toContain('autoscaling.keda.sh/paused');
    expect(annotations).toMatchObject({ 'pitcrew/fence': 'op-1/closed' });
    world.cluster.faults.load(false);
  });

  it('F34: KEDA that somebody holds at a count is let go of it meanwhile, and holds it again afterwards', async () => {
    const held = { 'autoscaling.keda.sh/paused-replicas': '1', 'autoscaling.keda.sh/paused': 'true' };
    await make.scaledObject(name, name, held);
    const steps = over([workload()], [guard('scaled-object', name)]);
    await steps.stop();
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await world.stateOf(name)).replicas).toBe(0);
    await steps.undo();
    expect((await standing(guard('scaled-object', name))).annotations).toMatchObject(held);
  });

  it('F34: Flux is suspended, and what a person had suspended stays so', async () => {
    await make.kustomization(`${name}-on`);
    await make.kustomization(`${name}-off`, { suspend: true });
    const both = [guard('kustomization', `${name}-on`), guard('kustomization', `${name}-off`)] as const;
    const steps = over([workload()], both);
    await steps.stop();
    expect((await standing(both[0])).spec.suspend).toBe(true);
    await steps.undo();
    expect((await standing(both[0])).spec).not.toHaveProperty('suspend');
    expect((await standing(both[1])).spec.suspend).toBe(true);
  });

  it('that pitcrew turns out not to be allowed to pause is only watched; one that is gone by then is no obstacle', async () => {
    await make.scaledObject(name, name);
    const allow = world.cluster.faults.forbid({ verb: 'patch', resource: 'scaledobjects.keda.sh' });
    const steps = over([workload()], [guard('scaled-object', name), guard('kustomization', 'deleted-meanwhile')]);
    expect(await steps.stop()).toMatchObject({ output: { workloads: 1, paused: 1 } });
    await steps.undo();
    allow();
    expect((await standing(guard('scaled-object', name))).annotations).toEqual({});
  });

  it('F34: that it may no longer give back is an error, not forgotten', async () => {
    await make.scaledObject(name, name);
    const steps = over([workload()], [guard('scaled-object', name)]);
    await steps.stop();
    const allow = world.cluster.faults.forbid({ verb: 'patch', resource: 'scaledobjects.keda.sh' });
    expect(await failure(steps.undo())).toMatchObject({
      code: 'kubernetes.denied',
      params: { verb: 'patch', resource: 'scaledobjects.keda.sh' },
    });
    allow();
    await steps.undo();
  });

  it('F47: a pause that was asleep is refused once the operation has given everything back', async () => {
    await make.kustomization(name);
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
    const asleep: Kubernetes = {
      ...cluster,
      async patch(...patch) {
        reach();
        await woken;
        return cluster.patch(...patch);
      },
    };
    const guards = [guard('kustomization', name)];
    const context = (epoch: number) =>
      contextOf({
        input: { workloads: [named(name)], takesOver: [] },
        outputs: recordedOf([workload()], guards),
        epoch,
      });
    const late = stopApplication({ cluster: asleep }).run(context(1));
    await reached;
    await undo(stopApplication({ cluster }), context(2));
    wake();
    expect(await failure(late)).toMatchObject({ code: 'kubernetes.fenced' });
    expect((await standing(guards[0] as GuardRef)).spec).not.toHaveProperty('suspend');
    expect(await world.stateOf(name)).toMatchObject({ replicas: 1 });
  });

  it('F47: nor can a worker of an operation that is long over, after others have come and gone', async () => {
    const [first, second] = [{ operation: 'op-1' }, { operation: 'op-2' }];
    for (const operation of [first, second]) {
      await over([workload()], [], operation).stop();
      await over([workload()], [], operation).undo();
    }
    expect(await failure(over([workload()], [], first).stop())).toMatchObject({ code: 'kubernetes.fenced' });
    expect(await world.stateOf(name)).toMatchObject({ replicas: 1, fence: 'op-2/closed' });
  });

  it('F58: an application that an operation left stopped is taken over by the one whose plan says so', async () => {
    const [keda, left] = [guard('scaled-object', name), { operation: 'op-left' }];
    await make.scaledObject(name, name);
    await over([workload()], [keda], left).stop();
    expect(await failure(over([workload()], [keda], { operation: 'op-next' }).stop())).toMatchObject({
      code: 'kubernetes.fenced-by-other',
    });
    const context = contextOf({
      operation: 'op-next',
      input: { workloads: [named(name)], takesOver: ['op-left'], keptInstance: 'old' },
      outputs: recordedOf([workload()], [keda]),
    });
    await stopApplication({ cluster }).run(context);
    expect(await world.stateOf(name)).toEqual({ replicas: 0, fence: 'op-next/1', noted: '1' });
    await startApplication({ cluster }).run(context);
    await handOver({ cluster }).run(context);
    // As it was before the first of them, not as the second found it.
    expect(Object.keys((await standing(keda)).annotations)).not.toContain('autoscaling.keda.sh/paused');
    expect(await failure(over([workload()], [keda], left).undo())).toMatchObject({ code: 'kubernetes.fenced' });
  });
});

describe('record-application', () => {
  it('F58: of all kinds, with the autoscaler’s minimum before the config’s count, and a shared owner once', async () => {
    await world.deploy('zero', 0);
    await make.autoscaler('zero', 'zero', 3);
    await world.deploy('sibling', 1);
    await make.cronJob('report');
    await make.kustomization('both');
    const labels = {
      'kustomize.toolkit.fluxcd.io/name': 'both',
      'kustomize.toolkit.fluxcd.io/namespace': namespace,
    };
    for (const ref of [named('zero'), named('sibling'), cronJob('report')])
      await cluster.patch(ref, [{ op: 'add', path: '/metadata/labels', value: labels }]);
    const workloads = [{ ...named('zero'), replicas: 9 }, named('sibling'), cronJob('report')];
    const done = await recordApplication({ cluster }).run(
      contextOf({ input: { workloads, pollSeconds: 1, backWithinSeconds: 60 } }),
    );
    if (done.kind !== 'done') throw new Error('it waits');
    const output = done.output as RestoreOutputs['record-application'];
    expect(output.workloads).toMatchObject([
      { name: 'zero', replicas: 3, origin: 'autoscaler' },
      { name: 'sibling', replicas: 1, origin: 'spec' },
      { name: 'report', kind: 'cron-job' },
    ]);
    expect(output.guards).toEqual([guard('kustomization', 'both')]);
  });
});
