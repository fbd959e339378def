import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { Exec, type V1Status } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Fixture, isRunning, kubectlMissing, startFixture, webDeployment } from '../fixture.ts';

const namespace = 'production';
let world: Fixture;
let pod: string;
beforeAll(async () => {
  world = await startFixture();
  await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('host', 1) });
  pod = await eventually('its pod runs', async () => {
    const { items } = await world.core.listNamespacedPod({ namespace, labelSelector: 'app=host' });
    return items.find(({ status }) => status?.phase === 'Running')?.metadata?.name;
  });
});
afterAll(() => world?.close());

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: V1Status;
}

const collected = () => {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk as Buffer);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
};

/** With the client library, as pitcrew would. */
async function run(argv: string[], stdin: Readable | null = null): Promise<Ran> {
  const [out, err] = [collected(), collected()];
  const status = await new Promise<V1Status>((resolve, reject) => {
    new Exec(world.config)
      .exec(namespace, pod, 'host', argv, out.stream, err.stream, stdin, false, resolve)
      .catch(reject);
  });
  return { stdout: out.text(), stderr: err.text(), status };
}

const sh = (script: string, stdin?: Readable) => run(['sh', '-c', script], stdin);
const readInPod = async (file: string) => (await sh(`cat ${file}`)).stdout;

describe('exec with the client library', () => {
  test('gives both outputs, in the environment of the container', async () => {
    const { stdout, stderr, status } = await sh('echo $NAME; echo oh >&2');
    expect([stdout, stderr, status.status]).toEqual([`${pod}\n`, 'oh\n', 'Success']);
  });

  test('tells the exit code', async () => {
    const { status } = await sh('exit 7');
    expect(status).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode' });
    expect(status.details?.causes).toContainEqual({ reason: 'ExitCode', message: '7' });
  });

  test('ends stdin and still hears the answer and the exit code, which takes version 5 of the protocol', async () => {
    const bytes = randomBytes(3_000_000);
    const { stdout, status } = await sh('sha256sum; exit 3', Readable.from([bytes]));
    expect(stdout).toContain(createHash('sha256').update(bytes).digest('hex'));
    expect(status.details?.causes).toContainEqual({ reason: 'ExitCode', message: '3' });
  });

  test('of a program that is not there says so', async () => {
    const { status } = await run(['no-such-program']);
    expect(status.message).toContain('executable file not found in $PATH');
  });

  test('into a pod that is not there is refused before the upgrade', async () => {
    const refused = new Exec(world.config).exec(namespace, 'nobody', 'host', ['true'], null, null, null, false);
    await expect(refused).rejects.toThrow();
  });
});

describe('a connection that breaks', () => {
  test('in mid-stream, or because the API server restarts, leaves the process running', async () => {
    await sh('rm -f /tmp/alive');
    world.cluster.faults.cutExecs({ afterBytes: 1000, count: 1 });
    const exec = new Exec(world.config);
    const script = 'echo $$ > /tmp/pid; head -c 5000 /dev/zero; sleep 0.7; touch /tmp/alive; sleep 60';
    const out = new PassThrough();
    const socket = await exec.exec(namespace, pod, 'host', ['sh', '-c', script], out, null, null, false);
    await new Promise<void>((resolve) => {
      socket.onclose = () => resolve();
    });
    const pid = Number(await readInPod('/tmp/pid'));
    expect(isRunning(pid)).toBe(true);
    await eventually('it went on', async () => (await sh('test -e /tmp/alive')).status.status === 'Success');
    process.kill(pid);

    const second = await exec.exec(
      namespace,
      pod,
      'host',
      ['sh', '-c', 'echo $$ > /tmp/pid2; sleep 60'],
      null,
      null,
      null,
      false,
    );
    const closed = new Promise<void>((resolve) => {
      second.onclose = () => resolve();
    });
    await eventually('it runs', async () => (await readInPod('/tmp/pid2')) !== '');
    await world.cluster.outage(0.2);
    await closed;
    const other = Number(await readInPod('/tmp/pid2'));
    expect(isRunning(other)).toBe(true);
    process.kill(other);
  });

  test('by the client ends what reads its stdin', async () => {
    const stdin = new PassThrough();
    stdin.write('part of it');
    const script = 'echo $$ > /tmp/reader; cat > /tmp/part; echo $? > /tmp/ended';
    const socket = await new Exec(world.config).exec(
      namespace,
      pod,
      'host',
      ['sh', '-c', script],
      null,
      null,
      stdin,
      false,
    );
    await eventually('it has read', async () => (await readInPod('/tmp/part')) === 'part of it');
    socket.close();
    await eventually('it ended', async () => (await readInPod('/tmp/ended')) === '0\n');
  });
});

