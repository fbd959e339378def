import type { InPlaceOutputs } from '../../../domain/in-place.ts';
import { applicationCommands, ofScaled } from '../../../planning/application-commands.ts';
import { awsCommand } from '../../../planning/aws-command.ts';
import { barring, everybody, identifier, kubectl, psql, workloadArgument } from '../../../planning/typed-commands.ts';
import { jobName } from '../../../steps/kubernetes/suspended-job.ts';
import { checkCommands } from '../check-command.ts';
import type { InPlaceFacts } from './in-place-facts.ts';

type Argv = readonly string[];

/** What a person would type for each step: the runbook's own, but for `--single-transaction`. Never executed. */
export function inPlaceCommands(facts: InPlaceFacts): { readonly [Step in keyof InPlaceOutputs]: readonly Argv[] } {
  const { source, current, environment } = facts;
  const { role } = current;
  const target = { host: source.host, port: String(source.port), role, database: source.database };
  const sql = (text: string) => psql(target, text);
  const counts = environment.checks.critical.map((table) => sql(`SELECT count(*) FROM ${table}`));
  return {
    ...applicationCommands(environment.workloads, facts.application),
    ...checkCommands(facts),
    ...ofTheLoad(facts),
    'prove-in-place': ofScaled(environment.workloads)((one) =>
      kubectl(one, 'rollout', 'status', workloadArgument(one)),
    ),
    'await-instance': [awsCommand('rds', 'describe-db-instances', { DBInstanceIdentifier: current.instance.id })],
    'prove-stopped': [sql(everybody)],
    'watch-stopped': [sql(everybody)],
    'bar-writers': barring(role).map(sql),
    'prove-loaded': [sql("SELECT oid::regclass, oid FROM pg_class WHERE relkind IN ('r', 'p') ORDER BY oid")],
    'let-back-in': [sql(`ALTER ROLE ${identifier(role)} LOGIN`)],
    'verify-database': counts,
    'verify-deeply': counts,
    'judge-verification': [],
  };
}

function ofTheLoad({ source, current, environment, dump, rescue, operation, owner }: InPlaceFacts) {
  const { bucket, key } = dump.point;
  const [beside = { cluster: '', namespace: 'default' }] = environment.workloads;
  const into = ['-h', source.host, '-p', String(source.port), '-U', '$MASTER_USER', '-d', source.database];
  return {
    'take-rescue': [
      awsCommand('rds', 'create-db-snapshot', {
        DBInstanceIdentifier: current.instance.id,
        DBSnapshotIdentifier: rescue,
      }),
    ],
    'await-rescue': [['aws', 'rds', 'wait', 'db-snapshot-available', '--db-snapshot-identifier', rescue]],
    'load-in-place': [
      ['aws', 's3', 'cp', `s3://${bucket}/${key}`, 'backup.dump'],
      [
        ...['pg_restore', '--clean', '--if-exists', '--single-transaction', '--exit-on-error', '--no-owner'],
        ...['--role', owner, ...into, 'backup.dump'],
      ],
    ],
    'await-load': [kubectl(beside, 'logs', `job/${jobName('load', operation)}`, '--follow')],
  };
}
