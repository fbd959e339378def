import { PatchStrategy, setHeaderOptions, type V1Job } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Fixture, isRunning, kubectlMissing, startFixture } from './fixture.ts';
import { taskCronJob, taskJob } from './workloads.fixture.ts';

const namespace = 'production';
let world: Fixture;
beforeAll(async () => {
  world = await startFixture();
});
afterAll(() => world?.close());

const create = (body: V1Job) => world.batch.createNamespacedJob({ namespace, body });
const read = (name: string) => world.batch.readNamespacedJob({ namespace, name });
const podsOf = async (name: string) =>
  (await world.core.listNamespacedPod({ namespace, labelSelector: `batch.kubernetes.io/job-name=${name}` })).items;
const pidOf = (pod: Awaited<ReturnType<typeof podsOf>>[number] | undefined) =>
  Number(pod?.status?.containerStatuses?.[0]?.containerID?.replace('process://', ''));
const condition = async (name: string, type: string) =>
  (await read(name)).status?.conditions?.find((each) => each.type === type && each.status === 'True');
const comesTo = (name: string, type: string) => eventually(`${name} is ${type}`, () => condition(name, type));
const running = (name: string) =>
  eventually(`${name} runs`, async () => (await podsOf(name)).find(({ status }) => status?.phase === 'Running'));

