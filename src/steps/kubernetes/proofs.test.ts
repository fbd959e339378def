import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, webDeployment } from '../../../sandbox/kubernetes/fixture.ts';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import { instant } from '../../domain/time.ts';
import { describeError } from '../../messages/index.ts';
import type { Sessions } from '../postgres/sessions.ts';
import { about, named, namespace, recorded, recordedOf, startWorld, type World } from './cluster.fixture.ts';
import { guardsIn } from './guards.fixture.ts';
import { running } from './pods.ts';
import { proveOnNew } from './prove-on-new.ts';
import { proveStopped } from './prove-stopped.ts';
import { proving, session, sessionsAt } from './sessions.fixture.ts';
import { contextOf, failure, undo } from './step-context.fixture.ts';
import { stopApplication } from './stop-application.ts';
import { watchStopped } from './watch-stopped.ts';
import { present } from './workload.ts';

let world: World;
let cluster: Kubernetes;
beforeAll(async () => {
  world = await startWorld();
  cluster = world.kubernetes;
});
afterAll(() => world?.close());

describe('prove-stopped', () => {
  const prove = (name: string, sessions: Sessions, more: object = {}, sinceSeconds = 0) =>
    proveStopped({ cluster, sessions }).run(contextOf({ input: proving(name, more), sinceSeconds }));
  const stopped = async (name: string, options = {}) => {
    await world.deploy(name, 1, options);
    await stopApplication({ cluster }).run(about(name, 1));
  };
  const gone = (name: string) => eventually('no pod is left', async () => (await world.podsOf(name)).length === 0);

  it('F35: waits for pods that are still Terminating, and says of each since when, where and how a person may decide', async () => {
    const release = world.cluster.stuckTerminating('app=stuck');
    await stopped('stuck');
    await eventually('it is Terminating', async () => (await world.podsOf('stuck'))[0]?.terminating);
    expect(await prove('stuck', sessionsAt({}))).toMatchObject({
      because: { code: 'wait.pods-stopping', params: { pods: 1 } },
    });
    const error = await failure(prove('stuck', sessionsAt({}), {}, 100));
    expect(error).toMatchObject({ code: 'restore.not-stopped', kind: 'permanent', params: { podCount: 1 } });
    const [pod] = await world.podsOf('stuck');
    expect(error.params.pods).toEqual([`${pod?.name} (Terminating)`]);
    expect(error.params.stuck).toEqual([
      { pod: pod?.name, namespace, node: pod?.node, since: pod?.terminatingSince, finalizers: [] },
    ]);
    expect(Math.abs(Date.now() - Date.parse(pod?.terminatingSince ?? ''))).toBeLessThan(4000);
    for (const locale of ['en', 'zh-TW'] as const) {
      const { what, hint } = describeError(locale, error);
      expect(what).toContain(`${pod?.terminatingSince?.slice(0, 10)}`);
      expect(hint).toContain(`kubectl delete pod ${pod?.name} -n ${namespace} --grace-period=0 --force`);
    }
    release();
    await gone('stuck');
    expect(await prove('stuck', sessionsAt({}))).toMatchObject({ kind: 'done', output: { pods: 0, sessions: 0 } });
  });

  it('F35: waits for sessions of the application and of anybody else, and names their roles when it takes too long', async () => {
    await stopped('connected');
    await gone('connected');
    expect(await prove('connected', sessionsAt({ old: [session(5)] }))).toMatchObject({
      because: { code: 'wait.sessions' },
    });
    const foreign = sessionsAt({ foreign: [session(5, 'analyst')] });
    expect(await prove('connected', foreign)).toMatchObject({
      because: { code: 'wait.sessions', params: { sessions: 1, role: 'analyst', address: '127.0.0.1' } },
    });
    expect(await failure(prove('connected', foreign, {}, 100))).toMatchObject({
      code: 'restore.not-stopped',
      params: { foreign: 1, who: [{ role: 'analyst', address: '127.0.0.1' }] },
    });
  });

  it('F34: halts when somebody scales the application up again', async () => {
    await stopped('fought');
    world.cluster.faults.scaleBack({ namespace, deployment: 'fought', replicas: 3 });
    await cluster.patch(named('fought'), [{ op: 'add', path: '/metadata/annotations/poke', value: '1' }]);
    await eventually('it is scaled up', async () => (await world.stateOf('fought')).replicas === 3);
    expect(await failure(prove('fought', sessionsAt({})))).toMatchObject({
      code: 'restore.scaled-up-again',
      params: { workload: 'current/production/fought', replicas: 3 },
    });
  });

  it('a database that doesn’t answer proves nothing; one that is gone has no sessions', async () => {
    await stopped('silent');
    await gone('silent');
    const silent = sessionsAt({ down: true });
    expect(await prove('silent', silent)).toMatchObject({ because: { code: 'wait.database-answers' } });
    expect(await failure(prove('silent', silent, {}, 100))).toMatchObject({ params: { databaseAnswers: false } });
    expect(await prove('silent', silent, { source: null })).toMatchObject({ kind: 'done' });
  });

  it('F34: waits for what a schedule has begun, and halts when somebody lets the schedule run again', async () => {
    await guardsIn(world).cronJob('report', { seconds: 3 });
    const ref = { ...named('report'), kind: 'cron-job' as const };
    const job = world.cluster.fireCronJob(namespace, 'report') ?? '';
    const context = contextOf({
      input: { workloads: [ref], takesOver: [] },
      outputs: recordedOf([{ ...ref, replicas: 0, origin: 'spec' }]),
    });
    await stopApplication({ cluster }).run(context);
    const proveIt = (sinceSeconds = 0) =>
      proveStopped({ cluster, sessions: sessionsAt({}) }).run(
        contextOf({ input: proving('report', { workloads: [ref] }), sinceSeconds }),
      );
    expect(await proveIt()).toMatchObject({ kind: 'wait' });
    expect(await failure(proveIt(100))).toMatchObject({ code: 'restore.not-stopped', params: { jobs: [job] } });
    await eventually('the Job has ended', async () => (await proveIt()).kind === 'done');
    await undo(stopApplication({ cluster }), context);
    expect(await failure(proveIt())).toMatchObject({ code: 'restore.schedule-resumed' });
  });
});

