import type { JsonObject } from '../../domain/json.ts';
import type { PlannedStep } from '../../domain/plan.ts';
import { lineageOf, rescueId, tagKeys } from '../../planning/names.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import { stepsOf } from '../../planning/step-graph.ts';
import { servingInput, stoppingInputs } from '../../steps/kubernetes/application-input.ts';
import { type HandOverInput, handOverNotes } from '../../steps/kubernetes/hand-over.ts';
import type { AlignLoginInput } from '../../steps/postgres/align-login.ts';
import type { CompareInput } from '../../steps/postgres/compare.ts';
import type { FenceOldInput } from '../../steps/postgres/fence-old.ts';
import type { MeasureLossInput } from '../../steps/postgres/measure-loss.ts';
import type { ProveUnwrittenInput } from '../../steps/postgres/prove-unwritten.ts';
import { pinnedChecks } from '../../steps/postgres/verification-input.ts';
import type { VerifyDatabaseInput } from '../../steps/postgres/verify-database.ts';
import type { VerifyDeeplyInput } from '../../steps/postgres/verify-deeply.ts';
import type { RescueSnapshotInput } from '../../steps/rds/rescue-snapshot.ts';
import { addressKeys, applicationSecret, masterSecret, roleSecret, workloadRef } from '../../steps/step-input.ts';
import { commandInputs } from './check-command.ts';
import type { RestoreFacts } from './facts.ts';
import { loadInputs, loading } from './from-dump/load-steps.ts';
import { graphs, type StepId } from './orders.ts';
import { beforeApproval, prestages, takeBackOf } from './prestages.ts';

type Inputs = { readonly [Step in StepId]: JsonObject };

/** The plan's steps, each with what was decided for it. No value here may move by itself while people approve. */
export function plannedSteps(facts: RestoreFacts): readonly PlannedStep[] {
  const inputs: Inputs = {
    ...applicationInputs(facts),
    ...instanceInputs(facts),
    ...databaseInputs(facts),
    ...commandInputs(facts.environment, facts.current.database),
    ...loadInputs(facts),
  };
  const latest = facts.recovery.point.at === null;
  const graph = facts.recovery.kind === 'dump' ? loading(graphs[facts.order]) : graphs[facts.order];
  const left = new Set([
    ...(latest ? [] : onlyForLatest),
    ...(facts.current.instance ? [] : ofTheOldInstance),
    ...(facts.current.runs ? [] : ofTheOldDatabase),
    ...(facts.environment.checks.command ? [] : ofTheCommand),
    ...(facts.environment.checks.deepMinutes > 0 ? [] : ofTheDeepTier),
  ]);
  const early = new Set<StepId>(prestages(facts) ? beforeApproval : []);
  return stepsOf(graph, inputs, left).map(({ id, after, input }) => ({
    id,
    after: [...(latest ? (alsoForLatest[id] ?? []) : []), ...after],
    input,
    ...(early.has(id) ? { beforeApproval: true as const } : {}),
  }));
}

/** To lose nothing, nothing may be written any more before the copy is made: the stop comes first, and the log has to pass it. */
const onlyForLatest: readonly StepId[] = ['await-log'];
const alsoForLatest: { readonly [Step in StepId]?: readonly StepId[] } = { 'restore-instance': ['await-log'] };

/** Steps that act on the old instance: where it is gone there is nothing to do for them. */
const ofTheOldInstance: readonly StepId[] = ['rescue-snapshot'];
/** Steps that speak to the old database: where it doesn't run there is nobody to speak to, nor to be barred. */
const ofTheOldDatabase: readonly StepId[] = ['fence-old'];
/** Steps that run the team's own check: only where the config names one. */
const ofTheCommand: readonly StepId[] = ['start-check-job', 'await-check-job'];

const ofTheDeepTier: readonly StepId[] = ['verify-deeply'];

/** While a restore-first keeps the service down, every look that comes late is downtime: so the cluster is asked this often. */
const downtimePollSeconds = 2;
/** And so is what is measured meanwhile: the comparison has told it already, this only says what came since. */
const downtimeBudgetSeconds = 10;

const seconds = (minutes: number) => minutes * 60;

function applicationInputs({ environment, current, application, order }: RestoreFacts) {
  const { pollSeconds: usual } = environment.restore;
  const pollSeconds = order === 'restore-first' ? Math.min(usual, downtimePollSeconds) : usual;
  const { role, database } = current;
  const stopping = { environment, role, source: sourceOf(current), application, pollSeconds, until: 'measure-loss' };
  return {
    ...stoppingInputs(stopping),
    'prove-on-new': servingInput(stopping, database),
    'hand-over': {
      workloads: environment.workloads.map(workloadRef),
      keptInstance: current.instance?.id ?? null,
      notes: handOverNotes.filter((note) => current.runs || note !== 'hand-over.old-instance-kept'),
    } satisfies HandOverInput,
  };
}

