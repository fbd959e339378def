import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { eventually } from '../../../sandbox/kubernetes/fixture.ts';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import { Secret } from '../../domain/secret.ts';
import { awaitCheckJob } from './await-check-job.ts';
import { named, namespace, recordedOf, startWorld, type World } from './cluster.fixture.ts';
import { guardsIn } from './guards.fixture.ts';
import { handOver } from './hand-over.ts';
import { searchedLogs } from './pod-logs.ts';
import { roleSecret, sessionsAt } from './sessions.fixture.ts';
import { startCheckJob } from './start-check-job.ts';
import { contextOf, undo } from './step-context.fixture.ts';
import { stopApplication } from './stop-application.ts';
import { lookAtWorkloads } from './stopped.ts';
import { surveyApplication } from './survey.ts';
import { resourceOf } from './workload.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

/** The cluster, and the rights that were made use of: `get deployments.apps`. */
function watched(real: Kubernetes): { readonly cluster: Kubernetes; readonly used: Set<string> } {
  const used = new Set<string>();
  const use = <T>(verb: string, resource: string, call: () => T): T => {
    used.add(`${verb} ${resource}`);
    return call();
  };
  return {
    used,
    cluster: {
      ...real,
      find: (ref) => use('get', resourceOf[ref.kind], () => real.find(ref)),
      list: (kind, place) => use('list', resourceOf[kind], () => real.list(kind, place)),
      patch: (ref, operations) => use('patch', resourceOf[ref.kind], () => real.patch(ref, operations)),
      create: (ref, body) => use('create', resourceOf[ref.kind], () => real.create(ref, body)),
      remove: (ref) => use('delete', resourceOf[ref.kind], () => real.remove(ref)),
      createSecret: (secret) => use('create', 'secrets', () => real.createSecret(secret)),
      pods: (place, selector) => use('list', 'pods', () => real.pods(place, selector)),
      podLog: (place, pod, part) => use('get', 'pods/log', () => real.podLog(place, pod, part)),
    },
  };
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** The rights of the Roles in the README, the optional ones with those that they come after. */
function rightsOf(...roles: readonly string[]): ReadonlySet<string> {
  const text = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
  const all = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => parse(yaml ?? ''));
  const rules: Rule[] = all.filter(({ metadata }) => roles.includes(metadata.name)).flatMap((role) => role.rules);
  return new Set(
    rules.flatMap(({ apiGroups: [group], resources: [resource], verbs }) =>
      verbs.map((verb) => `${verb} ${resource}${group ? `.${group}` : ''}`),
    ),
  );
}

it('the README’s Roles give what the steps use, and nothing else', async () => {
  const make = guardsIn(world);
  await world.deploy('shop', 1);
  await make.statefulSet('writer', 1);
  await make.cronJob('report');
  await make.scaledObject('shop', 'shop', {}, 0);
  await make.kustomization('shop');
  const flux = ['kustomize', 'helm'].flatMap((tool) => [
    [`${tool}.toolkit.fluxcd.io/name`, 'shop'],
    [`${tool}.toolkit.fluxcd.io/namespace`, namespace],
  ]);
  const labels = { app: 'shop', 'app.kubernetes.io/instance': 'shop', ...Object.fromEntries(flux) };
  await world.kubernetes.patch(named('shop'), [{ op: 'add', path: '/metadata/labels', value: labels }]);
  const release = { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', metadata: { name: 'shop' } };
  await world.custom.createNamespacedCustomObject({
    ...{ group: 'helm.toolkit.fluxcd.io', version: 'v2', namespace, plural: 'helmreleases' },
    body: { ...release, spec: { interval: '10m' } },
  });

  const { cluster, used } = watched(world.kubernetes);
  const workloads = [
    named('shop'),
    { ...named('writer'), kind: 'stateful-set' as const },
    { ...named('report'), kind: 'cron-job' as const },
  ];
  const database = { instance: '', name: '', timeZone: '', verifyRole: roleSecret, fenceRole: roleSecret, readers: [] };
  const { replicas, paused } = await surveyApplication(
    { cluster, sessions: sessionsAt({}) },
    { operation: 'op-1', workloads, database, role: '', source: null },
  );
  expect(paused.map(({ kind }) => kind).sort()).toEqual(['helm-release', 'kustomization', 'scaled-object']);
  const context = contextOf({
    input: { workloads, takesOver: [], keptInstance: 'old' },
    outputs: recordedOf(replicas, paused),
  });
  const pods = await cluster.pods(named('shop'), 'app=shop');
  await searchedLogs(
    cluster,
    pods.map((pod) => ({ place: named('shop'), pod })),
    context.since,
    context.since,
  );
  await stopApplication({ cluster }).run(context);
  await lookAtWorkloads(cluster, workloads);
  await handOver({ cluster }).run(context);
  expect([...used].sort()).toEqual([...rightsOf('pitcrew', 'pitcrew-guards')].sort());

  used.clear();
  const check = contextOf({
    input: {
      ...{ cluster: '', namespace, image: 'test/shell:1', args: ['echo one'], withinSeconds: 20, pollSeconds: 1 },
      ...{ database: 'shop', verifyRole: roleSecret },
    },
    outputs: { 'await-instance': { host: 'new', port: 5432 } },
  });
  const credentials = async () => ({ user: 'u', password: new Secret('p') });
  await startCheckJob({ cluster, access: { credentials } }).run(check);
  await eventually('it has ended', async () => (await awaitCheckJob({ cluster }).run(check)).kind === 'done');
  await undo(startCheckJob({ cluster, access: { credentials } }), check);
  expect([...used].sort()).toEqual([...rightsOf('pitcrew-check')].sort());
});
