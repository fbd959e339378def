import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../sandbox/kubernetes/fixture.ts';
import type { DumpReport } from '../../domain/dump.ts';
import { Secret } from '../../domain/secret.ts';
import { awaitDumpJob } from './await-dump-job.ts';
import { namespace, startWorld, type World } from './cluster.fixture.ts';
import { lastReport } from './job-watch.ts';
import { dumpJobName, startDumpJob } from './start-dump-job.ts';
import { awaitLoad, loadJobName } from './start-load-job.ts';
import { contextOf, failure, undo } from './step-context.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

const password = 'pw-of-the-reader';
const access = { credentials: async () => ({ user: 'pitcrew_reader', password: new Secret(password) }) };
const task = {
  ...{ kind: 'dump', environment: 'production', region: 'eu-west-1', bucket: 'backups', host: 'db', port: 5432 },
  ...{ database: 'shop', resourceId: 'db-ABC', major: 15, critical: ['orders'], databaseBytes: 1 },
};
const dumpOf = (operation: string, image = 'test/task:1') =>
  contextOf({
    operation,
    input: {
      ...{ cluster: '', namespace, image, serviceAccount: null, pollSeconds: 1 },
      task: { ...task, key: `database/${operation}.dump` },
      verifyRole: { region: 'eu-west-1', secret: 'reader', keys: { user: 'user', password: 'password' } },
    },
  });
const aborted: string[] = [];
const s3 = () => ({
  abortUnfinished: async ({ key }: { key: string }) => aborted.push(key),
});
const start = () => startDumpJob('start-dump-job', { cluster: world.kubernetes, access, s3 });
const manifestAt = (there: boolean) => () => ({
  head: async (at: { key: string }) =>
    there ? { key: at.key, sizeBytes: 1, at: '2026-11-20T03:14:00.000Z', etag: '"e"', versionId: null } : undefined,
});
const look = (there: boolean) => awaitDumpJob('await-dump', { cluster: world.kubernetes, s3: manifestAt(there) });
const jobRef = (operation: string) =>
  ({ cluster: '', namespace, kind: 'job', name: dumpJobName('dump', operation) }) as const;

/** A container that prints these lines, and then stays or ends. */
async function jobSaying(
  operation: string,
  lines: readonly string[],
  exit?: number,
  name = dumpJobName('dump', operation),
) {
  const script = `${lines.map((line) => `echo '${line}'`).join('\n')}\n${exit === undefined ? 'sleep 60' : `exit ${exit}`}`;
  const containers = [{ name: 'dump', image: 'test/shell:1', args: [script] }];
  const body = {
    metadata: { name, labels: { 'pitcrew/operation': operation } },
    spec: { backoffLimit: 1, template: { spec: { restartPolicy: 'Never', containers } } },
  };
  await world.batch.createNamespacedJob({ namespace, body });
}
const say = (report: DumpReport) => JSON.stringify(report);

describe('the Job of a dump', () => {
  it('has its password in a Secret that belongs to it, and in nothing that can be listed', async () => {
    await start().run(dumpOf('op-secret'));
    const name = dumpJobName('dump', 'op-secret');
    const job = await world.batch.readNamespacedJob({ name, namespace });
    expect(JSON.stringify(job)).not.toContain(password);
    const secret = await world.core.readNamespacedSecret({ name, namespace });
    expect(secret.metadata?.ownerReferences).toMatchObject([{ kind: 'Job', name, uid: job.metadata?.uid }]);
    const [container] = job.spec?.template.spec?.containers ?? [];
    expect(container).toMatchObject({ args: ['job'], resources: { limits: { memory: '512Mi' } } });
    expect(JSON.parse(container?.env?.[0]?.value ?? '')).toMatchObject({ operation: 'op-secret', major: 15 });
  });

  it('F1: is started once, however often the step runs; one whose start died before its Secret was there is taken up', async () => {
    await start().run(dumpOf('op-twice'));
    expect(await start().run(dumpOf('op-twice'))).toMatchObject({ output: { adopted: true } });
    const dying = { ...world.kubernetes, createSecret: () => Promise.reject(new Error('died')) };
    await expect(
      startDumpJob('start-dump-job', { cluster: dying, access, s3 }).run(dumpOf('op-died')),
    ).rejects.toThrow();
    expect((await world.kubernetes.find(jobRef('op-died')))?.spec.suspend).toBe(true);
    await start().run(dumpOf('op-died'));
    expect((await world.kubernetes.find(jobRef('op-died')))?.spec.suspend).toBe(false);
  });

  it('F4: of somebody else under its name is left alone, by the step and by its undo', async () => {
    await world.batch.createNamespacedJob({
      namespace,
      body: {
        metadata: { name: dumpJobName('dump', 'op-taken') },
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: 'test/task:1' }] } } },
      },
    });
    expect(await failure(start().run(dumpOf('op-taken')))).toMatchObject({ code: 'dump.job-taken' });
    await undo(start(), dumpOf('op-taken'));
    expect(await world.kubernetes.find(jobRef('op-taken'))).toBeDefined();
  });

  it('taken back is gone with its pods before the parts that it sent are freed', async () => {
    await jobSaying('op-undone', [say({ said: 'progress', phase: 'write', bytes: 1, tables: 1, ofTables: 2 })]);
    await eventually('it runs', async () =>
      (await world.kubernetes.pods(jobRef('op-undone'), `job-name=${jobRef('op-undone').name}`)).find(
        ({ startedAt }) => startedAt,
      ),
    );
    expect(await undo(start(), dumpOf('op-undone'))).toMatchObject({ output: { removed: true } });
    expect(aborted).toContain('database/op-undone.dump');
    const pods = await world.kubernetes.pods(jobRef('op-undone'), `job-name=${jobRef('op-undone').name}`);
    expect(pods.filter(({ ended }) => !ended)).toEqual([]);
  });
});

