import { PatchStrategy, setHeaderOptions, type V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Fixture, isRunning, kubectlMissing, startFixture, webDeployment } from './fixture.ts';
import { taskJob } from './workloads.fixture.ts';

const namespace = 'production';
let world: Fixture;
beforeAll(async () => {
  world = await startFixture();
});
afterAll(() => world?.close());

const podsOf = async (app: string): Promise<V1Pod[]> =>
  (await world.core.listNamespacedPod({ namespace, labelSelector: `app=${app}` })).items;
const pidOf = (pod: V1Pod | undefined) =>
  Number(pod?.status?.containerStatuses?.[0]?.containerID?.replace('process://', ''));
const isReady = ({ status }: V1Pod) =>
  status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A Deployment of one pod that takes so long to end, with so much grace. */
async function deploy(name: string, { lingerMs = 0, grace = 5 } = {}): Promise<V1Pod> {
  const body = webDeployment(name, 1, { lingerMs });
  if (body.spec?.template.spec) body.spec.template.spec.terminationGracePeriodSeconds = grace;
  await world.apps.createNamespacedDeployment({ namespace, body });
  return eventually(`${name} is ready`, async () => (await podsOf(name)).find(isReady));
}
const remove = (name: string) => world.apps.deleteNamespacedDeployment({ namespace, name });

describe('a deleted pod', () => {
  test('is Terminating for as long as its process takes, and its grace allows', async () => {
    const pod = await deploy('slow', { lingerMs: 60_000, grace: 2 });
    const asked = Date.now();
    await remove('slow');
    await pause(1000);
    const [going] = await podsOf('slow');
    expect(going?.metadata).toMatchObject({ deletionTimestamp: expect.any(Date), deletionGracePeriodSeconds: 2 });
    expect(isRunning(pidOf(pod))).toBe(true);
    await eventually('it is gone', async () => (await podsOf('slow')).length === 0);
    expect(Date.now() - asked).toBeGreaterThan(1900);
    expect(isRunning(pidOf(pod))).toBe(false);
  });

  test.skipIf(kubectlMissing)(
    'by force is gone at once, and so is its process on a node that answers (skipped without kubectl)',
    async () => {
      const pod = await deploy('forced', { lingerMs: 60_000, grace: 600 });
      await remove('forced');
      const name = pod.metadata?.name ?? '';
      await eventually('it is Terminating', async () => (await podsOf('forced'))[0]?.metadata?.deletionTimestamp);
      expect((await world.kubectl('get', 'pod', name)).stdout).toMatch(/Terminating/);
      const { code, stderr } = await world.kubectl('delete', 'pod', name, '--grace-period=0', '--force');
      expect([code, stderr]).toEqual([0, expect.stringContaining('may continue to run')]);
      await eventually('its process ended', () => !isRunning(pidOf(pod)));
    },
  );

  test('keeps its object while it has a finalizer, though its process has ended', async () => {
    const pod = await deploy('final');
    const name = pod.metadata?.name ?? '';
    const patch = (finalizers: string[] | null) =>
      world.core.patchNamespacedPod(
        { namespace, name, body: { metadata: { finalizers } } },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      );
    await patch(['example.com/not-yet']);
    await remove('final');
    await eventually('its process ended', () => !isRunning(pidOf(pod)));
    await world.core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 });
    const [kept] = await podsOf('final');
    expect(kept?.metadata?.deletionTimestamp).toBeDefined();
    expect(kept?.status?.phase).toBe('Succeeded');
    await expect(patch(['example.com/not-yet', 'example.com/another'])).rejects.toMatchObject({ code: 422 });
    await patch(null);
    expect(await podsOf('final')).toEqual([]);
  });
});

test('a deleted Deployment with a finalizer stays, and so do its pods, until the finalizer goes', async () => {
  const pod = await deploy('kept');
  const patch = (finalizers: string[]) =>
    world.apps.patchNamespacedDeployment(
      { namespace, name: 'kept', body: [{ op: 'add', path: '/metadata/finalizers', value: finalizers }] },
      setHeaderOptions('Content-Type', PatchStrategy.JsonPatch),
    );
  await patch(['example.com/guard']);
  await remove('kept');
  expect(
    (await world.apps.readNamespacedDeployment({ namespace, name: 'kept' })).metadata?.deletionTimestamp,
  ).toBeDefined();
  expect(isRunning(pidOf(pod))).toBe(true);
  await patch([]);
  await eventually('its pod is gone', async () => (await podsOf('kept')).length === 0);
  expect(isRunning(pidOf(pod))).toBe(false);
});

describe('an evicted pod', () => {
  test('of a Deployment is killed, stays as a record, and is replaced', async () => {
    const pod = await deploy('pressed', { lingerMs: 60_000, grace: 600 });
    world.cluster.faults.evict({ namespace, pod: pod.metadata?.name ?? '' });
    await eventually('its process ended', () => !isRunning(pidOf(pod)));
    const pods = await eventually('another one is ready', async () => {
      const all = await podsOf('pressed');
      return all.length === 2 && all.some(isReady) ? all : undefined;
    });
    const evicted = pods.find(({ metadata }) => metadata?.uid === pod.metadata?.uid);
    expect(evicted?.status).toMatchObject({
      phase: 'Failed',
      reason: 'Evicted',
      message: expect.stringContaining('low on resource: memory'),
    });
  });

  test('of a Job counts as failed, and the Job goes on in another one', async () => {
    const body = taskJob('moved', { seconds: 60 });
    await world.batch.createNamespacedJob({ namespace, body });
    const running = async () =>
      (await world.core.listNamespacedPod({ namespace, labelSelector: 'job-name=moved' })).items.filter(
        ({ status }) => status?.phase === 'Running',
      );
    const [first] = await eventually('it runs', async () => ((await running()).length > 0 ? running() : undefined));
    world.cluster.faults.evict({ namespace, pod: first?.metadata?.name ?? '', resource: 'ephemeral-storage' });
    await eventually('another one runs', async () =>
      (await running()).some(({ metadata }) => metadata?.uid !== first?.metadata?.uid),
    );
    expect((await world.batch.readNamespacedJob({ namespace, name: 'moved' })).status?.failed).toBe(1);
  });
});

test('a right that is taken away is refused in the words of the API server, and nothing else is', async () => {
  await deploy('guarded');
  const giveBack = world.cluster.faults.forbid({ verb: 'patch', resource: 'deployments.apps', namespace });
  const patch = () =>
    world.apps.patchNamespacedDeployment(
      { namespace, name: 'guarded', body: { metadata: { annotations: { a: 'b' } } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
  const message = `deployments.apps \\"guarded\\" is forbidden: User \\"system:serviceaccount:pitcrew:pitcrew\\" cannot patch resource \\"deployments\\" in API group \\"apps\\" in the namespace \\"production\\"`;
  await expect(patch()).rejects.toMatchObject({ code: 403, body: expect.stringContaining(message) });
  await world.apps.readNamespacedDeployment({ namespace, name: 'guarded' });
  giveBack();
  await patch();
});
