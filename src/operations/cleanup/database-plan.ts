import type { CleanupDecided, CleanupShown, DatabaseCleanupOutputs } from '../../domain/cleanup.ts';
import { databaseCleanupSteps } from '../../domain/cleanup.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../domain/plan.ts';
import { awsCommand } from '../../planning/aws-command.ts';
import { accountAndRegion } from '../../planning/current-instance.ts';
import type { Swap } from '../../planning/left-database.ts';
import { finalId, lineageOf, tagKeys } from '../../planning/names.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import { identifier, psql, quoted } from '../../planning/typed-commands.ts';
import type { DropDatabaseInput, LeftDatabaseInput } from '../../steps/postgres/drop-database.ts';
import { masterSecret, roleSecret } from '../../steps/step-input.ts';
import type { RecordSettingsInput } from '../record-settings.ts';
import { type DatabaseFacts, databaseFacts, namedDatabase } from './database-facts.ts';
import type { CleanupClients } from './steps.ts';

/** Drops the database that a swap of names left on the instance that serves. Only reads. @throws PitcrewError as `databaseFacts` */
export async function planDrop(clients: CleanupClients, request: PlanRequest, swap: Swap): Promise<Plan> {
  const facts = await databaseFacts(clients, request, swap);
  const { environment, instance, left } = facts;
  return {
    bound: {
      operation: 'cleanup',
      environment: environment.name,
      ...accountAndRegion(instance.arn),
      steps: plannedSteps(facts),
      // The instance's own lock is left to whoever has to restore it: a snapshot of a large one takes hours.
      resources: [`${instance.arn}/database/${left.oid}`],
      onFailure: 'return',
      decided: decided(facts) satisfies JsonObject,
    },
    shown: shown(facts),
  };
}

function plannedSteps(facts: DatabaseFacts): readonly PlannedStep[] {
  const inputs = inputsOf(facts);
  return databaseCleanupSteps.map((id, at) => ({
    id,
    after: databaseCleanupSteps.slice(Math.max(0, at - 1), at),
    input: inputs[id],
  }));
}

function inputsOf(facts: DatabaseFacts): { readonly [Step in keyof DatabaseCleanupOutputs]: JsonObject } {
  const { operation, environment, all, current, instance, address, left, found } = facts;
  const { region, name, database, restore } = environment;
  const { id, resourceId, settings } = instance;
  const { pollSeconds } = restore;
  const snapshot = finalId(id, operation);
  const which = {
    ...{ region, instance: id, at: address, pollSeconds },
    masterRole: masterSecret(environment),
    ...{ name: left.name, oid: left.oid, mark: found.mark },
  } satisfies LeftDatabaseInput;
  return {
    'prove-database-unused': which,
    'record-settings': {
      ...{ region, instance: id, database: current.database },
      verifyRole: roleSecret(database.verifyRole),
    } satisfies RecordSettingsInput,
    'final-snapshot': {
      ...{ region, snapshot, instance: id, operationTag: tagKeys.operation },
      tags: ownTags(operation, name, lineageOf(instance)),
    },
    'await-final': { region, snapshot, pollSeconds },
    'check-final': { region, snapshot, resourceId, encrypted: settings.StorageEncrypted ?? false },
    'prove-database-still-unused': which,
    'drop-database': {
      ...{ ...which, resourceId, snapshot },
      environments: all.map(namedDatabase),
    } satisfies DropDatabaseInput,
    'prove-dropped': which,
  };
}

function decided({ operation, current, instance, address, swap, left, found, early }: DatabaseFacts): CleanupDecided {
  const { id, arn, resourceId } = instance;
  return {
    of: swap.operation,
    instance: { id, arn, resourceId, ...address },
    leftAs: left.leftAs,
    since: left.since,
    finalSnapshot: finalId(id, operation),
    isProtected: false,
    early,
    database: { name: left.name, oid: left.oid, mark: found.mark, live: current.database },
  };
}

function shown(facts: DatabaseFacts): CleanupShown {
  const { environment, instance, found, backups } = facts;
  const { settings, engineVersion, createdAt, status, id } = instance;
  return {
    commands: commands(facts),
    sizeGiB: settings.AllocatedStorage ?? null,
    instanceClass: settings.DBInstanceClass ?? null,
    engineVersion,
    createdAt: createdAt ?? null,
    status,
    keepDays: environment.restore.keepDays,
    serves: id,
    rescue: null,
    backups,
    unseen: false,
    databaseBytes: found.bytes,
  };
}

/** The commands for every step, for people to read and, if all else fails, to type. Never executed. */
function commands({ operation, instance, address, left }: DatabaseFacts): CleanupShown['commands'] {
  const which = { DBInstanceIdentifier: instance.id };
  const snapshot = { DBSnapshotIdentifier: finalId(instance.id, operation) };
  const server = { host: address.host, port: String(address.port), role: '$MASTER_USER', database: 'postgres' };
  const named = quoted(left.name);
  const look = [
    psql(server, `SELECT usename, application_name, client_addr FROM pg_stat_activity WHERE datname = ${named}`),
    psql(server, `SELECT gid, owner, prepared FROM pg_prepared_xacts WHERE database = ${named}`),
  ];
  const find = `SELECT oid, datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE oid = ${left.oid}`;
  return {
    'prove-database-unused': look,
    'record-settings': [awsCommand('rds', 'describe-db-instances', which)],
    'final-snapshot': [awsCommand('rds', 'create-db-snapshot', { ...which, ...snapshot })],
    'await-final': [
      ['aws', 'rds', 'wait', 'db-snapshot-available', '--db-snapshot-identifier', snapshot.DBSnapshotIdentifier],
    ],
    'check-final': [awsCommand('rds', 'describe-db-snapshots', snapshot)],
    'prove-database-still-unused': look,
    'drop-database': [psql(server, find), psql(server, `DROP DATABASE ${identifier(left.name)}`)],
    'prove-dropped': [psql(server, find)],
  } satisfies Record<keyof DatabaseCleanupOutputs, unknown>;
}