describe('waiting for a dump', () => {
  it('tells bytes and tables while it goes on', async () => {
    await jobSaying('op-tells', [
      'not JSON',
      say({ said: 'progress', phase: 'write', bytes: 5_000_000, tables: 3, ofTables: 9 }),
    ]);
    const waits = await eventually('it says how far it is', async () => {
      const step = await look(false).run(dumpOf('op-tells'));
      return step.kind === 'wait' && step.because.code === 'wait.dump-writes' ? step.because : undefined;
    });
    expect(waits.params).toEqual({ bytes: 5_000_000, tables: 3, ofTables: 9 });
  });

  it('ends at once where another attempt would end the same way, with what the Job said', async () => {
    const failed = { said: 'failed', code: 'dump.denied', final: true, params: { on: 'table t' } } as const;
    await jobSaying('op-final', [say(failed)], 1);
    const error = await eventually('it has failed', () =>
      look(false)
        .run(dumpOf('op-final'))
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        ),
    );
    expect(error).toMatchObject({ code: 'dump.denied', kind: 'permanent', params: { on: 'table t' } });
  });

  it('a manifest counts, whatever became of the Job; a Job that is gone and left none has failed', async () => {
    expect(await look(true).run(dumpOf('op-gone'))).toMatchObject({ kind: 'done' });
    expect(await failure(look(false).run(dumpOf('op-gone')))).toMatchObject({ code: 'dump.job-gone' });
  });

  it('F38: a Job whose pods all failed is no success, and says why as its last pod did', async () => {
    const failed = { said: 'failed', code: 'aws.unreachable', final: false, params: {} } as const;
    await jobSaying('op-failed', [say(failed)], 1);
    const error = await eventually('the Job has failed', () =>
      look(false)
        .run(dumpOf('op-failed'))
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        ),
    );
    expect(error).toMatchObject({ code: 'aws.unreachable', kind: 'permanent' });
  });
});

it('a load tells what its Job had to leave', async () => {
  const left = ['log_statement', 'reporting: log_statement'];
  await jobSaying('op-left', [say({ said: 'done', left })], 0, loadJobName('op-left'));
  const context = contextOf({ operation: 'op-left', input: { cluster: '', namespace, pollSeconds: 1 } });
  const ended = await eventually('the Job is complete', async () => {
    const step = await awaitLoad({ cluster: world.kubernetes }).run(context);
    return step.kind === 'done' ? step : undefined;
  });
  expect(ended).toMatchObject({ output: { attempts: 1, left } });
});

it('any log has a last report or none, and never throws', () => {
  const line = fc.oneof(fc.string(), fc.json(), fc.constant('{"said":"done"}'), fc.constant('{"said":"progress"}'));
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const report = lastReport(lines.join('\n'));
      expect(report === undefined || ['done', 'failed', 'progress'].includes(report.said)).toBe(true);
      expect(lastReport([...lines, '', say({ said: 'done' }), 'x'].join('\n'))).toEqual({ said: 'done' });
    }),
  );
});

it('a Job’s name is one that the API takes, whatever the operation’s id', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 120 }), (id) => {
      expect(dumpJobName('dump', id)).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    }),
  );
});
