import type { DatabaseInstance } from '../../clients/rds.ts';
import type { CleanupShown } from '../../domain/cleanup.ts';
import type { Environment } from '../../domain/settings.ts';
import { awsCommand } from '../../planning/aws-command.ts';
import { finalId, lineageOf, tagKeys } from '../../planning/names.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import { roleSecret } from '../../steps/step-input.ts';
import type { RecordSettingsInput } from '../record-settings.ts';

// What comes before anything is deleted, be it an instance or one of its databases: all of it is kept in a snapshot.

interface Kept {
  readonly operation: string;
  readonly environment: Environment;
  readonly current: { readonly database: string };
  readonly instance: DatabaseInstance;
}

export function keepingInputs({ operation, environment, current, instance }: Kept) {
  const { region, name, database, restore } = environment;
  const { id, resourceId, settings } = instance;
  const snapshot = finalId(id, operation);
  return {
    'record-settings': {
      region,
      instance: id,
      database: current.database,
      verifyRole: roleSecret(database.verifyRole),
    } satisfies RecordSettingsInput,
    'final-snapshot': {
      region,
      snapshot,
      instance: id,
      tags: ownTags(operation, name, lineageOf(instance)),
      operationTag: tagKeys.operation,
    },
    'await-final': { region, snapshot, pollSeconds: restore.pollSeconds },
    'check-final': { region, snapshot, resourceId, encrypted: settings.StorageEncrypted ?? false },
  };
}

/** What a person would type instead. */
export function keepingCommands({ operation, instance }: Pick<Kept, 'operation' | 'instance'>) {
  const which = { DBInstanceIdentifier: instance.id };
  const snapshot = { DBSnapshotIdentifier: finalId(instance.id, operation) };
  return {
    'record-settings': [awsCommand('rds', 'describe-db-instances', which)],
    'final-snapshot': [awsCommand('rds', 'create-db-snapshot', { ...which, ...snapshot })],
    'await-final': [
      ['aws', 'rds', 'wait', 'db-snapshot-available', '--db-snapshot-identifier', snapshot.DBSnapshotIdentifier],
    ],
    'check-final': [awsCommand('rds', 'describe-db-snapshots', snapshot)],
  };
}

/** What people are told of the instance. */
export const instanceShown = ({
  environment,
  instance: { settings, engineVersion, createdAt, status },
}: Pick<Kept, 'environment' | 'instance'>) =>
  ({
    sizeGiB: settings.AllocatedStorage ?? null,
    instanceClass: settings.DBInstanceClass ?? null,
    engineVersion,
    createdAt: createdAt ?? null,
    status,
    keepDays: environment.restore.keepDays,
  }) satisfies Partial<CleanupShown>;
