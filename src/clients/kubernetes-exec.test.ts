import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type Fixture, startFixture, webDeployment } from '../../sandbox/kubernetes/fixture.ts';
import { type Kubernetes, kubernetes } from './kubernetes.ts';
import type { Exec } from './kubernetes-exec.ts';

const place = { cluster: '', namespace: 'production' };
let world: Fixture;
let client: Kubernetes;
let pod: string;
const before = process.env.KUBECONFIG;
beforeAll(async () => {
  world = await startFixture();
  process.env.KUBECONFIG = world.cluster.kubeconfigFile;
  client = kubernetes();
  await world.apps.createNamespacedDeployment({ namespace: place.namespace, body: webDeployment('host', 1) });
  pod = await eventually('its pod runs', async () => {
    const { items } = await world.core.listNamespacedPod({ namespace: place.namespace, labelSelector: 'app=host' });
    return items.find(({ status }) => status?.phase === 'Running')?.metadata?.name;
  });
});
afterAll(async () => {
  if (before === undefined) delete process.env.KUBECONFIG;
  else process.env.KUBECONFIG = before;
  await world?.close();
});

const sh = (script: string, stdin?: string) =>
  client.exec(place, { pod, argv: ['sh', '-c', script], ...(stdin === undefined ? {} : { stdin }) });
const textOf = async (stream: Exec['stdout']) => Buffer.concat(await stream.toArray()).toString();

async function ran(script: string, stdin?: string) {
  const exec = await sh(script, stdin);
  const [out, err, code] = await Promise.all([textOf(exec.stdout), textOf(exec.stderr), exec.exitCode]);
  return { out, err, code };
}

describe('a program in a container', () => {
  it('gives both outputs whole and its exit code, by version 5 of the protocol', async () => {
    expect(await ran('echo out; echo err >&2')).toEqual({ out: 'out\n', err: 'err\n', code: 0 });
    expect(await ran('exit 7')).toMatchObject({ code: 7 });
    const exec = await sh('head -c 3000000 /dev/zero; exit 3');
    exec.stderr.resume();
    const hash = createHash('sha256');
    for await (const chunk of exec.stdout) hash.update(chunk as Buffer);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(Buffer.alloc(3_000_000)).digest('hex'));
    expect(await exec.exitCode).toBe(3);
  });

  it('is given its standard input whole, and the end of it', async () => {
    const stdin = `${'é'.repeat(40_000)}\n`;
    expect(await ran('cat', stdin)).toEqual({ out: stdin, err: '', code: 0 });
  });

  it('F39: waits while nobody reads what it writes', async () => {
    const exec = await sh('echo begun >&2; head -c 80000000 /dev/zero; echo written >&2');
    let said = '';
    exec.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await sleep(2_000);
    expect(said).not.toContain('written');
    expect(exec.stdout.readableLength).toBeLessThan(2 * 1024 * 1024);
    let bytes = 0;
    for await (const chunk of exec.stdout) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(80_000_000);
    expect(await exec.exitCode).toBe(0);
  });

  it('F38: whose connection breaks has failed, whatever it wrote until then, and has no exit code', async () => {
    world.cluster.faults.cutExecs({ afterBytes: 100_000, count: 1 });
    const exec = await sh('head -c 1000000 /dev/zero');
    exec.stderr.resume();
    await expect(textOf(exec.stdout)).rejects.toMatchObject({ code: 'kubernetes.exec-broken', kind: 'retryable' });
    await expect(exec.exitCode).rejects.toMatchObject({ code: 'kubernetes.exec-broken' });
  });

  it('that is not there, in a pod or a container that is not there, or without the right, is told apart', async () => {
    const missing = await client.exec(place, { pod, argv: ['no-such-program'] });
    await expect(missing.exitCode).rejects.toMatchObject({ code: 'kubernetes.exec-failed' });
    await expect(client.exec(place, { pod: 'nobody', argv: ['true'] })).rejects.toMatchObject({
      code: 'kubernetes.not-found',
    });
    await expect(client.exec(place, { pod, container: 'nobody', argv: ['true'] })).rejects.toMatchObject({
      code: 'kubernetes.exec-refused',
    });
    const allow = world.cluster.faults.forbid({ verb: '*', resource: 'pods/exec' });
    await expect(sh('true')).rejects.toMatchObject({ code: 'kubernetes.denied', params: { resource: 'pods/exec' } });
    allow();
  });
});
