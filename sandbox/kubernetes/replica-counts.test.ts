import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Fixture, kubectlMissing, startFixture, webDeployment } from './fixture.ts';
import {
  argoApplication,
  autoscaler,
  fluxHelmRelease,
  fluxKustomization,
  scaledObject,
  taskCronJob,
  webStatefulSet,
} from './workloads.fixture.ts';

const namespace = 'production';
let world: Fixture;
beforeAll(async () => {
  world = await startFixture();
});
afterAll(() => world?.close());

const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const podNames = async (app: string) =>
  (await world.core.listNamespacedPod({ namespace, labelSelector: `app=${app}` })).items.map(
    ({ metadata }) => metadata?.name ?? '',
  );

describe('a StatefulSet', () => {
  const read = (name: string) => world.apps.readNamespacedStatefulSet({ namespace, name });
  const ready = (name: string, count: number) =>
    eventually(`${name} has ${count} ready pods`, async () => (await read(name)).status?.readyReplicas === count);
  const scale = (name: string, replicas: number) =>
    world.apps.patchNamespacedStatefulSetScale({ namespace, name, body: { spec: { replicas } } }, merge);

  test('makes its pods one after the other under stable names, and takes them away from the last to the first', async () => {
    await world.apps.createNamespacedStatefulSet({ namespace, body: webStatefulSet('db', 2) });
    await eventually('the first is made', async () => (await podNames('db')).length === 1);
    expect(await podNames('db')).toEqual(['db-0']);
    await ready('db', 2);
    expect(await podNames('db')).toEqual(['db-0', 'db-1']);

    const letGo = world.cluster.stuckTerminating('statefulset.kubernetes.io/pod-name=db-1');
    await scale('db', 0);
    await pause(300);
    const pods = (await world.core.listNamespacedPod({ namespace, labelSelector: 'app=db' })).items;
    expect(pods.map(({ metadata }) => metadata?.deletionTimestamp !== undefined)).toEqual([false, true]);
    expect((await read('db')).status?.replicas).toBe(2); // a pod that is going counts here
    letGo();
    await eventually('none is left', async () => (await podNames('db')).length === 0);
    expect((await read('db')).status?.replicas).toBe(0);
  });

  test('replaces a deleted pod only when it is gone, by one of the same name', async () => {
    await world.apps.createNamespacedStatefulSet({ namespace, body: webStatefulSet('one', 1) });
    await ready('one', 1);
    const uid = async () => (await world.core.readNamespacedPod({ namespace, name: 'one-0' })).metadata?.uid;
    const before = await uid();
    const letGo = world.cluster.stuckTerminating('app=one');
    await world.core.deleteNamespacedPod({ namespace, name: 'one-0' });
    await pause(300);
    expect(await uid()).toBe(before);
    letGo();
    await eventually('it is a new one', async () => {
      const now = await uid().catch(() => before);
      return now !== before;
    });
  });

  test.skipIf(kubectlMissing)(
    'rolls out, and is shown and scaled by kubectl (skipped where it is not installed)',
    async () => {
      await world.apps.createNamespacedStatefulSet({ namespace, body: webStatefulSet('rolled', 2) });
      expect(await world.kubectl('rollout', 'status', 'sts/rolled', '--timeout=15s')).toMatchObject({ code: 0 });
      expect((await world.kubectl('get', 'sts', 'rolled')).stdout).toMatch(/rolled\s+2\/2/);
      expect(await world.kubectl('rollout', 'restart', 'statefulset/rolled')).toMatchObject({ code: 0 });
      expect(await world.kubectl('rollout', 'status', 'sts/rolled', '--timeout=15s')).toMatchObject({ code: 0 });
      expect(await world.kubectl('scale', 'sts/rolled', '--replicas=0')).toMatchObject({ code: 0 });
      await eventually('none is left', async () => (await podNames('rolled')).length === 0);
    },
  );
});

const wanted = async (name: string) =>
  (await world.apps.readNamespacedDeployment({ namespace, name })).spec?.replicas ?? -1;
const scale = (name: string, replicas: number) =>
  world.apps.patchNamespacedDeploymentScale({ namespace, name, body: { spec: { replicas } } }, merge);
