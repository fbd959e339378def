import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type Fixture, startFixture, webDeployment } from '../../sandbox/kubernetes/fixture.ts';
import type { PitcrewError } from '../domain/errors.ts';
import type { WorkloadRef } from '../domain/settings.ts';
import { kubernetes } from './kubernetes.ts';

const namespace = 'production';
const place = { cluster: '', namespace };
const kubeconfig = process.env.KUBECONFIG;
let world: Fixture;
beforeAll(async () => {
  world = await startFixture();
  process.env.KUBECONFIG = world.cluster.kubeconfigFile;
});
afterAll(async () => {
  if (kubeconfig === undefined) delete process.env.KUBECONFIG;
  else process.env.KUBECONFIG = kubeconfig;
  await world?.close();
});

const named = (name: string, cluster = ''): WorkloadRef => ({ cluster, namespace, kind: 'deployment', name });
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error as PitcrewError,
  );
const cluster = kubernetes({ timeoutSeconds: 2 });

async function deploy(name: string, replicas = 1, options = {}) {
  await world.apps.createNamespacedDeployment({ namespace, body: webDeployment(name, replicas, options) });
  await eventually(
    `${name} is up`,
    async () => (await cluster.find(named(name)))?.status.availableReplicas === replicas,
  );
}

describe('the Kubernetes client', () => {
  it('reads a Deployment of the current context and of a named one, and tells one that is not there', async () => {
    await deploy('read', 2);
    for (const context of ['', 'sandbox'])
      expect(await cluster.find(named('read', context))).toMatchObject({
        name: 'read',
        spec: { replicas: 2 },
        status: { replicas: 2, readyReplicas: 2, updatedReplicas: 2 },
      });
    expect(await cluster.find(named('nothing'))).toBeUndefined();
    expect(await failure(cluster.find(named('read', 'moon')))).toMatchObject({
      code: 'kubernetes.no-context',
      kind: 'permanent',
    });
  });

  it('lists pods until their processes have ended, Terminating ones included', async () => {
    await deploy('linger', 1, { lingerMs: 700 });
    const [pod] = await cluster.pods(place, 'app=linger');
    expect(pod).toMatchObject({ ip: '127.0.0.1', ready: true, terminating: false, ended: false, restarts: 0 });
    await cluster.patch(named('linger'), [{ op: 'replace', path: '/spec/replicas', value: 0 }]);
    await eventually('it is Terminating, and not ready any more', async () => {
      const [going] = await cluster.pods(place, 'app=linger');
      return going?.terminating === true && !going.ready;
    });
    await eventually('it is gone', async () => (await cluster.pods(place, 'app=linger')).length === 0);
  });

  it('changes nothing when a test of the patch fails', async () => {
    await deploy('patched');
    const refused = cluster.patch(named('patched'), [
      { op: 'replace', path: '/spec/replicas', value: 0 },
      { op: 'test', path: '/metadata/resourceVersion', value: '1' },
    ]);
    expect(await failure(refused)).toMatchObject({ code: 'kubernetes.patch-refused', kind: 'permanent' });
    expect((await cluster.find(named('patched')))?.spec.replicas).toBe(1);
  });

  it('reads the newest lines of a log', async () => {
    await deploy('log');
    const [pod] = await cluster.pods(place, 'app=log');
    expect(await cluster.podLog(place, pod?.name ?? '', { sinceSeconds: 60, tailLines: 1 })).toMatch(
      /^listening \d+\n$/,
    );
  });

  it('names verb and resource when it is denied, at once', async () => {
    await deploy('denied');
    world.cluster.faults.refuse({ code: 403, count: 1 });
    expect(await failure(cluster.find(named('denied')))).toMatchObject({
      code: 'kubernetes.denied',
      kind: 'permanent',
      params: { verb: 'get', resource: 'deployments.apps', namespace, name: 'denied' },
    });
    world.cluster.faults.refuse({ code: 403, count: 1, matching: ({ method }) => method === 'PATCH' });
    expect(await failure(cluster.patch(named('denied'), []))).toMatchObject({ params: { verb: 'patch' } });
  });

  it('looks again when the API is busy for a moment, and says so when it stays so', async () => {
    await deploy('busy');
    world.cluster.faults.refuse({ code: 503, count: 2 });
    expect(await cluster.find(named('busy'))).toMatchObject({ spec: { replicas: 1 } });
    world.cluster.faults.refuse({ code: 503, count: 3 });
    expect(await failure(cluster.find(named('busy')))).toMatchObject({
      code: 'kubernetes.unavailable',
      kind: 'retryable',
    });
  });

  it('sends a patch once only: whoever asked must look whether a lost answer took effect', async () => {
    await deploy('lost');
    world.cluster.faults.loseAnswers({ count: 1, matching: ({ method }) => method === 'PATCH' });
    const patch = cluster.patch(named('lost'), [{ op: 'replace', path: '/spec/replicas', value: 0 }]);
    expect(await failure(patch)).toMatchObject({ code: 'kubernetes.unreachable', kind: 'retryable' });
    expect((await cluster.find(named('lost')))?.spec.replicas).toBe(0);
  });

  it('does not wait for ever', async () => {
    world.cluster.faults.delay({ seconds: 30, count: 3 });
    const began = performance.now();
    expect(await failure(kubernetes({ timeoutSeconds: 0.2 }).find(named('slow')))).toMatchObject({
      code: 'kubernetes.unreachable',
    });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('tells a kind that the cluster doesn’t know from one that there is none of', async () => {
    expect(await cluster.list('scaled-object', place)).toEqual([]);
    const install = world.cluster.withoutGroup('keda.sh');
    expect(await cluster.list('scaled-object', place)).toBeUndefined();
    expect(await cluster.find({ ...place, kind: 'scaled-object', name: 'any' })).toBeUndefined();
    install();
  });

  it('reads the kubeconfig again when the cluster takes its credentials no more', async () => {
    await deploy('renewed');
    const good = readFileSync(world.cluster.kubeconfigFile, 'utf8');
    const file = join(world.household.folder, 'renewed-kubeconfig');
    writeFileSync(file, good.replace(/token: "[^"]*"/, 'token: "expired"'));
    process.env.KUBECONFIG = file;
    const own = kubernetes({ timeoutSeconds: 2 });
    expect(await failure(own.find(named('renewed')))).toMatchObject({
      code: 'kubernetes.unauthorized',
      kind: 'permanent',
      params: { context: 'sandbox' },
    });
    writeFileSync(file, good);
    expect(await own.find(named('renewed'))).toMatchObject({ name: 'renewed' });
    process.env.KUBECONFIG = world.cluster.kubeconfigFile;
  });

  it('a kubeconfig that can’t be read is an error with a name', async () => {
    const file = join(world.household.folder, 'broken-kubeconfig');
    writeFileSync(file, 'clusters: [');
    process.env.KUBECONFIG = file;
    expect(await failure(kubernetes().find(named('any')))).toMatchObject({ code: 'kubernetes.kubeconfig' });
    process.env.KUBECONFIG = world.cluster.kubeconfigFile;
  });

  it('asks beforehand what the cluster would allow', async () => {
    const answers: (boolean | 404)[] = [true, false, 404, true, false];
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => {
        body += part.toString();
      });
      request.on('end', () => {
        asked.push({ path: request.url, ...(JSON.parse(body) as { spec: object }).spec });
        const allowed = answers.shift();
        response.writeHead(allowed === 404 ? 404 : 201, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ kind: 'SelfSubjectAccessReview', status: { allowed } }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const file = join(world.household.folder, 'review-kubeconfig');
    writeFileSync(
      file,
      `{ current-context: c, clusters: [{ name: c, cluster: { server: "${url}", insecure-skip-tls-verify: true } }], users: [{ name: u, user: {} }], contexts: [{ name: c, context: { cluster: c, user: u } }] }`,
    );
    process.env.KUBECONFIG = file;
    const own = kubernetes();
    for (const expected of [true, false, undefined]) expect(await own.mayPatch(named('shop'))).toBe(expected);
    const place = { cluster: '', namespace };
    expect(await own.may({ ...place, verb: 'get', resource: 'pods/log' })).toBe(true);
    expect(await own.may({ ...place, verb: 'create', resource: 'jobs.batch' })).toBe(false);
    process.env.KUBECONFIG = world.cluster.kubeconfigFile;
    server.close();
    expect(asked[0]).toEqual({
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      resourceAttributes: { group: 'apps', resource: 'deployments', namespace, name: 'shop', verb: 'patch' },
    });
    expect(asked.slice(3)).toMatchObject([
      { resourceAttributes: { group: '', resource: 'pods', subresource: 'log', namespace, verb: 'get' } },
      { resourceAttributes: { group: 'batch', resource: 'jobs', namespace, verb: 'create' } },
    ]);
  });
});
