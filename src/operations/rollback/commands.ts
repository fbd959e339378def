import type { PlannedStep } from '../../domain/plan.ts';
import type { RollbackOutputs, RollbackShown } from '../../domain/rollback.ts';
import { applicationCommands, ofScaled } from '../../planning/application-commands.ts';
import { awsCommand, switchCommands } from '../../planning/aws-command.ts';
import {
  barring,
  everybody,
  identifier,
  kubectl,
  psql,
  quoted,
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
  const { workloads } = environment;
  const each = ofScaled(workloads);
  const left = [...each((one) => kubectl(one, 'get', 'pods')), ...onLeft(facts, everybody)];
  const sessions = `SELECT count(*) FROM pg_stat_activity WHERE usename = ${quoted(current.role)}`;
  return {
    ...applicationCommands(workloads, survey),
    'prove-stopped': left,
    'watch-stopped': left,
    'prove-back': [...each((one) => kubectl(one, 'rollout', 'status', workloadArgument(one))), onOld(facts, sessions)],
  };
}

function database(facts: RollbackFacts) {
  const { environment, current, target, cutOver } = facts;
  const { role } = current;
  const counts = environment.checks.critical.map((table) => `SELECT count(*) FROM ${table}`);
  return {
    'prove-old': [awsCommand('rds', 'describe-db-instances', { DBInstanceIdentifier: target.id })],
    'let-in': [onOld(facts, `ALTER ROLE ${identifier(role)} LOGIN`)],
    'try-login': [onOld(facts, 'SELECT current_user')],
    'measure-left': counts.flatMap((sql) => [...onLeft(facts, sql), onOld(facts, sql)]),
    'switch-back': switchCommands({
      secret: environment.secret.id,
      label: `pitcrew-back-${cutOver.operation}`,
      document: 'file://document-with-old-host.json',
      fromVersion: current.secret.versionId,
    }),
    'bar-left': barring(role).flatMap((sql) => onLeft(facts, sql)),
  };
}

const onOld = ({ target: { host, port }, current: { role, database: name } }: RollbackFacts, sql: string): Argv =>
  psql({ host, port: String(port), role, database: name }, sql);

/** Nothing, where the database that is left doesn't run. */
const onLeft = ({ current: { runs, identity, role, database: name } }: RollbackFacts, sql: string): readonly Argv[] =>
  runs ? [psql({ host: identity.host, port: String(identity.port), role, database: name }, sql)] : [];
