import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../domain/plan.ts';
import { dumpAddress } from '../../domain/records.ts';
import { accountAndRegion } from '../../planning/current-instance.ts';
import { dumpSettings, measuredDatabase, taskOf } from '../../planning/dump-plan.ts';
import { dumpKey } from '../../planning/dumps.ts';
import type { RecordVersionInput } from '../../steps/kubernetes/record-version.ts';
import { dumpJobName } from '../../steps/kubernetes/start-dump-job.ts';
import type { DumpClients } from './steps.ts';

/** Only reads. @throws PitcrewError `dump.*`, `aws.*`, and as `currentInstance` */
export async function planDump(clients: DumpClients, request: PlanRequest): Promise<Plan> {
  const environment = clients.environment(request.environment);
  const { bucket, prefix, image, serviceAccount } = dumpSettings(environment);
  const measured = await measuredDatabase(clients, environment);
  const { instance, identity, database } = measured.current;
  const { region } = environment;
  const key = dumpKey({ prefix }, environment.name, request.operationId);
  // Whether there is such a bucket; that it may be written to is what the Job makes sure of first.
  await clients.s3(region).head({ bucket, key });
  const [beside] = environment.workloads;
  const { cluster = '', namespace = 'default' } = beside ?? {};
  const task = taskOf('dump', environment, { bucket, key }, measured);
  const { verifyRole } = environment.database;
  const job = { cluster, namespace, task: { ...task, critical: [...task.critical] } };
  const role = { ...verifyRole, keys: { ...verifyRole.keys } };
  const steps: readonly PlannedStep[] = [
    {
      id: 'record-version',
      after: [],
      input: {
        backup: dumpAddress({ bucket, key }),
        workloads: environment.workloads.map(({ cluster: at, namespace: within, kind, name }) => ({
          ...{ cluster: at, namespace: within, kind, name },
        })),
        source: { host: identity.host, port: identity.port, database },
        verifyRole: role,
      } satisfies RecordVersionInput,
    },
    {
      id: 'start-dump-job',
      after: ['record-version'],
      input: { ...job, image, serviceAccount, verifyRole: role },
    },
    { id: 'await-dump', after: ['start-dump-job'], input: { ...job, pollSeconds: environment.restore.pollSeconds } },
    { id: 'check-dump', after: ['await-dump'], input: { region, bucket, key } },
  ];
  const address = ['-h', identity.host, '-p', String(identity.port), '-d', database];
  return {
    bound: {
      operation: 'dump',
      environment: environment.name,
      ...accountAndRegion(instance.arn),
      steps,
      resources: [`${instance.arn}/dump`],
      onFailure: 'return',
      decided: { bucket, key, major: measured.major, source: { ...identity } },
    },
    shown: {
      commands: {
        'start-dump-job': [
          ['pg_dump', ...address, '-F', 'c', '-f', 'backup.dump'],
          ['aws', 's3', 'cp', 'backup.dump', `s3://${bucket}/${key}`],
        ],
        'await-dump': [
          ['kubectl', 'logs', '-n', namespace, `job/${dumpJobName('dump', request.operationId)}`, '--follow'],
        ],
        'check-dump': [['aws', 's3api', 'head-object', '--bucket', bucket, '--key', key]],
      },
      databaseBytes: measured.databaseBytes,
    },
  };
}
