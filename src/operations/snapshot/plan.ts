import type { DatabaseInstance } from '../../clients/rds.ts';
import { retryable, userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../domain/plan.ts';
import type { Environment } from '../../domain/settings.ts';
import type { SnapshotOutputs } from '../../domain/snapshot.ts';
import { awsCommand } from '../../planning/aws-command.ts';
import { accountAndRegion, type CurrentInstance, currentInstance, reachIn } from '../../planning/current-instance.ts';
import { lineageOf, snapshotId, tagKeys } from '../../planning/names.ts';
import { roomForSnapshot } from '../../planning/quotas.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import type { RecordVersionInput } from '../../steps/kubernetes/record-version.ts';
import type { BaselineInput } from '../../steps/postgres/baseline-input.ts';
import { pinnedChecks } from '../../steps/postgres/verification-input.ts';
import { isTerminal } from '../../steps/rds/await-instance.ts';
import { roleSecret, workloadRef } from '../../steps/step-input.ts';
import type { RecordSettingsInput } from '../record-settings.ts';
import type { SnapshotClients } from './steps.ts';

/** Only reads. @throws PitcrewError `snapshot.*`, and as `currentInstance` */
export async function planSnapshot(clients: SnapshotClients, request: PlanRequest): Promise<Plan> {
  const environment = clients.environment(request.environment);
  const rds = clients.rds(environment.region);
  const current = await currentInstance(reachIn(clients, environment.region), environment);
  const { instance, identity } = current;
  refuseUnready(instance);
  const quotas = await roomForSnapshot(rds);
  const id = snapshotId(instance.id, request.operationId);
  return {
    bound: {
      operation: 'snapshot',
      environment: environment.name,
      ...accountAndRegion(instance.arn),
      steps: plannedSteps(request.operationId, environment, current, id),
      resources: [`${instance.arn}/snapshot`],
      onFailure: 'return',
      decided: { snapshotId: id, source: { ...identity } },
    },
    shown: { commands: commands(id, environment, current), quotas: quotas.map((quota) => ({ ...quota })) },
  };
}

type SnapshotStep = PlannedStep & { readonly id: keyof SnapshotOutputs };

/** What a restore will be compared with is measured around the snapshot's instant; its settings are written down beside it. */
function plannedSteps(
  operation: string,
  environment: Environment,
  current: CurrentInstance,
  snapshot: string,
): readonly SnapshotStep[] {
  const { region, restore, database: settings } = environment;
  const { instance, database } = current;
  const verifyRole = roleSecret(settings.verifyRole);
  const common = { region, snapshot };
  const tags = ownTags(operation, environment.name, lineageOf(instance));
  const baseline = baselineInputOf(environment, current, snapshot);
  const recorded = { region, instance: instance.id, database, verifyRole } satisfies RecordSettingsInput;
  const checked = { resourceId: instance.resourceId, encrypted: instance.settings.StorageEncrypted ?? false };
  return [
    { id: 'measure-before', after: [], input: baseline },
    {
      id: 'create-snapshot',
      after: ['measure-before'],
      input: { ...common, instance: instance.id, tags, operationTag: tagKeys.operation },
    },
    { id: 'record-settings', after: ['create-snapshot'], input: recorded },
    { id: 'record-version', after: ['create-snapshot'], input: versionInputOf(environment, baseline) },
    { id: 'await-snapshot', after: ['create-snapshot'], input: { ...common, pollSeconds: restore.pollSeconds } },
    { id: 'check-snapshot', after: ['await-snapshot'], input: { ...common, ...checked } },
    { id: 'await-counters', after: ['await-snapshot'], input: baseline },
    { id: 'record-baseline', after: ['await-counters', 'check-snapshot'], input: baseline },
  ];
}

function baselineInputOf(
  { database: { verifyRole, timeZone }, checks }: Environment,
  { instance, identity: { host, port }, database }: CurrentInstance,
  snapshot: string,
): BaselineInput {
  return {
    snapshot: instance.arn.replace(/:db:.*$/, `:snapshot:${snapshot}`),
    resourceId: instance.resourceId,
    source: { host, port, database },
    verifyRole: roleSecret(verifyRole),
    checks: pinnedChecks(checks),
    timeZone,
  };
}

const versionInputOf = ({ workloads }: Environment, { snapshot, source, verifyRole }: BaselineInput) =>
  ({
    backup: snapshot,
    workloads: workloads.map(workloadRef),
    source,
    verifyRole,
  }) satisfies RecordVersionInput;

/** RDS takes a snapshot only of an instance that is `available` or optimises its storage; most other states pass. */
function refuseUnready({ id, status }: DatabaseInstance): void {
  if (['available', 'storage-optimization'].includes(status)) return;
  const params = { instance: id, status };
  throw isTerminal(status) ? userError('snapshot.instance-unfit', params) : retryable('snapshot.instance-busy', params);
}

/** To count and to read the counters, as somebody would by hand. */
const counters =
  'SELECT relid::regclass, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables ORDER BY relid::regclass::text';

function commands(snapshot: string, environment: Environment, { instance, identity, database }: CurrentInstance) {
  const { checks } = environment;
  const described = { DBSnapshotIdentifier: snapshot };
  const instanceId = { DBInstanceIdentifier: instance.id };
  const psql = (sql: string) => ['psql', '-h', identity.host, '-p', String(identity.port), '-d', database, '-c', sql];
  return {
    'measure-before': [psql(counters), ...checks.critical.map((table) => psql(`SELECT count(*) FROM ${table}`))],
    'create-snapshot': [awsCommand('rds', 'create-db-snapshot', { ...instanceId, ...described })],
    'record-version': environment.workloads.map(({ namespace, kind, name }) => [
      ...['kubectl', 'get', `${kind.replace('-', '')}/${name}`, '-n', namespace, '-o', 'yaml'],
    ]),
    'record-settings': [awsCommand('rds', 'describe-db-instances', instanceId)],
    'await-snapshot': [['aws', 'rds', 'wait', 'db-snapshot-available', '--db-snapshot-identifier', snapshot]],
    'check-snapshot': [awsCommand('rds', 'describe-db-snapshots', described)],
    'await-counters': [],
    'record-baseline': [psql(counters)],
  } satisfies Record<keyof SnapshotOutputs, unknown>;
}
