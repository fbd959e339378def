import type { DatabaseInstance } from '../../clients/rds.ts';
import { retryable, userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../domain/plan.ts';
import type { SnapshotOutputs } from '../../domain/restore.ts';
import { awsCommand } from '../../planning/aws-command.ts';
import { accountAndRegion, currentInstance } from '../../planning/current-instance.ts';
import { lineageOf, snapshotId, tagKeys } from '../../planning/names.ts';
import { roomForSnapshot } from '../../planning/quotas.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import { isTerminal } from '../../steps/rds/await-instance.ts';
import type { RecordSettingsInput } from './record-settings.ts';
import type { SnapshotClients } from './steps.ts';

/** Only reads. @throws PitcrewError `snapshot.*`, and as `currentInstance` */
export async function planSnapshot(clients: SnapshotClients, request: PlanRequest): Promise<Plan> {
  const environment = clients.environment(request.environment);
  const { region } = environment;
  const rds = clients.rds(region);
  const { instance, identity, database } = await currentInstance(
    { ...clients, rds, secrets: clients.secrets(region) },
    environment,
  );
  refuseUnready(instance);
  const quotas = await roomForSnapshot(rds);
  const id = snapshotId(instance.id, request.operationId);
  const tags = ownTags(request.operationId, environment.name, lineageOf(instance));
  const common = { region, snapshot: id };
  const pollSeconds = environment.restore.pollSeconds;
  const steps: readonly SnapshotStep[] = [
    {
      id: 'create-snapshot',
      after: [],
      input: { ...common, instance: instance.id, tags, operationTag: tagKeys.operation },
    },
    {
      id: 'record-settings',
      after: ['create-snapshot'],
      input: {
        region,
        instance: instance.id,
        database,
        verifyRole: { ...environment.database.verifyRole },
      } satisfies RecordSettingsInput,
    },
    { id: 'await-snapshot', after: ['create-snapshot'], input: { ...common, pollSeconds } },
    {
      id: 'check-snapshot',
      after: ['await-snapshot'],
      input: {
        ...common,
        resourceId: instance.resourceId,
        encrypted: instance.settings.StorageEncrypted ?? false,
      },
    },
  ];
  return {
    bound: {
      operation: 'snapshot',
      environment: environment.name,
      ...accountAndRegion(instance.arn),
      steps,
      resources: [`${instance.arn}/snapshot`],
      onFailure: 'return',
      decided: { snapshotId: id, source: { ...identity } },
    },
    shown: { commands: commands(id, instance.id), quotas: quotas.map((quota) => ({ ...quota })) },
  };
}

type SnapshotStep = PlannedStep & { readonly id: keyof SnapshotOutputs };

/** RDS takes a snapshot only of an instance that is `available` or optimises its storage; most other states pass. */
function refuseUnready({ id, status }: DatabaseInstance): void {
  if (['available', 'storage-optimization'].includes(status)) return;
  const params = { instance: id, status };
  throw isTerminal(status) ? userError('snapshot.instance-unfit', params) : retryable('snapshot.instance-busy', params);
}

function commands(snapshot: string, instance: string) {
  const described = { DBSnapshotIdentifier: snapshot };
  return {
    'create-snapshot': [
      awsCommand('rds', 'create-db-snapshot', { DBInstanceIdentifier: instance, DBSnapshotIdentifier: snapshot }),
    ],
    'record-settings': [awsCommand('rds', 'describe-db-instances', { DBInstanceIdentifier: instance })],
    'await-snapshot': [['aws', 'rds', 'wait', 'db-snapshot-available', '--db-snapshot-identifier', snapshot]],
    'check-snapshot': [awsCommand('rds', 'describe-db-snapshots', described)],
  };
}
