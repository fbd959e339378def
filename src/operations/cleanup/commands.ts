import type { CleanupOutputs, CleanupShown } from '../../domain/cleanup.ts';
import { awsCommand } from '../../planning/aws-command.ts';
import { finalId } from '../../planning/names.ts';
import { psql } from '../../planning/typed-commands.ts';
import type { CleanupFacts } from './facts.ts';
import { keepingCommands } from './keeping.ts';

const connected =
  "SELECT datname, usename, application_name, client_addr, backend_start FROM pg_stat_activity WHERE backend_type IN ('client backend', 'walsender')";

/** The commands for every step, for people to read and, if all else fails, to type. Never executed. */
export function cleanupCommands({ operation, current, instance, environment }: CleanupFacts): CleanupShown['commands'] {
  const which = { DBInstanceIdentifier: instance.id };
  const { host, port } = instance.endpoint;
  const look = [
    awsCommand('rds', 'describe-db-instances', which),
    psql({ host, port: String(port), role: current.role, database: current.database }, connected),
  ];
  return {
    'prove-unused': look,
    ...keepingCommands({ operation, instance }),
    'prove-still-unused': look,
    'allow-deletion': instance.settings.DeletionProtection
      ? [awsCommand('rds', 'modify-db-instance', { ...which, DeletionProtection: false, ApplyImmediately: true })]
      : [],
    'delete-instance': [
      awsCommand('secretsmanager', 'get-secret-value', { SecretId: environment.secret.id }),
      awsCommand('rds', 'delete-db-instance', { ...which, SkipFinalSnapshot: true, DeleteAutomatedBackups: false }),
    ],
    'await-deleted': [['aws', 'rds', 'wait', 'db-instance-deleted', '--db-instance-identifier', instance.id]],
    'list-kept': [
      awsCommand('rds', 'describe-db-snapshots', { DBSnapshotIdentifier: finalId(instance.id, operation) }),
      awsCommand('rds', 'describe-db-instance-automated-backups', { DbiResourceId: instance.resourceId }),
    ],
  } satisfies Record<keyof CleanupOutputs, unknown>;
}
