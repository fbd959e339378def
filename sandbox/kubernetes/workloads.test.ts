import { PassThrough } from 'node:stream';
import { Log, PatchStrategy, setHeaderOptions, type V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Fixture, isRunning, kubectlMissing, startFixture, webDeployment } from './fixture.ts';

const namespace = 'production';
let world: Fixture;
beforeAll(async () => {
  world = await startFixture();
});
afterAll(() => world?.close());

const podsOf = async (app: string): Promise<V1Pod[]> =>
  (await world.core.listNamespacedPod({ namespace, labelSelector: `app=${app}` })).items;

const pidOf = (pod: V1Pod) => Number(pod.status?.containerStatuses?.[0]?.containerID?.replace('process://', ''));

const available = (name: string, count: number) =>
  eventually(`${name} has ${count} available pods`, async () => {
    const { metadata, status } = await world.apps.readNamespacedDeployment({ namespace, name });
    return status?.observedGeneration === metadata?.generation && (status?.availableReplicas ?? 0) === count;
  });

const scale = (name: string, replicas: number) =>
  world.apps.patchNamespacedDeploymentScale(
    { namespace, name, body: { spec: { replicas } } },
    setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
  );

describe('a Deployment', () => {
  test('scaled to 0 really stops its processes, shown as Terminating until the last has ended, and back up starts them', async () => {
    await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('stop', 2, { lingerMs: 600 }) });
    await available('stop', 2);
    const before = await podsOf('stop');
    expect(before.map(pidOf).every(isRunning)).toBe(true);

    await scale('stop', 0);
    const going = await eventually('both are terminating', async () => {
      const pods = await podsOf('stop');
      return pods.length === 2 && pods.every(({ metadata }) => metadata?.deletionTimestamp) ? pods : undefined;
    });
    expect(going.map(pidOf).every(isRunning)).toBe(true);
    const { status } = await world.apps.readNamespacedDeployment({ namespace, name: 'stop' });
    expect(status?.replicas).toBeUndefined(); // counts leave out pods that are going, as on a real cluster
    await eventually('no pod is left', async () => (await podsOf('stop')).length === 0);
    expect(before.map(pidOf).some(isRunning)).toBe(false);

    await scale('stop', 2);
    await available('stop', 2);
    expect((await podsOf('stop')).map(pidOf).every(isRunning)).toBe(true);
  });

  test('kills what ignores SIGTERM after the grace period', async () => {
    const body = webDeployment('stubborn', 1, { lingerMs: 60_000 });
    if (body.spec?.template.spec) body.spec.template.spec.terminationGracePeriodSeconds = 1;
    await world.apps.createNamespacedDeployment({ namespace, body });
    await available('stubborn', 1);
    const [pod] = await podsOf('stubborn');
    const asked = Date.now();
    await world.apps.deleteNamespacedDeployment({ namespace, name: 'stubborn' });
    await eventually('the pod is gone', async () => (await podsOf('stubborn')).length === 0);
    expect(Date.now() - asked).toBeGreaterThan(900);
    expect(pod && isRunning(pidOf(pod))).toBe(false);
  });

  test('rolls its pods when the template changes, and never falls below what may be unavailable', async () => {
    await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('roll', 2) });
    await available('roll', 2);
    const before = (await podsOf('roll')).map(({ metadata }) => metadata?.name);
    let least = 2;
    const watching = setInterval(async () => {
      const { status } = await world.apps.readNamespacedDeployment({ namespace, name: 'roll' });
      least = Math.min(least, status?.availableReplicas ?? 0);
    }, 20);
    const template = { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } };
    await world.apps.patchNamespacedDeployment(
      { namespace, name: 'roll', body: { spec: { template } } },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
    await eventually('all pods are new ones', async () => {
      const pods = await podsOf('roll');
      const { status } = await world.apps.readNamespacedDeployment({ namespace, name: 'roll' });
      return (
        pods.length === 2 && status?.updatedReplicas === 2 && !pods.some((pod) => before.includes(pod.metadata?.name))
      );
    });
    clearInterval(watching);
    expect(least).toBe(2);
    const sets = await world.apps.listNamespacedReplicaSet({ namespace, labelSelector: 'app=roll' });
    expect(sets.items.map(({ spec }) => spec?.replicas).sort()).toEqual([0, 2]);
  });

  test('whose container crashes shows CrashLoopBackOff with its count of restarts, and misses its progress deadline', async () => {
    const body = webDeployment('crash', 1, { image: 'test/crash:1' });
    if (body.spec) body.spec.progressDeadlineSeconds = 1;
    await world.apps.createNamespacedDeployment({ namespace, body });
    const pod = await eventually('it is in the crash loop', async () =>
      (await podsOf('crash')).find(({ status }) => {
        const [container] = status?.containerStatuses ?? [];
        return container?.state?.waiting?.reason === 'CrashLoopBackOff' && container.restartCount >= 2;
      }),
    );
    expect(pod.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(3);
    expect(await world.core.readNamespacedPodLog({ namespace, name: pod.metadata?.name ?? '' })).toBe('cannot go on\n');
    await eventually('the deadline is missed', async () => {
      const { status } = await world.apps.readNamespacedDeployment({ namespace, name: 'crash' });
      return status?.conditions?.some(
        ({ reason, status }) => reason === 'ProgressDeadlineExceeded' && status === 'False',
      );
    });
    await world.apps.deleteNamespacedDeployment({ namespace, name: 'crash' });
  });

  test('stays Terminating with its process running while its node does not answer', async () => {
    await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('stuck', 1) });
    await available('stuck', 1);
    const letGo = world.cluster.stuckTerminating('app=stuck');
    await scale('stuck', 0);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const [pod] = await podsOf('stuck');
    expect(pod?.metadata?.deletionTimestamp).toBeDefined();
    expect(pod && isRunning(pidOf(pod))).toBe(true);
    letGo();
    await eventually('the pod is gone', async () => (await podsOf('stuck')).length === 0);
    expect(pod && isRunning(pidOf(pod))).toBe(false);
  });

  test('deleted by force on a node that does not answer is gone from the API while its process runs on', async () => {
    await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('forced', 1) });
    await available('forced', 1);
    const letGo = world.cluster.stuckTerminating('app=forced');
    const [pod] = await podsOf('forced');
    await scale('forced', 0);
    await world.core.deleteNamespacedPod({ namespace, name: pod?.metadata?.name ?? '', gracePeriodSeconds: 0 });
    expect(await podsOf('forced')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(pod && isRunning(pidOf(pod))).toBe(true);
    letGo();
    await eventually('the process has ended', () => pod && !isRunning(pidOf(pod)));
  });

  test('is scaled up again by an autoscaler that fights back, once', async () => {
    await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('fight', 1) });
    world.cluster.faults.scaleBack({ namespace, deployment: 'fight', replicas: 1 });
    const replicas = async () =>
      (await world.apps.readNamespacedDeployment({ namespace, name: 'fight' })).spec?.replicas ?? -1;
    await scale('fight', 0);
    await eventually('it is back at 1', async () => (await replicas()) === 1);
    await scale('fight', 0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await replicas()).toBe(0);
  });
});

