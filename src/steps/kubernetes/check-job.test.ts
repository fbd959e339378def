import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../sandbox/kubernetes/fixture.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { Secret } from '../../domain/secret.ts';
import { describeFinding } from '../../messages/index.ts';
import { awaitCheckJob } from './await-check-job.ts';
import { namespace, startWorld, type World } from './cluster.fixture.ts';
import { checkJobName, startCheckJob } from './start-check-job.ts';
import { contextOf, failure, undo } from './step-context.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

const password = 'pw-of-the-reader';
const verifyRole = { region: 'eu-west-1', secret: 'reader', keys: { user: 'user', password: 'password' } };
const credentials = async () => ({ user: 'pitcrew_reader', password: new Secret(password) });
/** The shell of this machine as the team's image. */
const checkOf = (operation: string, script: string, more: object = {}) =>
  contextOf({
    operation,
    input: {
      cluster: '',
      namespace,
      image: 'test/shell:1',
      args: [script],
      withinSeconds: 20,
      database: 'shop',
      verifyRole,
      pollSeconds: 1,
      ...more,
    },
    outputs: { 'await-instance': { id: 'new', arn: '', resourceId: '', host: 'new.example', port: 5433 } },
  });
const start = () => startCheckJob({ cluster: world.kubernetes, access: { credentials } });
const look = () => awaitCheckJob({ cluster: world.kubernetes });
const jobRef = (operation: string) => ({ cluster: '', namespace, kind: 'job', name: checkJobName(operation) }) as const;

async function resultOf(operation: string, script: string, more: object = {}) {
  await start().run(checkOf(operation, script, more));
  return eventually('the check has a result', async () => {
    const step = await look().run(checkOf(operation, script, more));
    return step.kind === 'done' && (step.output as unknown as RestoreOutputs['await-check-job']).result;
  });
}

describe('the team’s own check', () => {
  it('passes with exit code 0, with the restored database’s address and a login in its environment', async () => {
    const script =
      '[ "$PGHOST:$PGPORT/$PGDATABASE $PGUSER $PGPASSWORD $PGSSLMODE" = "new.example:5433/shop pitcrew_reader pw-of-the-reader require" ] && echo checked';
    const result = await resultOf('op-pass', script);
    expect(result).toMatchObject({
      point: 'business-logic',
      outcome: 'pass',
      finding: 'verification.command-passed',
      params: { job: 'pitcrew-check-op-pass', lines: 1 },
    });
    expect(describeFinding('en', result.finding, result.params)).toBe(
      'Job production/pitcrew-check-op-pass ended with exit code 0 (1 lines in its log)',
    );
  });

  it('fails with any other exit code, which is told; what it printed is counted and not repeated', async () => {
    const result = await resultOf('op-fail', `printf 'customer 7, a%s\\n' da@example.com; echo two; exit 3`);
    expect(result).toMatchObject({ outcome: 'fail', params: { exitCode: 3, lines: 2 } });
    expect(JSON.stringify(result)).not.toContain('ada@');
  });

  it('the password stands in the Secret alone, which belongs to the Job and goes with it', async () => {
    await resultOf('op-secret', 'true');
    const name = checkJobName('op-secret');
    const job = await world.batch.readNamespacedJob({ name, namespace });
    expect(JSON.stringify(job)).not.toContain(password);
    const pods = await world.core.listNamespacedPod({ namespace, labelSelector: `job-name=${name}` });
    expect(JSON.stringify(pods)).not.toContain(password);
    const secret = await world.core.readNamespacedSecret({ name, namespace });
    expect(secret.metadata?.ownerReferences).toMatchObject([{ kind: 'Job', name, uid: job.metadata?.uid }]);
    expect(job.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 20, ttlSecondsAfterFinished: 600 });
    await undo(start(), checkOf('op-secret', 'true'));
    await eventually('both are gone', async () => {
      const left = await world.core.listNamespacedSecret({ namespace });
      return (
        !(await world.kubernetes.find(jobRef('op-secret'))) &&
        !left.items.some(({ metadata }) => metadata?.name === name)
      );
    });
  });

  it('F1: started twice runs once, and a start that died before the Secret was there is taken up again', async () => {
    await start().run(checkOf('op-twice', 'sleep 1'));
    expect(await start().run(checkOf('op-twice', 'sleep 1'))).toMatchObject({ output: { adopted: true } });
    const pods = await world.core.listNamespacedPod({
      namespace,
      labelSelector: `job-name=${checkJobName('op-twice')}`,
    });
    expect(pods.items).toHaveLength(1);

    const dying = { ...world.kubernetes, createSecret: () => Promise.reject(new Error('died')) };
    await expect(
      startCheckJob({ cluster: dying, access: { credentials } }).run(checkOf('op-died', 'true')),
    ).rejects.toThrow();
    expect((await world.kubernetes.find(jobRef('op-died')))?.spec.suspend).toBe(true);
    expect(await resultOf('op-died', 'true')).toMatchObject({ outcome: 'pass' });
  });

  it('F4: a Job of that name that is somebody else’s is left alone', async () => {
    const name = checkJobName('op-taken');
    const container = { name: 'x', image: 'test/task:1' };
    const body = {
      metadata: { name },
      spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [container] } } },
    };
    await world.batch.createNamespacedJob({ namespace, body });
    expect(await failure(start().run(checkOf('op-taken', 'true')))).toMatchObject({ code: 'restore.check-job-taken' });
    await undo(start(), checkOf('op-taken', 'true'));
    expect(await world.kubernetes.find(jobRef('op-taken'))).toBeDefined();
  });

  it('that takes too long fails; one that never came to run has proven nothing', async () => {
    expect(await resultOf('op-long', 'sleep 30', { withinSeconds: 1 })).toMatchObject({
      outcome: 'fail',
      finding: 'verification.command-too-long',
      params: { seconds: 1 },
    });
    expect(await resultOf('op-image', 'true', { withinSeconds: 4, image: 'test/nowhere:1' })).toMatchObject({
      outcome: 'not-proven',
      finding: 'verification.command-not-run',
    });
  });

  it('F38: a pod that was evicted is no pass', async () => {
    await start().run(checkOf('op-evicted', 'sleep 20'));
    const pod = await eventually('it runs', async () => {
      const [one] = await world.kubernetes.pods(jobRef('op-evicted'), `job-name=${checkJobName('op-evicted')}`);
      return one?.startedAt ? one : undefined;
    });
    world.cluster.faults.evict({ namespace, pod: pod.name });
    const result = await eventually('the Job has failed', async () => {
      const step = await look().run(checkOf('op-evicted', 'sleep 20'));
      return step.kind === 'done' && (step.output as unknown as RestoreOutputs['await-check-job']).result;
    });
    expect(result).toMatchObject({ outcome: 'not-proven', params: { reason: 'Evicted' } });
  });

  it('that somebody removed has proven nothing', async () => {
    expect(await look().run(checkOf('op-gone', 'true'))).toMatchObject({
      output: { result: { outcome: 'not-proven', finding: 'verification.command-gone' } },
    });
  });
});

it('a Job’s name is one that the API takes, whatever the operation’s id', () => {
  for (const id of ['op-1', 'OP_1/2', 'x'.repeat(100), `${'y'.repeat(47)}-z`])
    expect(checkJobName(id)).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
});
