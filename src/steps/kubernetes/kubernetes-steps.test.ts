import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type Fixture, startFixture, webDeployment } from '../../../sandbox/kubernetes/fixture.ts';
import { type DeploymentName, type Kubernetes, kubernetes } from '../../clients/kubernetes.ts';
import { retryable } from '../../domain/errors.ts';
import type { Step } from '../../domain/step.ts';
import type { Session, Sessions } from '../postgres/sessions.ts';
import { handOver } from './hand-over.ts';
import { proveOnNew } from './prove-on-new.ts';
import { proveStopped } from './prove-stopped.ts';
import { recordApplication } from './record-application.ts';
import { startApplication } from './start-application.ts';
import { contextOf, failure, undo } from './step-context.fixture.ts';
import { stopApplication } from './stop-application.ts';

const namespace = 'production';
const kubeconfig = process.env.KUBECONFIG;
let world: Fixture;
const cluster = kubernetes();
beforeAll(async () => {
  world = await startFixture();
  process.env.KUBECONFIG = world.cluster.kubeconfigFile;
});
afterAll(async () => {
  if (kubeconfig === undefined) delete process.env.KUBECONFIG;
  else process.env.KUBECONFIG = kubeconfig;
  await world?.close();
});

const roleSecret = { secret: 'reader', keys: { user: 'user', password: 'password' } };
const source = { host: 'old', port: 5432, database: 'shop' };
const target = { id: 'new', arn: '', resourceId: '', host: 'new', port: 5432 };
const named = (deployment: string): DeploymentName => ({ cluster: '', namespace, deployment });

async function deploy(name: string, replicas: number, options = {}) {
  await world.apps.createNamespacedDeployment({ namespace, body: webDeployment(name, replicas, options) });
  await eventually(`${name} is up`, async () => (await cluster.deployment(named(name)))?.available === replicas);
}

const stateOf = async (name: string) => {
  const found = await cluster.deployment(named(name));
  const annotations: Readonly<Record<string, string>> = found?.annotations ?? {};
  const replicas = found?.replicas;
  return { replicas, fence: annotations['pitcrew/fence'], noted: annotations['pitcrew/replicas'] };
};

/** The databases' sessions, as they stand. */
function sessionsAt(state: {
  old?: readonly Session[];
  new?: readonly Session[];
  foreign?: readonly Session[];
  down?: boolean;
}): Sessions {
  return {
    async on({ host }) {
      if (state.down) throw retryable('database.unreachable');
      return {
        application: state[host === 'old' ? 'old' : 'new'] ?? [],
        foreign: (host === 'old' && state.foreign) || [],
      };
    },
  };
}
const session = (ageSeconds: number, role = 'shop_app'): Session => ({
  role,
  clientAddress: '127.0.0.1',
  startedAt: '2026-11-20T03:00:00.000Z',
  ageSeconds,
  applicationName: '',
});

const recorded = (name: string, replicas: number) => ({
  'record-application': { workloads: [{ ...named(name), replicas, origin: 'spec' }] },
  'await-instance': target,
});
const about = (name: string, replicas: number, more: Parameters<typeof contextOf>[0] | object = {}) =>
  contextOf({ input: { workloads: [named(name)], pollSeconds: 1 }, outputs: recorded(name, replicas), ...more });
const proving = (name: string, more: object = {}) => ({
  workloads: [named(name)],
  withinSeconds: 60,
  provenSeconds: 30,
  pollSeconds: 5,
  role: 'shop_app',
  database: 'shop',
  source,
  verifyRole: roleSecret,
  ...more,
});

describe('record-application', () => {
  const record = (name: string, replicas?: number) =>
    recordApplication({ cluster }).run(
      contextOf({ input: { workloads: [{ ...named(name), ...(replicas ? { replicas } : {}) }], pollSeconds: 1 } }),
    );
  const counted = (replicas: number, origin: string) => ({ output: { workloads: [{ replicas, origin }] } });

  it('F58: of a Deployment at 0 takes the count that was written down, then the config’s, else asks', async () => {
    await deploy('count', 2);
    expect(await record('count', 7)).toMatchObject(counted(2, 'spec'));
    await cluster.patchDeployment(named('count'), [{ op: 'replace', path: '/spec/replicas', value: 0 }]);
    expect(await record('count', 7)).toMatchObject(counted(7, 'config'));
    expect(await failure(record('count'))).toMatchObject({ code: 'restore.replicas-unknown', kind: 'user' });
    await cluster.patchDeployment(named('count'), [
      { op: 'add', path: '/metadata/annotations/pitcrew~1replicas', value: '3' },
    ]);
    expect(await record('count', 7)).toMatchObject(counted(3, 'annotation'));
  });

  it('a workload that is not there is said to be', async () => {
    expect(await failure(record('ghost'))).toMatchObject({ code: 'kubernetes.not-found', params: { name: 'ghost' } });
  });
});