describe('a pod', () => {
  test('has a /tmp of its own (skipped where the machine allows no mounts)', async (context) => {
    context.skip(!world.cluster.privateTmp);
    await sh('echo mine > /tmp/pitcrew-exec-test');
    expect(await readInPod('/tmp/pitcrew-exec-test')).toBe('mine\n');
    expect(existsSync('/tmp/pitcrew-exec-test')).toBe(false);
  });

  test('that ends takes along what was started in it by exec', async () => {
    await world.apps.createNamespacedDeployment({ namespace, body: webDeployment('going', 1) });
    const name = await eventually('it runs', async () => {
      const { items } = await world.core.listNamespacedPod({ namespace, labelSelector: 'app=going' });
      return items.find(({ status }) => status?.phase === 'Running')?.metadata?.name;
    });
    const out = collected();
    await new Exec(world.config).exec(
      namespace,
      name,
      'going',
      ['sh', '-c', 'echo $$; exec sleep 60'],
      out.stream,
      null,
      null,
      false,
    );
    const pid = await eventually('it said its pid', () => Number(out.text()));
    await world.apps.deleteNamespacedDeployment({ namespace, name: 'going' });
    await eventually('it is gone', () => !isRunning(pid));
  });
});

const kubectlEnv = () => ({ ...process.env, KUBECONFIG: world.cluster.kubeconfigFile, HOME: world.household.folder });

describe.skipIf(kubectlMissing)('kubectl (skipped where it is not installed)', () => {
  test('exec gives output, errors and the exit code', async () => {
    const ran = await world.kubectl('exec', pod, '--', 'sh', '-c', 'echo out; echo err >&2; exit 5');
    expect(ran).toMatchObject({ code: 5, stdout: 'out\n', stderr: expect.stringContaining('err\n') });
    expect(await world.kubectl('exec', 'deployment/host', '--', 'true')).toMatchObject({ code: 0 });
  });

  test('exec -i sends a file, and cp copies both ways, whole', async () => {
    const [there, back] = [join(world.household.folder, 'there'), join(world.household.folder, 'back')];
    const bytes = randomBytes(2_000_000);
    writeFileSync(there, bytes);
    const sum = createHash('sha256').update(bytes).digest('hex');
    const piped = await promisify(execFile)('sh', ['-c', `kubectl exec -i ${pod} -- sha256sum < ${there}`], {
      env: kubectlEnv(),
    });
    expect(piped.stdout).toContain(sum);
    expect(await world.kubectl('cp', there, `${namespace}/${pod}:/tmp/copy.dump`)).toMatchObject({ code: 0 });
    expect(await world.kubectl('cp', `${namespace}/${pod}:/tmp/copy.dump`, back)).toMatchObject({ code: 0 });
    expect(readFileSync(back).equals(bytes)).toBe(true);
  });

  test('exec -it has a terminal of the right size where there is one on this side', async () => {
    const script = `stty rows 33 cols 99; kubectl exec -it ${pod} -- sh -c 'tty; sleep 1; stty size; exit 4'`;
    const child = spawn('script', ['-qec', script, '/dev/null'], {
      env: kubectlEnv(),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(text).toMatch(/\/dev\/pts\/\d+\r\n33 99\r\n/);
    expect(code).toBe(4);
  });

  test('exec without the right to it says so in the words of the API server', async () => {
    const giveBack = world.cluster.faults.forbid({ verb: '*', resource: 'pods/exec', namespace });
    const { code, stderr } = await world.kubectl('exec', pod, '--', 'true');
    expect(code).toBe(1);
    expect(stderr).toContain(`pods "${pod}" is forbidden: User "system:serviceaccount:pitcrew:pitcrew" cannot`);
    expect(stderr).toContain(`resource "pods/exec" in API group "" in the namespace "${namespace}"`);
    giveBack();
    expect(await world.kubectl('exec', pod, '--', 'true')).toMatchObject({ code: 0 });
  });
});