describe('watch-stopped', () => {
  const watch = (
    name: string,
    sessions: Sessions,
    { measured = false, more = {}, stoppedAt = instant(Date.now()) } = {},
  ) => {
    const outputs = {
      'prove-stopped': { pods: 0, sessions: 0, at: stoppedAt },
      ...(measured ? { 'measure-loss': {} } : {}),
    };
    return watchStopped({ cluster, sessions }).run(
      contextOf({ input: proving(name, { until: 'measure-loss', ...more }), outputs }),
    );
  };
  const stopped = async (name: string) => {
    await world.deploy(name, 1);
    await stopApplication({ cluster }).run(about(name, 1));
    await eventually('no pod is left', async () => (await world.podsOf(name)).length === 0);
  };

  it('watches until the last step before the cut-over is done, and looks once more then', async () => {
    await stopped('calm');
    expect(await watch('calm', sessionsAt({}))).toMatchObject({
      kind: 'wait',
      because: { code: 'wait.stays-stopped' },
    });
    expect(await watch('calm', sessionsAt({}), { measured: true })).toMatchObject({ kind: 'done' });
    expect(await failure(watch('calm', sessionsAt({ old: [session(1)] }), { measured: true }))).toMatchObject({
      code: 'restore.sessions-came-back',
    });
  });

  it('F34: halts when the application is scaled up, and when pods come back by another way', async () => {
    await stopped('risen');
    await cluster.patch(named('risen'), [{ op: 'replace', path: '/spec/replicas', value: 2 }]);
    expect(await failure(watch('risen', sessionsAt({})))).toMatchObject({
      code: 'restore.scaled-up-again',
      kind: 'permanent',
      params: { replicas: 2 },
    });
    await stopped('bare');
    const container = { name: 'bare', image: 'test/web:1' };
    const body = { metadata: { name: 'by-hand', labels: { app: 'bare' } }, spec: { containers: [container] } };
    await world.core.createNamespacedPod({ namespace, body });
    expect(await failure(watch('bare', sessionsAt({})))).toMatchObject({
      code: 'restore.pods-came-back',
      params: { pods: ['by-hand'] },
    });
  });

  it('F34: a Job that a schedule began and ended between two looks has left its record', async () => {
    await guardsIn(world).cronJob('quick');
    const ref = { ...named('quick'), kind: 'cron-job' as const };
    const [stoppedAt, more] = [instant(Date.now() - 2000), { workloads: [ref] }];
    world.cluster.fireCronJob(namespace, 'quick');
    await cluster.patch(ref, [{ op: 'replace', path: '/spec/suspend', value: true }]);
    const seen = async () => running(cluster, await present(cluster, ref));
    await eventually('it has ended', async () => {
      const { pods, jobs, newestJobAt } = await seen();
      return pods.length + jobs.length === 0 && newestJobAt !== undefined;
    });
    expect(await failure(watch('quick', sessionsAt({}), { more, stoppedAt }))).toMatchObject({
      code: 'restore.schedule-fired',
      params: { workload: 'current/production/cron-job/quick' },
    });
    const before = instant(Date.now() + 1000);
    expect(await watch('quick', sessionsAt({}), { more, stoppedAt: before })).toMatchObject({ kind: 'wait' });
  });

  it('F35: halts on a foreign session, and names it by role, program and address', async () => {
    await stopped('visited');
    const error = await failure(watch('visited', sessionsAt({ foreign: [session(3, 'analyst')] })));
    expect(error).toMatchObject({
      code: 'restore.sessions-came-back',
      params: { sessions: 0, foreign: 1, who: [{ role: 'analyst', address: '127.0.0.1' }] },
    });
    expect(describeError('en', error).what).toContain('analyst (?, 127.0.0.1, 2026-11-20 03:00 UTC)');
  });

  it('a database that doesn’t answer is waited for while there is time, and nothing is switched on it', async () => {
    await stopped('mute');
    const silent = sessionsAt({ down: true });
    expect(await watch('mute', silent)).toMatchObject({ kind: 'wait' });
    expect(await failure(watch('mute', silent, { measured: true }))).toMatchObject({
      code: 'restore.stop-not-known',
      kind: 'retryable',
    });
    expect(await watch('mute', silent, { measured: true, more: { source: null } })).toMatchObject({ kind: 'done' });
  });
});