describe('stopping and starting', () => {
  const [stop, start, over] = [stopApplication({ cluster }), startApplication({ cluster }), handOver({ cluster })];

  it('scales to 0 with the count written beside, back up, and lets go', async () => {
    await deploy('round', 2);
    await stop.run(about('round', 2));
    expect(await stateOf('round')).toEqual({ replicas: 0, fence: 'op-1/1', noted: '2' });
    await start.run(about('round', 2, { epoch: 3 }));
    expect(await stateOf('round')).toEqual({ replicas: 2, fence: 'op-1/3', noted: '2' });
    const input = { workloads: [named('round')], keptInstance: 'old-instance' };
    const done = await over.run(about('round', 2, { epoch: 3, input }));
    expect(done).toMatchObject({ output: { keptInstance: 'old-instance' } });
    expect(await stateOf('round')).toEqual({ replicas: 2, fence: 'op-1/closed', noted: undefined });
  });

  it('done twice changes nothing the second time', async () => {
    await deploy('twice', 1);
    await stop.run(about('twice', 1));
    const before = await cluster.deployment(named('twice'));
    await stop.run(about('twice', 1));
    expect((await cluster.deployment(named('twice')))?.generation).toBe(before?.generation);
  });

  it('works on a Deployment without any annotation', async () => {
    const body = webDeployment('bare', 1);
    delete body.metadata?.annotations;
    await world.apps.createNamespacedDeployment({ namespace, body });
    await stop.run(about('bare', 1));
    expect(await stateOf('bare')).toMatchObject({ replicas: 0, fence: 'op-1/1' });
  });

  it('a lower epoch is fenced off by a higher one', async () => {
    await deploy('epochs', 1);
    await stop.run(about('epochs', 1, { epoch: 2 }));
    expect(await failure(start.run(about('epochs', 1, { epoch: 1 })))).toMatchObject({ code: 'kubernetes.fenced' });
    expect(await stateOf('epochs')).toMatchObject({ replicas: 0, fence: 'op-1/2' });
  });

  it('another operation’s fence stands until it is closed', async () => {
    await deploy('other', 1);
    await stop.run(about('other', 1));
    const second = about('other', 1, { operation: 'op-2' });
    expect(await failure(stop.run(second))).toMatchObject({
      code: 'kubernetes.fenced-by-other',
      params: { holder: 'op-1' },
    });
    await undo(stop, about('other', 1));
    await stop.run(second);
    expect(await stateOf('other')).toMatchObject({ replicas: 0, fence: 'op-2/1' });
  });

  it('F47: a worker frozen just before its patch can’t stop the application again after another closed', async () => {
    await deploy('frozen', 1);
    const asleep = sleepingBeforePatch(cluster);
    const late = stopApplication({ cluster: asleep.cluster }).run(about('frozen', 1));
    await asleep.reached;
    await stop.run(about('frozen', 1, { epoch: 2 }));
    await undo(stop, about('frozen', 1, { epoch: 2 }));
    asleep.wake();
    expect(await failure(late)).toMatchObject({ code: 'kubernetes.fenced' });
    expect(await stateOf('frozen')).toEqual({ replicas: 1, fence: 'op-1/closed', noted: undefined });
  });

  it('F47: nor when the other only took back a stop that had never arrived', async () => {
    await deploy('frozen-undo', 1);
    const asleep = sleepingBeforePatch(cluster);
    const late = stopApplication({ cluster: asleep.cluster }).run(about('frozen-undo', 1));
    await asleep.reached;
    await undo(stop, about('frozen-undo', 1, { epoch: 2 }));
    asleep.wake();
    expect(await failure(late)).toMatchObject({ code: 'kubernetes.fenced' });
    expect(await stateOf('frozen-undo')).toMatchObject({ replicas: 1, fence: 'op-1/closed' });
  });

  it('F55: a stop whose answer was lost is taken back too, and the undo is complete when the pods are up', async () => {
    await deploy('return', 2);
    world.cluster.faults.loseAnswers({ count: 1, matching: ({ method }) => method === 'PATCH' });
    expect(await failure(stop.run(about('return', 2)))).toMatchObject({ kind: 'retryable' });
    expect(await stateOf('return')).toMatchObject({ replicas: 0 });
    await undo(stop, about('return', 2));
    const record = recordApplication({ cluster });
    expect(await undo(record, about('return', 2))).toMatchObject({ kind: 'wait', because: { code: 'wait.rollout' } });
    await eventually('it is back', async () => (await undo(record, about('return', 2))).kind === 'done');
    expect((await cluster.deployment(named('return')))?.available).toBe(2);
  });

  it('others who change the Deployment meanwhile don’t keep it from being stopped', async () => {
    await deploy('noise', 1);
    let noisy = 3;
    const disturbed: Kubernetes = {
      ...cluster,
      async patchDeployment(workload, operations) {
        if (noisy-- > 0)
          await cluster.patchDeployment(workload, [
            { op: 'add', path: '/metadata/annotations/noise', value: String(noisy) },
          ]);
        return cluster.patchDeployment(workload, operations);
      },
    };
    await stopApplication({ cluster: disturbed }).run(about('noise', 1));
    expect(await stateOf('noise')).toMatchObject({ replicas: 0, fence: 'op-1/1' });
  });
});