function instanceInputs({ operation, environment, current, targetId, instancePlan, recovery }: RestoreFacts) {
  const early = prestages({ environment, recovery });
  const { region } = environment;
  const { pollSeconds } = environment.restore;
  const common = { region, instance: targetId };
  const { host, port } = current.identity;
  return {
    'rescue-snapshot': {
      region,
      operationTag: tagKeys.operation,
      snapshot: rescueId(current.identity.id, operation),
      instance: current.identity.id,
      tags: ownTags(operation, environment.name, current.instance ? lineageOf(current.instance) : []),
    } satisfies RescueSnapshotInput,
    'await-log': {
      region,
      resourceId: recovery.kind === 'point-in-time' ? recovery.point.resourceId : '',
      pollSeconds,
    },
    'restore-instance': {
      region,
      operationTag: tagKeys.operation,
      request: instancePlan.request as unknown as JsonObject,
      ...(early ? { takeBack: takeBackOf(pollSeconds) } : {}),
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
      keys: addressKeys(environment.secret),
      fromVersion: current.secret.versionId,
      // What the secret says now: the way back, even where the instance behind it is gone.
      source: { host, port, ...(current.readHost ? { readHost: current.readHost } : {}) },
    },
  };
}

function databaseInputs({ environment, current, recovery, targetId, baseline, moment, order }: RestoreFacts) {
  const { database, checks, region } = environment;
  const application = applicationSecret(environment);
  const source = sourceOf(current);
  const both = { source, database: current.database, verifyRole: roleSecret(database.verifyRole) };
  const verified = {
    ...both,
    checks: pinnedChecks(checks),
    asOf: recovery.point.at,
    timeZone: database.timeZone,
    baselineKey: baseline?.key ?? null,
    ...countsOf(recovery),
  };
  return {
    'align-login': {
      region,
      instance: targetId,
      operationTag: tagKeys.operation,
      database: current.database,
      application,
      verifyRole: roleSecret(database.verifyRole),
      fenceRole: roleSecret(database.fenceRole),
      masterRole: masterSecret(environment),
    } satisfies AlignLoginInput,
    'verify-database': { ...verified, application, ...momentOf(moment) } satisfies VerifyDatabaseInput,
    'verify-deeply': verified satisfies VerifyDeeplyInput,
    'judge-verification': order === 'restore-first' ? { serves: true } : {},
    ...comparison({ environment, current, order }),
    'measure-loss': {
      ...both,
      tables: [...checks.critical],
      budgetSeconds:
        order === 'restore-first'
          ? Math.min(seconds(checks.gateMinutes), downtimeBudgetSeconds)
          : seconds(checks.gateMinutes),
    } satisfies MeasureLossInput,
    'fence-old': { role: current.role, source, fenceRole: roleSecret(database.fenceRole) } satisfies FenceOldInput,
  };
}

/** What only the order restore-first does: before people decide, and once the application stands still. */
function comparison({ environment, current, order }: Pick<RestoreFacts, 'environment' | 'current' | 'order'>) {
  const source = sourceOf(current);
  if (order !== 'restore-first' || !source) return { compare: {}, 'approve-cut-over': {}, 'prove-unwritten': {} };
  const { checks, database } = environment;
  const common = { database: current.database, verifyRole: roleSecret(database.verifyRole) };
  return {
    compare: {
      ...common,
      source,
      tables: [...checks.critical],
      budgetSeconds: seconds(checks.gateMinutes),
    } satisfies CompareInput,
    'approve-cut-over': {},
    'prove-unwritten': { ...common, role: current.role } satisfies ProveUnwrittenInput,
  };
}

/** What was counted in the dump's own snapshot, which the restored database must have exactly. */
const countsOf = (recovery: RestoreFacts['recovery']) =>
  recovery.kind === 'dump' && recovery.manifest.counts ? { counts: { ...recovery.manifest.counts } } : {};

const momentOf = (moment: RestoreFacts['moment']) =>
  moment ? { moment: { ...moment, before: moment.before?.key ?? null } } : {};

const sourceOf = ({ runs, identity: { host, port }, database }: RestoreFacts['current']) =>
  runs ? { host, port, database } : null;