const deploy = (
  name: string,
  replicas: number,
  metadata: { labels?: Record<string, string>; annotations?: Record<string, string> } = {},
) => {
  const body = webDeployment(name, replicas);
  body.metadata = {
    ...body.metadata,
    labels: { ...body.metadata?.labels, ...metadata.labels },
    annotations: { ...metadata.annotations },
  };
  return world.apps.createNamespacedDeployment({ namespace, body });
};
const comesBackTo = (name: string, replicas: number) =>
  eventually(`${name} is at ${replicas}`, async () => (await wanted(name)) === replicas);
const staysAt = async (name: string, replicas: number) => {
  await pause(700);
  expect(await wanted(name)).toBe(replicas);
};
const custom = (plural: string, body: { apiVersion: string; metadata: { name: string } }) => {
  const [group = '', version = ''] = body.apiVersion.split('/');
  const about = { group, version, namespace, plural };
  return {
    create: () => world.custom.createNamespacedCustomObject({ ...about, body }),
    patch: (patch: object) =>
      world.custom.patchNamespacedCustomObject({ ...about, name: body.metadata.name, body: patch }, merge),
  };
};

describe('a HorizontalPodAutoscaler', () => {
  test('holds its target within its bounds, and leaves one at 0 alone', async () => {
    await deploy('auto', 1);
    await world.autoscaling.createNamespacedHorizontalPodAutoscaler({
      namespace,
      body: autoscaler('auto', { minReplicas: 2 }),
    });
    await comesBackTo('auto', 2);
    await scale('auto', 0);
    await staysAt('auto', 0);
    const { status } = await world.autoscaling.readNamespacedHorizontalPodAutoscaler({ namespace, name: 'auto' });
    expect(status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'ScalingActive', reason: 'ScalingDisabled' }),
    );
    world.cluster.faults.hpaFightsBack(true);
    await comesBackTo('auto', 2);
    world.cluster.faults.hpaFightsBack(false);
  });

  test('that may scale to 0 brings its target back when there is load', async () => {
    await deploy('tozero', 1);
    await world.autoscaling.createNamespacedHorizontalPodAutoscaler({
      namespace,
      body: autoscaler('tozero', { minReplicas: 0 }),
    });
    await scale('tozero', 0);
    await staysAt('tozero', 0);
    world.cluster.faults.load(true);
    await comesBackTo('tozero', 1);
    world.cluster.faults.load(false);
  });
});

describe('KEDA', () => {
  test('brings its target back to its minimum unless it is paused', async () => {
    await deploy('keda', 2);
    const object = custom('scaledobjects', scaledObject('keda', { minReplicaCount: 2 }));
    await object.create();
    await scale('keda', 0);
    await comesBackTo('keda', 2);
    await object.patch({ metadata: { annotations: { 'autoscaling.keda.sh/paused': 'true' } } });
    await scale('keda', 0);
    await staysAt('keda', 0);
    const hpas = await world.autoscaling.listNamespacedHorizontalPodAutoscaler({ namespace });
    expect(hpas.items.map(({ metadata }) => metadata?.name)).not.toContain('keda-hpa-keda');
    await object.patch({ metadata: { annotations: { 'autoscaling.keda.sh/paused': null } } });
    await comesBackTo('keda', 2);
  });

  test('holds its target at paused-replicas, whoever else scales it', async () => {
    await deploy('kedaheld', 1);
    const object = custom('scaledobjects', scaledObject('kedaheld'));
    await object.create();
    await object.patch({ metadata: { annotations: { 'autoscaling.keda.sh/paused-replicas': '0' } } });
    await comesBackTo('kedaheld', 0);
    await scale('kedaheld', 3);
    await comesBackTo('kedaheld', 0);
  });
});