describe('a Job', () => {
  test('runs its process to the end, is Complete, and keeps the pod and its log', async () => {
    await create(taskJob('once', { env: [{ name: 'GREETING', value: 'world' }] }));
    await comesTo('once', 'Complete');
    const { status } = await read('once');
    expect(status).toMatchObject({ succeeded: 1, completionTime: expect.any(Date) });
    const [pod] = await podsOf('once');
    expect(pod?.status?.phase).toBe('Succeeded');
    expect(pod?.metadata?.finalizers).toBeUndefined();
    expect(await world.core.readNamespacedPodLog({ namespace, name: pod?.metadata?.name ?? '' })).toBe('hello world\n');
  });

  test('that keeps failing is retried as often as it may be, and then Failed', async () => {
    await create(taskJob('fails', { exitCode: 3, spec: { backoffLimit: 1 } }));
    expect(await comesTo('fails', 'Failed')).toMatchObject({ reason: 'BackoffLimitExceeded' });
    const pods = await podsOf('fails');
    expect(pods.map(({ status }) => status?.phase)).toEqual(['Failed', 'Failed']);
    expect((await read('fails')).status?.failed).toBe(2);
  });

  test('waits twice as long before each further try', async () => {
    const began = Date.now();
    await create(taskJob('patient', { exitCode: 3, spec: { backoffLimit: 3 } }));
    await comesTo('patient', 'Failed');
    expect(Date.now() - began).toBeGreaterThan(100 + 200 + 400);
    expect(await podsOf('patient')).toHaveLength(4);
  });

  test('with restartPolicy OnFailure restarts its container in the same pod', async () => {
    await create(taskJob('again', { exitCode: 3, restartPolicy: 'OnFailure', spec: { backoffLimit: 2 } }));
    expect(await comesTo('again', 'Failed')).toMatchObject({ reason: 'BackoffLimitExceeded' });
    expect((await read('again')).status?.failed).toBe(1);
  });

  test('past its deadline is FailureTarget at once, and Failed only when its process has ended', async () => {
    const env = [{ name: 'STUBBORN', value: 'yes' }];
    await create(taskJob('late', { seconds: 60, env, spec: { activeDeadlineSeconds: 3 } }));
    const pod = await running('late');
    const pid = pidOf(pod);
    const log = () => world.core.readNamespacedPodLog({ namespace, name: pod.metadata?.name ?? '' });
    await eventually('it is up to being asked to end', async () => (await log()).includes('hello'));
    expect(await comesTo('late', 'FailureTarget')).toMatchObject({ reason: 'DeadlineExceeded' });
    expect(isRunning(pid)).toBe(true);
    expect(await condition('late', 'Failed')).toBeUndefined();
    await comesTo('late', 'Failed');
    expect(isRunning(pid)).toBe(false);
  });

  test('whose pod is deleted gets another one, and the deleted one counts as failed', async () => {
    await create(taskJob('robbed', { seconds: 60 }));
    const name = (await running('robbed')).metadata?.name ?? '';
    await world.core.deleteNamespacedPod({ namespace, name });
    await eventually('another one runs', async () =>
      (await podsOf('robbed')).some(({ metadata, status }) => metadata?.name !== name && status?.phase === 'Running'),
    );
    expect((await read('robbed')).status?.failed).toBe(1);
  });

  test('that is deleted leaves its pods unless told otherwise, as the API does for old clients', async () => {
    await create(taskJob('orphaned', { seconds: 60 }));
    const pid = pidOf(await running('orphaned'));
    await world.batch.deleteNamespacedJob({ namespace, name: 'orphaned' });
    expect(await podsOf('orphaned')).toHaveLength(1);
    expect(isRunning(pid)).toBe(true);

    await create(taskJob('followed', { seconds: 60 }));
    const second = pidOf(await running('followed'));
    await world.batch.deleteNamespacedJob({ namespace, name: 'followed', propagationPolicy: 'Background' });
    await eventually('its pods are gone', async () => (await podsOf('followed')).length === 0);
    expect(isRunning(second)).toBe(false);
  });

  test('goes by itself, its pods with it, so long after it finished', async () => {
    await create(taskJob('brief', { spec: { ttlSecondsAfterFinished: 1 } }));
    await comesTo('brief', 'Complete');
    await eventually('it is gone', () =>
      read('brief').then(
        () => false,
        () => true,
      ),
    );
    await eventually('its pods are gone', async () => (await podsOf('brief')).length === 0);
  });

  test('that is suspended has no pod, and starts when it is resumed', async () => {
    await create(taskJob('held', { spec: { suspend: true } }));
    await comesTo('held', 'Suspended');
    expect(await podsOf('held')).toEqual([]);
    const body = { spec: { suspend: false } };
    await world.batch.patchNamespacedJob(
      { namespace, name: 'held', body },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    await comesTo('held', 'Complete');
  });

  test('reads a Secret into its environment, and the value is in no argument of any process', async () => {
    const value = 'a-value-that-only-the-secret-knows';
    await world.core.createNamespacedSecret({
      namespace,
      body: { metadata: { name: 'login' }, stringData: { GREETING: value } },
    });
    await create(
      taskJob('secretive', {
        seconds: 60,
        env: [{ name: 'GREETING', valueFrom: { secretKeyRef: { name: 'login', key: 'GREETING' } } }],
      }),
    );
    const { readFileSync } = await import('node:fs');
    const pod = await running('secretive');
    expect(readFileSync(`/proc/${pidOf(pod)}/cmdline`, 'utf8')).not.toContain(value);
    await eventually('it said so', async () =>
      (await world.core.readNamespacedPodLog({ namespace, name: pod.metadata?.name ?? '' })).includes(`hello ${value}`),
    );
  });

  test('may not restart always, nor change its template', async () => {
    const wrong = taskJob('wrong');
    if (wrong.spec?.template.spec) wrong.spec.template.spec.restartPolicy = 'Always';
    await expect(create(wrong)).rejects.toMatchObject({ code: 422 });
    const job = await create(taskJob('fixed', { seconds: 60 }));
    const container = job.spec?.template.spec?.containers[0];
    if (container) container.image = 'test/crash:1';
    delete job.metadata?.resourceVersion;
    await expect(world.batch.replaceNamespacedJob({ namespace, name: 'fixed', body: job })).rejects.toMatchObject({
      code: 422,
    });
  });
});

describe('a CronJob', () => {
  const jobsOf = async (name: string) =>
    (await world.batch.listNamespacedJob({ namespace })).items.filter(
      ({ metadata }) => metadata?.ownerReferences?.[0]?.name === name,
    );
  const suspend = (name: string, on: boolean) =>
    world.batch.patchNamespacedCronJob(
      { namespace, name, body: { spec: { suspend: on } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );

  test('runs on its schedule', async () => {
    await world.batch.createNamespacedCronJob({ namespace, body: taskCronJob('often', { schedule: '@every 1s' }) });
    const [job] = await eventually('it ran', async () => {
      const jobs = await jobsOf('often');
      return jobs.length > 0 ? jobs : undefined;
    });
    await comesTo(job?.metadata?.name ?? '', 'Complete');
    const { status } = await world.batch.readNamespacedCronJob({ namespace, name: 'often' });
    expect(status?.lastScheduleTime).toBeInstanceOf(Date);
    await world.batch.deleteNamespacedCronJob({ namespace, name: 'often' });
    await eventually('its Jobs are gone', async () => (await jobsOf('often')).length === 0);
  });

  test('that was suspended past its time makes up for it when it is resumed', async () => {
    await world.batch.createNamespacedCronJob({
      namespace,
      body: taskCronJob('missed', { schedule: '@every 1s', suspend: true }),
    });
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(await jobsOf('missed')).toEqual([]);
    expect(world.cluster.fireCronJob(namespace, 'missed')).toBeUndefined();
    await suspend('missed', false);
    await eventually('it runs', async () => (await jobsOf('missed')).length > 0);
    await suspend('missed', true);
  });

  test('that forbids concurrency starts none while one runs, and one that replaces ends the one that runs', async () => {
    const body = taskCronJob('alone', { concurrencyPolicy: 'Forbid' }, { seconds: 60 });
    await world.batch.createNamespacedCronJob({ namespace, body });
    expect(world.cluster.fireCronJob(namespace, 'alone')).toMatch(/^alone-\d+$/);
    expect(world.cluster.fireCronJob(namespace, 'alone')).toBeUndefined();

    const other = taskCronJob('newest', { concurrencyPolicy: 'Replace' }, { seconds: 60 });
    await world.batch.createNamespacedCronJob({ namespace, body: other });
    const first = world.cluster.fireCronJob(namespace, 'newest') ?? '';
    await running(first);
    const second = world.cluster.fireCronJob(namespace, 'newest') ?? '';
    await running(second);
    expect((await jobsOf('newest')).map(({ metadata }) => metadata?.name)).toEqual([second]);
  });

  test('with a schedule or a time zone that is none is refused', async () => {
    for (const spec of [
      { schedule: '61 * * * *' },
      { schedule: '* * * *' },
      { schedule: '0 3 * * *', timeZone: 'Mars/Base' },
    ]) {
      const refused = world.batch.createNamespacedCronJob({ namespace, body: taskCronJob('refused', spec) });
      await expect(refused).rejects.toMatchObject({ code: 422 });
    }
  });

  test.skipIf(kubectlMissing)(
    'is shown and started by hand with kubectl (skipped where it is not installed)',
    async () => {
      await world.batch.createNamespacedCronJob({ namespace, body: taskCronJob('byhand') });
      expect((await world.kubectl('get', 'cronjob', 'byhand')).stdout).toMatch(
        /byhand\s+0 3 1 1 \*\s+<none>\s+False\s+0\s+<none>/,
      );
      expect(await world.kubectl('create', 'job', '--from=cronjob/byhand', 'now')).toMatchObject({ code: 0 });
      expect(await world.kubectl('wait', '--for=condition=complete', 'job/now', '--timeout=15s')).toMatchObject({
        code: 0,
      });
      expect((await world.kubectl('get', 'job', 'now')).stdout).toMatch(/now\s+Complete\s+1\/1/);
      expect((await read('now')).metadata?.annotations).toMatchObject({
        'cronjob.kubernetes.io/instantiate': 'manual',
      });
      expect((await world.kubectl('logs', 'job/now')).stdout).toBe('hello \n');
    },
  );
});
