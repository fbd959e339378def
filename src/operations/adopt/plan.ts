import type { Kubernetes } from '../../clients/kubernetes.ts';
import { userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../domain/plan.ts';
import { accountAndRegion } from '../../planning/current-instance.ts';
import { type DumpReach, dumpSettings, measuredDatabase, taskOf } from '../../planning/dump-plan.ts';
import { isOf, keyIn, readManifest } from '../../planning/dumps.ts';
import { roleSecret } from '../../steps/step-input.ts';
import { adoptArguments } from './args.ts';

export interface AdoptClients extends DumpReach {
  readonly cluster: Kubernetes;
}

/** Only reads. @throws PitcrewError `adopt.*`, `dump.*`, `aws.*`, and as `currentInstance` */
export async function planAdopt(clients: AdoptClients, request: PlanRequest): Promise<Plan> {
  const environment = clients.environment(request.environment);
  const settings = dumpSettings(environment);
  const { bucket, image, serviceAccount } = settings;
  const { region } = environment;
  const key = keyIn(adoptArguments(request.args).object, settings, environment.name);
  await refuseUseless(clients, region, { bucket, key });
  const measured = await measuredDatabase(clients, environment);
  const { instance, identity } = measured.current;
  const [beside] = environment.workloads;
  const { cluster = '', namespace = 'default' } = beside ?? {};
  const task = taskOf('adopt', environment, { bucket, key }, measured);
  const { verifyRole } = environment.database;
  const job = { cluster, namespace, task: { ...task, critical: [...task.critical] } };
  const steps: readonly PlannedStep[] = [
    {
      id: 'start-adopt-job',
      after: [],
      input: { ...job, image, serviceAccount, verifyRole: roleSecret(verifyRole) },
    },
    { id: 'await-adopt', after: ['start-adopt-job'], input: { ...job, pollSeconds: environment.restore.pollSeconds } },
    { id: 'check-adopt', after: ['await-adopt'], input: { region, bucket, key } },
  ];
  return {
    bound: {
      operation: 'adopt',
      environment: environment.name,
      ...accountAndRegion(instance.arn),
      steps,
      resources: [`s3://${bucket}/${key}`],
      onFailure: 'return',
      decided: { bucket, key, major: measured.major, source: { ...identity } },
    },
    shown: {
      commands: {
        'start-adopt-job': [
          ['aws', 's3', 'cp', `s3://${bucket}/${key}`, 'backup.dump'],
          ['pg_restore', '-f', '/dev/null', 'backup.dump'],
        ],
        'await-adopt': [],
        'check-adopt': [['aws', 's3api', 'head-object', '--bucket', bucket, '--key', key]],
      },
    },
  };
}

async function refuseUseless(
  { s3 }: AdoptClients,
  region: string,
  at: { readonly bucket: string; readonly key: string },
): Promise<void> {
  const head = await s3(region).head(at);
  if (!head) throw userError('dump.gone', at);
  if (head.sizeBytes === 0) throw userError('adopt.empty', { key: at.key });
  const manifest = await readManifest(s3(region), at);
  if (manifest && isOf(manifest, head))
    throw userError('adopt.has-manifest', { key: at.key, operation: manifest.operation });
}
