import type { BesideOutputs } from '../../../domain/load.ts';
import { awsCommand } from '../../../planning/aws-command.ts';
import { everybody, identifier, kubectl, psql, quoted } from '../../../planning/typed-commands.ts';
import { loadJobName } from '../../../steps/kubernetes/start-load-job.ts';
import { serverDatabase } from '../../../steps/postgres/master-of.ts';
import { checkCommands } from '../check-command.ts';
import type { BesideFacts } from './beside-facts.ts';

type Argv = readonly string[];

/** What a person would type for each step. Never executed. */
export function besideCommands(facts: BesideFacts): { readonly [Step in keyof BesideOutputs]: readonly Argv[] } {
  const { source, current, environment, names, owner } = facts;
  const master = { host: source.host, port: String(source.port), role: '$MASTER_USER', database: serverDatabase };
  const server = (sql: string) => psql(master, sql);
  const inside = (database: string, sql: string) => psql({ ...master, database }, sql);
  const [live, restored, kept] = [source.database, names.restored, names.kept].map(identifier);
  const counts = (database: string) =>
    environment.checks.critical.map((table) => inside(database, `SELECT count(*) FROM ${table}`));
  const ended = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${quoted(source.database)}`;
  return {
    'await-instance': [awsCommand('rds', 'describe-db-instances', { DBInstanceIdentifier: current.instance.id })],
    'prove-swappable': [inside(source.database, everybody)],
    'create-database': [server(`CREATE DATABASE ${restored} OWNER ${identifier(owner)} TEMPLATE template0`)],
    ...loading(facts),
    'verify-database': counts(names.restored),
    ...checkCommands(facts),
    'judge-verification': [],
    'measure-loss': [...counts(source.database), ...counts(names.restored)],
    'swap-names': [
      server(
        `BEGIN; ALTER DATABASE ${live} RENAME TO ${kept}; ALTER DATABASE ${restored} RENAME TO ${live}; ALTER DATABASE ${kept} ALLOW_CONNECTIONS false; COMMIT`,
      ),
      server(ended),
    ],
    'prove-swapped': [inside(source.database, everybody)],
    'verify-deeply': counts(source.database),
  };
}

function loading({ source, environment, dump, names, operation, owner }: BesideFacts) {
  const { bucket, key } = dump.point;
  const [beside = { cluster: '', namespace: 'default' }] = environment.workloads;
  const into = ['-h', source.host, '-p', String(source.port), '-U', '$MASTER_USER', '-d', names.restored];
  return {
    'start-load-job': [
      ['aws', 's3', 'cp', `s3://${bucket}/${key}`, 'backup.dump'],
      ['pg_restore', '-e', '--no-owner', '--no-tablespaces', '--role', owner, ...into, 'backup.dump'],
      ['vacuumdb', '--analyze', ...into],
    ],
    'await-load': [kubectl(beside, 'logs', `job/${loadJobName(operation)}`, '--follow')],
  };
}