describe('Argo CD and Flux', () => {
  test('put back what the repository says, until they are held back the way each documents', async () => {
    await deploy('argo', 2, {
      annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:production/argo' },
    });
    const application = custom('applications', argoApplication('shop'));
    await application.create();
    await scale('argo', 0);
    await comesBackTo('argo', 2);
    await application.patch({ spec: { syncPolicy: { automated: { selfHeal: false } } } });
    await scale('argo', 0);
    await staysAt('argo', 0);

    const labels = { 'kustomize.toolkit.fluxcd.io/name': 'shop', 'kustomize.toolkit.fluxcd.io/namespace': namespace };
    await deploy('flux', 2, { labels });
    const kustomization = custom('kustomizations', fluxKustomization('shop'));
    await kustomization.create();
    await scale('flux', 0);
    await comesBackTo('flux', 2);
    await kustomization.patch({ spec: { suspend: true } });
    await scale('flux', 0);
    await staysAt('flux', 0);

    const release = { 'helm.toolkit.fluxcd.io/name': 'shop', 'helm.toolkit.fluxcd.io/namespace': namespace };
    await deploy('helm', 2, { labels: release });
    const helm = custom('helmreleases', fluxHelmRelease('shop'));
    await helm.create();
    await scale('helm', 0);
    await comesBackTo('helm', 2);
    await helm.patch({ spec: { suspend: true } });
    await scale('helm', 0);
    await staysAt('helm', 0);
  });

  test('leave alone what their object says to ignore', async () => {
    await deploy('ignored', 2, { labels: { 'app.kubernetes.io/instance': 'ignoring' } });
    const ignoreDifferences = [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }];
    await custom('applications', argoApplication('ignoring', { ignoreDifferences })).create();
    await scale('ignored', 0);
    await staysAt('ignored', 0);
  });

  test('take the suspension of a CronJob back, too', async () => {
    const body = taskCronJob('nightly');
    body.metadata = { ...body.metadata, labels: { 'app.kubernetes.io/instance': 'jobs' } };
    await world.batch.createNamespacedCronJob({ namespace, body });
    await custom('applications', argoApplication('jobs')).create();
    await world.batch.patchNamespacedCronJob({ namespace, name: 'nightly', body: { spec: { suspend: true } } }, merge);
    await eventually(
      'it runs again',
      async () => (await world.batch.readNamespacedCronJob({ namespace, name: 'nightly' })).spec?.suspend === false,
    );
  });
});

describe('custom resources', () => {
  test('take no strategic merge patch, and are not there on a cluster without their extension', async () => {
    const body = scaledObject('absent');
    const about = { group: 'keda.sh', version: 'v1alpha1', namespace, plural: 'scaledobjects' };
    await world.custom.createNamespacedCustomObject({ ...about, body });
    const strategic = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
    await expect(
      world.custom.patchNamespacedCustomObject({ ...about, name: 'absent', body: { spec: {} } }, strategic),
    ).rejects.toMatchObject({ code: 415 });
    const putBack = world.cluster.withoutGroup('keda.sh');
    await expect(world.custom.listNamespacedCustomObject(about)).rejects.toMatchObject({ code: 404 });
    putBack();
    expect(await world.custom.listNamespacedCustomObject(about)).toMatchObject({ kind: 'ScaledObjectList' });
  });

  test.skipIf(kubectlMissing)(
    'are shown by kubectl as their own tables (skipped where it is not installed)',
    async () => {
      const { code, stdout, stderr } = await world.kubectl(
        'get',
        'hpa,cronjob,job,sts,scaledobject,application,kustomization,helmrelease',
      );
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/horizontalpodautoscaler.autoscaling\/auto\s+Deployment\/auto\s+<unknown>\s+2\s+5/);
      expect(stdout).toMatch(
        /scaledobject.keda.sh\/keda\s+apps\/v1.Deployment\s+keda\s+2\s+5\s+True\s+False\s+False\s+False\s+cpu/,
      );
      expect(stdout).toContain('application.argoproj.io/shop');
      expect(stdout).toContain('helmrelease.helm.toolkit.fluxcd.io/shop');
      expect(
        await world.kubectl('annotate', 'scaledobject', 'absent', 'autoscaling.keda.sh/paused=true'),
      ).toMatchObject({ code: 0 });
      expect(await world.kubectl('describe', 'scaledobject', 'absent')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Paused'),
      });
    },
  );

  test.skipIf(kubectlMissing)(
    'and everything that kubectl create makes is made (skipped where it is not installed)',
    async () => {
      const made = [
        ['deployment', 'made', '--image=test/web:1', '--replicas=0'],
        ['cronjob', 'made', '--image=test/task:1', '--schedule=0 3 * * *'],
        ['job', 'made', '--image=test/task:1'],
        ['configmap', 'made', '--from-literal=a=b'],
        ['secret', 'generic', 'made', '--from-literal=a=b'],
        ['serviceaccount', 'made'],
        ['namespace', 'made'],
      ];
      for (const args of made) expect(await world.kubectl('create', ...args)).toMatchObject({ code: 0, stderr: '' });
      const secret = await world.core.readNamespacedSecret({ namespace, name: 'made' });
      expect(secret).toMatchObject({ type: 'Opaque', data: { a: Buffer.from('b').toString('base64') } });
      expect(await wanted('made')).toBe(0);
    },
  );
});