describe('prove-on-new', () => {
  const prove = (name: string, replicas: number, sessions: Sessions, more: object = {}, sinceSeconds = 0) =>
    proveOnNew({ cluster, sessions }).run(
      contextOf({ input: proving(name, more), outputs: recorded(name, replicas), sinceSeconds }),
    );

  it('goes from rollout to sessions to the window to done', async () => {
    await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('up', 2) });
    expect(await prove('up', 2, sessionsAt({}))).toMatchObject({ because: { code: 'wait.rollout' } });
    await eventually('it is up', async () => (await world.scaleOf('up')).available === 2);
    expect(await prove('up', 2, sessionsAt({ new: [session(40)] }))).toMatchObject({
      because: { code: 'wait.sessions-on-new', params: { pods: 1, of: 2 } },
    });
    const both = [session(40), session(28)];
    expect(await prove('up', 2, sessionsAt({ new: both, old: [session(1)] }))).toMatchObject({
      because: { code: 'wait.sessions-on-old' },
    });
    expect(await prove('up', 2, sessionsAt({ new: both }))).toMatchObject({
      againSeconds: 2,
      because: { code: 'wait.proving', params: { seconds: 2 } },
    });
    expect(await prove('up', 2, sessionsAt({ new: [session(40), session(30)] }))).toMatchObject({
      kind: 'done',
      output: { pods: 2, sessions: 2, firstSessionAt: '2026-11-20T03:00:00.000Z' },
    });
  });

  it('fewer pods than were recorded are not enough', async () => {
    await world.deploy('few', 1);
    const enough = sessionsAt({ new: [session(40), session(40)] });
    expect(await prove('few', 2, enough)).toMatchObject({
      because: { code: 'wait.rollout', params: { ready: 1, wanted: 2 } },
    });
    expect(await failure(prove('few', 2, enough, {}, 100))).toMatchObject({
      code: 'restore.not-up',
      params: { why: 'rollout' },
    });
  });

  it('F36: a crash loop ends it at once', async () => {
    const body = webDeployment('crash', 1, { image: 'test/crash:1' });
    await world.apps.createNamespacedDeployment({ namespace, body });
    const looping = await eventually('it loops', () =>
      prove('crash', 1, sessionsAt({})).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    expect(looping).toMatchObject({
      code: 'restore.not-up',
      kind: 'permanent',
      params: { why: 'crash-loop', podCount: 1 },
    });
  });

  it('too late is told with what was missing', async () => {
    await world.deploy('late', 1);
    expect(await failure(prove('late', 1, sessionsAt({}), {}, 100))).toMatchObject({
      params: { why: 'without-session' },
    });
    const down = sessionsAt({ down: true });
    expect(await prove('late', 1, down)).toMatchObject({ because: { code: 'wait.database-answers' } });
    expect(await failure(prove('late', 1, down, {}, 100))).toMatchObject({ params: { why: 'database' } });
  });
});
