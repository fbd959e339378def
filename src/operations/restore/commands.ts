import type { PlannedStep } from '../../domain/plan.ts';
import type { RestoreShown } from '../../domain/restore.ts';
import { applicationCommands, ofScaled } from '../../planning/application-commands.ts';
import { awsCommand, switchCommands } from '../../planning/aws-command.ts';
import { rescueId } from '../../planning/names.ts';
import {
  barring,
  everybody,
  identifier,
  kubectl,
  psql,
  quoted,
  type Target,
  workloadArgument,
} from '../../planning/typed-commands.ts';
import { checkCommands } from './check-command.ts';
import type { RestoreFacts } from './facts.ts';
import { loadCommands } from './from-dump/load-steps.ts';
import type { Recovery } from './instance-plan.ts';
import type { StepId } from './orders.ts';

type Argv = readonly string[];
type Commands = { readonly [Step in StepId]: readonly Argv[] };

/** What nobody knows before the instance stands; written as a shell would fill it in. */
const newHost = '$NEW_DB_HOST';
const newPort = '$NEW_DB_PORT';

/** The runbook's own commands for every step, for people to read and, if all else fails, to type. Never executed. */
export function restoreCommands(facts: RestoreFacts, planned: readonly PlannedStep[]): RestoreShown['commands'] {
  const all: Commands = {
    ...application(facts),
    ...instance(facts),
    ...database(facts),
    ...checkCommands(facts),
    'judge-verification': [],
    'approve-cut-over': [],
    ...secret(facts),
    ...loadCommands(facts),
  };
  return Object.fromEntries(planned.map(({ id }) => [id, all[id as StepId]]));
}

type Names<Step extends StepId> = Pick<Commands, Step>;

function application(
  facts: RestoreFacts,
): Names<
  | 'record-application'
  | 'stop-application'
  | 'prove-stopped'
  | 'watch-stopped'
  | 'start-application'
  | 'prove-on-new'
  | 'hand-over'
> {
  const { workloads } = facts.environment;
  const each = ofScaled(workloads);
  const looked = workloads.some(({ kind }) => kind === 'cron-job') ? 'jobs,pods' : 'pods';
  const namespaces = [...new Map(workloads.map((one) => [`${one.cluster}/${one.namespace}`, one])).values()];
  const leftRunning = [...namespaces.map((one) => kubectl(one, 'get', looked)), ...onOld(facts, everybody)];
  const sessions = `SELECT count(*) FROM pg_stat_activity WHERE usename = ${quoted(facts.current.role)}`;
  return {
    ...applicationCommands(workloads, facts.application),
    'prove-stopped': leftRunning,
    'watch-stopped': leftRunning,
    'prove-on-new': [
      ...each((one) => kubectl(one, 'rollout', 'status', workloadArgument(one))),
      ...each((one) => kubectl(one, 'logs', workloadArgument(one))),
      psql(fresh(facts), sessions),
    ],
  };
}

function instance(
  facts: RestoreFacts,
): Names<'rescue-snapshot' | 'await-log' | 'restore-instance' | 'await-instance' | 'align-instance' | 'prove-aligned'> {
  const { instancePlan, targetId, current, operation, recovery } = facts;
  const which = { DBInstanceIdentifier: targetId };
  const later = Object.keys(instancePlan.afterwards).length > 0;
  return {
    'rescue-snapshot': [
      awsCommand('rds', 'create-db-snapshot', {
        DBInstanceIdentifier: current.identity.id,
        DBSnapshotIdentifier: rescueId(current.identity.id, operation),
      }),
    ],
    'await-log': [awsCommand('rds', 'describe-db-instance-automated-backups', logOf(recovery))],
    'restore-instance':
      recovery.kind === 'dump' ? [] : [awsCommand('rds', restoreCommand[recovery.kind], { ...instancePlan.request })],
    'await-instance': [['aws', 'rds', 'wait', 'db-instance-available', '--db-instance-identifier', targetId]],
    'align-instance': later
      ? [awsCommand('rds', 'modify-db-instance', { ...which, ...instancePlan.afterwards, ApplyImmediately: true })]
      : [],
    'prove-aligned': [awsCommand('rds', 'describe-db-instances', which)],
  };
}

const restoreCommand = {
  snapshot: 'restore-db-instance-from-db-snapshot',
  'point-in-time': 'restore-db-instance-to-point-in-time',
} as const satisfies Readonly<Record<Exclude<Recovery['kind'], 'dump'>, string>>;

const logOf = ({ kind, point }: Recovery) => (kind === 'point-in-time' ? { DbiResourceId: point.resourceId } : {});

function database(
  facts: RestoreFacts,
): Names<
  'align-login' | 'verify-database' | 'compare' | 'prove-unwritten' | 'measure-loss' | 'fence-old' | 'verify-deeply'
> {
  const { role } = facts.current;
  const { critical, queries, rules } = facts.environment.checks;
  const counts = critical.map((table) => `SELECT count(*) FROM ${table}`);
  return {
    'align-login': [
      psql(fresh(facts), 'SELECT current_user'),
      psql({ ...fresh(facts), role: '$MASTER_USER' }, `\\password ${identifier(role)}`),
    ],
    'verify-database': [
      psql(fresh(facts), unvalidated),
      ...[...counts, ...queries.map(({ sql }) => sql), ...rules.map(({ sql }) => sql)].map((sql) =>
        psql(fresh(facts), sql),
      ),
    ],
    compare: [...counts.flatMap((sql) => [...onOld(facts, sql), psql(fresh(facts), sql)]), psql(fresh(facts), written)],
    'prove-unwritten': [psql(fresh(facts), everybody), psql(fresh(facts), written)],
    'measure-loss': counts.flatMap((sql) => [...onOld(facts, sql), psql(fresh(facts), sql)]),
    'fence-old': barring(role).flatMap((sql) => onOld(facts, sql)),
    'verify-deeply': [psql(fresh(facts), everyIndex), psql(fresh(facts), everyTable)],
  };
}

/** What must not have moved between the comparison and the switch. */
const written = 'SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables';
const everyIndex =
  "SELECT bt_index_check(indexrelid, true) FROM pg_index JOIN pg_class i ON i.oid = indexrelid WHERE relam = 403 AND relkind = 'i' AND indisvalid";
const everyTable =
  "SELECT oid::regclass, v.* FROM pg_class, verify_heapam(oid) v WHERE relkind = 'r' AND relpersistence = 'p'";

/** The runbook's own query for keys that nobody validated. */
const unvalidated =
  "SELECT conname, conrelid::regclass, confrelid::regclass FROM pg_constraint WHERE contype = 'f' AND NOT convalidated";

/** Not the runbook's `update-secret`: that writes the whole document anew and loses every key that nobody thought of. */
const secret = ({ environment, current, operation }: RestoreFacts): Names<'switch-secret'> => ({
  'switch-secret': switchCommands({
    secret: environment.secret.id,
    label: `pitcrew-${operation}`,
    document: 'file://document-with-new-host.json',
    fromVersion: current.secret.versionId,
  }),
});

const old = ({ current: { identity, role, database: name } }: RestoreFacts): Target => ({
  host: identity.host,
  port: String(identity.port),
  role,
  database: name,
});
const fresh = (facts: RestoreFacts): Target => ({ ...old(facts), host: newHost, port: newPort });

/** Nothing, where there is no old database any more. */
const onOld = (facts: RestoreFacts, sql: string) => (facts.current.runs ? [psql(old(facts), sql)] : []);
