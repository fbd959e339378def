import type { PlannedStep } from '../../domain/plan.ts';
import type { RollbackOutputs, RollbackShown } from '../../domain/rollback.ts';
import { type Workload, workloadName } from '../../domain/settings.ts';
import { awsCommand } from '../../planning/aws-command.ts';
import {
  everybody,
  identifier,
  kubectl,
  pauseCommand,
  psql,
  quoted,
  resumeCommand,
  workloadArgument,
} from '../../planning/typed-commands.ts';
import type { RollbackFacts } from './facts.ts';

type Argv = readonly string[];
type Commands = { readonly [Step in keyof RollbackOutputs]: readonly Argv[] };

/** The commands for every step, for people to read and, if all else fails, to type. Never executed. */
export function rollbackCommands(facts: RollbackFacts, planned: readonly PlannedStep[]): RollbackShown['commands'] {
  const all: Commands = { ...application(facts), ...database(facts) };
  return Object.fromEntries(planned.map(({ id }) => [id, all[id as keyof Commands]]));
}

function application(facts: RollbackFacts) {
  const { environment, application: survey, current } = facts;
  const schedules = environment.workloads.filter(({ kind }) => kind === 'cron-job');
  const scaled = environment.workloads.filter(({ kind }) => kind !== 'cron-job');
  const each = (command: (workload: Workload) => Argv) => scaled.map(command);
  const suspend = (is: boolean) =>
    schedules.map((one) =>
      kubectl(one, 'patch', workloadArgument(one), '-p', JSON.stringify({ spec: { suspend: is } })),
    );
  const counts = new Map(survey.replicas.map((count) => [workloadName(count), count.replicas]));
  const countOf = (one: Workload) => String(counts.get(workloadName(one)) ?? 0);
  const left = [...each((one) => kubectl(one, 'get', 'pods')), ...onLeft(facts, everybody)];
  const sessions = `SELECT count(*) FROM pg_stat_activity WHERE usename = ${quoted(current.role)}`;
  return {
    'record-application': each((one) => kubectl(one, 'get', workloadArgument(one), '-o', 'jsonpath={.spec.replicas}')),
    'stop-application': [
      ...survey.paused.map(pauseCommand),
      ...suspend(true),
      ...each((one) => kubectl(one, 'scale', workloadArgument(one), '--replicas=0')),
    ],
    'prove-stopped': left,
    'watch-stopped': left,
    'start-application': each((one) => kubectl(one, 'scale', workloadArgument(one), `--replicas=${countOf(one)}`)),
    'prove-back': [...each((one) => kubectl(one, 'rollout', 'status', workloadArgument(one))), onOld(facts, sessions)],
    'hand-over': [
      ...suspend(false),
      ...survey.paused.map(resumeCommand),
      ...each((one) => kubectl(one, 'get', workloadArgument(one))),
    ],
  };
}

function database(facts: RollbackFacts) {
  const { environment, current, target, cutOver } = facts;
  const { role } = current;
  const counts = environment.checks.critical.map((table) => `SELECT count(*) FROM ${table}`);
  const SecretId = environment.secret.id;
  return {
    'prove-old': [awsCommand('rds', 'describe-db-instances', { DBInstanceIdentifier: target.id })],
    'let-in': [onOld(facts, `ALTER ROLE ${identifier(role)} LOGIN`)],
    'try-login': [onOld(facts, 'SELECT current_user')],
    'measure-left': counts.flatMap((sql) => [...onLeft(facts, sql), onOld(facts, sql)]),
    'switch-back': [
      awsCommand('secretsmanager', 'put-secret-value', {
        SecretId,
        VersionStages: [`pitcrew-back-${cutOver.operation}`],
        SecretString: 'file://document-with-old-host.json',
      }),
      awsCommand('secretsmanager', 'update-secret-version-stage', {
        SecretId,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: '$NEW_VERSION_ID',
        RemoveFromVersionId: current.secret.versionId,
      }),
    ],
    'bar-left': [
      ...onLeft(facts, `ALTER ROLE ${identifier(role)} NOLOGIN`),
      ...onLeft(facts, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${quoted(role)}`),
    ],
  };
}

const onOld = ({ target: { host, port }, current: { role, database: name } }: RollbackFacts, sql: string): Argv =>
  psql({ host, port: String(port), role, database: name }, sql);

/** Nothing, where the database that is left doesn't run. */
const onLeft = ({ current: { runs, identity, role, database: name } }: RollbackFacts, sql: string): readonly Argv[] =>
  runs ? [psql({ host: identity.host, port: String(identity.port), role, database: name }, sql)] : [];
