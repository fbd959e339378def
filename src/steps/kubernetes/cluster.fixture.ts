import { eventually, type Fixture, startFixture, webDeployment } from '../../../sandbox/kubernetes/fixture.ts';
import { type Kubernetes, kubernetes } from '../../clients/kubernetes.ts';
import type { PodView } from '../../clients/kubernetes-views.ts';
import type { GuardRef, ReplicaCount } from '../../domain/restore.ts';
import type { WorkloadRef } from '../../domain/settings.ts';
import { instant } from '../../domain/time.ts';
import { running } from './pods.ts';
import { type ContextOf, contextOf } from './step-context.fixture.ts';
import { present, scaleOf } from './workload.ts';

export const namespace = 'production';
export const named = (name: string) =>
  ({ cluster: '', namespace, kind: 'deployment', name }) as const satisfies WorkloadRef;

export interface World extends Fixture {
  readonly kubernetes: Kubernetes;
  /** Returns when all of its pods are available. */
  deploy(name: string, replicas: number, options?: Parameters<typeof webDeployment>[2]): Promise<void>;
  scaleOf(name: string): Promise<ReturnType<typeof scaleOf>>;
  podsOf(name: string): Promise<readonly PodView[]>;
  /** What the steps change. */
  stateOf(name: string): Promise<{ replicas?: number; fence?: string; noted?: string }>;
}

/** The sandbox's cluster, with pitcrew's client looking at it. */
export async function startWorld(): Promise<World> {
  const before = process.env.KUBECONFIG;
  const fixture = await startFixture();
  process.env.KUBECONFIG = fixture.cluster.kubeconfigFile;
  const client = kubernetes();
  const world: World = {
    ...fixture,
    kubernetes: client,
    scaleOf: async (name) => scaleOf(await present(client, named(name))),
    podsOf: async (name) => (await running(client, await present(client, named(name)))).pods,
    async deploy(name, replicas, options = {}) {
      await fixture.apps.createNamespacedDeployment({ namespace, body: webDeployment(name, replicas, options) });
      await eventually(`${name} is up`, async () => (await world.scaleOf(name)).available === replicas);
    },
    async stateOf(name) {
      const found = await present(client, named(name));
      const { 'pitcrew/fence': fence, 'pitcrew/replicas': noted } = found.annotations;
      return {
        replicas: scaleOf(found).replicas,
        ...(fence === undefined ? {} : { fence }),
        ...(noted === undefined ? {} : { noted }),
      };
    },
    async close() {
      if (before === undefined) delete process.env.KUBECONFIG;
      else process.env.KUBECONFIG = before;
      await fixture.close();
    },
  };
  return world;
}

const target = { id: 'new', arn: '', resourceId: '', host: 'new', port: 5432 };
/** What the steps before have returned. */
export const recorded = (name: string, replicas: number) => recordedOf([{ ...named(name), replicas, origin: 'spec' }]);
export const recordedOf = (workloads: readonly ReplicaCount[], guards: readonly GuardRef[] = []) => ({
  'record-application': { workloads: [...workloads], guards: [...guards] },
  'prove-stopped': { pods: 0, sessions: 0, at: instant(Date.now()) },
  'await-instance': target,
});
export const about = (name: string, replicas: number, more: Partial<ContextOf> = {}) =>
  contextOf({
    input: { workloads: [named(name)], takesOver: [], pollSeconds: 1, backWithinSeconds: 600 },
    outputs: recorded(name, replicas),
    ...more,
  });