describe('prove-stopped', () => {
  const prove = (name: string, sessions: Sessions, more: object = {}, sinceSeconds = 0) =>
    proveStopped({ cluster, sessions }).run(contextOf({ input: proving(name, more), sinceSeconds }));
  const stopped = async (name: string, options = {}) => {
    await deploy(name, 1, options);
    await stopApplication({ cluster }).run(about(name, 1));
  };
  const gone = (name: string) =>
    eventually('no pod is left', async () => (await cluster.podsOf(named(name))).length === 0);

  it('F35: waits for pods that are still Terminating, and names them when it takes too long', async () => {
    const release = world.cluster.stuckTerminating('app=stuck');
    await stopped('stuck');
    await eventually('it is Terminating', async () => (await cluster.podsOf(named('stuck')))[0]?.terminating);
    expect(await prove('stuck', sessionsAt({}))).toMatchObject({
      because: { code: 'wait.pods-stopping', params: { pods: 1 } },
    });
    const error = await failure(prove('stuck', sessionsAt({}), {}, 100));
    expect(error).toMatchObject({ code: 'restore.not-stopped', kind: 'permanent', params: { podCount: 1 } });
    expect(JSON.stringify(error.params.pods)).toMatch(/stuck-.* \(Terminating\)/);
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
      because: { code: 'wait.sessions', params: { sessions: 1 } },
    });
    expect(await failure(prove('connected', foreign, {}, 100))).toMatchObject({
      code: 'restore.not-stopped',
      params: { foreign: 1, foreignRoles: ['analyst'] },
    });
  });

  it('F34: halts when somebody scales the application up again', async () => {
    await stopped('fought');
    world.cluster.faults.scaleBack({ namespace, deployment: 'fought', replicas: 3 });
    await cluster.patchDeployment(named('fought'), [{ op: 'add', path: '/metadata/annotations/poke', value: '1' }]);
    await eventually('it is scaled up', async () => (await stateOf('fought')).replicas === 3);
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
});

describe('prove-on-new', () => {
  const prove = (name: string, replicas: number, sessions: Sessions, more: object = {}, sinceSeconds = 0) =>
    proveOnNew({ cluster, sessions }).run(
      contextOf({ input: proving(name, more), outputs: recorded(name, replicas), sinceSeconds }),
    );

  it('goes from rollout to sessions to the window to done', async () => {
    await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('up', 2) });
    expect(await prove('up', 2, sessionsAt({}))).toMatchObject({ because: { code: 'wait.rollout' } });
    await eventually('it is up', async () => (await cluster.deployment(named('up')))?.available === 2);
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
    await deploy('few', 1);
    const enough = sessionsAt({ new: [session(40), session(40)] });
    expect(await prove('few', 2, enough)).toMatchObject({
      because: { code: 'wait.rollout', params: { ready: 1, wanted: 2 } },
    });
    expect(await failure(prove('few', 2, enough, {}, 100))).toMatchObject({
      code: 'restore.not-up',
      params: { why: 'rollout' },
    });
  });

  it('F36: a crash loop and a missed deadline end it at once', async () => {
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
    await deploy('late', 1);
    expect(await failure(prove('late', 1, sessionsAt({}), {}, 100))).toMatchObject({
      params: { why: 'without-session' },
    });
    const down = sessionsAt({ down: true });
    expect(await prove('late', 1, down)).toMatchObject({ because: { code: 'wait.database-answers' } });
    expect(await failure(prove('late', 1, down, {}, 100))).toMatchObject({ params: { why: 'database' } });
  });
});

describe('the definitions', () => {
  it('only steps that look may wait, and every step that changes has a fence', () => {
    const sessions = sessionsAt({});
    const all: Step[] = [
      recordApplication({ cluster }),
      stopApplication({ cluster }),
      proveStopped({ cluster, sessions }),
      startApplication({ cluster }),
      proveOnNew({ cluster, sessions }),
      handOver({ cluster }),
    ];
    expect(all.map(({ id, fence, polls = false }) => [id, fence, polls])).toEqual([
      ['record-application', 'read-only', false],
      ['stop-application', 'annotation-test', false],
      ['prove-stopped', 'read-only', true],
      ['start-application', 'annotation-test', false],
      ['prove-on-new', 'read-only', true],
      ['hand-over', 'annotation-test', false],
    ]);
  });
});

/** A cluster whose first patch waits until it is woken: a worker that was frozen between its look and its patch. */
function sleepingBeforePatch(real: Kubernetes) {
  const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const sleeping: Kubernetes = {
    ...real,
    async patchDeployment(workload, operations) {
      reach();
      await woken;
      return real.patchDeployment(workload, operations);
    },
  };
  return { cluster: sleeping, reached, wake };
}
