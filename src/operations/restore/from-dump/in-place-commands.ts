import type { InPlaceOutputs } from '../../../domain/in-place.ts';
import { type Workload, workloadName } from '../../../domain/settings.ts';
import { awsCommand } from '../../../planning/aws-command.ts';
import {
  barring,
  everybody,
  identifier,
  kubectl,
  pauseCommand,
  psql,
  resumeCommand,
  workloadArgument,
} from '../../../planning/typed-commands.ts';
import { jobName } from '../../../steps/kubernetes/suspended-job.ts';
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
    ...ofTheApplication(facts),
    ...ofTheLoad(facts),
    'await-instance': [awsCommand('rds', 'describe-db-instances', { DBInstanceIdentifier: current.instance.id })],
    'prove-stopped': [sql(everybody)],
    'watch-stopped': [sql(everybody)],
    'bar-writers': barring(role).map(sql),
    'prove-loaded': [sql("SELECT oid::regclass, oid FROM pg_class WHERE relkind IN ('r', 'p') ORDER BY oid")],
    'let-back-in': [sql(`ALTER ROLE ${identifier(role)} LOGIN`)],
    'verify-database': counts,
    'verify-deeply': counts,
    'judge-verification': [],
    'start-check-job': [],
    'await-check-job': [],
  };
}

function ofTheApplication({ environment, application }: InPlaceFacts) {
  const scaled = environment.workloads.filter(({ kind }) => kind !== 'cron-job');
  const each = (command: (workload: Workload) => Argv) => scaled.map(command);
  const counts = new Map(application.replicas.map((count) => [workloadName(count), count.replicas]));
  return {
    'record-application': each((one) => kubectl(one, 'get', workloadArgument(one), '-o', 'jsonpath={.spec.replicas}')),
    'stop-application': [
      ...application.paused.map(pauseCommand),
      ...each((one) => kubectl(one, 'scale', workloadArgument(one), '--replicas=0')),
    ],
    'start-application': each((one) =>
      kubectl(one, 'scale', workloadArgument(one), `--replicas=${counts.get(workloadName(one)) ?? 0}`),
    ),
    'prove-in-place': each((one) => kubectl(one, 'rollout', 'status', workloadArgument(one))),
    'hand-over': [
      ...application.paused.map(resumeCommand),
      ...each((one) => kubectl(one, 'get', workloadArgument(one))),
    ],
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
