import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseSettings, Workload } from '../../domain/settings.ts';
import { describeError, describeFinding } from '../../messages/index.ts';
import type { Sessions } from '../postgres/sessions.ts';
import { about, named, namespace, startWorld, type World } from './cluster.fixture.ts';
import { guardsIn } from './guards.fixture.ts';
import { roleSecret, session, sessionsAt } from './sessions.fixture.ts';
import { failure } from './step-context.fixture.ts';
import { stopApplication } from './stop-application.ts';
import { surveyApplication } from './survey.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

const database: DatabaseSettings = {
  instance: 'shop',
  name: 'shop',
  timeZone: 'UTC',
  verifyRole: roleSecret,
  fenceRole: roleSecret,
  readers: ['grafana'],
};
const survey = (workloads: readonly Workload[], sessions: Sessions = sessionsAt({}), cluster = world.kubernetes) =>
  surveyApplication(
    { cluster, sessions },
    {
      operation: 'op-1',
      workloads,
      database,
      role: 'shop_app',
      source: { host: 'old', port: 5432, database: 'shop' },
    },
  );
const codes = ({ guards }: Awaited<ReturnType<typeof survey>>) => guards.map(({ code }) => code);

describe('what a plan learns of the application', () => {
  it('is how it runs, and nothing else where nothing else is', async () => {
    await world.deploy('plain', 2);
    expect(await survey([named('plain')])).toEqual({
      replicas: [{ ...named('plain'), replicas: 2, origin: 'spec' }],
      guards: [],
      paused: [],
      takesOver: [],
    });
  });

  it('F58: one that stands at 0 comes back with a count whose origin is told, else is refused', async () => {
    await world.deploy('zero', 0);
    const found = await survey([{ ...named('zero'), replicas: 4 }]);
    expect(found).toMatchObject({
      replicas: [{ replicas: 4, origin: 'config' }],
      guards: [{ code: 'guard.stopped-already-config', params: { replicas: 4 } }],
    });
    expect(describeFinding('en', found.guards[0]?.code ?? '', found.guards[0]?.params)).toBe(
      'current/production/zero stands at 0 already. It comes back with 4, as the config says.',
    );
    expect(await failure(survey([named('zero')]))).toMatchObject({ code: 'restore.replicas-unknown', kind: 'user' });
  });

  it('F58: an application that an operation left stopped is taken over, and that is said', async () => {
    await world.deploy('left', 1);
    await stopApplication({ cluster: world.kubernetes }).run(about('left', 1, { operation: 'op-before' }));
    expect(await survey([named('left')])).toMatchObject({
      replicas: [{ replicas: 1, origin: 'annotation' }],
      guards: [
        { code: 'guard.left-stopped', params: { holder: 'op-before' } },
        { code: 'guard.stopped-already-annotation' },
      ],
      takesOver: ['op-before'],
    });
  });

  it('a running Job of a schedule is named: it will be waited for', async () => {
    await guardsIn(world).cronJob('busy', { seconds: 30 });
    world.cluster.fireCronJob(namespace, 'busy');
    expect(codes(await survey([{ ...named('busy'), kind: 'cron-job' }]))).toEqual([
      'guard.schedule',
      'guard.schedule-running',
    ]);
  });

  it('F35: sessions of others are named, and the application’s own from where no pod of it is', async () => {
    await world.deploy('connected', 1);
    const elsewhere = { ...session(9), clientAddress: '10.9.9.9' };
    const { guards } = await survey(
      [named('connected')],
      sessionsAt({ old: [session(5), elsewhere], foreign: [session(7, 'analyst')] }),
    );
    expect(guards).toMatchObject([
      { code: 'guard.session', params: { role: 'analyst', address: '127.0.0.1' } },
      { code: 'guard.client-unknown', params: { role: 'shop_app', address: '10.9.9.9' } },
    ]);
    expect(codes(await survey([named('connected')], sessionsAt({ down: true })))).toEqual(['guard.sessions-not-known']);
  });
});

describe('a plan that could not be carried out is refused with what to do', () => {
  it('a workload that is not there; one that an Argo Rollout is', async () => {
    expect(await failure(survey([named('ghost')]))).toMatchObject({
      code: 'kubernetes.not-found',
      params: { name: 'ghost' },
    });
    const withRollout = {
      ...world.kubernetes,
      find: async (ref: Parameters<typeof world.kubernetes.find>[0]) => {
        if (ref.kind !== 'rollout') return world.kubernetes.find(ref);
        const any = await world.kubernetes.find(named('plain'));
        return any && { ...any, kind: 'rollout' as const, name: 'ghost' };
      },
    };
    expect(await failure(survey([named('ghost')], sessionsAt({}), withRollout))).toMatchObject({
      code: 'restore.rollout-not-supported',
    });
  });

  it('a right that is missing: the hint is the rule to add, and needs no more than that', async () => {
    const { faults } = world.cluster;
    for (const [resource, verb, rule] of [
      [
        'deployments.apps',
        'get',
        '{ apiGroups: ["apps"], resources: ["deployments"], resourceNames: ["plain"], verbs: ["get"] }',
      ],
      [
        'deployments.apps',
        'patch',
        '{ apiGroups: ["apps"], resources: ["deployments"], resourceNames: ["plain"], verbs: ["patch"] }',
      ],
      ['pods', 'list', '{ apiGroups: [""], resources: ["pods"], verbs: ["list"] }'],
    ] as const) {
      const allow = faults.forbid({ verb, resource });
      const error = await failure(survey([named('plain')]));
      allow();
      expect(error).toMatchObject({ code: 'kubernetes.denied', params: { verb, resource } });
      for (const locale of ['en', 'zh-TW'] as const) expect(describeError(locale, error).hint).toContain(rule);
    }
  });
});
