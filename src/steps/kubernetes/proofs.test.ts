import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, webDeployment } from '../../../sandbox/kubernetes/fixture.ts';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import { retryable } from '../../domain/errors.ts';
import type { Session, Sessions } from '../postgres/sessions.ts';
import { about, named, namespace, recorded, startWorld, type World } from './cluster.fixture.ts';
import { proveOnNew } from './prove-on-new.ts';
import { proveStopped } from './prove-stopped.ts';
import { contextOf, failure } from './step-context.fixture.ts';
import { stopApplication } from './stop-application.ts';

let world: World;
let cluster: Kubernetes;
beforeAll(async () => {
  world = await startWorld();
  cluster = world.kubernetes;
});
afterAll(() => world?.close());

const roleSecret = { region: 'eu-west-1', secret: 'reader', keys: { user: 'user', password: 'password' } };
const source = { host: 'old', port: 5432, database: 'shop' };
const proving = (name: string, more: object = {}) => ({
  workloads: [named(name)],
  withinSeconds: 60,
  provenSeconds: 30,
  pollSeconds: 5,
  role: 'shop_app',
  database: 'shop',
  source,
  verifyRole: roleSecret,
  fenceRole: roleSecret,
  readers: [],
  ...more,
});

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

describe('prove-stopped', () => {
  const prove = (name: string, sessions: Sessions, more: object = {}, sinceSeconds = 0) =>
    proveStopped({ cluster, sessions }).run(contextOf({ input: proving(name, more), sinceSeconds }));
  const stopped = async (name: string, options = {}) => {
    await world.deploy(name, 1, options);
    await stopApplication({ cluster }).run(about(name, 1));
  };
  const gone = (name: string) => eventually('no pod is left', async () => (await world.podsOf(name)).length === 0);

  it('F35: waits for pods that are still Terminating, and names them when it takes too long', async () => {
    const release = world.cluster.stuckTerminating('app=stuck');
    await stopped('stuck');
    await eventually('it is Terminating', async () => (await world.podsOf('stuck'))[0]?.terminating);
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
