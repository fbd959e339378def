import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { PodView } from '../../clients/kubernetes-views.ts';
import type { DatabaseLogin } from '../../clients/postgres.ts';
import type { S3 } from '../../clients/s3.ts';
import { type DumpOutputs, type DumpReport, type DumpTask, dumpTask } from '../../domain/dump.ts';
import { PitcrewError, retryable } from '../../domain/errors.ts';
import { type Because, done, type Step, type StepContext, undoBy } from '../../domain/step.ts';
import type { Credentials } from '../../verification/access.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';
import { selectorText } from './pods.ts';
import { objectAt, present } from './workload.ts';

const words = z.string().min(1);

export const dumpByExecInput = z.object({
  cluster: z.string(),
  namespace: words,
  /** Whose pod it is in. */
  deployment: words,
  container: words.nullable(),
  verifyRole: roleSecretInput,
  /** All of the task but the operation, which the plan doesn't say twice. */
  task: dumpTask.omit({ operation: true }),
});
export type DumpByExecInput = z.infer<typeof dumpByExecInput>;

/** A pod with PostgreSQL's client programs, and what is done in it: src/jobs/dump-by-exec.ts, injected. */
interface Tools {
  readonly cluster: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
}
export interface RemoteDump {
  dump(given: {
    readonly task: DumpTask;
    readonly tools: Tools;
    readonly login: DatabaseLogin;
    readonly say: (report: DumpReport) => void;
    readonly signal: AbortSignal;
  }): Promise<void>;
  /** Ends what an attempt of this operation left running there. */
  end(tools: Tools, operation: string): Promise<void>;
}

export interface DumpByExecDependencies {
  readonly cluster: Pick<Kubernetes, 'find' | 'pods'>;
  readonly access: { readonly credentials: Credentials };
  readonly remoteDump: RemoteDump;
  s3(region: string): Pick<S3, 'abortUnfinished'>;
}

/** How often the chain is told how far it is: that is where a cancel, and another owner, are heard of. Milliseconds. */
const noteEveryMs = 20_000;

/**
 * For clusters without Jobs: pg_dump in a pod that is there, its output through this worker to S3. The one step that takes as
 * long as what it does: nobody else could go on with an open connection. A worker that dies leaves no dump, for the manifest
 * comes last; the next one ends what runs on in the pod, gives up the upload, and begins anew.
 */
export function dumpByExec(parts: DumpByExecDependencies, everyMs: number = noteEveryMs): Step {
  return {
    id: 'dump-by-exec',
    fence: 'derived-name+tag',
    async run(context) {
      const input = inputOf(dumpByExecInput, context.input);
      const tools = await toolsPod(parts.cluster, input);
      const login = await parts.access.credentials(input.verifyRole);
      const task: DumpTask = { ...input.task, operation: context.operation };
      await heeding(context, everyMs, (say, signal) => parts.remoteDump.dump({ task, tools, login, say, signal }));
      return done<DumpOutputs['dump-by-exec']>({ pod: tools.pod });
    },
    undo: undoBy(async (context) => {
      const input = inputOf(dumpByExecInput, context.input);
      const tools = await toolsPod(parts.cluster, input).catch(gone);
      if (tools) await parts.remoteDump.end(tools, context.operation);
      const { region, bucket, key } = input.task;
      return done({ uploadsAborted: await parts.s3(region).abortUnfinished({ bucket, key }) });
    }),
  };
}

/** With its pod went whatever ran in it. */
function gone(error: unknown): undefined {
  if (error instanceof PitcrewError && ['dump.no-tools-pod', 'kubernetes.not-found'].includes(error.code)) return;
  throw error;
}

/** The pod that has been ready for longest. @throws PitcrewError `dump.no-tools-pod`, `kubernetes.*` */
export async function toolsPod(
  cluster: DumpByExecDependencies['cluster'],
  input: Pick<DumpByExecInput, 'cluster' | 'namespace' | 'deployment' | 'container'>,
): Promise<Tools> {
  const { cluster: at, namespace, deployment: name, container } = input;
  const deployment = await present(cluster, { cluster: at, namespace, kind: 'deployment', name });
  const pods = await cluster.pods(deployment, selectorText(objectAt(deployment.spec, 'selector')));
  const [pod] = pods.filter(({ ready }) => ready).toSorted(bySince);
  if (!pod) throw retryable('dump.no-tools-pod', { namespace, deployment: name });
  return { cluster: at, namespace, pod: pod.name, ...(container === null ? {} : { container }) };
}

const bySince = (a: PodView, b: PodView) => ((a.readySince ?? '9') < (b.readySince ?? '9') ? -1 : 1);

/**
 * Works until it is done, this run may act no longer, or the chain says that it must not: whoever cancels, or owns the
 * operation by now, is heard of when the progress is written down.
 */
async function heeding(
  context: StepContext,
  everyMs: number,
  work: (say: (report: DumpReport) => void, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const told = new AbortController();
  let far: Because | undefined;
  let noting = Promise.resolve();
  const say = (report: DumpReport) => {
    if (report.said === 'progress') far = becauseOf(report);
  };
  const timer = setInterval(() => {
    const because = far;
    far = undefined;
    if (because) noting = noting.then(() => context.note({ because: { ...because } })).catch(refused);
  }, everyMs);
  const refused = (error: unknown) => {
    // A ledger that doesn't answer right now says neither yes nor no.
    if (!(error instanceof PitcrewError) || error.kind !== 'retryable') told.abort(error);
  };
  try {
    await work(say, AbortSignal.any([context.signal, told.signal]));
  } catch (error) {
    throw told.signal.aborted ? told.signal.reason : error;
  } finally {
    clearInterval(timer);
    await noting;
  }
}

function becauseOf(report: DumpReport & { readonly said: 'progress' }): Because {
  const { phase, bytes, tables, ofTables } = report;
  if (phase === 'read') return { code: 'wait.dump-reads', params: { bytes } };
  return { code: 'wait.dump-writes', params: { bytes, tables, ofTables } };
}
