import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ObjectView, PodView } from '../../clients/kubernetes-views.ts';
import type { DumpReport } from '../../domain/dump.ts';
import { retryable, userError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Secret } from '../../domain/secret.ts';
import { type DumpByExecDependencies, dumpByExec, type RemoteDump } from './dump-by-exec.ts';
import { type ContextOf, contextOf, failure, undo } from './step-context.fixture.ts';

const pod = (name: string, ready: boolean, readySince: string): PodView =>
  ({ name, ready, readySince, terminating: false, finalizers: [], ended: false, restarts: 0 }) as PodView;
const pods = [pod('young', true, '2026-11-20T03:00:00Z'), pod('unready', false, '1'), pod('old', true, '2026-11-19')];

const input: JsonObject = {
  ...{ cluster: '', namespace: 'production', deployment: 'tools', container: null },
  verifyRole: { region: 'eu-west-1', secret: 'reader', keys: { user: 'user', password: 'password' } },
  task: {
    ...{ kind: 'dump', environment: 'production', region: 'eu-west-1', bucket: 'backups', key: 'a.dump', host: 'db' },
    ...{ port: 5432, database: 'shop', resourceId: 'db-ABC', major: 15, critical: ['orders'], databaseBytes: 1 },
  },
};

/** With a pod whose pg_dump goes on, saying how far it is, until it is told to stop. */
function stage(over: Partial<RemoteDump> = {}, there: readonly PodView[] = pods) {
  const seen: { tools: string[]; ended: string[]; aborted: string[] } = { tools: [], ended: [], aborted: [] };
  const progress: DumpReport = { said: 'progress', phase: 'write', bytes: 7, tables: 1, ofTables: 2 };
  const remoteDump: RemoteDump = {
    async dump({ tools, say, signal }) {
      seen.tools.push(tools.pod);
      for (;;) {
        say(progress);
        await sleep(5);
        if (signal.aborted) throw retryable('kubernetes.exec-broken');
      }
    },
    end: async ({ pod: name }, operation) => void seen.ended.push(`${name} ${operation}`),
    ...over,
  };
  const parts: DumpByExecDependencies = {
    cluster: {
      find: async (ref) => ({ ...ref, spec: { selector: { matchLabels: { app: 'tools' } } } }) as unknown as ObjectView,
      pods: async () => there,
    },
    access: { credentials: async () => ({ user: 'reader', password: new Secret('pw') }) },
    remoteDump,
    s3: () => ({ abortUnfinished: async ({ key }) => seen.aborted.push(key) }),
  };
  return { seen, step: dumpByExec(parts, 20) };
}
const context = (over: Partial<ContextOf> = {}) => contextOf({ input, ...over });

describe('a dump in a pod, as a step', () => {
  it('writes down how far it is, in the pod that has been ready for longest', async () => {
    const noted: JsonObject[] = [];
    const remote = stage({
      async dump({ say, tools }) {
        expect(tools.pod).toBe('old');
        say({ said: 'progress', phase: 'write', bytes: 7, tables: 1, ofTables: 2 });
        await sleep(50);
        say({ said: 'progress', phase: 'read', bytes: 9, tables: 2, ofTables: 2 });
        await sleep(50);
      },
    });
    expect(await remote.step.run(context({ note: async (data) => void noted.push(data) }))).toMatchObject({
      output: { pod: 'old' },
    });
    expect(noted).toEqual([
      { because: { code: 'wait.dump-writes', params: { bytes: 7, tables: 1, ofTables: 2 } } },
      { because: { code: 'wait.dump-reads', params: { bytes: 9 } } },
    ]);
  });

  it('is stopped by a cancel, and by another owner, which it hears of where it writes down how far it is', async () => {
    for (const error of [userError('operation.cancelled'), userError('engine.fenced')]) {
      const { step } = stage();
      const told = await failure(step.run(context({ note: () => Promise.reject(error) })));
      expect(told.code).toBe(error.code);
    }
  });

  it('goes on while the ledger does not answer', async () => {
    let times = 0;
    const { step } = stage();
    const note = async () => {
      throw ++times < 3 ? retryable('ledger.unreachable') : userError('operation.cancelled');
    };
    expect((await failure(step.run(context({ note })))).code).toBe('operation.cancelled');
    expect(times).toBe(3);
  });

  it('waits for a pod that is ready', async () => {
    const { step } = stage({}, [pod('unready', false, '1')]);
    expect(await failure(step.run(context()))).toMatchObject({ code: 'dump.no-tools-pod', kind: 'retryable' });
  });

  it('taken back ends what runs on in the pod and frees the parts, though the pod be gone', async () => {
    const { seen, step } = stage();
    await undo(step, context());
    expect(seen).toMatchObject({ ended: ['old op-1'], aborted: ['a.dump'] });
    const gone = stage({}, []);
    await undo(gone.step, context());
    expect(gone.seen).toMatchObject({ ended: [], aborted: ['a.dump'] });
  });
});
