import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../sandbox/kubernetes/fixture.ts';
import type { WorkloadRef } from '../../domain/settings.ts';
import { named, namespace, startWorld, type World } from './cluster.fixture.ts';
import { guardsIn } from './guards.fixture.ts';
import { guardsOf } from './guards.ts';
import { failure } from './step-context.fixture.ts';
import { present, scaledBy } from './workload.ts';

let world: World;
let make: ReturnType<typeof guardsIn>;
beforeAll(async () => {
  world = await startWorld();
  make = guardsIn(world);
});
afterAll(() => world?.close());

const guardsAround = async (ref: WorkloadRef) => guardsOf(world.kubernetes, await present(world.kubernetes, ref));
const codes = ({ notes }: Awaited<ReturnType<typeof guardsOf>>) => notes.map(({ code }) => code).sort();
const mark = (name: string, metadata: object) =>
  world.kubernetes.patch(
    named(name),
    Object.entries(metadata).map(([field, value]) => ({ op: 'add' as const, path: `/metadata/${field}`, value })),
  );

describe('what could start a workload again', () => {
  it('F34: is nothing where nothing does', async () => {
    await world.deploy('alone', 1);
    expect(await guardsAround(named('alone'))).toEqual({ paused: [], notes: [] });
  });

  it('F34: an autoscaler is watched, one that scales from zero is warned of, and its minimum is a count to come back with', async () => {
    await world.deploy('scaled', 2);
    await make.autoscaler('scaled', 'scaled', 2);
    expect(await guardsAround(named('scaled'))).toEqual({
      paused: [],
      minimum: 2,
      notes: [
        {
          code: 'guard.autoscaler',
          params: { workload: 'current/production/scaled', name: 'scaled', namespace, minimum: 2 },
        },
      ],
    });
    await world.deploy('from-zero', 1);
    await make.autoscaler('from-zero', 'from-zero', 0);
    expect(codes(await guardsAround(named('from-zero')))).toEqual(['guard.autoscaler-from-zero']);
  });

  it('F34: KEDA is paused, and named once although it makes an autoscaler of its own', async () => {
    await world.deploy('keda', 1);
    await make.scaledObject('orders', 'keda');
    await eventually('KEDA made its autoscaler', async () =>
      world.autoscaling
        .readNamespacedHorizontalPodAutoscaler({ name: 'keda-hpa-orders', namespace })
        .catch(() => false),
    );
    expect(await guardsAround(named('keda'))).toMatchObject({
      paused: [{ kind: 'scaled-object', namespace, name: 'orders' }],
      notes: [{ code: 'guard.keda', params: { name: 'orders' } }],
    });
    const allow = world.cluster.faults.forbid({ verb: 'patch', resource: 'scaledobjects.keda.sh' });
    expect(await guardsAround(named('keda'))).toMatchObject({ paused: [], notes: [{ code: 'guard.keda-watched' }] });
    allow();
  });

  it('F34: Flux is suspended; of Argo CD it is said whether it heals itself, or that this is not known', async () => {
    await world.deploy('flux', 1);
    await make.kustomization('shop');
    await mark('flux', {
      labels: {
        app: 'flux',
        'kustomize.toolkit.fluxcd.io/name': 'shop',
        'kustomize.toolkit.fluxcd.io/namespace': namespace,
      },
    });
    expect(await guardsAround(named('flux'))).toMatchObject({
      paused: [{ kind: 'kustomization', namespace, name: 'shop' }],
      notes: [{ code: 'guard.flux', params: { kind: 'kustomization' } }],
    });

    await world.deploy('argo', 1);
    const tracked = (application: string) =>
      mark('argo', {
        annotations: { 'argocd.argoproj.io/tracking-id': `${application}:apps/Deployment:production/argo` },
      });
    await make.application('healing', { selfHeal: true });
    await make.application('calm', { selfHeal: true, enabled: false });
    await tracked(`${namespace}_healing`);
    expect(codes(await guardsAround(named('argo')))).toEqual(['guard.argo-cd-self-heal']);
    await tracked(`${namespace}_calm`);
    expect(codes(await guardsAround(named('argo')))).toEqual(['guard.argo-cd']);
    await tracked('elsewhere');
    expect(codes(await guardsAround(named('argo')))).toEqual(['guard.argo-cd-not-known']);
    // Copied from another object along with its other annotations: Argo CD does not take it for its own either.
    await mark('argo', {
      annotations: { 'argocd.argoproj.io/tracking-id': `${namespace}_healing:apps/Deployment:production/another` },
    });
    expect(codes(await guardsAround(named('argo')))).toEqual([]);
  });

  it('a Helm chart’s label alone is no owner', async () => {
    await world.deploy('chart', 1);
    await mark('chart', { labels: { app: 'chart', 'app.kubernetes.io/instance': 'chart' } });
    expect(codes(await guardsAround(named('chart')))).toEqual([]);
  });

  it('what pitcrew may not look at is not "none": it is said to be not known, with what to allow', async () => {
    await world.deploy('blind', 1);
    const allowed = [
      world.cluster.faults.forbid({ verb: 'list', resource: 'scaledobjects.keda.sh' }),
      world.cluster.faults.forbid({ verb: 'list', resource: 'horizontalpodautoscalers.autoscaling' }),
    ];
    const { notes } = await guardsAround(named('blind'));
    for (const allow of allowed) allow();
    expect(notes).toEqual([
      { code: 'guard.not-known', params: { verb: 'list', resource: 'scaledobjects.keda.sh', namespace } },
      {
        code: 'guard.not-known',
        params: { verb: 'list', resource: 'horizontalpodautoscalers.autoscaling', namespace },
      },
    ]);
  });

  it('an operator that is not installed has none', async () => {
    await world.deploy('bare-cluster', 1);
    const install = world.cluster.withoutGroup('keda.sh');
    expect(await guardsAround(named('bare-cluster'))).toEqual({ paused: [], notes: [] });
    install();
  });

  it('a schedule is named, with whether it is suspended already', async () => {
    await make.cronJob('nightly');
    await make.cronJob('off', { suspend: true });
    const cronJob = (name: string) => ({ ...named(name), kind: 'cron-job' as const });
    expect((await guardsAround(cronJob('nightly'))).notes).toEqual([
      { code: 'guard.schedule', params: { workload: 'current/production/cron-job/nightly', schedule: '0 3 1 1 *' } },
    ]);
    expect(codes(await guardsAround(cronJob('off')))).toEqual(['guard.schedule-suspended']);
  });

  it('Argo Rollouts is refused by name', async () => {
    await world.deploy('canary', 1);
    const seen = await present(world.kubernetes, named('canary'));
    const owned = { ...seen, owners: [{ kind: 'Rollout', name: 'canary', uid: 'u' }] };
    expect(await failure(guardsOf(world.kubernetes, owned))).toMatchObject({
      code: 'restore.rollout-not-supported',
      params: { rollout: 'canary' },
    });
    const referring = {
      ...world.kubernetes,
      list: async (kind: string) =>
        kind === 'rollout'
          ? [{ ...seen, name: 'by-ref', spec: { workloadRef: { kind: 'Deployment', name: 'canary' } } }]
          : [],
    };
    expect(await failure(guardsOf(referring, seen))).toMatchObject({ params: { rollout: 'by-ref' } });
  });
});

describe('who scaled it', () => {
  it('is whoever the API server has as the last to set the replicas', async () => {
    const seen = await present(world.kubernetes, named('alone'));
    const fields = { 'f:spec': { 'f:replicas': {} } };
    const managers = [
      { manager: 'kubectl-edit', at: '2026-11-20T03:00:00.000Z', fields },
      { manager: 'keda', subresource: 'scale', at: '2026-11-20T03:05:00.000Z', fields },
      { manager: 'argocd', at: '2026-11-20T03:09:00.000Z', fields: { 'f:metadata': {} } },
    ];
    expect(scaledBy({ ...seen, managers })).toBe('keda (scale)');
    expect(scaledBy({ ...seen, managers: [] })).toBeUndefined();
  });
});