describe('a Service', () => {
  test('leads to ready pods in turn and refuses when there is none', async () => {
    await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('front', 2) });
    const spec = { selector: { app: 'front' }, ports: [{ port: 80, targetPort: 8080 }] };
    await world.core.createNamespacedService({ namespace, body: { metadata: { name: 'front' }, spec } });
    await available('front', 2);
    const port = await world.cluster.service(namespace, 'front');
    const ask = async () => (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text();
    const answers = [await ask(), await ask(), await ask(), await ask()];
    const names = (await podsOf('front')).map(({ metadata }) => metadata?.name);
    expect(new Set(answers)).toEqual(new Set(names));
    await scale('front', 0);
    await expect(ask()).rejects.toThrow();
  });
});

describe('logs', () => {
  test('are followed with the client library until the container ends', async () => {
    await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('talk', 1) });
    await available('talk', 1);
    const [pod] = await podsOf('talk');
    const stream = new PassThrough();
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
    });
    await new Log(world.config).log(namespace, pod?.metadata?.name ?? '', 'talk', stream, {
      follow: true,
      timestamps: true,
    });
    await scale('talk', 0);
    await eventually('the last line came', () => text.includes('ending'));
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z listening \d+\n/);
  });

  test.skipIf(kubectlMissing)(
    'are followed with kubectl logs -f (skipped where kubectl is not installed)',
    async () => {
      await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('say', 1) });
      await available('say', 1);
      const following = world.kubectl('logs', '-f', 'deployment/say', '-n', namespace);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await world.kubectl('scale', 'deployment/say', '--replicas=0', '-n', namespace);
      const { code, stdout } = await following;
      expect(code).toBe(0);
      expect(stdout).toMatch(/listening \d+\nending\n$/);
    },
  );
});

describe.skipIf(kubectlMissing)('kubectl (skipped where it is not installed)', () => {
  test('scales, waits for a rollout, rolls back and shows what there is', async () => {
    await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('hand', 1) });
    expect((await world.kubectl('scale', 'deployment/hand', '--replicas=2', '-n', namespace)).stdout).toContain(
      'scaled',
    );
    expect((await world.kubectl('rollout', 'status', 'deployment/hand', '--timeout=15s')).code).toBe(0);
    expect((await world.kubectl('get', 'deployment', 'hand')).stdout).toMatch(/hand\s+2\/2\s+2\s+2/);
    expect((await world.kubectl('get', 'pods', '-l', 'app=hand')).stdout).toMatch(/hand-\w+-\w+\s+1\/1\s+Running\s+0/);
    expect((await world.kubectl('set', 'env', 'deployment/hand', 'A=b')).code).toBe(0);
    expect((await world.kubectl('rollout', 'undo', 'deployment/hand')).code).toBe(0);
    expect((await world.kubectl('rollout', 'status', 'deployment/hand', '--timeout=15s')).code).toBe(0);
    const sets = await world.apps.listNamespacedReplicaSet({ namespace, labelSelector: 'app=hand' });
    expect(sets.items).toHaveLength(2); // the rollback took the first one again
    expect((await world.kubectl('delete', 'deployment', 'hand')).code).toBe(0);
  });
});
