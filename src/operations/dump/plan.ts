import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../domain/plan.ts';
import { dumpAddress } from '../../domain/records.ts';
import type { Environment } from '../../domain/settings.ts';
import { accountAndRegion } from '../../planning/current-instance.ts';
import { dumpSettings, dumpsOf, type Measured, measuredDatabase, taskOf, toolsOf } from '../../planning/dump-plan.ts';
import { dumpKey } from '../../planning/dumps.ts';
import type { DumpByExecInput } from '../../steps/kubernetes/dump-by-exec.ts';
import type { RecordVersionInput } from '../../steps/kubernetes/record-version.ts';
import { dumpJobName } from '../../steps/kubernetes/start-dump-job.ts';
import { roleSecret, workloadRef } from '../../steps/step-input.ts';
import type { DumpClients } from './steps.ts';

/** Only reads. @throws PitcrewError `dump.*`, `aws.*`, and as `currentInstance` */
export async function planDump(clients: DumpClients, request: PlanRequest): Promise<Plan> {
  const environment = clients.environment(request.environment);
  const { bucket, prefix, runner } = dumpsOf(environment);
  const made = runner === 'exec' ? byExec : byJob;
  // What the config lacks is said before anything is asked.
  made.check(environment);
  const measured = await measuredDatabase(clients, environment);
  const { instance, identity } = measured.current;
  const { region } = environment;
  const key = dumpKey({ prefix }, environment.name, request.operationId);
  // Whether there is such a bucket; that it may be written to is what makes sure of first whoever writes.
  await clients.s3(region).head({ bucket, key });
  const planned = made.plan({ environment, measured, at: { bucket, key }, operation: request.operationId });
  const [last] = planned.steps.slice(-1);
  return {
    bound: {
      operation: 'dump',
      environment: environment.name,
      ...accountAndRegion(instance.arn),
      steps: [
        { id: 'record-version', after: [], input: versionInput(environment, measured, { bucket, key }) },
        ...planned.steps,
        { id: 'check-dump', after: last ? [last.id] : [], input: { region, bucket, key } },
      ],
      resources: [`${instance.arn}/dump`],
      onFailure: 'return',
      decided: { bucket, key, major: measured.major, source: { ...identity } },
    },
    shown: {
      commands: {
        ...planned.commands,
        'check-dump': [['aws', 's3api', 'head-object', '--bucket', bucket, '--key', key]],
      },
      databaseBytes: measured.databaseBytes,
    },
  };
}

interface Given {
  readonly environment: Environment;
  readonly measured: Measured;
  readonly at: { readonly bucket: string; readonly key: string };
  readonly operation: string;
}

/** One way of making a dump. */
interface Way {
  /** @throws PitcrewError `dump.*` */
  check(environment: Environment): void;
  plan(given: Given): {
    readonly steps: readonly PlannedStep[];
    /** As somebody would do it by hand. */
    readonly commands: Readonly<Record<string, readonly (readonly string[])[]>>;
  };
}

const byJob: Way = {
  check: (environment) => void dumpSettings(environment),
  plan(given) {
    const { environment, at, operation } = given;
    const { image, serviceAccount } = dumpSettings(environment);
    const { cluster = '', namespace = 'default' } = environment.workloads[0] ?? {};
    const job = { cluster, namespace, task: taskFor(given) };
    const { pollSeconds } = environment.restore;
    return {
      steps: [
        {
          id: 'start-dump-job',
          after: ['record-version'],
          input: { ...job, image, serviceAccount, verifyRole: roleOf(environment) },
        },
        { id: 'await-dump', after: ['start-dump-job'], input: { ...job, pollSeconds } },
      ],
      commands: {
        'start-dump-job': [
          ['pg_dump', ...addressArgs(given.measured), '-F', 'c', '-f', 'backup.dump'],
          ['aws', 's3', 'cp', 'backup.dump', `s3://${at.bucket}/${at.key}`],
        ],
        'await-dump': [['kubectl', 'logs', '-n', namespace, `job/${dumpJobName('dump', operation)}`, '--follow']],
      },
    };
  },
};

const byExec: Way = {
  check: (environment) => void toolsOf(environment),
  plan(given) {
    const { environment, at } = given;
    const { cluster = '', namespace, deployment, container = null } = toolsOf(environment);
    const input = { cluster, namespace, deployment, container, verifyRole: roleOf(environment), task: taskFor(given) };
    const inPod = ['kubectl', 'exec', '-n', namespace, `deployment/${deployment}`, '--'];
    return {
      steps: [{ id: 'dump-by-exec', after: ['record-version'], input: input satisfies DumpByExecInput }],
      commands: {
        'dump-by-exec': [
          [...inPod, 'pg_dump', ...addressArgs(given.measured), '-F', 'c'],
          ['aws', 's3', 'cp', '-', `s3://${at.bucket}/${at.key}`],
        ],
      },
    };
  },
};

function taskFor({ environment, at, measured }: Given) {
  const task = taskOf('dump', environment, at, measured);
  return { ...task, critical: [...task.critical] };
}

const roleOf = ({ database: { verifyRole } }: Environment) => roleSecret(verifyRole);

const addressArgs = ({ current: { identity, database } }: Measured) => [
  ...['-h', identity.host, '-p', String(identity.port), '-d', database],
];

const versionInput = (
  environment: Environment,
  { current: { identity, database } }: Measured,
  at: Given['at'],
): RecordVersionInput => ({
  backup: dumpAddress(at),
  workloads: environment.workloads.map(workloadRef),
  source: { host: identity.host, port: identity.port, database },
  verifyRole: roleOf(environment),
});
