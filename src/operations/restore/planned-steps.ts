import type { JsonObject } from '../../domain/json.ts';
import type { PlannedStep } from '../../domain/plan.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import { tagKeys } from '../../planning/names.ts';
import type { HandOverInput } from '../../steps/kubernetes/hand-over.ts';
import type { ProveOnNewInput } from '../../steps/kubernetes/prove-on-new.ts';
import type { ProveStoppedInput } from '../../steps/kubernetes/prove-stopped.ts';
import type { RecordApplicationInput } from '../../steps/kubernetes/record-application.ts';
import type { FenceOldInput } from '../../steps/postgres/fence-old.ts';
import type { MeasureLossInput } from '../../steps/postgres/measure-loss.ts';
import type { VerifyDatabaseInput } from '../../steps/postgres/verify-database.ts';
import type { RestoreFacts } from './facts.ts';

type StepId = keyof RestoreOutputs;
type Inputs = { readonly [Step in StepId]: JsonObject };

/** Which step waits for which: the stop and the restore run side by side, and nothing is switched before both are proven. */
const graph: readonly (readonly [StepId, readonly StepId[]])[] = [
  ['record-application', []],
  ['stop-application', ['record-application']],
  ['prove-stopped', ['stop-application']],
  ['restore-instance', []],
  ['await-instance', ['restore-instance']],
  ['align-instance', ['await-instance']],
  ['prove-aligned', ['align-instance']],
  ['verify-database', ['prove-aligned', 'prove-stopped']],
  ['judge-verification', ['verify-database']],
  ['measure-loss', ['judge-verification']],
  ['switch-secret', ['measure-loss']],
  ['start-application', ['switch-secret']],
  ['prove-on-new', ['start-application']],
  ['fence-old', ['prove-on-new']],
  ['hand-over', ['fence-old']],
];

/** The plan's steps, each with what was decided for it. No value here may move by itself while people approve. */
export function plannedSteps(facts: RestoreFacts): readonly PlannedStep[] {
  const inputs: Inputs = { ...applicationInputs(facts), ...instanceInputs(facts), ...databaseInputs(facts) };
  return graph.map(([id, after]) => ({ id, after, input: inputs[id] }));
}

const seconds = (minutes: number) => minutes * 60;

function applicationInputs({ environment, current }: RestoreFacts) {
  const { restore, database } = environment;
  const workloads = environment.workloads.map(({ cluster, namespace, kind, name }) => ({
    cluster,
    namespace,
    kind,
    name,
  }));
  const source = sourceOf(current);
  const common = { workloads, role: current.role, source, verifyRole: roleSecret(database.verifyRole) };
  return {
    'record-application': {
      workloads: environment.workloads.map((workload) => ({ ...workload })),
      pollSeconds: restore.pollSeconds,
      backWithinSeconds: seconds(restore.startWithinMinutes),
    } satisfies RecordApplicationInput,
    'stop-application': { workloads },
    'prove-stopped': {
      ...common,
      withinSeconds: seconds(restore.stopWithinMinutes),
      pollSeconds: restore.pollSeconds,
    } satisfies ProveStoppedInput,
    'start-application': { workloads },
    'prove-on-new': {
      ...common,
      database: current.database,
      withinSeconds: seconds(restore.startWithinMinutes),
      provenSeconds: restore.provenSeconds,
      pollSeconds: restore.pollSeconds,
    } satisfies ProveOnNewInput,
    'hand-over': { workloads, keptInstance: current.instance.id } satisfies HandOverInput,
  };
}

function instanceInputs({ environment, current, targetId, instancePlan }: RestoreFacts) {
  const { region } = environment;
  const { pollSeconds } = environment.restore;
  const common = { region, instance: targetId };
  const { host, port } = current.identity;
  return {
    'restore-instance': {
      region,
      operationTag: tagKeys.operation,
      request: instancePlan.request as unknown as JsonObject,
    },
    'await-instance': { ...common, pollSeconds },
    'align-instance': {
      ...common,
      operationTag: tagKeys.operation,
      settings: instancePlan.afterwards as JsonObject,
    },
    'prove-aligned': { ...common, pollSeconds, expected: instancePlan.expected as JsonObject },
    'switch-secret': {
      region,
      secret: environment.secret.id,
      keys: { host: environment.secret.keys.host, port: environment.secret.keys.port },
      fromVersion: current.secret.versionId,
      source: { host, port },
    },
  };
}

function databaseInputs({ environment, current, recovery }: RestoreFacts) {
  const { database, checks, secret } = environment;
  const source = sourceOf(current);
  const both = { source, database: current.database, verifyRole: roleSecret(database.verifyRole) };
  return {
    'verify-database': {
      ...both,
      application: roleSecret({ region: environment.region, secret: secret.id, keys: secret.keys }),
      checks: checks as unknown as VerifyDatabaseInput['checks'] & JsonObject,
      asOf: recovery.point.at,
      timeZone: database.timeZone,
    } satisfies VerifyDatabaseInput,
    'judge-verification': {},
    'measure-loss': {
      ...both,
      tables: [...checks.critical],
      budgetSeconds: seconds(checks.gateMinutes),
    } satisfies MeasureLossInput,
    'fence-old': { role: current.role, source, fenceRole: roleSecret(database.fenceRole) } satisfies FenceOldInput,
  };
}

const sourceOf = ({ identity: { host, port }, database }: RestoreFacts['current']) => ({ host, port, database });

const roleSecret = ({ region, secret, keys: { user, password } }: RoleSecret) => ({
  region,
  secret,
  keys: { user, password },
});
